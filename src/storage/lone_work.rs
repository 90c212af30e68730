//! What one person saw through alone, and at which nobody has looked since: applications and orders of letters. Letters
//! themselves: `letter_queue`.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::entity::{account, application, letter_order, office};
use super::letter_queue::{QueuedOrder, queued_order};
use super::{applications, letter_orders};
use crate::domain::application::{Application, ApplicationState};
use crate::domain::clock::Moment;
use crate::domain::credential_letter::order::{OrderKind, OrderState};
use crate::domain::ids::{AccountId, ApplicationId, LetterOrderId, TypedId};

/// Paper applications that the same person took in or corrected, and approved.
fn approved_alone() -> Condition {
    let column = |column| Expr::col((application::Entity, column));
    Condition::all()
        .add(application::Column::State.eq(ApplicationState::Approved.as_str()))
        .add(application::Column::ReviewedAt.is_null())
        .add(
            Condition::any()
                .add(column(application::Column::TakenInBy).eq(column(application::Column::DecidedBy)))
                .add(column(application::Column::CorrectedBy).eq(column(application::Column::DecidedBy))),
        )
}

/// Further letters that the same person asked for and agreed to. A first letter is ordered by approving an application:
/// that is one step.
fn ordered_alone() -> Condition {
    let column = |column| Expr::col((letter_order::Entity, column));
    let agreed_to =
        [OrderState::Approved, OrderState::Printed, OrderState::Collected].map(OrderState::as_str);
    Condition::all()
        .add(letter_order::Column::Kind.eq(OrderKind::Reissue.as_str()))
        .add(letter_order::Column::State.is_in(agreed_to))
        .add(letter_order::Column::ReviewedAt.is_null())
        .add(column(letter_order::Column::RequestedBy).eq(column(letter_order::Column::DecidedBy)))
}

/// Each with the name of its office; oldest first.
pub async fn applications(
    connection: &impl ConnectionTrait,
    limit: u64,
) -> Result<Vec<(Application, Option<String>)>, DbErr> {
    application::Entity::find()
        .filter(approved_alone())
        .find_also_related(office::Entity)
        .order_by_asc(application::Column::DecidedAt)
        .order_by_asc(application::Column::Id)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|(row, office)| Ok((applications::read(row)?, office.map(|office| office.name))))
        .collect()
}

/// Oldest first.
pub async fn orders(connection: &impl ConnectionTrait, limit: u64) -> Result<Vec<QueuedOrder>, DbErr> {
    letter_order::Entity::find()
        .filter(ordered_alone())
        .find_also_related(account::Entity)
        .find_also(account::Entity, office::Entity)
        .order_by_asc(letter_order::Column::DecidedAt)
        .order_by_asc(letter_order::Column::Id)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(queued_order)
        .collect()
}

/// Somebody looked at it. Returns whether it still waited for that, and was not their own doing.
pub async fn review_application(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
    by: AccountId,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = application::Entity::update_many()
        .col_expr(application::Column::ReviewedAt, Expr::value(Some(now)))
        .col_expr(application::Column::ReviewedBy, Expr::value(Some(by.uuid())))
        .filter(application::Column::Id.eq(id.uuid()))
        .filter(approved_alone())
        .filter(application::Column::DecidedBy.ne(by.uuid()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The same for an order. Returns the account that it is for.
pub async fn review_order(
    connection: &impl ConnectionTrait,
    id: LetterOrderId,
    by: AccountId,
    now: Moment,
) -> Result<Option<AccountId>, DbErr> {
    let done = letter_order::Entity::update_many()
        .col_expr(letter_order::Column::ReviewedAt, Expr::value(Some(now)))
        .col_expr(letter_order::Column::ReviewedBy, Expr::value(Some(by.uuid())))
        .filter(letter_order::Column::Id.eq(id.uuid()))
        .filter(ordered_alone())
        .filter(letter_order::Column::DecidedBy.ne(by.uuid()))
        .exec(connection)
        .await?;
    if done.rows_affected != 1 {
        return Ok(None);
    }
    Ok(letter_orders::find(connection, id).await?.map(|order| order.account))
}
