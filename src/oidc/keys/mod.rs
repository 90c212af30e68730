//! The key ring: made at the first start, read by every replica, rotated without anybody meeting an unknown key.
//!
//! A rotation publishes the next key at once and signs with it only after a lead, by when every replica has read it
//! and every relying party may have; the old key stays published until the last token it signed is dead.

mod rotation;
mod withdrawal;

use std::sync::{Arc, PoisonError, RwLock};

use chrono::TimeDelta;
use sea_orm::DbErr;

use crate::crypto::sealing::{SealingError, SealingKey, purpose};
use crate::crypto::signing::{KeyError, SigningKey};
use crate::domain::ambient::Ambient;
use crate::domain::clock::Moment;
use crate::domain::token::SigningAlgorithm;
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::keys::{self, StoredSigningKey};

pub use self::rotation::{KeyState, ListedKey, list, rotate, rotate_if_due};
pub use self::withdrawal::withdraw;

#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Another key would sign what nobody can check against what was published: never made up.
    #[error(
        "the database holds signing keys that the sealing key does not open; give the sealing key that belongs to \
         this database"
    )]
    WrongSealingKey,
    #[error("there is no key `{0}`; see `iok-id keys list`")]
    Unknown(String),
    #[error("there is no signing key for {0}")]
    Missing(&'static str),
}

impl From<SealingError> for KeyRingError {
    fn from(_: SealingError) -> Self {
        Self::WrongSealingKey
    }
}

/// When keys change hands.
#[derive(Debug, Clone, Copy)]
pub struct RotationTimes {
    /// From publication to the first signature.
    pub lead: TimeDelta,
    /// How long anything signed may live.
    pub longest_token: TimeDelta,
    /// How long a key signs before the next one is made; `None`: until the command line says so.
    pub every: Option<TimeDelta>,
}

/// Nobody gains from longer copies: the set is small, and made in memory.
const LONGEST_COPY: TimeDelta = TimeDelta::seconds(30);

struct RingKey {
    stored: StoredSigningKey,
    key: Arc<SigningKey>,
}

/// All keys as they were read last.
#[derive(Default)]
struct Ring(Vec<RingKey>);

/// A handle on the key ring.
pub struct Keys {
    database: Database,
    sealing: Arc<SealingKey>,
    times: RotationTimes,
    ring: RwLock<Arc<Ring>>,
}

impl Keys {
    /// Opens the ring; a database without keys gets its first ones. Two first starts at once make one pair.
    ///
    /// # Errors
    /// [`KeyRingError::WrongSealingKey`] if there are keys that this sealing key does not open.
    pub async fn open(
        database: Database,
        ambient: &Ambient,
        sealing: Arc<SealingKey>,
        times: RotationTimes,
    ) -> Result<Self, KeyRingError> {
        let keys = Self { database, sealing, times, ring: RwLock::default() };
        keys.reload().await?;
        let missing: Vec<_> =
            SigningAlgorithm::ALL.into_iter().filter(|algorithm| !keys.ring().has(*algorithm)).collect();
        if !missing.is_empty() {
            let transaction = keys.database.begin().await?;
            for algorithm in missing {
                let now = ambient.now();
                let pkcs8 = SigningKey::generate(algorithm)?;
                let first = sealed((algorithm, &pkcs8), 1, now, now, &keys.sealing, ambient)?;
                keys::insert_signing_key(&transaction, first).await?;
            }
            transaction.commit().await?;
            keys.reload().await?;
        }
        Ok(keys)
    }

