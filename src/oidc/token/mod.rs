//! The token endpoint (RFC 6749 §3.2): the client proves itself, then one file a grant.
//!
//! Each grant opens its transaction by hand: a revocation caused by a replay must be committed although the answer
//! is an error.

pub mod authorization_code;
pub mod client_credentials;
pub mod refresh_token;
mod repetition;
mod response;

use sea_orm::DatabaseTransaction;

pub use self::response::TokenResponse;
use super::error::{ErrorCode, Failure, ProtocolError};
use super::parameters::Parameters;
use super::provider::{Provider, paths};
use crate::domain::audit::Origin;
use crate::domain::client::{Client, GrantType};

impl Provider {
    /// Answers a token request. `authorization` is the header of that name.
    ///
    /// # Errors
    /// The codes of RFC 6749 §5.2.
    pub async fn token(
        &self,
        authorization: Option<&str>,
        parameters: &Parameters,
        origin: &Origin,
    ) -> Result<TokenResponse, Failure> {
        if let Some(fault) = parameters.fault() {
            return Err(ProtocolError::faulty(fault).into());
        }
        let client = self.authenticate_client(paths::TOKEN, authorization, parameters).await?;
        let answer = match read_grant_type(&client, parameters)? {
            GrantType::AuthorizationCode => {
                authorization_code::redeem(self, &client, parameters, origin).await
            }
            GrantType::RefreshToken => refresh_token::redeem(self, &client, parameters, origin).await,
            GrantType::ClientCredentials => {
                client_credentials::issue(self, &client, parameters, origin).await
            }
        }?;
        self.note_use(&client).await;
        Ok(answer)
    }
}

fn read_grant_type(client: &Client, parameters: &Parameters) -> Result<GrantType, ProtocolError> {
    let name = parameters
        .get("grant_type")
        .ok_or_else(|| ProtocolError::invalid_request("grant_type is missing"))?;
    let grant_type = GrantType::from_name(name).ok_or_else(|| {
        ProtocolError::new(ErrorCode::UnsupportedGrantType, "this grant_type is not supported")
    })?;
    if client.may_use(grant_type) {
        Ok(grant_type)
    } else {
        Err(ProtocolError::new(ErrorCode::UnauthorizedClient, "this client may not use this grant_type"))
    }
}

/// Commits what must stay, rolls back the rest.
async fn finish<T>(
    transaction: DatabaseTransaction,
    commit_on_error: bool,
    outcome: Result<T, Failure>,
) -> Result<T, Failure> {
    if outcome.is_ok() || commit_on_error {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    outcome
}
