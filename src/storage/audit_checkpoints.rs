//! Signed checkpoints of the audit's chain.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::audit_chain::{hash, number, stored};
use super::entity::audit_checkpoint;
use crate::domain::audit_chain::Place;
use crate::domain::clock::Moment;

/// What the chain was at a moment.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    /// Counts up from 1, without a gap.
    pub number: u64,
    pub place: Place,
    pub at: Moment,
    /// The same, signed.
    pub statement: String,
}

fn read(row: audit_checkpoint::Model) -> Result<Checkpoint, DbErr> {
    Ok(Checkpoint {
        number: number("audit_checkpoint.number", row.number)?,
        place: Place {
            seq: number("audit_checkpoint.seq", row.seq)?,
            hash: hash("audit_checkpoint.hash", &row.hash)?,
        },
        at: row.at,
        statement: row.statement,
    })
}

pub async fn last(connection: &impl ConnectionTrait) -> Result<Option<Checkpoint>, DbErr> {
    let found = audit_checkpoint::Entity::find()
        .order_by_desc(audit_checkpoint::Column::Number)
        .one(connection)
        .await?;
    found.map(read).transpose()
}

/// Keeps a checkpoint that nobody outside has yet.
pub async fn insert(transaction: &impl ConnectionTrait, new: &Checkpoint) -> Result<(), DbErr> {
    audit_checkpoint::Entity::insert(audit_checkpoint::ActiveModel {
        number: Set(stored(new.number)),
        seq: Set(stored(new.place.seq)),
        hash: Set(new.place.hash.to_string()),
        at: Set(new.at),
        statement: Set(new.statement.clone()),
        written_at: Set(None),
    })
    .exec_without_returning(transaction)
    .await
    .map(|_| ())
}

/// Those that are not written out yet, oldest first.
pub async fn unwritten(connection: &impl ConnectionTrait, limit: u64) -> Result<Vec<Checkpoint>, DbErr> {
    audit_checkpoint::Entity::find()
        .filter(audit_checkpoint::Column::WrittenAt.is_null())
        .order_by_asc(audit_checkpoint::Column::Number)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

pub async fn mark_written(
    connection: &impl ConnectionTrait,
    checkpoint: u64,
    now: Moment,
) -> Result<(), DbErr> {
    audit_checkpoint::Entity::update_many()
        .col_expr(audit_checkpoint::Column::WrittenAt, Expr::value(Some(now)))
        .filter(audit_checkpoint::Column::Number.eq(stored(checkpoint)))
        .exec(connection)
        .await
        .map(|_| ())
}

/// The next ones after a number, oldest first.
pub async fn after(
    connection: &impl ConnectionTrait,
    checkpoint: u64,
    limit: u64,
) -> Result<Vec<Checkpoint>, DbErr> {
    audit_checkpoint::Entity::find()
        .filter(audit_checkpoint::Column::Number.gt(stored(checkpoint)))
        .order_by_asc(audit_checkpoint::Column::Number)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// The first that covers this place.
pub async fn covering(connection: &impl ConnectionTrait, seq: u64) -> Result<Option<Checkpoint>, DbErr> {
    let found = audit_checkpoint::Entity::find()
        .filter(audit_checkpoint::Column::Seq.gte(stored(seq)))
        .order_by_asc(audit_checkpoint::Column::Number)
        .one(connection)
        .await?;
    found.map(read).transpose()
}

/// The first whose place is not before this one: what an export from there on begins to tell.
pub async fn number_before(connection: &impl ConnectionTrait, seq: u64) -> Result<u64, DbErr> {
    Ok(covering(connection, seq).await?.map_or(0, |checkpoint| checkpoint.number.saturating_sub(1)))
}

/// The newest that was written out, is from before this moment and covers at most this place.
pub async fn newest_before(
    connection: &impl ConnectionTrait,
    before: Moment,
    at_most: u64,
) -> Result<Option<Checkpoint>, DbErr> {
    written(before)
        .filter(audit_checkpoint::Column::Seq.lte(stored(at_most)))
        .order_by_desc(audit_checkpoint::Column::Number)
        .one(connection)
        .await?
        .map(read)
        .transpose()
}

/// The oldest that was written out and is from before this moment.
pub async fn oldest_before(
    connection: &impl ConnectionTrait,
    before: Moment,
) -> Result<Option<Checkpoint>, DbErr> {
    written(before)
        .order_by_asc(audit_checkpoint::Column::Number)
        .one(connection)
        .await?
        .map(read)
        .transpose()
}

fn written(before: Moment) -> Select<audit_checkpoint::Entity> {
    audit_checkpoint::Entity::find()
        .filter(audit_checkpoint::Column::WrittenAt.is_not_null())
        .filter(audit_checkpoint::Column::At.lt(before))
}
