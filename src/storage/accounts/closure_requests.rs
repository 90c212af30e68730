//! That somebody asks for their account to be closed.

use sea_orm::ConnectionTrait;
use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;

use super::row::change;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, TypedId};
use crate::storage::entity::account;

/// Notes that the person asks for the account to be closed. Returns whether that is new.
pub async fn request_closure(
    connection: &impl ConnectionTrait,
    id: AccountId,
    reason: Option<&str>,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = change(id, now)
        .col_expr(account::Column::ClosureRequestedAt, Expr::value(Some(now)))
        .col_expr(account::Column::ClosureReason, Expr::value(reason.map(str::to_owned)))
        .filter(account::Column::ClosureRequestedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Forgets such a request. Returns whether there was one.
pub async fn forget_closure_request(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = change(id, now)
        .col_expr(account::Column::ClosureRequestedAt, Expr::value(None::<Moment>))
        .col_expr(account::Column::ClosureReason, Expr::value(None::<String>))
        .filter(account::Column::ClosureRequestedAt.is_not_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// When the person asked for the account to be closed, if they did.
pub async fn closure_requested_at(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<Moment>, DbErr> {
    Ok(account::Entity::find_by_id(id.uuid()).one(connection).await?.and_then(|row| row.closure_requested_at))
}
