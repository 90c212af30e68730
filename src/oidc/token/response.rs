//! The answer (RFC 6749 §5.1).

use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::domain::client::Client;
use crate::domain::scope::{OPENID, ScopeSet};
use crate::oidc::error::Failure;
use crate::oidc::id_token::{self, Answering};
use crate::oidc::oxide::Issued;
use crate::oidc::provider::Provider;

/// An answer in JSON: as text, so that what is given once more is the same to the byte.
#[derive(Debug)]
pub struct TokenResponse(String);

/// oxide-auth's own says `bearer`, rounds `expires_in` down and knows no `id_token`.
#[derive(Debug, Serialize)]
struct Members {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "ScopeSet::is_empty")]
    scope: ScopeSet,
}

impl TokenResponse {
    /// With an ID token where `openid` was granted (OpenID Connect Core §3.1.3.3). In the transaction that the tokens come
    /// from: a second connection, waited for while this one holds locks, would let a few requests stop everybody.
    pub(super) async fn new(
        provider: &Provider,
        transaction: &impl ConnectionTrait,
        client: &Client,
        issued: Issued,
        answering: Answering,
    ) -> Result<Self, Failure> {
        let id_token = match &issued.grant {
            Some(grant) if issued.scope.contains(OPENID) => {
                let answer = id_token::Answer { access_token: &issued.access_token, answering };
                Some(id_token::mint(provider, transaction, client, grant, &issued.subject, answer).await?)
            }
            _ => None,
        };
        let members = Members {
            access_token: issued.access_token,
            token_type: "Bearer",
            expires_in: provider.lifetimes.of(client).access_token.num_seconds(),
            refresh_token: issued.refresh_token,
            id_token,
            scope: issued.scope,
        };
        serde_json::to_string(&members).map(Self).map_err(Failure::internal)
    }

    /// What was answered before.
    pub(super) fn repeated(json: String) -> Self {
        Self(json)
    }

    pub fn as_json(&self) -> &str {
        &self.0
    }

    pub fn into_json(self) -> String {
        self.0
    }
}
