//! How many failures there are altogether, and whether that is an alarm.
//!
//! A failure is counted in one of a few rows, so that servers do not all wait for the same one.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, ConnectionTrait, QuerySelect as _};

use super::entity::{flood_counter, guessing_alarm};
use super::floods;
use crate::domain::clock::Moment;

/// In how many rows the failures of one window are counted.
const PARTS: u8 = 16;

/// Counts one failure in this window, which begins at `window`. Returns how many it are now, if they may be more than
/// `most`; what this transaction cannot see yet is not among them.
///
/// `any` chooses the row: a number that is spread evenly.
pub async fn count(
    connection: &impl ConnectionTrait,
    kind: &str,
    any: u8,
    window: Moment,
    most: u32,
) -> Result<Option<i64>, DbErr> {
    let part = (any % PARTS).to_string();
    let of_part = floods::count(connection, kind, &part, window).await?;
    // If all parts together hold more, then so does one of them its share; and that one asks for all.
    if i64::from(of_part) * i64::from(PARTS) <= i64::from(most) {
        return Ok(None);
    }
    let parts = (0..PARTS).map(|part| part.to_string());
    let counts: Vec<i32> = flood_counter::Entity::find()
        .select_only()
        .column(flood_counter::Column::Count)
        .filter(flood_counter::Column::Kind.eq(kind))
        .filter(flood_counter::Column::Subject.is_in(parts))
        .filter(flood_counter::Column::WindowStart.eq(window))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(Some(counts.into_iter().map(i64::from).sum()))
}

/// Until when budgets are tightened, if they are at `now`.
pub async fn alarmed_until(connection: &impl ConnectionTrait, now: Moment) -> Result<Option<Moment>, DbErr> {
    let alarm = guessing_alarm::Entity::find().one(connection).await?;
    Ok(alarm.and_then(|alarm| alarm.on_until).filter(|until| *until > now))
}

/// Raises the alarm. Returns whether it was not on before: of any number at once, one.
pub async fn raise(connection: &impl ConnectionTrait, until: Moment, now: Moment) -> Result<bool, DbErr> {
    let raised = guessing_alarm::Entity::update_many()
        .col_expr(guessing_alarm::Column::OnUntil, Expr::value(Some(until)))
        .col_expr(guessing_alarm::Column::NoticedAt, Expr::value(Some(now)))
        .filter(guessing_alarm::Column::OnUntil.is_null())
        .exec(connection)
        .await?;
    Ok(raised.rows_affected == 1)
}

/// Keeps the alarm on, if it would end before `unless_after`.
pub async fn prolong(
    connection: &impl ConnectionTrait,
    until: Moment,
    unless_after: Moment,
) -> Result<(), DbErr> {
    guessing_alarm::Entity::update_many()
        .col_expr(guessing_alarm::Column::OnUntil, Expr::value(Some(until)))
        .filter(guessing_alarm::Column::OnUntil.lt(unless_after))
        .exec(connection)
        .await
        .map(|_| ())
}

/// May the operator be told of it now? Remembers that they were; only once since `before`.
pub async fn tell(connection: &impl ConnectionTrait, before: Moment, now: Moment) -> Result<bool, DbErr> {
    let told = guessing_alarm::Entity::update_many()
        .col_expr(guessing_alarm::Column::ToldAt, Expr::value(Some(now)))
        .filter(
            Condition::any()
                .add(guessing_alarm::Column::ToldAt.is_null())
                .add(guessing_alarm::Column::ToldAt.lte(before)),
        )
        .exec(connection)
        .await?;
    Ok(told.rows_affected == 1)
}

/// Ends an alarm whose time is over. Returns whether there was one: of any number of servers, one ends it.
pub async fn end(connection: &impl ConnectionTrait, now: Moment) -> Result<bool, DbErr> {
    let ended = guessing_alarm::Entity::update_many()
        .col_expr(guessing_alarm::Column::OnUntil, Expr::value(None::<Moment>))
        .filter(guessing_alarm::Column::OnUntil.lte(now))
        .exec(connection)
        .await?;
    Ok(ended.rows_affected == 1)
}
