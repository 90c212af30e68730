//! What people allowed clients, remembered.

use sea_orm::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _};

use super::entity::consent;
use super::reading::{from_json, to_json, unreadable};
use crate::domain::clock::Moment;
use crate::domain::consent::Consented;
use crate::domain::ids::{AccountId, TypedId};
use crate::domain::scope::ScopeSet;

pub async fn remembered(
    connection: &impl ConnectionTrait,
    account: AccountId,
    client_id: &str,
) -> Result<Option<Consented>, DbErr> {
    consent::Entity::find_by_id((account.uuid(), client_id.to_owned()))
        .one(connection)
        .await?
        .map(read)
        .transpose()
}

fn read(row: consent::Model) -> Result<Consented, DbErr> {
    Ok(Consented {
        scope: ScopeSet::parse(&row.scope).map_err(|error| unreadable("consent.scope", error))?,
        claims: row.claims.map(|claims| from_json("consent.claims", claims)).transpose()?.unwrap_or_default(),
    })
}

/// Remembers a consent in place of what was remembered before.
pub async fn remember(
    connection: &impl ConnectionTrait,
    account: AccountId,
    client_id: &str,
    consented: &Consented,
    now: Moment,
) -> Result<(), DbErr> {
    consent::Entity::insert(consent::ActiveModel {
        account_id: Set(account.uuid()),
        client_id: Set(client_id.to_owned()),
        scope: Set(consented.scope.to_string()),
        given_at: Set(now),
        claims: Set(Some(to_json("consent.claims", &consented.claims)?)),
    })
    .on_conflict(
        OnConflict::columns([consent::Column::AccountId, consent::Column::ClientId])
            .update_columns([consent::Column::Scope, consent::Column::GivenAt, consent::Column::Claims])
            .to_owned(),
    )
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// A consent that is remembered.
#[derive(Debug, Clone)]
pub struct GivenConsent {
    pub client_id: String,
    pub consented: Consented,
    pub given_at: Moment,
}

/// Everything the person allowed, oldest first.
pub async fn of_account(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<GivenConsent>, DbErr> {
    consent::Entity::find()
        .filter(consent::Column::AccountId.eq(account.uuid()))
        .order_by_asc(consent::Column::GivenAt)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| {
            Ok(GivenConsent {
                client_id: row.client_id.clone(),
                given_at: row.given_at,
                consented: read(row)?,
            })
        })
        .collect()
}

/// Forgets a consent: the client has to ask again. Returns whether there was one.
pub async fn forget(
    connection: &impl ConnectionTrait,
    account: AccountId,
    client_id: &str,
) -> Result<bool, DbErr> {
    let done = consent::Entity::delete_by_id((account.uuid(), client_id.to_owned())).exec(connection).await?;
    Ok(done.rows_affected == 1)
}

/// Forgets all of them: the account is erased.
pub async fn forget_all(connection: &impl ConnectionTrait, account: AccountId) -> Result<u64, DbErr> {
    let done = consent::Entity::delete_many()
        .filter(consent::Column::AccountId.eq(account.uuid()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}
