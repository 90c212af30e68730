//! Grants, and the codes and refresh tokens that hang on them.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _, QuerySelect};

use super::entity::{authorization_code, refresh_token, token_grant};
use super::reading::{from_json, to_json, unreadable};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, GrantId, SessionId, TypedId};
use crate::domain::scope::{OFFLINE_ACCESS, ScopeSet};
use crate::domain::secret::SecretDigest;
use crate::domain::token::TokenGrant;

pub async fn insert(
    connection: &impl ConnectionTrait,
    new: &TokenGrant,
    expires_at: Moment,
) -> Result<(), DbErr> {
    token_grant::Entity::insert(token_grant::ActiveModel {
        id: Set(new.id.uuid()),
        account_id: Set(new.account.uuid()),
        client_id: Set(new.client_id.clone()),
        session_id: Set(new.session.uuid()),
        sid: Set(new.sid.uuid()),
        scope: Set(new.scope.to_string()),
        nonce: Set(new.nonce.clone()),
        auth_time: Set(new.auth_time),
        acr: Set(new.acr.urn().to_owned()),
        amr: Set(to_json("token_grant.amr", &new.amr)?),
        created_at: Set(new.created_at),
        expires_at: Set(expires_at),
        revoked_at: Set(new.revoked_at),
        claims: Set(Some(to_json("token_grant.claims", &new.claims)?)),
        resources: Set(stored_resources(&new.resources)?),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

fn stored_resources(resources: &[String]) -> Result<Option<Json>, DbErr> {
    if resources.is_empty() { Ok(None) } else { to_json("token_grant.resources", &resources).map(Some) }
}

pub async fn find(connection: &impl ConnectionTrait, id: GrantId) -> Result<Option<TokenGrant>, DbErr> {
    token_grant::Entity::find_by_id(id.uuid()).one(connection).await?.map(read).transpose()
}

/// The same, with its row locked until the transaction ends: two redemptions on one grant take turns.
pub async fn lock(transaction: &impl ConnectionTrait, id: GrantId) -> Result<Option<TokenGrant>, DbErr> {
    token_grant::Entity::find_by_id(id.uuid()).lock_exclusive().one(transaction).await?.map(read).transpose()
}

/// Revokes a grant, and with it everything that hangs on it. Returns whether it was live.
pub async fn revoke(connection: &impl ConnectionTrait, id: GrantId, now: Moment) -> Result<bool, DbErr> {
    let done = token_grant::Entity::update_many()
        .col_expr(token_grant::Column::RevokedAt, Expr::value(Some(now)))
        .filter(token_grant::Column::Id.eq(id.uuid()))
        .filter(token_grant::Column::RevokedAt.is_null())
        .exec(connection)
        .await?;
    if done.rows_affected == 1 {
        forget_answers(connection, id).await?;
    }
    Ok(done.rows_affected == 1)
}

/// The live grants of a session; those with `offline_access` outlive a sign-out.
pub async fn live_of_session(
    connection: &impl ConnectionTrait,
    session: SessionId,
    with_offline: bool,
) -> Result<Vec<TokenGrant>, DbErr> {
    let grants: Vec<TokenGrant> = token_grant::Entity::find()
        .filter(token_grant::Column::SessionId.eq(session.uuid()))
        .filter(token_grant::Column::RevokedAt.is_null())
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect::<Result<_, _>>()?;
    Ok(grants.into_iter().filter(|grant| with_offline || !grant.scope.contains(OFFLINE_ACCESS)).collect())
}

/// The account's grants that were not revoked, those that outlive their session among them.
pub async fn live_of_account(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<TokenGrant>, DbErr> {
    token_grant::Entity::find()
        .filter(token_grant::Column::AccountId.eq(account.uuid()))
        .filter(token_grant::Column::RevokedAt.is_null())
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Those of the account's grants on which something can still hang.
pub async fn usable_of_account(
    connection: &impl ConnectionTrait,
    account: AccountId,
    now: Moment,
) -> Result<Vec<TokenGrant>, DbErr> {
    token_grant::Entity::find()
        .filter(token_grant::Column::AccountId.eq(account.uuid()))
        .filter(token_grant::Column::RevokedAt.is_null())
        .filter(token_grant::Column::ExpiresAt.gt(now))
        .order_by_asc(token_grant::Column::CreatedAt)
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// How many grants of a client were not revoked.
pub async fn count_live_of_client(connection: &impl ConnectionTrait, client_id: &str) -> Result<u64, DbErr> {
    token_grant::Entity::find()
        .filter(token_grant::Column::ClientId.eq(client_id))
        .filter(token_grant::Column::RevokedAt.is_null())
        .count(connection)
        .await
}

/// Moves the moment on until which something can hang on the grant.
pub async fn extend(connection: &impl ConnectionTrait, id: GrantId, until: Moment) -> Result<(), DbErr> {
    token_grant::Entity::update_many()
        .col_expr(token_grant::Column::ExpiresAt, Expr::value(until))
        .filter(token_grant::Column::Id.eq(id.uuid()))
        .filter(token_grant::Column::ExpiresAt.lt(until))
        .exec(connection)
        .await
        .map(|_| ())
}

/// An authorization code as it is stored.
#[derive(Debug, Clone)]
pub struct StoredCode {
    pub grant: GrantId,
    pub redirect_uri: String,
    pub code_challenge: Option<String>,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
}

pub async fn insert_code(
    connection: &impl ConnectionTrait,
    digest: SecretDigest,
    new: StoredCode,
) -> Result<(), DbErr> {
    authorization_code::Entity::insert(authorization_code::ActiveModel {
        digest: Set(digest.to_text()),
        grant_id: Set(new.grant.uuid()),
        redirect_uri: Set(new.redirect_uri),
        code_challenge: Set(new.code_challenge),
        expires_at: Set(new.expires_at),
        used_at: Set(new.used_at),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

pub async fn find_code(
    connection: &impl ConnectionTrait,
    digest: SecretDigest,
) -> Result<Option<StoredCode>, DbErr> {
    Ok(authorization_code::Entity::find_by_id(digest.to_text()).one(connection).await?.map(|row| {
        StoredCode {
            grant: row.grant_id.into(),
            redirect_uri: row.redirect_uri,
            code_challenge: row.code_challenge,
            expires_at: row.expires_at,
            used_at: row.used_at,
        }
    }))
}

/// Uses a code up. Of any number of callers, on any number of replicas, one gets `true`.
pub async fn use_code(
    connection: &impl ConnectionTrait,
    digest: SecretDigest,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = authorization_code::Entity::update_many()
        .col_expr(authorization_code::Column::UsedAt, Expr::value(Some(now)))
        .filter(authorization_code::Column::Digest.eq(digest.to_text()))
        .filter(authorization_code::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Was a code of this grant redeemed?
pub async fn was_redeemed(connection: &impl ConnectionTrait, grant: GrantId) -> Result<bool, DbErr> {
    Ok(authorization_code::Entity::find()
        .filter(authorization_code::Column::GrantId.eq(grant.uuid()))
        .filter(authorization_code::Column::UsedAt.is_not_null())
        .one(connection)
        .await?
        .is_some())
}

/// A refresh token as it is stored.
#[derive(Debug, Clone)]
pub struct StoredRefreshToken {
    pub grant: GrantId,
    /// Orders a family; the first has 1.
    pub generation: i32,
    pub created_at: Moment,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
    /// What was answered when it was used, for a moment.
    pub sealed_answer: Option<String>,
}

pub async fn insert_refresh_token(
    connection: &impl ConnectionTrait,
    digest: SecretDigest,
    new: StoredRefreshToken,
) -> Result<(), DbErr> {
    refresh_token::Entity::insert(refresh_token::ActiveModel {
        digest: Set(digest.to_text()),
        grant_id: Set(new.grant.uuid()),
        generation: Set(new.generation),
        created_at: Set(new.created_at),
        expires_at: Set(new.expires_at),
        used_at: Set(new.used_at),
        sealed_answer: Set(new.sealed_answer),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

pub async fn find_refresh_token(
    connection: &impl ConnectionTrait,
    digest: SecretDigest,
) -> Result<Option<StoredRefreshToken>, DbErr> {
    Ok(refresh_token::Entity::find_by_id(digest.to_text()).one(connection).await?.map(|row| {
        StoredRefreshToken {
            grant: row.grant_id.into(),
            generation: row.generation,
            created_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
            sealed_answer: row.sealed_answer,
        }
    }))
}

/// Uses a refresh token up. Of any number of callers one gets `true`.
pub async fn use_refresh_token(
    connection: &impl ConnectionTrait,
    digest: SecretDigest,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, Expr::value(Some(now)))
        .filter(refresh_token::Column::Digest.eq(digest.to_text()))
        .filter(refresh_token::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The successor of a refresh token: has it been used?
pub async fn successor_is_unused(
    connection: &impl ConnectionTrait,
    predecessor: &StoredRefreshToken,
) -> Result<bool, DbErr> {
    Ok(refresh_token::Entity::find()
        .filter(refresh_token::Column::GrantId.eq(predecessor.grant.uuid()))
        .filter(refresh_token::Column::Generation.eq(predecessor.generation + 1))
        .filter(refresh_token::Column::UsedAt.is_null())
        .one(connection)
        .await?
        .is_some())
}

/// Keeps the answer that was given for a refresh token, sealed so that only whoever holds the token opens it.
pub async fn keep_answer(
    connection: &impl ConnectionTrait,
    digest: SecretDigest,
    sealed: String,
) -> Result<(), DbErr> {
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::SealedAnswer, Expr::value(Some(sealed)))
        .filter(refresh_token::Column::Digest.eq(digest.to_text()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Deletes what was kept for a grant's tokens.
pub async fn forget_answers(connection: &impl ConnectionTrait, grant: GrantId) -> Result<(), DbErr> {
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::SealedAnswer, Expr::value(Option::<String>::None))
        .filter(refresh_token::Column::GrantId.eq(grant.uuid()))
        .filter(refresh_token::Column::SealedAnswer.is_not_null())
        .exec(connection)
        .await
        .map(|_| ())
}

/// Deletes answers that were given before, and so cannot be asked for again.
pub async fn sweep_answers(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let done = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::SealedAnswer, Expr::value(Option::<String>::None))
        .filter(refresh_token::Column::UsedAt.lte(before))
        .filter(refresh_token::Column::SealedAnswer.is_not_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

/// Forgets grants on which nothing can hang any more, with their codes and refresh tokens.
pub async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let grants = token_grant::Entity::delete_many()
        .filter(token_grant::Column::ExpiresAt.lt(before))
        .exec(connection)
        .await?;
    let tokens = refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::ExpiresAt.lt(before))
        .exec(connection)
        .await?;
    Ok(grants.rows_affected + tokens.rows_affected)
}

fn read(row: token_grant::Model) -> Result<TokenGrant, DbErr> {
    Ok(TokenGrant {
        id: row.id.into(),
        account: row.account_id.into(),
        client_id: row.client_id,
        session: row.session_id.into(),
        sid: row.sid.into(),
        scope: ScopeSet::parse(&row.scope).map_err(|error| unreadable("token_grant.scope", error))?,
        resources: match row.resources {
            Some(resources) => from_json("token_grant.resources", resources)?,
            None => Vec::new(),
        },
        nonce: row.nonce,
        auth_time: row.auth_time,
        acr: row.acr.parse().map_err(|error| unreadable("token_grant.acr", error))?,
        amr: from_json("token_grant.amr", row.amr)?,
        claims: row
            .claims
            .map(|claims| from_json("token_grant.claims", claims))
            .transpose()?
            .unwrap_or_default(),
        created_at: row.created_at,
        revoked_at: row.revoked_at,
    })
}
