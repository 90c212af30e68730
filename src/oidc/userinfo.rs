//! Userinfo (OpenID Connect Core §5.3). It asks the grant's row: what was revoked is refused at once, where another
//! resource learns only when the token expires.

use serde_json::{Map, Value};

use super::claims;
use super::error::{ErrorCode, Failure, ProtocolError};
use super::oxide::{self, Protected};
use super::provider::Provider;
use crate::storage::accounts;

impl Provider {
    /// What this token may know.
    ///
    /// # Errors
    /// `invalid_token` for a token that is unknown, expired, revoked or whose account is not active;
    /// `insufficient_scope` for one without `openid` (RFC 6750 §3.1).
    pub async fn userinfo(&self, token: &str) -> Result<Map<String, Value>, Failure> {
        let transaction = self.database.begin_read().await?;
        let Protected { grant, subject } = oxide::protect(self, &transaction, token).await?;
        let account = accounts::find(&transaction, grant.account)
            .await?
            .filter(|account| account.state.is_open_to_clients())
            .ok_or_else(|| ProtocolError::new(ErrorCode::InvalidToken, "the account is not active"))?;
        let today = self.calendar.today(self.ambient.now());
        let mut claims = claims::for_userinfo(&transaction, &account, &grant, today).await?;
        // The ID token's, to the letter (§5.3.2).
        claims.insert("sub".to_owned(), subject.into());
        transaction.commit().await?;
        Ok(claims)
    }
}
