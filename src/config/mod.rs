//! The configuration: the defaults in `config/default.toml`, then the file given by `--config`, then
//! `IOK_ID__SECTION__KEY` from the environment, then what the command line itself decided.
//!
//! A setting that exists is a setting that is good: keys are known, types right and numbers within their range before
//! anybody sees them, and all that is wrong is told at once.

mod applications;
mod audit;
mod brand;
mod calendar;
mod database;
mod devices;
mod error;
mod layers;
mod lockout;
mod log;
mod mail;
mod networks;
mod office;
mod offices;
mod outbound;
mod password_hashing;
mod password_policy;
mod recovery;
mod registration;
mod retention;
mod sealing;
mod server;
mod session;
mod source_limits;
mod sources;
mod text;
mod tokens;
mod within;

use std::path::Path;

use serde::Deserialize;

pub use self::applications::Applications;
pub use self::audit::Audit;
pub use self::brand::Brand;
pub use self::calendar::CalendarSettings;
pub use self::database::{Database, DatabaseBackend, DatabaseUrl};
pub use self::devices::Devices;
pub use self::error::{Complaint, ConfigError, Origin, Problem};
pub use self::lockout::Lockout;
pub use self::log::{Log, LogFormat};
pub use self::mail::{Mail, MailPassword, MailSecurity, MailServerAddress};
pub use self::office::Office;
pub use self::offices::Offices;
pub use self::outbound::Outbound;
pub use self::password_hashing::PasswordHashing;
pub use self::password_policy::PasswordPolicySettings;
pub use self::recovery::Recovery;
pub use self::registration::Registration;
pub use self::retention::Retention;
pub use self::sealing::{Sealing, SealingKeySource, SealingKeyText};
pub use self::server::{ForwardedHeader, Issuer, Server, TlsFiles};
pub use self::session::Session;
pub use self::source_limits::SourceLimits;
pub use self::sources::Sources;
pub use self::tokens::Tokens;
use crate::domain::calendar::Calendar;

/// Everything that can be configured, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub server: Server,
    pub database: Database,
    pub sealing: Sealing,
    pub password_policy: PasswordPolicySettings,
    pub password_hashing: PasswordHashing,
    pub lockout: Lockout,
    pub sources: SourceLimits,
    pub session: Session,
    pub devices: Devices,
    pub tokens: Tokens,
    pub outbound: Outbound,
    pub registration: Registration,
    pub mail: Mail,
    pub applications: Applications,
    pub office: Office,
    pub recovery: Recovery,
    pub retention: Retention,
    pub audit: Audit,
    pub log: Log,
    pub brand: Brand,
    pub calendar: CalendarSettings,
    pub offices: Offices,
}

impl Settings {
    /// From the defaults, the file if there is one, and this process's environment.
    ///
    /// # Errors
    /// If the file cannot be read, is not TOML, or anything in it or the environment is unknown or unsuitable.
    pub fn load(config_file: Option<&Path>) -> Result<Self, ConfigError> {
        Sources::of_process(config_file).load()
    }

    /// The house's calendar with its offices.
    pub fn house_calendar(&self) -> Calendar {
        Calendar {
            time_zone: self.calendar.time_zone(),
            hours: self.calendar.hours(),
            closed_days: self.calendar.closed_days().clone(),
            offices: self.offices.facts(&self.calendar),
        }
    }

    /// What no single value shows: keys that do not go together. Each names the key to change, and why.
    fn conflicts(&self) -> Vec<(&'static str, String)> {
        [
            self.server.conflict(),
            self.sealing.conflict(),
            self.password_policy.conflict(),
            self.password_hashing.conflict(),
            self.lockout.conflict(self.server.request_timeout()),
            self.session.conflict(),
            self.registration.conflict(self.tokens.refresh_token()),
            self.mail.conflict(),
            self.applications.conflict(),
            self.office.conflict(),
            self.offices.conflict(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
