//! Orders of letters, on their way to the printer.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::entity::letter_order;
use super::reading::unreadable;
use crate::domain::clock::Moment;
use crate::domain::credential_letter::order::{OrderKind, OrderState};
use crate::domain::ids::{AccountId, LetterOrderId, TypedId};

#[derive(Debug, Clone)]
pub struct LetterOrder {
    pub id: LetterOrderId,
    pub account: AccountId,
    pub kind: OrderKind,
    pub state: OrderState,
    /// In the words of who wanted it.
    pub reason: Option<String>,
    /// A member of staff; `None` if the person used up what the old letter was good for.
    pub requested_by: Option<AccountId>,
    pub requested_at: Moment,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<Moment>,
}

pub async fn insert(connection: &impl ConnectionTrait, new: LetterOrder) -> Result<(), DbErr> {
    letter_order::Entity::insert(letter_order::ActiveModel {
        id: Set(new.id.uuid()),
        account_id: Set(new.account.uuid()),
        kind: Set(new.kind.as_str().to_owned()),
        state: Set(new.state.as_str().to_owned()),
        reason: Set(new.reason),
        requested_by: Set(new.requested_by.map(TypedId::uuid)),
        requested_at: Set(new.requested_at),
        decided_by: Set(new.decided_by.map(TypedId::uuid)),
        decided_at: Set(new.decided_at),
        reviewed_at: Set(None),
        reviewed_by: Set(None),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    id: LetterOrderId,
) -> Result<Option<LetterOrder>, DbErr> {
    letter_order::Entity::find_by_id(id.uuid()).one(connection).await?.map(read).transpose()
}

/// The order that is still on its way, if any: an account has at most one (the account's lock sees to it).
pub async fn open_of(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<LetterOrder>, DbErr> {
    let open: Vec<&str> =
        OrderState::ALL.into_iter().filter(|state| state.is_open()).map(OrderState::as_str).collect();
    letter_order::Entity::find()
        .filter(letter_order::Column::AccountId.eq(account.uuid()))
        .filter(letter_order::Column::State.is_in(open))
        .order_by_desc(letter_order::Column::Id)
        .one(connection)
        .await?
        .map(read)
        .transpose()
}

/// The newest order of an account, whatever became of it.
pub async fn newest_of(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<LetterOrder>, DbErr> {
    letter_order::Entity::find()
        .filter(letter_order::Column::AccountId.eq(account.uuid()))
        .order_by_desc(letter_order::Column::RequestedAt)
        .order_by_desc(letter_order::Column::Id)
        .one(connection)
        .await?
        .map(read)
        .transpose()
}

/// Moves it on, if it still is in the state that was seen. `decided_by`: who agreed or refused. Returns whether it was.
pub async fn move_on(
    connection: &impl ConnectionTrait,
    id: LetterOrderId,
    seen: OrderState,
    becomes: OrderState,
    decided_by: Option<AccountId>,
    now: Moment,
) -> Result<bool, DbErr> {
    let mut update = letter_order::Entity::update_many()
        .col_expr(letter_order::Column::State, Expr::value(becomes.as_str()));
    if let Some(by) = decided_by {
        update = update
            .col_expr(letter_order::Column::DecidedBy, Expr::value(Some(by.uuid())))
            .col_expr(letter_order::Column::DecidedAt, Expr::value(Some(now)));
    }
    let done = update
        .filter(letter_order::Column::Id.eq(id.uuid()))
        .filter(letter_order::Column::State.eq(seen.as_str()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Forgets what people wrote about an account: it is erased.
pub async fn forget_reasons(connection: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    letter_order::Entity::update_many()
        .col_expr(letter_order::Column::Reason, Expr::value(None::<String>))
        .filter(letter_order::Column::AccountId.eq(account.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Orders in a state, oldest first.
pub async fn in_state(
    connection: &impl ConnectionTrait,
    state: OrderState,
    limit: u64,
) -> Result<Vec<LetterOrder>, DbErr> {
    letter_order::Entity::find()
        .filter(letter_order::Column::State.eq(state.as_str()))
        .order_by_asc(letter_order::Column::RequestedAt)
        .order_by_asc(letter_order::Column::Id)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Orders that have waited for a second person since before `before`, oldest first.
pub async fn unagreed(
    connection: &impl ConnectionTrait,
    before: Moment,
    limit: u64,
) -> Result<Vec<LetterOrder>, DbErr> {
    letter_order::Entity::find()
        .filter(letter_order::Column::State.eq(OrderState::AwaitingApproval.as_str()))
        .filter(letter_order::Column::RequestedAt.lt(before))
        .order_by_asc(letter_order::Column::RequestedAt)
        .order_by_asc(letter_order::Column::Id)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Orders of another letter that were agreed to before `before`, or asked for where nobody has to agree, and are not
/// printed; oldest first.
pub async fn unprinted_reissues(
    connection: &impl ConnectionTrait,
    before: Moment,
    limit: u64,
) -> Result<Vec<LetterOrder>, DbErr> {
    letter_order::Entity::find()
        .filter(letter_order::Column::Kind.eq(OrderKind::Reissue.as_str()))
        .filter(letter_order::Column::State.eq(OrderState::Approved.as_str()))
        .filter(agreed_before(before))
        .order_by_asc(letter_order::Column::RequestedAt)
        .order_by_asc(letter_order::Column::Id)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Nobody decides on an order of which nobody has to.
fn agreed_before(before: Moment) -> Condition {
    let undecided =
        letter_order::Column::DecidedAt.is_null().and(letter_order::Column::RequestedAt.lt(before));
    Condition::any().add(letter_order::Column::DecidedAt.lt(before)).add(undecided)
}

pub(super) fn read(row: letter_order::Model) -> Result<LetterOrder, DbErr> {
    Ok(LetterOrder {
        id: row.id.into(),
        account: row.account_id.into(),
        kind: row.kind.parse().map_err(|error| unreadable("letter_order.kind", error))?,
        state: row.state.parse().map_err(|error| unreadable("letter_order.state", error))?,
        reason: row.reason,
        requested_by: row.requested_by.map(AccountId::from),
        requested_at: row.requested_at,
        decided_by: row.decided_by.map(AccountId::from),
        decided_at: row.decided_at,
    })
}
