//! Stored authorization requests.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QuerySelect};

use super::entity::authorization;
use super::reading::{from_json, to_json};
use crate::domain::authorization::Authorization;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, AuthorizationId, GrantId, TypedId};
use crate::domain::secret::SecretDigest;

pub async fn insert(connection: &impl ConnectionTrait, new: &Authorization) -> Result<(), DbErr> {
    authorization::Entity::insert(authorization::ActiveModel {
        id: Set(new.id.uuid()),
        client_id: Set(new.client_id.clone()),
        parameters: Set(to_json("authorization.parameters", &new.parameters)?),
        visit_digest: Set(new.visit.map(SecretDigest::to_text)),
        created_at: Set(new.created_at),
        expires_at: Set(new.expires_at),
        consented_at: Set(None),
        consented_by: Set(None),
        ended_at: Set(new.ended_at),
        grant_id: Set(new.grant.map(TypedId::uuid)),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    id: AuthorizationId,
) -> Result<Option<Authorization>, DbErr> {
    authorization::Entity::find_by_id(id.uuid()).one(connection).await?.map(read).transpose()
}

/// The same, with its row locked until the transaction ends.
pub async fn lock(
    transaction: &impl ConnectionTrait,
    id: AuthorizationId,
) -> Result<Option<Authorization>, DbErr> {
    authorization::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(transaction)
        .await?
        .map(read)
        .transpose()
}

/// Binds a request to the browser that visits it first. Returns whether this was the first.
pub async fn bind(
    connection: &impl ConnectionTrait,
    id: AuthorizationId,
    visit: SecretDigest,
) -> Result<bool, DbErr> {
    let done = authorization::Entity::update_many()
        .col_expr(authorization::Column::VisitDigest, Expr::value(Some(visit.to_text())))
        .filter(authorization::Column::Id.eq(id.uuid()))
        .filter(authorization::Column::VisitDigest.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn mark_consented(
    connection: &impl ConnectionTrait,
    id: AuthorizationId,
    by: AccountId,
    now: Moment,
) -> Result<(), DbErr> {
    authorization::Entity::update_many()
        .col_expr(authorization::Column::ConsentedAt, Expr::value(Some(now)))
        .col_expr(authorization::Column::ConsentedBy, Expr::value(Some(by.uuid())))
        .filter(authorization::Column::Id.eq(id.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Answered, with an error or a denial: nothing comes out of it any more.
pub async fn end(connection: &impl ConnectionTrait, id: AuthorizationId, now: Moment) -> Result<(), DbErr> {
    set(connection, id, authorization::Column::EndedAt, Expr::value(Some(now))).await
}

pub async fn set_grant(
    connection: &impl ConnectionTrait,
    id: AuthorizationId,
    grant: GrantId,
) -> Result<(), DbErr> {
    set(connection, id, authorization::Column::GrantId, Expr::value(Some(grant.uuid()))).await
}

async fn set(
    connection: &impl ConnectionTrait,
    id: AuthorizationId,
    column: authorization::Column,
    value: Expr,
) -> Result<(), DbErr> {
    authorization::Entity::update_many()
        .col_expr(column, value)
        .filter(authorization::Column::Id.eq(id.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

pub async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let done = authorization::Entity::delete_many()
        .filter(authorization::Column::ExpiresAt.lt(before))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

fn read(row: authorization::Model) -> Result<Authorization, DbErr> {
    Ok(Authorization {
        id: row.id.into(),
        client_id: row.client_id,
        parameters: from_json("authorization.parameters", row.parameters)?,
        visit: row.visit_digest.as_deref().and_then(SecretDigest::from_text),
        created_at: row.created_at,
        expires_at: row.expires_at,
        consented_by: row.consented_by.map(AccountId::from),
        ended_at: row.ended_at,
        grant: row.grant_id.map(GrantId::from),
    })
}
