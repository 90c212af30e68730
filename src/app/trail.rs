//! The audit trail of an installation.

use std::sync::Arc;

use super::foundation::Foundation;
use crate::trail::{Trail, TrailRules};

/// The room that chains, signs, exports and checks audit records.
pub fn trail(foundation: &Foundation) -> Trail {
    let Foundation { settings, ambient, database, sealing, journal, calendar } = foundation;
    Trail::new(
        database.clone(),
        ambient.clone(),
        journal.clone(),
        Arc::clone(sealing),
        Arc::clone(calendar),
        TrailRules {
            issuer: settings.server.issuer().as_str().to_owned(),
            checkpoint_every: settings.audit.checkpoint_every(),
            checkpoint_file: settings.audit.checkpoint_file(),
        },
    )
}
