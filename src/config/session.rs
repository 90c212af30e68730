//! `[session]`: how long a sign-in lasts.

use chrono::TimeDelta;
use serde::Deserialize;

use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    idle_minutes: Within<1, 1_440>,
    absolute_hours: Within<1, 720>,
}

impl Session {
    /// Without anything being done.
    pub fn idle(&self) -> TimeDelta {
        TimeDelta::minutes(self.idle_minutes.get().into())
    }

    /// From the sign-in, whatever is done.
    pub fn absolute(&self) -> TimeDelta {
        TimeDelta::hours(self.absolute_hours.get().into())
    }

    pub(super) fn conflict(&self) -> Option<(&'static str, String)> {
        (self.idle() > self.absolute()).then(|| {
            let reason = format!(
                "a sign-in ends after {} hours anyway (session.absolute_hours)",
                self.absolute_hours.get()
            );
            ("session.idle_minutes", reason)
        })
    }
}
