//! Retention: records are forgotten from the front of the chain, up to a checkpoint that is outside already, and where
//! the chain begins from then on is signed.

use super::Trail;
use super::error::TrailError;
use super::statement::{BeginningClaims, Statement as _};
use crate::domain::clock::Moment;
use crate::storage::audit_chain::{self, Beginning};
use crate::storage::audit_checkpoints;

/// How many records one transaction forgets, if there are checkpoints that close together.
const AT_ONCE: u64 = 5_000;

impl Trail {
    /// Forgets what the last checkpoint from before this moment covers. Records without a place are never forgotten, nor
    /// are those that no checkpoint outside covers. Returns how many records went.
    ///
    /// # Errors
    /// If the database does not answer, or the key does not open.
    pub async fn forget(&self, before: Moment) -> Result<u64, TrailError> {
        let mut forgotten = 0;
        loop {
            let transaction = self.database.begin().await?;
            let state = audit_chain::lock(&transaction).await?;
            let at_most = state.beginning.as_ref().map_or(0, |beginning| beginning.place.seq) + AT_ONCE;
            let mut up_to = audit_checkpoints::newest_before(&transaction, before, at_most).await?;
            if up_to.is_none() {
                up_to = audit_checkpoints::oldest_before(&transaction, before).await?;
            }
            let Some(checkpoint) = up_to else { return Ok(forgotten) };
            let claims = BeginningClaims {
                iss: self.rules.issuer.clone(),
                number: checkpoint.number,
                seq: checkpoint.place.seq,
                hash: checkpoint.place.hash,
                forgotten_at: self.ambient.now(),
            };
            let statement = claims.sign(&self.signing_key(&transaction).await?)?;
            let beginning = Beginning { number: checkpoint.number, place: checkpoint.place, statement };
            forgotten += audit_chain::forget_before(&transaction, &beginning).await?;
            transaction.commit().await?;
        }
    }
}
