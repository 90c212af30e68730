//! Second factors: a sealed seed, the last step that was used, and recovery codes.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, ExprTrait as _};

use super::entity::{second_factor, second_factor_code};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, SessionId, TypedId};

/// A second factor as it is stored.
#[derive(Debug, Clone)]
pub struct StoredFactor {
    pub sealed_seed: String,
    /// The session that was shown the seed.
    pub session: SessionId,
    pub confirmed_at: Option<Moment>,
    /// The last step whose code was used.
    pub last_step: Option<i64>,
    /// The recovery codes, until their owner has said that they are kept.
    pub sealed_codes: Option<String>,
}

pub async fn find(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<StoredFactor>, DbErr> {
    let row = second_factor::Entity::find_by_id(account.uuid()).one(connection).await?;
    Ok(row.map(|row| StoredFactor {
        sealed_seed: row.sealed_seed,
        session: row.session_id.into(),
        confirmed_at: row.confirmed_at,
        last_step: row.last_step,
        sealed_codes: row.sealed_codes,
    }))
}

/// Does an authenticator app's code open this account?
pub async fn is_confirmed(connection: &impl ConnectionTrait, account: AccountId) -> Result<bool, DbErr> {
    let confirmed = second_factor::Entity::find_by_id(account.uuid())
        .filter(second_factor::Column::ConfirmedAt.is_not_null())
        .count(connection)
        .await?;
    Ok(confirmed > 0)
}

/// Forgets a seed that waits for its first code.
pub async fn forget_unconfirmed(connection: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    second_factor::Entity::delete_many()
        .filter(second_factor::Column::AccountId.eq(account.uuid()))
        .filter(second_factor::Column::ConfirmedAt.is_null())
        .exec(connection)
        .await
        .map(|_| ())
}

/// Keeps a seed that waits for its first code, in place of one that waited; never in place of a confirmed one.
pub async fn offer(
    connection: &impl ConnectionTrait,
    account: AccountId,
    session: SessionId,
    sealed_seed: &str,
    now: Moment,
) -> Result<(), DbErr> {
    second_factor::Entity::insert(second_factor::ActiveModel {
        account_id: Set(account.uuid()),
        sealed_seed: Set(sealed_seed.to_owned()),
        session_id: Set(session.uuid()),
        confirmed_at: Set(None),
        last_step: Set(None),
        sealed_codes: Set(None),
        created_at: Set(now),
    })
    .on_conflict(
        OnConflict::column(second_factor::Column::AccountId)
            .update_columns([
                second_factor::Column::SealedSeed,
                second_factor::Column::SessionId,
                second_factor::Column::CreatedAt,
            ])
            .action_and_where(
                Expr::col((second_factor::Entity, second_factor::Column::ConfirmedAt)).is_null(),
            )
            .to_owned(),
    )
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// Confirms the seed that this session was shown, by the step of its first code, if it still waits. Returns whether it
/// did.
pub async fn confirm(
    connection: &impl ConnectionTrait,
    account: AccountId,
    session: SessionId,
    step: i64,
    sealed_codes: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::ConfirmedAt, Expr::value(Some(now)))
        .col_expr(second_factor::Column::LastStep, Expr::value(Some(step)))
        .col_expr(second_factor::Column::SealedCodes, Expr::value(Some(sealed_codes.to_owned())))
        .filter(second_factor::Column::AccountId.eq(account.uuid()))
        .filter(second_factor::Column::SessionId.eq(session.uuid()))
        .filter(second_factor::Column::ConfirmedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// How one of the account's recovery codes is stored: a set has one salt. `None` if there is no code.
pub async fn any_code_of(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<String>, DbErr> {
    let row = second_factor_code::Entity::find()
        .filter(second_factor_code::Column::AccountId.eq(account.uuid()))
        .one(connection)
        .await?;
    Ok(row.map(|row| row.digest))
}

/// Writes the recovery codes, numbered from 1.
pub async fn insert_codes(
    connection: &impl ConnectionTrait,
    account: AccountId,
    hashes: Vec<String>,
) -> Result<(), DbErr> {
    let rows = (1..).zip(hashes).map(|(number, hash)| second_factor_code::ActiveModel {
        account_id: Set(account.uuid()),
        number: Set(number),
        digest: Set(hash),
        used_at: Set(None),
    });
    second_factor_code::Entity::insert_many(rows).exec_without_returning(connection).await.map(|_| ())
}

/// Uses up a step (RFC 6238 §5.2: a code is accepted once), and with it every earlier one. Returns whether it was
/// unused.
pub async fn use_step(
    connection: &impl ConnectionTrait,
    account: AccountId,
    step: i64,
) -> Result<bool, DbErr> {
    let done = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::LastStep, Expr::value(Some(step)))
        .filter(second_factor::Column::AccountId.eq(account.uuid()))
        .filter(second_factor::Column::ConfirmedAt.is_not_null())
        .filter(
            Condition::any()
                .add(second_factor::Column::LastStep.is_null())
                .add(second_factor::Column::LastStep.lt(step)),
        )
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Uses up a recovery code. Returns whether it was there and unused.
pub async fn use_code(
    connection: &impl ConnectionTrait,
    account: AccountId,
    hash: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = second_factor_code::Entity::update_many()
        .col_expr(second_factor_code::Column::UsedAt, Expr::value(Some(now)))
        .filter(second_factor_code::Column::AccountId.eq(account.uuid()))
        .filter(second_factor_code::Column::Digest.eq(hash))
        .filter(second_factor_code::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// When this recovery code was used.
pub async fn code_used_at(
    connection: &impl ConnectionTrait,
    account: AccountId,
    hash: &str,
) -> Result<Option<Moment>, DbErr> {
    Ok(second_factor_code::Entity::find()
        .filter(second_factor_code::Column::AccountId.eq(account.uuid()))
        .filter(second_factor_code::Column::Digest.eq(hash))
        .one(connection)
        .await?
        .and_then(|row| row.used_at))
}

pub async fn unused_codes(connection: &impl ConnectionTrait, account: AccountId) -> Result<u64, DbErr> {
    second_factor_code::Entity::find()
        .filter(second_factor_code::Column::AccountId.eq(account.uuid()))
        .filter(second_factor_code::Column::UsedAt.is_null())
        .count(connection)
        .await
}

/// Forgets the readable recovery codes: their owner keeps them now.
pub async fn forget_sealed_codes(connection: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    second_factor::Entity::update_many()
        .col_expr(second_factor::Column::SealedCodes, Expr::value(None::<String>))
        .filter(second_factor::Column::AccountId.eq(account.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Forgets a second factor with its codes. Returns whether there was one.
pub async fn remove(connection: &impl ConnectionTrait, account: AccountId) -> Result<bool, DbErr> {
    let done = second_factor::Entity::delete_many()
        .filter(second_factor::Column::AccountId.eq(account.uuid()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}
