//! `[applications]`: how one applies for an account on-line.

use chrono::TimeDelta;
use serde::Deserialize;

use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applications {
    link_hours: Within<1, 168>,
    confirm_within_days: Within<1, 90>,
    correct_within_days: Within<1, 3_660>,
    remind_before_days: Within<0, 364>,
    follow_days: Within<1, 3_660>,
    per_source_per_hour: Within<0, 1_000_000>,
    per_address_per_day: Within<0, 1_000_000>,
}

impl Applications {
    /// How long a link confirms an address.
    pub fn link(&self) -> TimeDelta {
        TimeDelta::hours(self.link_hours.get().into())
    }

    /// How long an application waits for that.
    pub fn confirm_within(&self) -> TimeDelta {
        TimeDelta::days(self.confirm_within_days.get().into())
    }

    /// How long a correction that was asked for may take.
    pub fn correct_within(&self) -> TimeDelta {
        TimeDelta::days(self.correct_within_days.get().into())
    }

    /// How long before the end of that the applicant is reminded.
    pub fn remind_before(&self) -> TimeDelta {
        TimeDelta::days(self.remind_before_days.get().into())
    }

    /// How long after its end an application can be followed.
    pub fn follow(&self) -> TimeDelta {
        TimeDelta::days(self.follow_days.get().into())
    }

    /// `None`: as many as come.
    pub fn per_source_per_hour(&self) -> Option<u32> {
        Some(self.per_source_per_hour.get()).filter(|most| *most > 0)
    }

    /// `None`: as many as come.
    pub fn per_address_per_day(&self) -> Option<u32> {
        Some(self.per_address_per_day.get()).filter(|most| *most > 0)
    }

    pub(super) fn conflict(&self) -> Option<(&'static str, String)> {
        if self.confirm_within() < self.link() {
            let reason = format!(
                "the application would expire before its link, which lives {} hours (applications.link_hours)",
                self.link_hours.get()
            );
            return Some(("applications.confirm_within_days", reason));
        }
        (self.remind_before() >= self.correct_within()).then(|| {
            let reason = format!(
                "the reminder would come before the request, which waits {} days (applications.correct_within_days)",
                self.correct_within_days.get()
            );
            ("applications.remind_before_days", reason)
        })
    }
}
