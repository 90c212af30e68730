//! The audit trail that can be checked: records get their places in a chain of hashes after they were committed, the
//! chain is signed from time to time, and what was signed goes out of the database's reach.
//!
//! Never inside business transactions: a chain has one end, and whoever writes there would wait for everybody else.

mod checkpoint;
mod error;
mod export;
mod forget;
mod format;
mod kept_elsewhere;
mod keys;
mod live;
mod sealer;
mod standing;
mod statement;
mod verifier;
mod verify_file;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::crypto::sealing::SealingKey;
use crate::domain::ambient::Ambient;
use crate::domain::calendar::Calendar;
use crate::domain::ids::SealerId;
use crate::storage::database::Database;
use crate::storage::journal::Journal;

pub use self::error::TrailError;
pub use self::export::{Exported, Stretch};
pub use self::kept_elsewhere::{KeptElsewhere, UnreadableCheckpoint};
pub use self::sealer::Round;
pub use self::standing::{NewestCheckpoint, Standing};
pub use self::verifier::{Finding, Report};
pub use self::verify_file::{VerifyFileError, verify_file};

/// What differs between installations.
#[derive(Debug, Clone)]
pub struct TrailRules {
    /// Which provider's trail it is: stands in everything that is signed.
    pub issuer: String,
    /// How often what was chained is signed.
    pub checkpoint_every: TimeDelta,
    /// Where signed checkpoints are appended, beside the log.
    pub checkpoint_file: Option<PathBuf>,
}

/// The room's own view of the world. Cheap to clone; each process has one.
#[derive(Debug, Clone)]
pub struct Trail {
    database: Database,
    ambient: Ambient,
    journal: Journal,
    sealing: Arc<SealingKey>,
    calendar: Arc<Calendar>,
    rules: TrailRules,
    holder: SealerId,
}

impl Trail {
    pub fn new(
        database: Database,
        ambient: Ambient,
        journal: Journal,
        sealing: Arc<SealingKey>,
        calendar: Arc<Calendar>,
        rules: TrailRules,
    ) -> Self {
        let holder = ambient.new_id();
        Self { database, ambient, journal, sealing, calendar, rules, holder }
    }

    pub fn rules(&self) -> &TrailRules {
        &self.rules
    }
}