    /// Reads the ring again: another replica or the command line may have rotated.
    pub async fn reload(&self) -> Result<(), KeyRingError> {
        let stored = keys::signing_keys(self.database.read()).await?;
        let known = self.ring();
        let mut ring = Vec::with_capacity(stored.len());
        for stored in stored {
            let key = if let Some(known) = known.0.iter().find(|known| known.stored.id == stored.id) {
                Arc::clone(&known.key)
            } else {
                let pkcs8 = self.sealing.open(purpose::SIGNING_KEY, &stored.sealed)?;
                Arc::new(SigningKey::parse(stored.algorithm, &pkcs8)?)
            };
            ring.push(RingKey { stored, key });
        }
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Ring(ring));
        Ok(())
    }

    /// Reads the ring again, and rotates if it is time. Of several replicas that notice at once, one does.
    ///
    /// # Errors
    /// See [`Self::reload`].
    pub async fn look_after(&self, ambient: &Ambient, journal: &Journal) -> Result<(), KeyRingError> {
        self.reload().await?;
        let ring = self.ring();
        let present: Vec<_> = ring.0.iter().map(|key| &key.stored).collect();
        if rotation::is_due(&present, self.times, ambient.now())
            && rotate_if_due(&self.database, ambient, journal, &self.sealing, self.times).await?
        {
            tracing::info!("the next signing keys are published");
            self.reload().await?;
        }
        Ok(())
    }

    /// How long a copy of the published keys may be kept. Whoever fetches it again by then has seen a new key before it
    /// signs, with as long again left for a replica that reads its ring late.
    pub fn copy_is_good_for(&self) -> TimeDelta {
        (self.times.lead / 2).min(LONGEST_COPY)
    }

    /// The key to sign with now.
    ///
    /// # Errors
    /// If there is none, which [`Self::open`] rules out.
    pub fn signing_key(
        &self,
        algorithm: SigningAlgorithm,
        now: Moment,
    ) -> Result<Arc<SigningKey>, KeyRingError> {
        self.ring()
            .0
            .iter()
            .filter(|key| key.stored.algorithm == algorithm && key.stored.signs_from <= now)
            .max_by_key(|key| key.stored.generation)
            .map(|key| Arc::clone(&key.key))
            .ok_or(KeyRingError::Missing(algorithm.as_str()))
    }

    /// The published key of this id.
    pub fn verification_key(&self, kid: &str, now: Moment) -> Option<Arc<SigningKey>> {
        self.ring()
            .0
            .iter()
            .find(|key| key.key.kid() == kid && key.is_published(now))
            .map(|key| Arc::clone(&key.key))
    }

    /// The key of this id, retired or not: for hints that are good however old they are.
    pub fn any_key(&self, kid: &str) -> Option<Arc<SigningKey>> {
        self.ring().0.iter().find(|key| key.key.kid() == kid).map(|key| Arc::clone(&key.key))
    }

    /// The JWK set (RFC 7517 §5): every key that signs, will sign, or signed something that may live.
    pub fn published(&self, now: Moment) -> serde_json::Value {
        let ring = self.ring();
        let keys: Vec<_> =
            ring.0.iter().filter(|key| key.is_published(now)).map(|key| key.key.public_jwk()).collect();
        serde_json::json!({ "keys": keys })
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ring {
    fn has(&self, algorithm: SigningAlgorithm) -> bool {
        self.0.iter().any(|key| key.stored.algorithm == algorithm)
    }
}

impl RingKey {
    fn is_published(&self, now: Moment) -> bool {
        self.stored.verifies_until.is_none_or(|until| until > now)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("count", &self.ring().0.len()).finish_non_exhaustive()
    }
}

/// A fresh key as it is stored.
fn sealed(
    (algorithm, pkcs8): (SigningAlgorithm, &[u8]),
    generation: i32,
    now: Moment,
    signs_from: Moment,
    sealing: &SealingKey,
    ambient: &Ambient,
) -> Result<StoredSigningKey, KeyError> {
    let key = SigningKey::parse(algorithm, pkcs8)?;
    Ok(StoredSigningKey {
        id: ambient.new_id(),
        kid: key.kid().to_owned(),
        algorithm,
        generation,
        sealed: sealing.seal(purpose::SIGNING_KEY, pkcs8, ambient.entropy()),
        created_at: now,
        signs_from,
        verifies_until: None,
    })
}
