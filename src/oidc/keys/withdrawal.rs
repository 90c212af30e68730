//! A signing key is taken away at once: somebody else has it.
//!
//! A rotation is patient, so that nobody meets an unknown key. Here somebody who meets one is the smaller harm: whatever the
//! withdrawn key has signed, by us or by whoever stole it, is good for nothing as soon as servers and services have read
//! the keys again.

use super::{KeyRingError, RotationTimes, sealed};
use crate::crypto::sealing::{SealingKey, purpose};
use crate::crypto::signing::{KeyError, SigningKey};
use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::keys;

/// Forgets the key of this id. If it signs, or was to be the next that does, a new one of its algorithm signs from now on:
/// its id is returned.
///
/// # Errors
/// [`KeyRingError::Unknown`] if there is no such key; nothing is changed then. [`KeyRingError::WrongSealingKey`] as for a
/// rotation.
pub async fn withdraw(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    sealing: &SealingKey,
    times: RotationTimes,
    kid: &str,
) -> Result<Option<String>, KeyRingError> {
    let found = keys::signing_keys(database.read()).await?.into_iter().find(|key| key.kid == kid);
    let algorithm = found.ok_or_else(|| KeyRingError::Unknown(kid.to_owned()))?.algorithm;
    // Before the transaction begins, and beside the requests: an RSA key takes its time.
    let fresh = tokio::task::spawn_blocking(move || SigningKey::generate(algorithm));
    let fresh = fresh.await.map_err(|_| KeyError::Generation)??;

    let transaction = database.begin().await?;
    keys::lock_signing_keys(&transaction).await?;
    let present = keys::signing_keys(&transaction).await?;
    let withdrawn =
        present.iter().find(|key| key.kid == kid).ok_or_else(|| KeyRingError::Unknown(kid.to_owned()))?;
    for key in &present {
        sealing.open(purpose::SIGNING_KEY, &key.sealed)?;
    }
    let now = ambient.now();
    let siblings = || present.iter().filter(|key| key.algorithm == algorithm);
    let is_succeeded = siblings().any(|key| key.generation > withdrawn.generation && key.signs_from <= now);
    let successor = if is_succeeded {
        None
    } else {
        let generation = 1 + siblings().map(|key| key.generation).max().unwrap_or(0);
        let next = sealed((algorithm, &fresh), generation, now, now, sealing, ambient)?;
        let kid = next.kid.clone();
        keys::insert_signing_key(&transaction, next).await?;
        let verifies_until = now + times.longest_token + times.lead;
        keys::retire_older(&transaction, algorithm, generation, verifies_until).await?;
        Some(kid)
    };
    keys::delete_signing_key(&transaction, withdrawn.id).await?;
    let mut record = AuditRecord::new(Action::KeysRotated, Actor::Operator).outcome("withdrawn");
    record.reason = Some(kid.to_owned());
    journal.record(&transaction, &record).await?;
    transaction.commit().await?;
    Ok(successor)
}
