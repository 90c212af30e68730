//! `[accounts]`: how long accounts live on.

use chrono::Days;
use serde::Deserialize;

use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    close_after_last_title_days: Within<1, 3_660>,
}

impl Accounts {
    /// From the day on which the last title is over.
    pub fn close_after_last_title(&self) -> Days {
        Days::new(self.close_after_last_title_days.get().into())
    }
}
