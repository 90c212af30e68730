//! The next key of every algorithm: by the command line, or when it is time.

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{KeyRingError, RotationTimes, sealed};
use crate::crypto::sealing::{SealingKey, purpose};
use crate::crypto::signing::{KeyError, SigningKey};
use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::clock::Moment;
use crate::domain::token::SigningAlgorithm;
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::keys::{self, StoredSigningKey};

/// Adds the next key of every algorithm. Returns the new key ids and when they begin to sign.
///
/// # Errors
/// [`KeyRingError::WrongSealingKey`] if the present keys do not open: a new one would be sealed with a stranger's key.
pub async fn rotate(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    sealing: &SealingKey,
    times: RotationTimes,
) -> Result<(Vec<String>, Moment), KeyRingError> {
    let fresh = fresh_keys().await?;
    let transaction = database.begin().await?;
    keys::lock_signing_keys(&transaction).await?;
    let present = keys::signing_keys(&transaction).await?;
    let next = Next { fresh: &fresh, present: &present, times, sealing, ambient };
    let rotated = next.publish(&transaction, journal, Actor::Operator).await?;
    transaction.commit().await?;
    Ok(rotated)
}

/// The same if it is time. Returns whether it was; of any number of replicas that ask at once, one is told so.
///
/// # Errors
/// See [`rotate`].
pub async fn rotate_if_due(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    sealing: &SealingKey,
    times: RotationTimes,
) -> Result<bool, KeyRingError> {
    let fresh = fresh_keys().await?;
    let transaction = database.begin().await?;
    keys::lock_signing_keys(&transaction).await?;
    // Read again: another replica may just have done it.
    let present = keys::signing_keys(&transaction).await?;
    if !is_due(&present.iter().collect::<Vec<_>>(), times, ambient.now()) {
        transaction.rollback().await?;
        return Ok(false);
    }
    let next = Next { fresh: &fresh, present: &present, times, sealing, ambient };
    next.publish(&transaction, journal, Actor::Clock).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Has the newest key of some algorithm signed for as long as it should?
pub(super) fn is_due(present: &[&StoredSigningKey], times: RotationTimes, now: Moment) -> bool {
    times.every.is_some_and(|every| {
        SigningAlgorithm::ALL.into_iter().any(|algorithm| {
            newest(present.iter().copied(), algorithm).is_some_and(|key| key.signs_from + every <= now)
        })
    })
}

fn newest<'k>(
    present: impl Iterator<Item = &'k StoredSigningKey>,
    algorithm: SigningAlgorithm,
) -> Option<&'k StoredSigningKey> {
    present.filter(|key| key.algorithm == algorithm).max_by_key(|key| key.generation)
}

type FreshKeys = Vec<(SigningAlgorithm, Zeroizing<Vec<u8>>)>;

/// Made before the transaction begins, and beside the requests: an RSA key takes its time.
async fn fresh_keys() -> Result<FreshKeys, KeyRingError> {
    let making = tokio::task::spawn_blocking(|| {
        SigningAlgorithm::ALL
            .into_iter()
            .map(|algorithm| Ok((algorithm, SigningKey::generate(algorithm)?)))
            .collect::<Result<FreshKeys, KeyError>>()
    });
    Ok(making.await.map_err(|_| KeyError::Generation)??)
}

/// What is about to be published.
struct Next<'a> {
    fresh: &'a FreshKeys,
    present: &'a [StoredSigningKey],
    times: RotationTimes,
    sealing: &'a SealingKey,
    ambient: &'a Ambient,
}

impl Next<'_> {
    async fn publish(
        &self,
        transaction: &impl ConnectionTrait,
        journal: &Journal,
        actor: Actor,
    ) -> Result<(Vec<String>, Moment), KeyRingError> {
        let Self { present, times, sealing, ambient, .. } = *self;
        for key in present {
            sealing.open(purpose::SIGNING_KEY, &key.sealed)?;
        }
        let now = ambient.now();
        let signs_from = now + times.lead;
        let mut kids = Vec::new();
        for (algorithm, pkcs8) in self.fresh {
            let generation = 1 + newest(present.iter(), *algorithm).map_or(0, |key| key.generation);
            let next = sealed((*algorithm, pkcs8), generation, now, signs_from, sealing, ambient)?;
            kids.push(next.kid.clone());
            keys::insert_signing_key(transaction, next).await?;
            // One lead more than the last signature's token lives: a replica may read its keys that much later.
            let verifies_until = signs_from + times.longest_token + times.lead;
            keys::retire_older(transaction, *algorithm, generation, verifies_until).await?;
        }
        journal.record(transaction, &AuditRecord::new(Action::KeysRotated, actor)).await?;
        Ok((kids, signs_from))
    }
}

/// What a key is for at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Published, and not used yet.
    Next,
    Signing,
    /// Signs nothing any more; published until what it signed is over.
    Retired,
    /// Not published any more, and forgotten soon.
    Over,
}

impl KeyState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Signing => "signing",
            Self::Retired => "retired",
            Self::Over => "over",
        }
    }
}

/// A key as an operator sees it: nothing of it is secret.
#[derive(Debug, Clone, Serialize)]
pub struct ListedKey {
    pub kid: String,
    pub algorithm: SigningAlgorithm,
    pub generation: i32,
    pub state: KeyState,
    pub created_at: Moment,
    pub signs_from: Moment,
    /// `None` while no successor is named.
    pub published_until: Option<Moment>,
}

/// Every key that is kept, by algorithm and generation.
///
/// # Errors
/// If the database does not answer.
pub async fn list(database: &Database, now: Moment) -> Result<Vec<ListedKey>, DbErr> {
    let stored = keys::signing_keys(database.read()).await?;
    let signing = |algorithm| newest(stored.iter().filter(|key| key.signs_from <= now), algorithm);
    let mut listed: Vec<ListedKey> = stored
        .iter()
        .map(|key| ListedKey {
            kid: key.kid.clone(),
            algorithm: key.algorithm,
            generation: key.generation,
            state: if key.signs_from > now {
                KeyState::Next
            } else if signing(key.algorithm).is_some_and(|signing| signing.id == key.id) {
                KeyState::Signing
            } else if key.verifies_until.is_some_and(|until| until <= now) {
                KeyState::Over
            } else {
                KeyState::Retired
            },
            created_at: key.created_at,
            signs_from: key.signs_from,
            published_until: key.verifies_until,
        })
        .collect();
    listed.sort_by_key(|key| (key.algorithm, key.generation));
    Ok(listed)
}
