//! `[tokens]`: how long what is issued is good.

use chrono::TimeDelta;
use serde::Deserialize;

use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_field_names, reason = "a key's name ends in its unit")]
pub struct Tokens {
    code_seconds: Within<1, 60>,
    access_token_seconds: Within<1, 300>,
    id_token_seconds: Within<1, 3_600>,
    refresh_token_days: Within<1, 365>,
    refresh_family_days: Within<1, 3_650>,
    authorization_minutes: Within<1, 120>,
    key_lead_seconds: Within<0, 86_400>,
    key_rotation_days: Within<0, 3_650>,
}

impl Tokens {
    pub fn code(&self) -> TimeDelta {
        TimeDelta::seconds(self.code_seconds.get().into())
    }

    /// At most five minutes.
    pub fn access_token(&self) -> TimeDelta {
        TimeDelta::seconds(self.access_token_seconds.get().into())
    }

    pub fn id_token(&self) -> TimeDelta {
        TimeDelta::seconds(self.id_token_seconds.get().into())
    }

    pub fn refresh_token(&self) -> TimeDelta {
        TimeDelta::days(self.refresh_token_days.get().into())
    }

    /// From the first of a family to the end of its last.
    pub fn refresh_family(&self) -> TimeDelta {
        TimeDelta::days(self.refresh_family_days.get().into())
    }

    /// From an application's request to its answer.
    pub fn authorization(&self) -> TimeDelta {
        TimeDelta::minutes(self.authorization_minutes.get().into())
    }

    /// How long a signing key signs; `None`: until the command line says so.
    pub fn key_rotation(&self) -> Option<TimeDelta> {
        let days = self.key_rotation_days.get();
        (days > 0).then(|| TimeDelta::days(days.into()))
    }

    /// From a signing key's publication to its first signature.
    pub fn key_lead(&self) -> TimeDelta {
        TimeDelta::seconds(self.key_lead_seconds.get().into())
    }
}
