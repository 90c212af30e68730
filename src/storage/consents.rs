//! What people allowed clients, remembered.

use sea_orm::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::entity::consent;
use super::reading::unreadable;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, TypedId};
use crate::domain::scope::ScopeSet;

pub async fn remembered(
    connection: &impl ConnectionTrait,
    account: AccountId,
    client_id: &str,
) -> Result<Option<ScopeSet>, DbErr> {
    consent::Entity::find_by_id((account.uuid(), client_id.to_owned()))
        .one(connection)
        .await?
        .map(|row| ScopeSet::parse(&row.scope).map_err(|error| unreadable("consent.scope", error)))
        .transpose()
}

/// Remembers a consent in place of what was remembered before.
pub async fn remember(
    connection: &impl ConnectionTrait,
    account: AccountId,
    client_id: &str,
    scope: &ScopeSet,
    now: Moment,
) -> Result<(), DbErr> {
    consent::Entity::insert(consent::ActiveModel {
        account_id: Set(account.uuid()),
        client_id: Set(client_id.to_owned()),
        scope: Set(scope.to_string()),
        given_at: Set(now),
    })
    .on_conflict(
        OnConflict::columns([consent::Column::AccountId, consent::Column::ClientId])
            .update_columns([consent::Column::Scope, consent::Column::GivenAt])
            .to_owned(),
    )
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}
