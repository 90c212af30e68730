//! An account on its way from state to state; each step only from where it was seen.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::row::step;
use crate::domain::account::{AccountState, SuspensionCause};
use crate::domain::clock::Moment;
use crate::domain::credential_letter::order::OrderState;
use crate::domain::ids::{AccountId, TypedId};
use crate::storage::entity::{account, letter_order};

/// Moves the account on, if it still is in the state that was seen. Returns whether it was.
pub async fn move_on(
    connection: &impl ConnectionTrait,
    id: AccountId,
    seen: AccountState,
    becomes: AccountState,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = step(id, seen, becomes, now).exec(connection).await?;
    Ok(done.rows_affected == 1)
}

/// Notes who had a suspended account suspended. Returns whether that is new.
pub async fn note_suspension(
    connection: &impl ConnectionTrait,
    id: AccountId,
    cause: SuspensionCause,
) -> Result<bool, DbErr> {
    let another = Condition::any()
        .add(account::Column::SuspendedWhy.is_null())
        .add(account::Column::SuspendedWhy.ne(cause.as_str()));
    let done = account::Entity::update_many()
        .col_expr(account::Column::SuspendedWhy, Expr::value(Some(cause.as_str())))
        .filter(account::Column::Id.eq(id.uuid()))
        .filter(account::Column::State.eq(AccountState::Suspended.as_str()))
        .filter(another)
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends a suspension, and with it every link that was mailed to block the account. Returns whether it was suspended.
pub async fn resume(
    connection: &impl ConnectionTrait,
    id: AccountId,
    becomes: AccountState,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = step(id, AccountState::Suspended, becomes, now)
        .col_expr(account::Column::SuspendedWhy, Expr::value(None::<String>))
        .col_expr(account::Column::BlockLinksFrom, Expr::value(Some(now)))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Mailed links that were made before this do not block the account any more; `None`: all may.
pub async fn block_links_from(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<Moment>, DbErr> {
    let row = account::Entity::find_by_id(id.uuid()).one(connection).await?;
    Ok(row.and_then(|row| row.block_links_from))
}

/// Accounts that lapsed before `before`, and for which no other letter is on its way.
pub async fn lapsed_before(
    connection: &impl ConnectionTrait,
    before: Moment,
    limit: u64,
) -> Result<Vec<AccountId>, DbErr> {
    let open = OrderState::ALL.into_iter().filter(|state| state.is_open()).map(OrderState::as_str);
    let on_its_way = Query::select()
        .column(letter_order::Column::AccountId)
        .from(letter_order::Entity)
        .and_where(letter_order::Column::State.is_in(open))
        .to_owned();
    Ok(account::Entity::find()
        .filter(account::Column::State.eq(AccountState::Lapsed.as_str()))
        .filter(account::Column::StateSince.lt(before))
        .filter(account::Column::Id.not_in_subquery(on_its_way))
        .order_by_asc(account::Column::StateSince)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| row.id.into())
        .collect())
}

/// Accounts that were closed before `before`: their retention is over.
pub async fn closed_before(
    connection: &impl ConnectionTrait,
    before: Moment,
    limit: u64,
) -> Result<Vec<AccountId>, DbErr> {
    Ok(account::Entity::find()
        .filter(account::Column::State.eq(AccountState::Closed.as_str()))
        .filter(account::Column::StateSince.lt(before))
        .order_by_asc(account::Column::StateSince)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| row.id.into())
        .collect())
}

/// Leaves of a closed account a stub: the login, which is never given again, and the subject, which says nothing.
/// Returns whether it was closed, and since before `before`.
pub async fn erase(
    connection: &impl ConnectionTrait,
    id: AccountId,
    before: Moment,
    now: Moment,
) -> Result<bool, DbErr> {
    let nothing = || Expr::value(None::<String>);
    let done = step(id, AccountState::Closed, AccountState::Erased, now)
        .col_expr(account::Column::InitialPasswordHash, nothing())
        .col_expr(account::Column::PasswordHash, nothing())
        .col_expr(account::Column::GivenName, Expr::value(""))
        .col_expr(account::Column::FamilyName, Expr::value(""))
        .col_expr(account::Column::OrganisationName, nothing())
        .col_expr(account::Column::Email, nothing())
        .col_expr(account::Column::EmailVerified, Expr::value(false))
        .col_expr(account::Column::PhoneNumber, nothing())
        .col_expr(account::Column::Street, nothing())
        .col_expr(account::Column::PostalCode, nothing())
        .col_expr(account::Column::City, nothing())
        .col_expr(account::Column::Locale, nothing())
        .col_expr(account::Column::Attributes, Expr::value(serde_json::json!({})))
        .col_expr(account::Column::ClosureReason, nothing())
        .filter(account::Column::StateSince.lt(before))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}
