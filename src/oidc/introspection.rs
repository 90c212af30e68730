//! Introspection (RFC 7662): a resource server, or the client itself, asks whether a token is good now.
//!
//! Who may know: the client that the token was issued to; and, about an access token, a client that is registered as the
//! resource server of one of its audiences (`resource_server_of`). Everybody else is told what is said of a token that
//! never was: `active: false` (§2.2). Public clients prove nothing, and are told nothing at all (§2.1).

use sea_orm::DatabaseTransaction;
use serde::Serialize;

use super::access_token::{self, Audience, PresentedToken};
use super::error::{ErrorCode, Failure, ProtocolError};
use super::liveness;
use super::parameters::Parameters;
use super::provider::{Provider, paths};
use crate::domain::client::Client;
use crate::domain::scope::ScopeSet;
use crate::domain::secret::BearerSecret;
use crate::storage::{clients, grants};

/// The answer (RFC 7662 §2.2). About a token that is not active nothing else is said.
#[derive(Debug, Serialize)]
pub struct Introspection {
    active: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    token: Option<ActiveToken>,
}

/// Times are Unix seconds.
#[derive(Debug, Serialize)]
struct ActiveToken {
    iss: String,
    client_id: String,
    #[serde(skip_serializing_if = "ScopeSet::is_empty")]
    scope: ScopeSet,
    iat: i64,
    exp: i64,
    /// Of access tokens only: a refresh token is presented to nobody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<Audience>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<String>,
}

impl Provider {
    /// Says about a token what this client may know. `authorization` is the header of that name.
    ///
    /// # Errors
    /// `invalid_client`, or `invalid_request` without a `token` (RFC 7662 §2.3).
    pub async fn introspect(
        &self,
        authorization: Option<&str>,
        parameters: &Parameters,
    ) -> Result<Introspection, Failure> {
        if let Some(fault) = parameters.fault() {
            return Err(ProtocolError::faulty(fault).into());
        }
        let client = self.authenticate_client(paths::INTROSPECTION, authorization, parameters).await?;
        if client.is_public() {
            let error =
                ProtocolError::new(ErrorCode::InvalidClient, "only a client that authenticates may ask");
            return Err(error.into());
        }
        let token =
            parameters.get("token").ok_or_else(|| ProtocolError::invalid_request("token is missing"))?;
        // `token_type_hint` is not needed: one kind is a signed JWT, and the other is found by its digest or not at all.
        let transaction = self.database.begin_read().await?;
        let token = match access_token::verify(self, token) {
            Some(presented) => self.active_access_token(&transaction, &client, presented).await?,
            None => self.active_refresh_token(&transaction, &client, token).await?,
        };
        transaction.commit().await?;
        Ok(Introspection { active: token.is_some(), token })
    }

    async fn active_access_token(
        &self,
        transaction: &DatabaseTransaction,
        asking: &Client,
        presented: PresentedToken,
    ) -> Result<Option<ActiveToken>, Failure> {
        let may_know = presented.client_id == asking.id
            || presented.audience.iter().any(|audience| asking.serves(audience));
        if !may_know {
            return Ok(None);
        }
        let is_good = match presented.grant {
            Some(grant) => match grants::find(transaction, grant).await? {
                Some(grant) => liveness::is_usable(transaction, &grant).await?,
                None => false,
            },
            // A client's own: good as long as the client is.
            None => clients::find(transaction, &presented.client_id).await?.is_some(),
        };
        Ok(is_good.then(|| ActiveToken {
            iss: self.issuer.clone(),
            client_id: presented.client_id,
            scope: presented.scope,
            iat: presented.issued_at,
            exp: presented.expires_at,
            token_type: Some("Bearer"),
            sub: Some(presented.subject),
            aud: Some(presented.audience),
            jti: Some(presented.jti),
            auth_time: presented.auth_time,
            acr: presented.acr,
        }))
    }

    async fn active_refresh_token(
        &self,
        transaction: &DatabaseTransaction,
        asking: &Client,
        token: &str,
    ) -> Result<Option<ActiveToken>, Failure> {
        let digest = BearerSecret::presented(token).digest();
        let Some(stored) = grants::find_refresh_token(transaction, digest).await? else {
            return Ok(None);
        };
        let now = self.ambient.now();
        let Some(grant) = grants::find(transaction, stored.grant).await? else {
            return Ok(None);
        };
        let is_good = grant.client_id == asking.id
            && stored.used_at.is_none()
            && stored.expires_at > now
            && liveness::may_refresh(transaction, &grant, now).await?;
        Ok(is_good.then(|| ActiveToken {
            iss: self.issuer.clone(),
            client_id: grant.client_id,
            scope: grant.scope,
            iat: stored.created_at.timestamp(),
            exp: stored.expires_at.timestamp(),
            token_type: None,
            sub: None,
            aud: None,
            jti: None,
            auth_time: None,
            acr: None,
        }))
    }
}
