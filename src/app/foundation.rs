//! What every command stands on: the database with its schema, the sealing key, the journal.

use std::sync::Arc;
use std::time::Duration;

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

/// How long a command waits for a server that is writing to the same SQLite file.
const COMMAND_WAITS: Duration = Duration::from_mins(1);

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
    /// Opens the database, brings its schema up to date, and finds the sealing key. For a command: nobody waits for it at
    /// a page, so beside a busy server it waits for its turn to write.
    ///
    /// # Errors
    /// In words for the operator: what cannot be opened, and why.
    pub async fn open(settings: Settings, ambient: Ambient) -> anyhow::Result<Self> {
        let database = open_database(&settings).await?;
        database.migrate().await?;
        Self::upon(database, settings, ambient).await
    }

    /// The same for a server: it is patient while it starts, as others may be starting too, but its requests wait no
    /// longer for another process that writes to the same SQLite file than for a connection.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_for_requests(settings: Settings, ambient: Ambient) -> anyhow::Result<Self> {
        let starting = open_database(&settings).await?;
        starting.migrate().await?;
        starting.close().await?;
        let database = connect(&settings, settings.database.acquire_timeout()).await?;
        Self::upon(database, settings, ambient).await
    }

    async fn upon(database: Database, settings: Settings, ambient: Ambient) -> anyhow::Result<Self> {
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

/// Opens the database alone, for a command.
///
/// # Errors
/// In words for the operator.
pub async fn open_database(settings: &Settings) -> anyhow::Result<Database> {
    connect(settings, COMMAND_WAITS).await
}

async fn connect(settings: &Settings, busy_timeout: Duration) -> anyhow::Result<Database> {
    let limits = PoolLimits {
        max_connections: settings.database.max_connections(),
        acquire_timeout: settings.database.acquire_timeout(),
        busy_timeout,
    };
    let url = settings.database.url();
    Database::open(url.expose(), limits).await.with_context(|| format!("{url}"))
}
