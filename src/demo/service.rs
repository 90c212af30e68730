//! The two services of the demo.

use serde::Serialize;

/// Which of the two relying parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Charges and balances per premises.
    Billing,
    /// Defects and complaints, with their status.
    Complaints,
}

impl Service {
    pub const ALL: [Self; 2] = [Self::Billing, Self::Complaints];

    /// The name that programs use: the `client_id`, and the stem of the cookie.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Billing => "billing",
            Self::Complaints => "complaints",
        }
    }

    /// Cookies ignore ports (RFC 6265 §8.5): on `localhost` the two services and the provider share one jar, so each
    /// has a name of its own.
    pub const fn cookie_name(self) -> &'static str {
        match self {
            Self::Billing => "billing_session",
            Self::Complaints => "complaints_session",
        }
    }

    /// What the service asks to know, besides `openid`: no more than its pages show.
    pub const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Billing => &["profile", "iok"],
            Self::Complaints => &["profile", "email", "phone", "iok"],
        }
    }
}
