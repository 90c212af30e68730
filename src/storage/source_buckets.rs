//! Token buckets of sources. The rule is `domain::token_bucket`; each change of a bucket is one statement.
//!
//! Ids are pseudonyms of addresses and networks: the rows name nobody.

use sea_orm::prelude::*;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait};

use super::entity::source_bucket::{ActiveModel, Column, Entity};
use crate::domain::clock::Moment;
use crate::domain::token_bucket::BucketSize;

/// Takes a token. Returns whether there was one.
pub async fn take(
    connection: &impl ConnectionTrait,
    bucket: Uuid,
    size: BucketSize,
    now: Moment,
) -> Result<bool, DbErr> {
    let has_token = Expr::col((Entity, Column::FullAt)).lte(size.has_token_until(now).timestamp_micros());
    let taken = Entity::insert(ActiveModel {
        id: Set(bucket),
        full_at: Set((now + size.refill()).timestamp_micros()),
        refusal_recorded_at: Set(None),
    })
    .on_conflict(
        OnConflict::column(Column::Id)
            .value(Column::FullAt, filled_until(now).add(micros(size)))
            .action_and_where(has_token)
            .to_owned(),
    )
    .exec_without_returning(connection)
    .await?;
    Ok(taken == 1)
}

/// Takes a token, also one that is not there any more: what was done was done.
pub async fn drain(
    connection: &impl ConnectionTrait,
    bucket: Uuid,
    size: BucketSize,
    now: Moment,
) -> Result<(), DbErr> {
    Entity::insert(ActiveModel {
        id: Set(bucket),
        full_at: Set((now + size.refill()).timestamp_micros()),
        refusal_recorded_at: Set(None),
    })
    .on_conflict(
        OnConflict::column(Column::Id).value(Column::FullAt, filled_until(now).add(micros(size))).to_owned(),
    )
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// Gives one token back. A bucket that has filled up since is not fuller than full by it.
pub async fn give_back(
    connection: &impl ConnectionTrait,
    bucket: Uuid,
    size: BucketSize,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::FullAt, Expr::col(Column::FullAt).sub(micros(size)))
        .filter(Column::Id.eq(bucket))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Has this bucket a token? One that was never used has.
pub async fn has_token(
    connection: &impl ConnectionTrait,
    bucket: Uuid,
    size: BucketSize,
    now: Moment,
) -> Result<bool, DbErr> {
    let found = Entity::find_by_id(bucket).one(connection).await?;
    Ok(found.is_none_or(|bucket| bucket.full_at <= size.has_token_until(now).timestamp_micros()))
}

/// Is a refusal by this bucket to be recorded? Only the first since `before` is: a flood of them fills nothing.
pub async fn record_refusal(
    connection: &impl ConnectionTrait,
    bucket: Uuid,
    before: Moment,
    now: Moment,
) -> Result<bool, DbErr> {
    let first =
        Condition::any().add(Column::RefusalRecordedAt.is_null()).add(Column::RefusalRecordedAt.lte(before));
    let done = Entity::update_many()
        .col_expr(Column::RefusalRecordedAt, Expr::value(Some(now)))
        .filter(Column::Id.eq(bucket))
        .filter(first)
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Forgets buckets that have been full since `before`.
pub async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let done =
        Entity::delete_many().filter(Column::FullAt.lt(before.timestamp_micros())).exec(connection).await?;
    Ok(done.rows_affected)
}

/// The moment until which a bucket is to be filled before anything more is taken: `now`, if it is full.
fn filled_until(now: Moment) -> Expr {
    let full_at = || Expr::col((Entity, Column::FullAt));
    let now = now.timestamp_micros();
    CaseStatement::new().case(full_at().gt(now), full_at()).finally(now).into()
}

fn micros(size: BucketSize) -> i64 {
    size.refill().num_microseconds().unwrap_or(i64::MAX)
}
