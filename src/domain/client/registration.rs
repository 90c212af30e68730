//! How a client came to be registered.

use serde::{Deserialize, Serialize};

use crate::domain::clock::Moment;
use crate::domain::secret::SecretDigest;

/// Who may register a client over the network (RFC 7591 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationMode {
    /// Nobody: the operator does it on the command line.
    Off,
    /// Whoever holds an initial access token (RFC 7591 §1.2).
    InitialAccessToken,
    Open,
}

/// That a client registered itself. Nobody here has looked at what it says about itself (RFC 7591 §5).
#[derive(Debug, Clone)]
pub struct SelfRegistration {
    pub at: Moment,
    /// Of its registration access token (RFC 7592 §1.2).
    pub access_token: SecretDigest,
    /// To the day: `None` if it was never used.
    pub last_used_at: Option<Moment>,
}
