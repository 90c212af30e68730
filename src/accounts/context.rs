//! What the use cases share.

use std::sync::Arc;

use chrono::TimeDelta;

use super::lockout::Lockout;
use super::sources::Sources;
use crate::crypto::passkeys::Passkeys;
use crate::crypto::password::PasswordHasher;
use crate::crypto::pseudonyms::PseudonymKey;
use crate::crypto::sealing::SealingKey;
use crate::domain::ambient::Ambient;
use crate::domain::calendar::Calendar;
use crate::domain::password_policy::PasswordPolicy;
use crate::storage::database::Database;
use crate::storage::journal::Journal;

/// How long a session lasts.
#[derive(Debug, Clone, Copy)]
pub struct SessionLifetimes {
    /// Without a request.
    pub idle: TimeDelta,
    /// Whatever happens.
    pub absolute: TimeDelta,
}

/// What a letter and a mailed link are good for.
#[derive(Debug, Clone, Copy)]
pub struct RecoveryRules {
    /// Does the initial password of a letter that has no recovery codes recover its account, once?
    pub letters_from_before: bool,
    /// How long the link that blocks an account is good.
    pub block_link: TimeDelta,
    /// Tries of one source, right ones too. `None`: as many as come.
    pub per_source_per_hour: Option<u32>,
    /// Does coming back with the letter take the second factors of a contractor away?
    pub removes_second_factor: bool,
}

/// The numbers of `[applications]`.
#[derive(Debug, Clone, Copy)]
pub struct ApplicationRules {
    /// How long a link confirms an address.
    pub link: TimeDelta,
    /// How long an application waits for that.
    pub confirm_within: TimeDelta,
    /// How long a correction that was asked for may take.
    pub correct_within: TimeDelta,
    /// How long before the end of that the applicant is reminded; zero: never.
    pub remind_before: TimeDelta,
    /// How long after its end an application can be followed.
    pub follow: TimeDelta,
    /// `None`: as many as come.
    pub per_source_per_hour: Option<u32>,
    /// `None`: as many as come.
    pub per_address_per_day: Option<u32>,
}

/// What applying needs beside what every use case has.
#[derive(Debug, Clone)]
pub struct Applications {
    pub rules: ApplicationRules,
    /// Makes an application's id of the form it came in.
    pub forms: PseudonymKey,
}

/// The room's own view of the world. One for each process.
#[derive(Debug)]
pub struct Accounts {
    pub(super) database: Database,
    pub(super) ambient: Ambient,
    pub(super) hasher: PasswordHasher,
    pub(super) journal: Journal,
    pub(super) lockout: Lockout,
    pub(super) sources: Sources,
    pub(super) policy: PasswordPolicy,
    pub(super) sessions: SessionLifetimes,
    pub(super) recovery: RecoveryRules,
    /// How long a device is trusted after a sign-in; `None`: none is.
    pub(super) trust_devices_for: Option<TimeDelta>,
    pub(super) calendar: Arc<Calendar>,
    pub(super) applications: Applications,
    /// Under which addresses and networks are counted.
    pub(super) floods: PseudonymKey,
    /// Names a password may not consist of, beside the built-in ones.
    pub(super) company_words: Vec<String>,
    /// So many of an account's former passwords are not taken again.
    pub(super) remembered_passwords: u32,
    /// Seals the seeds of second factors.
    pub(super) sealing: Arc<SealingKey>,
    /// What an authenticator shows beside the login.
    pub(super) product_name: String,
    /// `None` where the issuer has no name that passkeys could belong to.
    pub(super) passkeys: Option<Passkeys>,
}

/// What [`Accounts`] is made of.
#[derive(Debug)]
pub struct AccountsParts {
    pub database: Database,
    pub ambient: Ambient,
    pub hasher: PasswordHasher,
    pub journal: Journal,
    pub lockout: Lockout,
    pub sources: Sources,
    pub policy: PasswordPolicy,
    pub sessions: SessionLifetimes,
    pub recovery: RecoveryRules,
    /// How long a device is trusted after a sign-in; `None`: none is.
    pub trust_devices_for: Option<TimeDelta>,
    pub calendar: Arc<Calendar>,
    pub applications: Applications,
    pub floods: PseudonymKey,
    pub company_words: Vec<String>,
    pub remembered_passwords: u32,
    pub sealing: Arc<SealingKey>,
    pub product_name: String,
    pub passkeys: Option<Passkeys>,
}

impl Accounts {
    pub fn new(parts: AccountsParts) -> Self {
        let AccountsParts {
            database,
            ambient,
            hasher,
            journal,
            lockout,
            sources,
            policy,
            sessions,
            recovery,
            trust_devices_for,
            calendar,
            applications,
            floods,
            company_words,
            remembered_passwords,
            sealing,
            product_name,
            passkeys,
        } = parts;
        Self {
            database,
            ambient,
            hasher,
            journal,
            lockout,
            sources,
            policy,
            sessions,
            recovery,
            trust_devices_for,
            calendar,
            applications,
            floods,
            company_words,
            remembered_passwords,
            sealing,
            product_name,
            passkeys,
        }
    }

    pub fn recovery_rules(&self) -> RecoveryRules {
        self.recovery
    }

    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    pub fn policy(&self) -> &PasswordPolicy {
        &self.policy
    }
}
