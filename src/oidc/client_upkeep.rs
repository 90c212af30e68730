//! What the operator does to a client that is there: a new secret, its removal.

use sea_orm::DbErr;

use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::secret::BearerSecret;
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::{clients, grants};

#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    #[error("there is no client {0}")]
    Unknown(String),
    #[error("{id} authenticates by {method}, and has no secret")]
    NoSecret { id: String, method: &'static str },
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Gives a client a new secret. The old one is dead at once, on every replica.
///
/// # Errors
/// [`UpkeepError`]; nothing was changed then.
pub async fn rotate_secret(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    client_id: &str,
) -> Result<BearerSecret, UpkeepError> {
    let transaction = database.begin().await?;
    let client = clients::find(&transaction, client_id)
        .await?
        .ok_or_else(|| UpkeepError::Unknown(client_id.to_owned()))?;
    let method = client.metadata.token_endpoint_auth_method;
    if !method.uses_secret() {
        return Err(UpkeepError::NoSecret { id: client.id, method: method.as_str() });
    }
    let secret = ambient.new_secret();
    if !clients::set_secret(&transaction, client_id, secret.digest()).await? {
        return Err(UpkeepError::Unknown(client_id.to_owned()));
    }
    let record = AuditRecord::new(Action::ClientSecretRotated, Actor::Operator).client(client_id);
    journal.record(&transaction, &record).await?;
    transaction.commit().await?;
    Ok(secret)
}

/// Removes a client, and with it every grant, token, consent and unanswered request of its. Returns how many grants were
/// still live.
///
/// # Errors
/// [`UpkeepError::Unknown`]; nothing was changed then.
pub async fn remove(
    database: &Database,
    journal: &Journal,
    client_id: &str,
    by: Actor,
) -> Result<u64, UpkeepError> {
    let transaction = database.begin().await?;
    let live = grants::count_live_of_client(&transaction, client_id).await?;
    if !clients::delete(&transaction, client_id).await? {
        return Err(UpkeepError::Unknown(client_id.to_owned()));
    }
    let record = AuditRecord::new(Action::ClientRemoved, by).client(client_id);
    journal.record(&transaction, &record).await?;
    transaction.commit().await?;
    Ok(live)
}
