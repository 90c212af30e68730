//! Events that were committed with the change they tell of, delivered at least once.
//!
//! Today the operator's log is the one place they go to (target `iok_id::events`, one line each, for alarms and log
//! collectors). Mail, webhooks and back-channel logout are further recipients of the same events.

use sea_orm::DbErr;

use crate::domain::ambient::Ambient;
use crate::storage::database::Database;
use crate::storage::outbox;

/// How many events one round takes.
const ROUND: u64 = 100;

/// Delivers what waits. Returns how many were delivered.
///
/// An event whose mark is lost in a crash is delivered again: recipients know it by its id.
pub async fn deliver(database: &Database, ambient: &Ambient) -> Result<usize, DbErr> {
    let waiting = outbox::waiting(database.read(), ROUND).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    for event in &waiting {
        tracing::info!(
            target: "iok_id::events",
            event = %event.id,
            at = %event.at,
            topic = event.topic,
            payload = %event.payload,
            "happened"
        );
    }
    let transaction = database.begin().await?;
    for event in &waiting {
        outbox::mark_delivered(&transaction, event.id, ambient.now()).await?;
    }
    transaction.commit().await?;
    Ok(waiting.len())
}
