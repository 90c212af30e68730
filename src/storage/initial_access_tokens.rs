//! What lets clients register themselves (RFC 7591 §3), as digests.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _};

use super::entity::initial_access_token;
use crate::domain::clock::Moment;
use crate::domain::ids::{InitialAccessTokenId, TypedId as _};
use crate::domain::secret::SecretDigest;

/// One of them, without what it is.
#[derive(Debug, Clone)]
pub struct InitialAccessToken {
    pub id: InitialAccessTokenId,
    /// Whom it was made for, in the operator's words.
    pub label: String,
    pub uses_left: i32,
    pub created_at: Moment,
    pub expires_at: Moment,
    pub revoked_at: Option<Moment>,
}

impl InitialAccessToken {
    pub fn is_good(&self, now: Moment) -> bool {
        self.revoked_at.is_none() && self.uses_left > 0 && self.expires_at > now
    }
}

pub async fn insert(
    connection: &impl ConnectionTrait,
    new: &InitialAccessToken,
    digest: SecretDigest,
) -> Result<(), DbErr> {
    initial_access_token::Entity::insert(initial_access_token::ActiveModel {
        id: Set(new.id.uuid()),
        digest: Set(digest.to_text()),
        label: Set(new.label.clone()),
        uses_left: Set(new.uses_left),
        created_at: Set(new.created_at),
        expires_at: Set(new.expires_at),
        revoked_at: Set(new.revoked_at),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    digest: SecretDigest,
) -> Result<Option<InitialAccessToken>, DbErr> {
    let found = initial_access_token::Entity::find()
        .filter(initial_access_token::Column::Digest.eq(digest.to_text()))
        .one(connection)
        .await?;
    Ok(found.map(read))
}

/// Oldest first.
pub async fn all(connection: &impl ConnectionTrait) -> Result<Vec<InitialAccessToken>, DbErr> {
    let rows = initial_access_token::Entity::find()
        .order_by_asc(initial_access_token::Column::CreatedAt)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Takes one of its uses. Of any number of callers, on any number of replicas, as many get `true` as it has uses.
pub async fn use_once(
    connection: &impl ConnectionTrait,
    digest: SecretDigest,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = initial_access_token::Entity::update_many()
        .col_expr(
            initial_access_token::Column::UsesLeft,
            Expr::col(initial_access_token::Column::UsesLeft).sub(1),
        )
        .filter(initial_access_token::Column::Digest.eq(digest.to_text()))
        .filter(initial_access_token::Column::UsesLeft.gt(0))
        .filter(initial_access_token::Column::ExpiresAt.gt(now))
        .filter(initial_access_token::Column::RevokedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Returns whether there was one to revoke.
pub async fn revoke(
    connection: &impl ConnectionTrait,
    id: InitialAccessTokenId,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = initial_access_token::Entity::update_many()
        .col_expr(initial_access_token::Column::RevokedAt, Expr::value(Some(now)))
        .filter(initial_access_token::Column::Id.eq(id.uuid()))
        .filter(initial_access_token::Column::RevokedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Forgets those that expired before `before`.
pub async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let done = initial_access_token::Entity::delete_many()
        .filter(initial_access_token::Column::ExpiresAt.lt(before))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

fn read(row: initial_access_token::Model) -> InitialAccessToken {
    InitialAccessToken {
        id: row.id.into(),
        label: row.label,
        uses_left: row.uses_left,
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    }
}
