//! Userinfo (OpenID Connect Core §5.3). It asks the grant's row: what was revoked is refused at once, where another
//! resource learns only when the token expires.

use serde_json::{Map, Value};

use super::claims;
use super::error::{ErrorCode, Failure, ProtocolError};
use super::oxide::{self, Protected};
use super::provider::Provider;
use crate::domain::client::Client;
use crate::domain::token::SigningAlgorithm;
use crate::storage::{accounts, clients};

/// The answer, as the client is registered for it (OpenID Connect Core §5.3.2).
#[derive(Debug)]
pub enum UserInfo {
    Plain(Map<String, Value>),
    /// A compact JWS.
    Signed(String),
}

impl Provider {
    /// What this token may know.
    ///
    /// # Errors
    /// `invalid_token` for a token that is unknown, expired, revoked or whose account is not active;
    /// `insufficient_scope` for one without `openid` (RFC 6750 §3.1).
    pub async fn userinfo(&self, token: &str) -> Result<UserInfo, Failure> {
        let transaction = self.database.begin_read().await?;
        let Protected { grant, subject } = oxide::protect(self, &transaction, token).await?;
        let account = accounts::find(&transaction, grant.account)
            .await?
            .filter(|account| account.state.is_open_to_clients())
            .ok_or_else(|| ProtocolError::new(ErrorCode::InvalidToken, "the account is not active"))?;
        let client = clients::find(&transaction, &grant.client_id)
            .await?
            .ok_or_else(|| Failure::internal("a grant without its client"))?;
        let today = self.calendar.today(self.ambient.now());
        let mut claims = claims::for_userinfo(&transaction, &account, &grant, today).await?;
        // The ID token's, to the letter (§5.3.2).
        claims.insert("sub".to_owned(), subject.into());
        transaction.commit().await?;
        match client.metadata.userinfo_signed_response_alg {
            None => Ok(UserInfo::Plain(claims)),
            Some(algorithm) => self.sign_userinfo(&client, algorithm, claims).map(UserInfo::Signed),
        }
    }

    /// With the issuer, and the client as its audience, so that it can be carried nowhere else.
    fn sign_userinfo(
        &self,
        client: &Client,
        algorithm: SigningAlgorithm,
        mut claims: Map<String, Value>,
    ) -> Result<String, Failure> {
        claims.insert("iss".to_owned(), self.issuer.clone().into());
        claims.insert("aud".to_owned(), client.id.clone().into());
        let key = self.keys.signing_key(algorithm, self.ambient.now()).map_err(Failure::internal)?;
        Ok(key.sign_jwt("JWT", &claims)?)
    }
}
