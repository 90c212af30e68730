//! What travels through oxide-auth as one private grant extension, from the session to the code and from the code to
//! the tokens: nonce, `auth_time`, `acr` and the rest. oxide-auth carries it and never looks inside.

use oxide_auth::primitives::grant::{Extensions, GrantExtension, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::authorization::AuthorizationParameters;
use crate::domain::claims_request::ClaimsRequest;
use crate::domain::clock::Moment;
use crate::domain::ids::TypedId;
use crate::domain::session::{Acr, SignedIn};
use crate::domain::token::TokenGrant;

/// Refreshing and client credentials have no redirect URI, but oxide-auth's types want one.
pub(super) const NO_REDIRECT: &str = "urn:iok-id:no-redirect";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::oidc) struct GrantContext {
    /// Absent until the grant is made.
    pub grant: Option<Uuid>,
    pub account: Uuid,
    pub session: Uuid,
    pub sid: Option<Uuid>,
    pub nonce: Option<String>,
    pub auth_time: Moment,
    pub acr: Acr,
    pub amr: Vec<String>,
    pub code_challenge: Option<String>,
    #[serde(default)]
    pub claims: ClaimsRequest,
    /// What its access tokens may be for (RFC 8707 §2.1).
    #[serde(default)]
    pub resources: Vec<String>,
    /// Of the refresh token that is being redeemed.
    #[serde(default)]
    pub generation: i32,
}

struct ContextExtension;

impl GrantExtension for ContextExtension {
    fn identifier(&self) -> &'static str {
        "iok_id_context"
    }
}

impl GrantContext {
    /// For the code that is about to be issued.
    pub(in crate::oidc) fn of_session(signed_in: &SignedIn, parameters: &AuthorizationParameters) -> Self {
        Self {
            grant: None,
            account: signed_in.account().uuid(),
            session: signed_in.session().uuid(),
            sid: None,
            nonce: parameters.nonce.clone(),
            auth_time: signed_in.auth_time(),
            acr: parameters.acr.told_of(signed_in.acr()),
            amr: signed_in.amr().into_iter().map(str::to_owned).collect(),
            code_challenge: parameters.code_challenge.clone(),
            claims: parameters.claims.clone(),
            resources: Vec::new(),
            generation: 0,
        }
    }

    pub(in crate::oidc) fn for_resources(mut self, resources: Vec<String>) -> Self {
        self.resources = resources;
        self
    }

    pub(super) fn of_grant(grant: &TokenGrant, code_challenge: Option<String>, generation: i32) -> Self {
        Self {
            grant: Some(grant.id.uuid()),
            account: grant.account.uuid(),
            session: grant.session.uuid(),
            sid: Some(grant.sid.uuid()),
            nonce: grant.nonce.clone(),
            auth_time: grant.auth_time,
            acr: grant.acr,
            amr: grant.amr.clone(),
            code_challenge,
            // They stay with the grant's row, which is read again where they are told.
            claims: ClaimsRequest::default(),
            resources: grant.resources.clone(),
            generation,
        }
    }

    pub(super) fn into_extensions(self) -> Result<Extensions, serde_json::Error> {
        let mut extensions = Extensions::new();
        extensions.set(&ContextExtension, Value::private(Some(serde_json::to_string(&self)?)));
        Ok(extensions)
    }

    /// `None` where a client acts for itself.
    pub(super) fn from_extensions(extensions: &Extensions) -> Option<Self> {
        extensions
            .private()
            .find(|(name, _)| *name == ContextExtension.identifier())
            .and_then(|(_, value)| serde_json::from_str(value?).ok())
    }
}
