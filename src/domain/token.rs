//! What a person granted a client, and what hangs on it.

use chrono::TimeDelta;

use super::claims_request::ClaimsRequest;
use super::clock::Moment;
use super::ids::{AccountId, ClientSessionId, GrantId, SessionId};
use super::scope::ScopeSet;
use super::session::Acr;

/// How long the answer to a refresh can be asked for again (docs/adr/0010).
pub const ANSWER_KEPT_FOR: TimeDelta = TimeDelta::seconds(10);

/// A grant: every code, refresh token and access token of one authorization hangs on it, and dies with it.
#[derive(Debug, Clone)]
pub struct TokenGrant {
    pub id: GrantId,
    pub account: AccountId,
    pub client_id: String,
    pub session: SessionId,
    /// What the client knows the session by.
    pub sid: ClientSessionId,
    pub scope: ScopeSet,
    /// The resources its access tokens may be for, if the client named any (RFC 8707 §2.1); otherwise those that the
    /// client is registered for.
    pub resources: Vec<String>,
    pub nonce: Option<String>,
    pub auth_time: Moment,
    pub acr: Acr,
    pub amr: Vec<String>,
    /// Claims that were asked for one by one.
    pub claims: ClaimsRequest,
    pub created_at: Moment,
    pub revoked_at: Option<Moment>,
}

impl TokenGrant {
    pub fn is_live(&self) -> bool {
        self.revoked_at.is_none()
    }
}

/// Signature algorithms (RFC 7518 §3.1, RFC 8037 §3.1), for what this provider signs and for what clients do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum SigningAlgorithm {
    ES256,
    RS256,
    PS256,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl SigningAlgorithm {
    pub const ALL: [Self; 4] = [Self::ES256, Self::RS256, Self::PS256, Self::EdDsa];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::RS256 => "RS256",
            Self::PS256 => "PS256",
            Self::EdDsa => "EdDSA",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name)
    }
}
