//! `[recovery]`: coming back in with the letter, and the link that blocks an account.

use chrono::TimeDelta;
use serde::Deserialize;

use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    letters_from_before: bool,
    block_link_days: Within<1, 90>,
    per_source_per_hour: Within<0, 1_000_000>,
    removes_second_factor: bool,
}

impl Recovery {
    /// Do letters without recovery codes recover their account, once?
    pub const fn letters_from_before(&self) -> bool {
        self.letters_from_before
    }

    /// How long the link that blocks an account is good.
    pub fn block_link(&self) -> TimeDelta {
        TimeDelta::days(self.block_link_days.get().into())
    }

    /// Does coming back with the letter take a contractor's second factors away?
    pub const fn removes_second_factor(&self) -> bool {
        self.removes_second_factor
    }

    /// `None`: as many as come.
    pub fn per_source_per_hour(&self) -> Option<u32> {
        Some(self.per_source_per_hour.get()).filter(|most| *most > 0)
    }
}
