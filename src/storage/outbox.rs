//! Events for others, committed with the change they tell of.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect};

use super::entity::outbox;
use crate::domain::clock::Moment;
use crate::domain::ids::{EventId, TypedId};

#[derive(Debug, Clone)]
pub struct StoredEvent {
    pub id: EventId,
    pub at: Moment,
    pub topic: String,
    pub payload: serde_json::Value,
}

pub async fn append(connection: &impl ConnectionTrait, event: StoredEvent) -> Result<(), DbErr> {
    outbox::Entity::insert(outbox::ActiveModel {
        id: Set(event.id.uuid()),
        at: Set(event.at),
        topic: Set(event.topic),
        payload: Set(event.payload),
        delivered_at: Set(None),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// The oldest events that nobody was told yet.
pub async fn waiting(connection: &impl ConnectionTrait, limit: u64) -> Result<Vec<StoredEvent>, DbErr> {
    Ok(outbox::Entity::find()
        .filter(outbox::Column::DeliveredAt.is_null())
        .order_by_asc(outbox::Column::Id)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| StoredEvent { id: row.id.into(), at: row.at, topic: row.topic, payload: row.payload })
        .collect())
}

pub async fn mark_delivered(
    connection: &impl ConnectionTrait,
    id: EventId,
    now: Moment,
) -> Result<(), DbErr> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::DeliveredAt, Expr::value(Some(now)))
        .filter(outbox::Column::Id.eq(id.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Forgets what was delivered before `before`.
pub async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let done =
        outbox::Entity::delete_many().filter(outbox::Column::DeliveredAt.lt(before)).exec(connection).await?;
    Ok(done.rows_affected)
}
