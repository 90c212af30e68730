//! Attempt budgets and their places.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QuerySelect};

use super::entity::{attempt, attempt_budget};
use crate::domain::attempt_budget::{Budget, Place};
use crate::domain::clock::Moment;
use crate::domain::ids::{AttemptBudgetId, AttemptId, TypedId};

/// A budget whose row is locked by the transaction that read it.
#[derive(Debug, Clone)]
pub struct LockedBudget {
    pub id: AttemptBudgetId,
    pub budget: Budget,
}

/// The budget of this kind and subject, its row locked until the transaction ends; made if it is not there.
///
/// On SQLite the transaction itself holds the writer's lock; on PostgreSQL the row is taken `FOR UPDATE`.
pub async fn lock(
    transaction: &impl ConnectionTrait,
    kind: &str,
    subject: &str,
    fresh: AttemptBudgetId,
    now: Moment,
) -> Result<LockedBudget, DbErr> {
    // Twice: between the two a sweeper may take a budget that nobody had used for long.
    for _ in 0..2 {
        attempt_budget::Entity::insert(attempt_budget::ActiveModel {
            id: Set(fresh.uuid()),
            kind: Set(kind.to_owned()),
            subject: Set(subject.to_owned()),
            locked_until: Set(None),
            locks: Set(0),
            updated_at: Set(now),
            last_locked_at: Set(None),
            refusal_recorded_at: Set(None),
        })
        .on_conflict(
            OnConflict::columns([attempt_budget::Column::Kind, attempt_budget::Column::Subject])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
        let budget = attempt_budget::Entity::find()
            .filter(attempt_budget::Column::Kind.eq(kind))
            .filter(attempt_budget::Column::Subject.eq(subject))
            .lock_exclusive()
            .one(transaction)
            .await?;
        if let Some(budget) = budget {
            return with_places(transaction, budget).await;
        }
    }
    Err(DbErr::RecordNotFound("attempt_budget, just made".to_owned()))
}

/// The same by id, for settling. `None` if it was swept meanwhile.
pub async fn lock_by_id(
    transaction: &impl ConnectionTrait,
    id: AttemptBudgetId,
) -> Result<Option<LockedBudget>, DbErr> {
    let budget = attempt_budget::Entity::find_by_id(id.uuid()).lock_exclusive().one(transaction).await?;
    match budget {
        Some(budget) => with_places(transaction, budget).await.map(Some),
        None => Ok(None),
    }
}

async fn with_places(
    transaction: &impl ConnectionTrait,
    budget: attempt_budget::Model,
) -> Result<LockedBudget, DbErr> {
    let places =
        attempt::Entity::find().filter(attempt::Column::BudgetId.eq(budget.id)).all(transaction).await?;
    Ok(LockedBudget {
        id: budget.id.into(),
        budget: Budget {
            locked_until: budget.locked_until,
            last_locked_at: budget.last_locked_at,
            locks: u32::try_from(budget.locks).unwrap_or(0),
            places: places
                .into_iter()
                .map(|row| match row.failed_at {
                    Some(at) => Place::Failed { at },
                    None => Place::InFlight { lease_ends: row.lease_ends_at },
                })
                .collect(),
        },
    })
}

/// Takes a place.
pub async fn insert_place(
    transaction: &impl ConnectionTrait,
    id: AttemptId,
    budget: AttemptBudgetId,
    lease_ends_at: Moment,
    now: Moment,
) -> Result<(), DbErr> {
    attempt::Entity::insert(attempt::ActiveModel {
        id: Set(id.uuid()),
        budget_id: Set(budget.uuid()),
        lease_ends_at: Set(lease_ends_at),
        failed_at: Set(None),
    })
    .exec_without_returning(transaction)
    .await?;
    attempt_budget::Entity::update_many()
        .col_expr(attempt_budget::Column::UpdatedAt, Expr::value(now))
        .filter(attempt_budget::Column::Id.eq(budget.uuid()))
        .exec(transaction)
        .await
        .map(|_| ())
}

/// Gives one place back, if its lease still runs. Returns whether it did.
pub async fn give_back(
    transaction: &impl ConnectionTrait,
    id: AttemptId,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = attempt::Entity::delete_many()
        .filter(attempt::Column::Id.eq(id.uuid()))
        .filter(attempt::Column::FailedAt.is_null())
        .filter(attempt::Column::LeaseEndsAt.gt(now))
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Turns one place into a failure, if its lease still runs; one whose lease ran out counts already.
pub async fn fail(transaction: &impl ConnectionTrait, id: AttemptId, now: Moment) -> Result<bool, DbErr> {
    let done = attempt::Entity::update_many()
        .col_expr(attempt::Column::FailedAt, Expr::value(Some(now)))
        .filter(attempt::Column::Id.eq(id.uuid()))
        .filter(attempt::Column::FailedAt.is_null())
        .filter(attempt::Column::LeaseEndsAt.gt(now))
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
}

/// A lock that begins.
#[derive(Debug, Clone, Copy)]
pub struct NewLock {
    pub until: Moment,
    /// How many it is, with those before that are not forgotten.
    pub locks: u32,
    /// Are failures kept, because a day is counted? If not, they are forgotten: after the lock the budget is whole.
    pub keeps_failures: bool,
}

/// Locks the budget. After the lock its window starts anew.
pub async fn set_lock(
    transaction: &impl ConnectionTrait,
    id: AttemptBudgetId,
    lock: NewLock,
    now: Moment,
) -> Result<(), DbErr> {
    let locks = i32::try_from(lock.locks).unwrap_or(i32::MAX);
    attempt_budget::Entity::update_many()
        .col_expr(attempt_budget::Column::LockedUntil, Expr::value(Some(lock.until)))
        .col_expr(attempt_budget::Column::LastLockedAt, Expr::value(Some(now)))
        .col_expr(attempt_budget::Column::RefusalRecordedAt, Expr::value(None::<Moment>))
        .col_expr(attempt_budget::Column::Locks, Expr::value(locks))
        .col_expr(attempt_budget::Column::UpdatedAt, Expr::value(now))
        .filter(attempt_budget::Column::Id.eq(id.uuid()))
        .exec(transaction)
        .await?;
    if lock.keeps_failures { Ok(()) } else { forget_failures(transaction, id, now).await }
}

/// Lifts a lock, and forgets the failures and the locks before. Places in flight stay: their verdicts are still to come.
pub async fn lift_lock(
    transaction: &impl ConnectionTrait,
    id: AttemptBudgetId,
    now: Moment,
) -> Result<(), DbErr> {
    attempt_budget::Entity::update_many()
        .col_expr(attempt_budget::Column::LockedUntil, Expr::value(None::<Moment>))
        .col_expr(attempt_budget::Column::LastLockedAt, Expr::value(None::<Moment>))
        .col_expr(attempt_budget::Column::RefusalRecordedAt, Expr::value(None::<Moment>))
        .col_expr(attempt_budget::Column::Locks, Expr::value(0))
        .col_expr(attempt_budget::Column::UpdatedAt, Expr::value(now))
        .filter(attempt_budget::Column::Id.eq(id.uuid()))
        .exec(transaction)
        .await?;
    forget_failures(transaction, id, now).await
}

async fn forget_failures(
    transaction: &impl ConnectionTrait,
    id: AttemptBudgetId,
    now: Moment,
) -> Result<(), DbErr> {
    attempt::Entity::delete_many()
        .filter(attempt::Column::BudgetId.eq(id.uuid()))
        .filter(
            Condition::any()
                .add(attempt::Column::FailedAt.is_not_null())
                .add(attempt::Column::LeaseEndsAt.lte(now)),
        )
        .exec(transaction)
        .await
        .map(|_| ())
}

/// The budget of this kind and subject, if there is one.
pub async fn find(
    connection: &impl ConnectionTrait,
    kind: &str,
    subject: &str,
) -> Result<Option<AttemptBudgetId>, DbErr> {
    Ok(attempt_budget::Entity::find()
        .filter(attempt_budget::Column::Kind.eq(kind))
        .filter(attempt_budget::Column::Subject.eq(subject))
        .one(connection)
        .await?
        .map(|row| row.id.into()))
}

/// A budget's lock, for showing.
pub async fn locked_until(
    connection: &impl ConnectionTrait,
    kind: &str,
    subject: &str,
) -> Result<Option<Moment>, DbErr> {
    Ok(attempt_budget::Entity::find()
        .filter(attempt_budget::Column::Kind.eq(kind))
        .filter(attempt_budget::Column::Subject.eq(subject))
        .one(connection)
        .await?
        .and_then(|row| row.locked_until))
}

/// Is a refusal by this budget to be recorded? Only the first since `before` is: whoever goes on guessing at what is
/// locked fills no table.
pub async fn record_refusal(
    transaction: &impl ConnectionTrait,
    kind: &str,
    subject: &str,
    before: Moment,
    now: Moment,
) -> Result<bool, DbErr> {
    let first = Condition::any()
        .add(attempt_budget::Column::RefusalRecordedAt.is_null())
        .add(attempt_budget::Column::RefusalRecordedAt.lte(before));
    let done = attempt_budget::Entity::update_many()
        .col_expr(attempt_budget::Column::RefusalRecordedAt, Expr::value(Some(now)))
        .filter(attempt_budget::Column::Kind.eq(kind))
        .filter(attempt_budget::Column::Subject.eq(subject))
        .filter(first)
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Forgets failures whose leases ended before `before`, budgets nobody touched since then, and locks that were before
/// `locks_before`.
pub async fn sweep(
    connection: &impl ConnectionTrait,
    before: Moment,
    locks_before: Moment,
) -> Result<u64, DbErr> {
    let places = attempt::Entity::delete_many()
        .filter(attempt::Column::LeaseEndsAt.lt(before))
        .exec(connection)
        .await?;
    let budgets = attempt_budget::Entity::delete_many()
        .filter(attempt_budget::Column::UpdatedAt.lt(before))
        .filter(none_since(attempt_budget::Column::LockedUntil, before))
        .filter(none_since(attempt_budget::Column::LastLockedAt, locks_before))
        .exec(connection)
        .await?;
    Ok(places.rows_affected + budgets.rows_affected)
}

fn none_since(column: attempt_budget::Column, before: Moment) -> Condition {
    Condition::any().add(column.is_null()).add(column.lt(before))
}
