//! Changes of contact data that wait for a second person.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::entity::contact_change;
use super::reading::unreadable;
use crate::domain::clock::Moment;
use crate::domain::contact_change::ContactChangeState;
use crate::domain::ids::{AccountId, ContactChangeId, TypedId};

#[derive(Debug, Clone)]
pub struct ContactChange {
    pub id: ContactChangeId,
    pub account: AccountId,
    /// The new address; `None`: the account is to have none.
    pub email: Option<String>,
    /// Sealed under the person's key.
    pub reason: String,
    pub state: ContactChangeState,
    pub requested_by: AccountId,
    pub requested_at: Moment,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<Moment>,
}

pub async fn insert(connection: &impl ConnectionTrait, new: ContactChange) -> Result<(), DbErr> {
    contact_change::Entity::insert(contact_change::ActiveModel {
        id: Set(new.id.uuid()),
        account_id: Set(new.account.uuid()),
        email: Set(new.email),
        reason: Set(new.reason),
        state: Set(new.state.as_str().to_owned()),
        requested_by: Set(new.requested_by.uuid()),
        requested_at: Set(new.requested_at),
        decided_by: Set(new.decided_by.map(TypedId::uuid)),
        decided_at: Set(new.decided_at),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    id: ContactChangeId,
) -> Result<Option<ContactChange>, DbErr> {
    contact_change::Entity::find_by_id(id.uuid()).one(connection).await?.map(read).transpose()
}

/// The change that waits, if any: an account has at most one (the account's lock sees to it).
pub async fn waiting_of(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<ContactChange>, DbErr> {
    contact_change::Entity::find()
        .filter(contact_change::Column::AccountId.eq(account.uuid()))
        .filter(contact_change::Column::State.eq(ContactChangeState::Waiting.as_str()))
        .one(connection)
        .await?
        .map(read)
        .transpose()
}

/// All that wait, oldest first.
pub async fn waiting(connection: &impl ConnectionTrait, limit: u64) -> Result<Vec<ContactChange>, DbErr> {
    contact_change::Entity::find()
        .filter(contact_change::Column::State.eq(ContactChangeState::Waiting.as_str()))
        .order_by_asc(contact_change::Column::RequestedAt)
        .order_by_asc(contact_change::Column::Id)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Decides a change, if it still waits. Returns whether it did.
pub async fn decide(
    connection: &impl ConnectionTrait,
    id: ContactChangeId,
    becomes: ContactChangeState,
    by: AccountId,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = contact_change::Entity::update_many()
        .col_expr(contact_change::Column::State, Expr::value(becomes.as_str()))
        .col_expr(contact_change::Column::DecidedBy, Expr::value(Some(by.uuid())))
        .col_expr(contact_change::Column::DecidedAt, Expr::value(Some(now)))
        .filter(contact_change::Column::Id.eq(id.uuid()))
        .filter(contact_change::Column::State.eq(ContactChangeState::Waiting.as_str()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// What waits for this account is not wanted any more. Returns whether anything did.
pub async fn cancel(
    connection: &impl ConnectionTrait,
    account: AccountId,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = contact_change::Entity::update_many()
        .col_expr(contact_change::Column::State, Expr::value(ContactChangeState::Cancelled.as_str()))
        .col_expr(contact_change::Column::DecidedAt, Expr::value(Some(now)))
        .filter(contact_change::Column::AccountId.eq(account.uuid()))
        .filter(contact_change::Column::State.eq(ContactChangeState::Waiting.as_str()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Forgets what was asked for an account: it is erased.
pub async fn forget(connection: &impl ConnectionTrait, account: AccountId) -> Result<u64, DbErr> {
    let done = contact_change::Entity::delete_many()
        .filter(contact_change::Column::AccountId.eq(account.uuid()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

/// Forgets decided changes: what happened is in the audit for as long as that is kept.
pub async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let done = contact_change::Entity::delete_many()
        .filter(contact_change::Column::State.ne(ContactChangeState::Waiting.as_str()))
        .filter(contact_change::Column::DecidedAt.lt(before))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

fn read(row: contact_change::Model) -> Result<ContactChange, DbErr> {
    Ok(ContactChange {
        id: row.id.into(),
        account: row.account_id.into(),
        email: row.email,
        reason: row.reason,
        state: row.state.parse().map_err(|error| unreadable("contact_change.state", error))?,
        requested_by: row.requested_by.into(),
        requested_at: row.requested_at,
        decided_by: row.decided_by.map(AccountId::from),
        decided_at: row.decided_at,
    })
}
