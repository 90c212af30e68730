//! What lies in a table until somebody outside has it: leased by one sender at a time, marked once it arrived, put off or
//! given up where it did not. Mail and the news of sign-outs are such tables, and this is what both keep to.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _};
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, UpdateMany};

use crate::domain::clock::Moment;

/// A table of things on their way, by what its columns are called.
pub(super) trait Deliveries: EntityTrait {
    const ID: Self::Column;
    const CREATED_AT: Self::Column;
    const ATTEMPTS: Self::Column;
    const NEXT_ATTEMPT_AT: Self::Column;
    const LEASED_UNTIL: Self::Column;
    const ARRIVED_AT: Self::Column;
    const GIVEN_UP_AT: Self::Column;
    const LAST_ERROR: Self::Column;
}

/// Neither arrived nor given up.
pub(super) fn waiting<D: Deliveries>() -> Condition {
    Condition::all().add(D::ARRIVED_AT.is_null()).add(D::GIVEN_UP_AT.is_null())
}

/// Waiting, its time has come, and nobody is at it at this moment.
pub(super) fn due<D: Deliveries>(now: Moment) -> Condition {
    let is_free = Condition::any().add(D::LEASED_UNTIL.is_null()).add(D::LEASED_UNTIL.lte(now));
    waiting::<D>().add(D::NEXT_ATTEMPT_AT.lte(now)).add(is_free)
}

/// What is due, and among `these`; the longest due first.
pub(super) async fn all_due<D: Deliveries>(
    connection: &impl ConnectionTrait,
    these: Condition,
    now: Moment,
    limit: u64,
) -> Result<Vec<Uuid>, DbErr> {
    D::find()
        .select_only()
        .column(D::ID)
        .filter(these)
        .filter(due::<D>(now))
        .order_by_asc(D::NEXT_ATTEMPT_AT)
        .order_by_asc(D::ID)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await
}

/// The right to deliver one of them, until it runs out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lease {
    pub id: Uuid,
    pub until: Moment,
}

/// Takes what is due, unless another replica was quicker.
pub(super) async fn take<D: Deliveries>(
    transaction: &impl ConnectionTrait,
    lease: Lease,
    now: Moment,
) -> Result<bool, DbErr> {
    let taken = D::update_many()
        .col_expr(D::LEASED_UNTIL, Expr::value(Some(lease.until)))
        .filter(D::ID.eq(lease.id))
        .filter(due::<D>(now))
        .exec(transaction)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// It arrived, whoever held the lease by then. Changes nothing if it had before.
pub(super) fn arrival<D: Deliveries>(id: Uuid, now: Moment) -> UpdateMany<D> {
    D::update_many()
        .col_expr(D::ARRIVED_AT, Expr::value(Some(now)))
        .col_expr(D::LEASED_UNTIL, Expr::value(None::<Moment>))
        .col_expr(D::LAST_ERROR, Expr::value(None::<String>))
        .filter(D::ID.eq(id))
        .filter(D::ARRIVED_AT.is_null())
}

/// What comes after a try that failed.
#[derive(Debug, Clone, Copy)]
pub enum AfterFailure {
    TryAgainAt(Moment),
    /// No more tries from this moment on, until somebody says so.
    GiveUp(Moment),
}

/// Puts it off or gives it up, with so many tries failed by now. Does nothing, and says so, once the lease has gone to
/// somebody else.
pub(super) async fn failed<D: Deliveries>(
    transaction: &impl ConnectionTrait,
    lease: Lease,
    attempts: u32,
    after: AfterFailure,
    error: &str,
) -> Result<bool, DbErr> {
    let (column, at) = match after {
        AfterFailure::TryAgainAt(at) => (D::NEXT_ATTEMPT_AT, at),
        AfterFailure::GiveUp(now) => (D::GIVEN_UP_AT, now),
    };
    let done = D::update_many()
        .col_expr(column, Expr::value(Some(at)))
        .col_expr(D::ATTEMPTS, Expr::value(i32::try_from(attempts).unwrap_or(i32::MAX)))
        .col_expr(D::LEASED_UNTIL, Expr::value(None::<Moment>))
        .col_expr(D::LAST_ERROR, Expr::value(Some(error.to_owned())))
        .filter(D::ID.eq(lease.id))
        .filter(D::LEASED_UNTIL.eq(lease.until))
        .filter(waiting::<D>())
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Due now with all its tries, whether it waits or was given up. Changes nothing once it arrived.
pub(super) fn retry<D: Deliveries>(id: Uuid, now: Moment) -> UpdateMany<D> {
    D::update_many()
        .col_expr(D::GIVEN_UP_AT, Expr::value(None::<Moment>))
        .col_expr(D::ATTEMPTS, Expr::value(0))
        .col_expr(D::NEXT_ATTEMPT_AT, Expr::value(now))
        .filter(D::ID.eq(id))
        .filter(D::ARRIVED_AT.is_null())
}

/// What did not arrive: the given-up first, then the oldest first.
pub(super) fn not_arrived<D: Deliveries>(limit: u64) -> Select<D> {
    D::find()
        .filter(D::ARRIVED_AT.is_null())
        // NULL sorts first on SQLite and last on PostgreSQL: asked as a question, both agree.
        .order_by_desc(Expr::col(D::GIVEN_UP_AT).is_not_null())
        .order_by_asc(D::CREATED_AT)
        .order_by_asc(D::ID)
        .limit(limit)
}

/// Forgets what arrived, and what was given up, before these times.
pub(super) async fn sweep<D: Deliveries>(
    connection: &impl ConnectionTrait,
    arrived_before: Moment,
    given_up_before: Moment,
) -> Result<u64, DbErr> {
    let given_up = Condition::all().add(D::ARRIVED_AT.is_null()).add(D::GIVEN_UP_AT.lt(given_up_before));
    let done = D::delete_many()
        .filter(Condition::any().add(D::ARRIVED_AT.lt(arrived_before)).add(given_up))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

/// Tries, as they are stored.
pub(super) fn tries(stored: i32) -> u32 {
    u32::try_from(stored).unwrap_or(0)
}
