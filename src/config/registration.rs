//! `[registration]`: whether clients may register themselves, and how far they are trusted then.

use chrono::TimeDelta;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::within::Within;
use crate::domain::client::RegistrationMode;
use crate::domain::scope::{IDENTITY, ScopeSet};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    mode: RegistrationMode,
    #[serde(deserialize_with = "scopes")]
    scopes: ScopeSet,
    require_pkce: bool,
    per_source_per_hour: Within<0, 1_000_000>,
    never_used_clients: Within<1, 1_000_000>,
    remove_never_used_days: Within<1, 3_660>,
    remove_idle_days: Within<1, 3_660>,
}

impl Registration {
    pub const fn mode(&self) -> RegistrationMode {
        self.mode
    }

    /// What clients that register themselves may ask for.
    pub const fn scopes(&self) -> &ScopeSet {
        &self.scopes
    }

    pub const fn require_pkce(&self) -> bool {
        self.require_pkce
    }

    /// `None`: as many as come.
    pub fn per_source_per_hour(&self) -> Option<u32> {
        Some(self.per_source_per_hour.get()).filter(|most| *most > 0)
    }

    /// How many may wait for their first use.
    pub const fn never_used_clients(&self) -> u32 {
        self.never_used_clients.get()
    }

    /// After this time without a first use a client is removed.
    pub fn remove_never_used(&self) -> TimeDelta {
        TimeDelta::days(self.remove_never_used_days.get().into())
    }

    /// After this time without any use a client is removed.
    pub fn remove_idle(&self) -> TimeDelta {
        TimeDelta::days(self.remove_idle_days.get().into())
    }

    /// A client that keeps refresh tokens must not vanish while they are good.
    pub(super) fn conflict(&self, refresh_token: TimeDelta) -> Option<(&'static str, String)> {
        (self.remove_idle() <= refresh_token).then(|| {
            let reason = format!(
                "refresh tokens live {} days (tokens.refresh_token_days): a client could lose them with its registration",
                refresh_token.num_days()
            );
            ("registration.remove_idle_days", reason)
        })
    }
}

/// From the environment they come as one text. A misspelt one would silently be nobody's.
fn scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ScopeSet, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Many(Vec<String>),
        One(String),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Many(many) => many.join(" "),
        Written::One(one) => one.replace(',', " "),
    };
    let scopes = ScopeSet::parse(&text).map_err(D::Error::custom)?;
    // Scopes of further resource servers are the operator's to name: of ours alone the spelling is known.
    let near_miss = scopes.iter().find(|value| {
        !IDENTITY.contains(value) && IDENTITY.iter().any(|known| known.eq_ignore_ascii_case(value))
    });
    match near_miss {
        Some(value) => Err(D::Error::custom(format!("`{value}` is written in lower case"))),
        None => Ok(scopes),
    }
}
