//! The row of an account: how it is written, read and changed.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ConnectionTrait, UpdateMany};

use crate::domain::account::{Account, AccountState, Profile};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, OfficeId, TypedId};
use crate::domain::locale::Locale;
use crate::domain::login::Login;
use crate::storage::entity::account;
use crate::storage::reading::unreadable;

/// What an import writes.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub id: AccountId,
    pub login: Login,
    pub subject: String,
    pub state: AccountState,
    pub initial_password_hash: Option<String>,
    pub password_hash: Option<String>,
    pub profile: Profile,
    pub office: Option<OfficeId>,
    pub created_at: Moment,
}

pub async fn insert(connection: &impl ConnectionTrait, new: NewAccount) -> Result<(), DbErr> {
    let profile = new.profile;
    // Whoever comes with a chosen password made the account theirs before.
    let password_changed_at = new.password_hash.is_some().then_some(new.created_at);
    account::Entity::insert(account::ActiveModel {
        id: Set(new.id.uuid()),
        login: Set(new.login.to_string()),
        subject: Set(new.subject),
        state: Set(new.state.as_str().to_owned()),
        initial_password_hash: Set(new.initial_password_hash),
        password_hash: Set(new.password_hash),
        given_name: Set(profile.given_name),
        family_name: Set(profile.family_name),
        organisation_name: Set(profile.organisation_name),
        email: Set(profile.email),
        email_verified: Set(profile.email_verified),
        phone_number: Set(profile.phone_number),
        street: Set(profile.street),
        postal_code: Set(profile.postal_code),
        city: Set(profile.city),
        locale: Set(profile.locale.map(|locale| locale.tag().to_owned())),
        attributes: Set(profile.attributes.into()),
        office_id: Set(new.office.map(TypedId::uuid)),
        password_changed_at: Set(password_changed_at),
        created_at: Set(new.created_at),
        updated_at: Set(new.created_at),
        state_since: Set(Some(new.created_at)),
        closure_requested_at: Set(None),
        closure_reason: Set(None),
        initial_password_recovers: Set(false),
        block_links_from: Set(None),
        suspended_why: Set(None),
        profile_updated_at: Set(None),
        first_signed_in_at: Set(None),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

pub(in crate::storage) fn read(row: account::Model) -> Result<Account, DbErr> {
    let attributes = match row.attributes {
        serde_json::Value::Object(map) => map,
        other => return Err(unreadable("account.attributes", other)),
    };
    Ok(Account {
        id: row.id.into(),
        login: Login::from_stored(row.login),
        subject: row.subject,
        state: row.state.parse().map_err(|error| unreadable("account.state", error))?,
        profile: Profile {
            given_name: row.given_name,
            family_name: row.family_name,
            organisation_name: row.organisation_name,
            email: row.email,
            email_verified: row.email_verified,
            phone_number: row.phone_number,
            street: row.street,
            postal_code: row.postal_code,
            city: row.city,
            locale: row.locale.as_deref().and_then(Locale::from_tag),
            attributes,
        },
        profile_updated_at: row.profile_updated_at.unwrap_or(row.created_at),
        office: row.office_id.map(OfficeId::from),
    })
}

/// A change of this account, to be filled in.
pub(super) fn change(id: AccountId, now: Moment) -> UpdateMany<account::Entity> {
    account::Entity::update_many()
        .col_expr(account::Column::UpdatedAt, Expr::value(now))
        .filter(account::Column::Id.eq(id.uuid()))
}

/// A step of this account from one state to the next, to be filled in; nothing changes if it is not where it was seen.
pub(super) fn step(
    id: AccountId,
    seen: AccountState,
    becomes: AccountState,
    now: Moment,
) -> UpdateMany<account::Entity> {
    change(id, now)
        .col_expr(account::Column::State, Expr::value(becomes.as_str()))
        .col_expr(account::Column::StateSince, Expr::value(Some(now)))
        .filter(account::Column::State.eq(seen.as_str()))
}
