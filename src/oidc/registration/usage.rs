//! Which clients that registered themselves are used: those that are not are removed some day.

use chrono::TimeDelta;
use sea_orm::DbErr;

use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::client::Client;
use crate::domain::clock::Moment;
use crate::oidc::provider::Provider;
use crate::storage::clients;
use crate::storage::database::Database;
use crate::storage::journal::Journal;

/// Once a day is enough to know, and nobody waits for a write at each token.
const NOTED_EVERY: TimeDelta = TimeDelta::days(1);

impl Provider {
    /// Notes that a client got a token. It has its answer already: if this fails, it is noted next time.
    pub(in crate::oidc) async fn note_use(&self, client: &Client) {
        let Some(own) = &client.self_registration else {
            return;
        };
        let now = self.ambient.now();
        let since = now - NOTED_EVERY;
        if own.last_used_at.is_some_and(|at| at > since) {
            return;
        }
        let noted = async {
            let transaction = self.database.begin().await?;
            clients::note_use(&transaction, &client.id, now, since).await?;
            transaction.commit().await
        };
        if let Err(error) = noted.await {
            tracing::warn!(client = client.id, %error, "that a client is used could not be noted");
        }
    }
}

/// Removes clients that registered themselves and that nobody uses. Returns how many.
///
/// # Errors
/// If the database does not answer.
pub async fn remove_abandoned(
    database: &Database,
    journal: &Journal,
    never_used_since: Moment,
    last_used_before: Moment,
) -> Result<u64, DbErr> {
    let transaction = database.begin().await?;
    let removed = clients::remove_abandoned(&transaction, never_used_since, last_used_before).await?;
    for client_id in &removed {
        let record =
            AuditRecord::new(Action::ClientRemoved, Actor::Clock).client(client_id).outcome("unused");
        journal.record(&transaction, &record).await?;
    }
    transaction.commit().await?;
    Ok(removed.len() as u64)
}
