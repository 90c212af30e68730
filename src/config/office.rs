//! `[office]`: how the counter works.

use chrono::TimeDelta;
use serde::{Deserialize, Deserializer};

use super::text;
use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    two_persons: bool,
    collect_within_days: Within<1, 365>,
    remind_before_days: Within<0, 364>,
    agree_within_days: Within<1, 365>,
    print_within_days: Within<1, 365>,
    #[serde(deserialize_with = "login_prefix")]
    login_prefix: String,
}

impl Office {
    /// Does it take two people to make a contractor?
    pub const fn two_persons(&self) -> bool {
        self.two_persons
    }

    /// How long a letter waits to be collected.
    pub fn collect_within(&self) -> TimeDelta {
        TimeDelta::days(self.collect_within_days.get().into())
    }

    /// How long before the end of that the person is reminded.
    pub fn remind_before(&self) -> TimeDelta {
        TimeDelta::days(self.remind_before_days.get().into())
    }

    /// How long an order of another letter waits for a second person.
    pub fn agree_within(&self) -> TimeDelta {
        TimeDelta::days(self.agree_within_days.get().into())
    }

    /// How long another letter that was agreed to waits for the printer.
    pub fn print_within(&self) -> TimeDelta {
        TimeDelta::days(self.print_within_days.get().into())
    }

    /// What a new login begins with.
    pub fn login_prefix(&self) -> &str {
        &self.login_prefix
    }

    pub(super) fn conflict(&self) -> Option<(&'static str, String)> {
        (self.remind_before() >= self.collect_within()).then(|| {
            let reason = format!(
                "the reminder would come before the letter, which waits {} days (office.collect_within_days)",
                self.collect_within_days.get()
            );
            ("office.remind_before_days", reason)
        })
    }
}

fn login_prefix<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text::parsed(deserializer, |prefix| {
        let is_good =
            (1..=10).contains(&prefix.len()) && prefix.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_good { Ok(prefix.to_owned()) } else { Err("1 to 10 letters a to z") }
    })
}
