//! `[retention]`: how long what piles up is kept.

use chrono::{Months, TimeDelta};
use serde::Deserialize;

use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_field_names, reason = "a key's name ends in its unit")]
pub struct Retention {
    audit_days: Within<1, 3_660>,
    events_days: Within<1, 365>,
    given_up_mail_days: Within<1, 365>,
    applications_days: Within<1, 3_660>,
    closed_accounts_months: Within<1, 1_200>,
    without_title_days: Within<1, 3_660>,
    lapsed_accounts_months: Within<1, 1_200>,
}

impl Retention {
    pub fn audit(&self) -> TimeDelta {
        TimeDelta::days(self.audit_days.get().into())
    }

    /// Of mail that could not be delivered.
    pub fn given_up_mail(&self) -> TimeDelta {
        TimeDelta::days(self.given_up_mail_days.get().into())
    }

    /// Of events and mail that were delivered.
    pub fn events(&self) -> TimeDelta {
        TimeDelta::days(self.events_days.get().into())
    }

    /// Of applications that came to nothing.
    pub fn applications(&self) -> TimeDelta {
        TimeDelta::days(self.applications_days.get().into())
    }

    /// Of accounts that were closed, before they are erased.
    pub fn closed_accounts(&self) -> Months {
        Months::new(self.closed_accounts_months.get())
    }

    /// The house's days from the end of an account's last title until it is closed.
    pub fn without_title(&self) -> u32 {
        self.without_title_days.get()
    }

    /// Of accounts whose letter nobody collected, before they are closed.
    pub fn lapsed_accounts(&self) -> Months {
        Months::new(self.lapsed_accounts_months.get())
    }
}
