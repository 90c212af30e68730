//! What opens an account: the initial password and the chosen one, as hashes, and how each comes and goes.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, ConnectionTrait, UpdateMany};

use super::row::{change, step};
use crate::domain::account::{AccountState, PasswordKind};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, TypedId};
use crate::storage::entity::account;
use crate::storage::password_history;

/// A letter was handed over: its initial password opens the account from now on, and whatever opened it before does not.
/// Returns whether the account still was in the state that was seen.
pub async fn open_with_letter(
    connection: &impl ConnectionTrait,
    id: AccountId,
    seen: AccountState,
    becomes: AccountState,
    initial_password_hash: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    password_history::give_up(connection, id, now).await?;
    let done = step(id, seen, becomes, now)
        .col_expr(account::Column::InitialPasswordHash, Expr::value(Some(initial_password_hash.to_owned())))
        // This letter has codes: its initial password dies at the first change.
        .col_expr(account::Column::InitialPasswordRecovers, Expr::value(false))
        .col_expr(account::Column::PasswordHash, Expr::value(None::<String>))
        // Whoever comes for a letter does not ask for the end of the account any more.
        .col_expr(account::Column::ClosureRequestedAt, Expr::value(None::<Moment>))
        .col_expr(account::Column::ClosureReason, Expr::value(None::<String>))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Sets the chosen password and lets the initial one die, if the account still is in the state that was seen.
/// Returns whether it was.
///
/// The hash of an initial password that still recovers the account stays, for that one use: it opens nothing by itself,
/// since an active account is signed in to with the chosen password only.
pub async fn choose_password(
    connection: &impl ConnectionTrait,
    id: AccountId,
    seen: AccountState,
    becomes: AccountState,
    hash: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    password_history::give_up(connection, id, now).await?;
    let kept = Expr::case(
        Condition::all().add(account::Column::InitialPasswordRecovers.eq(true)),
        Expr::col(account::Column::InitialPasswordHash),
    )
    .finally(Expr::value(None::<String>));
    let mut update = change(id, now)
        .col_expr(account::Column::PasswordHash, Expr::value(Some(hash.to_owned())))
        .col_expr(account::Column::InitialPasswordHash, kept.into())
        .col_expr(account::Column::State, Expr::value(becomes.as_str()))
        .col_expr(account::Column::PasswordChangedAt, Expr::value(Some(now)));
    if seen != becomes {
        update = update.col_expr(account::Column::StateSince, Expr::value(Some(now)));
    }
    let done = update.filter(account::Column::State.eq(seen.as_str())).exec(connection).await?;
    Ok(done.rows_affected == 1)
}

/// The chosen password opens nothing any more; there is none until another one is chosen.
pub async fn forget_password(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Moment,
) -> Result<(), DbErr> {
    password_history::give_up(connection, id, now).await?;
    change(id, now)
        .col_expr(account::Column::PasswordHash, Expr::value(None::<String>))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Uses up the initial password of a letter from before. Of any number of callers one gets `true`. The hash itself stays
/// until the change that follows, which must not choose the same password again.
pub async fn use_initial_password(
    connection: &impl ConnectionTrait,
    id: AccountId,
    hash: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = change(id, now)
        .col_expr(account::Column::InitialPasswordRecovers, Expr::value(false))
        .filter(account::Column::InitialPasswordHash.eq(hash))
        .filter(account::Column::InitialPasswordRecovers.eq(true))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Does the initial password recover the account, once? Only that of a letter without recovery codes does.
pub async fn let_initial_password_recover(
    connection: &impl ConnectionTrait,
    id: AccountId,
    recovers: bool,
) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::InitialPasswordRecovers, Expr::value(recovers))
        .filter(account::Column::Id.eq(id.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// The letter that waited to be used is void: the initial password that it brought opens nothing any more.
pub async fn forget_initial_password(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Moment,
) -> Result<(), DbErr> {
    without_initial_password(id, now).exec(connection).await.map(|_| ())
}

/// Forgets an initial password that has served as a way back in: it must not become a way to sign in again.
pub async fn forget_used_initial_password(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Moment,
) -> Result<(), DbErr> {
    without_initial_password(id, now)
        .filter(account::Column::InitialPasswordRecovers.eq(false))
        .exec(connection)
        .await
        .map(|_| ())
}

fn without_initial_password(id: AccountId, now: Moment) -> UpdateMany<account::Entity> {
    change(id, now).col_expr(account::Column::InitialPasswordHash, Expr::value(None::<String>))
}

/// Replaces a hash by one of the same password with today's parameters, unless it was changed meanwhile.
pub async fn rehash(
    connection: &impl ConnectionTrait,
    id: AccountId,
    kind: PasswordKind,
    old: &str,
    new: &str,
) -> Result<bool, DbErr> {
    let column = match kind {
        PasswordKind::Initial => account::Column::InitialPasswordHash,
        PasswordKind::Chosen => account::Column::PasswordHash,
    };
    let done = account::Entity::update_many()
        .col_expr(column, Expr::value(Some(new.to_owned())))
        .filter(account::Column::Id.eq(id.uuid()))
        .filter(column.eq(old))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}
