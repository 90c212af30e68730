//! The company's own people.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _};

use super::entity::{account, office, staff};
use super::reading::unreadable;
use crate::domain::account::Profile;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, OfficeId, TypedId};
use crate::domain::staff::{Role, StaffMember};

/// Somebody in the list of staff, ended or not.
#[derive(Debug, Clone)]
pub struct ListedMember {
    pub login: String,
    pub member: StaffMember,
    pub account_state: String,
    pub since: Moment,
    pub ended_at: Option<Moment>,
}

/// Who works here under this account now.
pub async fn live(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<StaffMember>, DbErr> {
    let found = staff::Entity::find_by_id(account.uuid())
        .filter(staff::Column::EndedAt.is_null())
        .find_also_related(account::Entity)
        .find_also(staff::Entity, office::Entity)
        .one(connection)
        .await?;
    found.map(|(row, account, office)| read(&row, account, office)).transpose()
}

/// Everybody who works or worked here, by login.
pub async fn list(connection: &impl ConnectionTrait) -> Result<Vec<ListedMember>, DbErr> {
    staff::Entity::find()
        .find_also_related(account::Entity)
        .find_also(staff::Entity, office::Entity)
        .order_by_asc(account::Column::Login)
        .all(connection)
        .await?
        .into_iter()
        .map(|(row, account, office)| {
            let (login, account_state) = account
                .as_ref()
                .map(|account| (account.login.clone(), account.state.clone()))
                .unwrap_or_default();
            Ok(ListedMember {
                login,
                account_state,
                since: row.created_at,
                ended_at: row.ended_at,
                member: read(&row, account, office)?,
            })
        })
        .collect()
}

/// Gives an account a role, in place of the one it had.
pub async fn appoint(
    connection: &impl ConnectionTrait,
    account: AccountId,
    role: Role,
    office: Option<OfficeId>,
    now: Moment,
) -> Result<(), DbErr> {
    staff::Entity::insert(staff::ActiveModel {
        account_id: Set(account.uuid()),
        role: Set(role.as_str().to_owned()),
        office_id: Set(office.map(TypedId::uuid)),
        created_at: Set(now),
        ended_at: Set(None),
    })
    .on_conflict(
        OnConflict::column(staff::Column::AccountId)
            .update_columns([
                staff::Column::Role,
                staff::Column::OfficeId,
                staff::Column::CreatedAt,
                staff::Column::EndedAt,
            ])
            .to_owned(),
    )
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// Ends somebody's work here. Returns whether it was going on.
pub async fn end(connection: &impl ConnectionTrait, account: AccountId, now: Moment) -> Result<bool, DbErr> {
    let done = staff::Entity::update_many()
        .col_expr(staff::Column::EndedAt, Expr::value(Some(now)))
        .filter(staff::Column::AccountId.eq(account.uuid()))
        .filter(staff::Column::EndedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

fn read(
    row: &staff::Model,
    account: Option<account::Model>,
    office: Option<office::Model>,
) -> Result<StaffMember, DbErr> {
    let account = account.ok_or_else(|| unreadable("staff.account_id", "there is no such account"))?;
    let profile = Profile {
        given_name: account.given_name,
        family_name: account.family_name,
        organisation_name: account.organisation_name,
        ..Profile::default()
    };
    Ok(StaffMember {
        account: row.account_id.into(),
        role: row.role.parse().map_err(|error| unreadable("staff.role", error))?,
        office: row.office_id.map(OfficeId::from),
        office_name: office.map(|office| office.name),
        display_name: profile.display_name(),
    })
}
