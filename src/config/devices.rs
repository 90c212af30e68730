//! `[devices]`: devices on which somebody has signed in before.

use chrono::TimeDelta;
use serde::Deserialize;

use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Devices {
    trusted_days: Within<0, 400>,
}

impl Devices {
    /// How long a device is trusted after each sign-in; `None`: none is.
    pub fn trusted_for(&self) -> Option<TimeDelta> {
        Some(self.trusted_days.get()).filter(|days| *days > 0).map(|days| TimeDelta::days(days.into()))
    }
}
