//! What the desks share.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::crypto::password::PasswordHasher;
use crate::domain::ambient::Ambient;
use crate::domain::calendar::Calendar;
use crate::domain::password_policy::PasswordPolicy;
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::trail::Trail;

/// What differs between companies.
#[derive(Debug, Clone)]
pub struct OfficeRules {
    /// No one person can make a contractor: who took in an application does not approve it, who printed a letter does
    /// not record its collection. Off for an office of one; a supervisor then reviews what one person did alone.
    pub two_persons: bool,
    /// How long a letter waits to be collected.
    pub collect_within: TimeDelta,
    /// How long before that the person is reminded.
    pub remind_before: TimeDelta,
    /// How long an order of another letter waits for a second person.
    pub agree_within: TimeDelta,
    /// How long another letter that was agreed to waits for the printer.
    pub print_within: TimeDelta,
    /// What a new login begins with; seven digits follow.
    pub login_prefix: String,
}

/// The room's own view of the world. One for each process.
#[derive(Debug)]
pub struct Office {
    pub(super) database: Database,
    pub(super) ambient: Ambient,
    pub(super) hasher: PasswordHasher,
    pub(super) journal: Journal,
    pub(super) policy: PasswordPolicy,
    pub(super) rules: OfficeRules,
    pub(super) calendar: Arc<Calendar>,
    pub(super) trail: Trail,
    /// Names a password may not consist of, beside the built-in ones.
    pub(super) company_words: Vec<String>,
}

/// What [`Office`] is made of.
#[derive(Debug)]
pub struct OfficeParts {
    pub database: Database,
    pub ambient: Ambient,
    pub hasher: PasswordHasher,
    pub journal: Journal,
    pub policy: PasswordPolicy,
    pub rules: OfficeRules,
    pub calendar: Arc<Calendar>,
    pub trail: Trail,
    pub company_words: Vec<String>,
}

impl Office {
    pub fn new(parts: OfficeParts) -> Self {
        let OfficeParts { database, ambient, hasher, journal, policy, rules, calendar, trail, company_words } =
            parts;
        Self { database, ambient, hasher, journal, policy, rules, calendar, trail, company_words }
    }

    pub fn rules(&self) -> &OfficeRules {
        &self.rules
    }
}
