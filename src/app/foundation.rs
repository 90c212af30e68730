//! What every command stands on: the database with its schema, the sealing key, the journal.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::TimeDelta;

use super::sealing_key;
use crate::config::Settings;
use crate::crypto::password::HashCost;
use crate::crypto::sealing::SealingKey;
use crate::domain::ambient::Ambient;
use crate::domain::calendar::Calendar;
use crate::oidc::keys::RotationTimes;
use crate::storage::database::{Database, PoolLimits};
use crate::storage::journal::Journal;
use crate::storage::keys;

/// Logout tokens and signed answers of userinfo live no longer.
const OTHER_TOKENS: TimeDelta = TimeDelta::minutes(5);

/// Opened once, by a server or a command.
#[derive(Debug, Clone)]
pub struct Foundation {
    pub settings: Settings,
    pub ambient: Ambient,
    pub database: Database,
    pub sealing: Arc<SealingKey>,
    pub journal: Journal,
    /// The house's day and its offices' hours.
    pub calendar: Arc<Calendar>,
}

impl Foundation {
    /// Opens the database, brings its schema up to date, and finds the sealing key.
    ///
    /// # Errors
    /// In words for the operator: what cannot be opened, and why.
    pub async fn open(settings: Settings, ambient: Ambient) -> anyhow::Result<Self> {
        let database = open_database(&settings).await?;
        database.migrate().await?;
        let sealed = keys::any_sealed(database.read()).await.context("the sealed keys cannot be read")?;
        let sealing = Arc::new(sealing_key::load_or_make(&settings.sealing, &ambient, &sealed)?);
        let journal = Journal::new(ambient.clone(), Arc::clone(&sealing));
        let calendar = Arc::new(settings.house_calendar());
        Ok(Self { settings, ambient, database, sealing, journal, calendar })
    }

    pub fn rotation_times(&self) -> RotationTimes {
        let tokens = &self.settings.tokens;
        RotationTimes {
            lead: tokens.key_lead(),
            longest_token: tokens.access_token().max(tokens.id_token()).max(OTHER_TOKENS),
            every: tokens.key_rotation(),
        }
    }

    /// What a new hash of a password costs.
    pub fn hash_cost(&self) -> HashCost {
        let hashing = &self.settings.password_hashing;
        HashCost {
            memory: hashing.memory_kib(),
            iterations: hashing.iterations(),
            parallelism: hashing.parallelism(),
        }
    }

    /// Closes the database.
    pub async fn close(self) {
        if let Err(error) = self.database.close().await {
            tracing::warn!(%error, "the database did not close cleanly");
        }
    }
}

/// Opens the database alone.
///
/// # Errors
/// In words for the operator.
pub async fn open_database(settings: &Settings) -> anyhow::Result<Database> {
    let limits = PoolLimits {
        max_connections: settings.database.max_connections(),
        acquire_timeout: settings.database.acquire_timeout(),
    };
    let url = settings.database.url();
    Database::open(url.expose(), limits).await.with_context(|| format!("{url}"))
}
