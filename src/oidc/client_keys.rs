//! What a client signed: request objects and assertions, checked with the keys that it registered, or publishes at its
//! `jwks_uri`.

use serde::de::DeserializeOwned;

use super::provider::Provider;
use crate::crypto::verification::{UncheckedHeader, VerificationError, verify};
use crate::domain::client::{Client, ClientKeySet};

impl Provider {
    /// The claims of a token that this client signed. Issuer, audience and expiry are the caller's to check.
    ///
    /// # Errors
    /// [`VerificationError`], which says what it is about the token that will not do.
    pub(super) async fn signed_by<C: DeserializeOwned>(
        &self,
        client: &Client,
        header: &UncheckedHeader,
        token: &str,
    ) -> Result<C, VerificationError> {
        let verify_with = |keys: &ClientKeySet| verify(token, header, keys.named(header.kid.as_deref()));
        if let Some(registered) = &client.metadata.jwks {
            return verify_with(registered);
        }
        let address = client.metadata.jwks_uri.as_deref().ok_or(VerificationError::UnknownKey)?;
        let now = self.ambient.now();
        let known =
            self.remote_keys.get(&self.outbound, address, now).await.ok_or(VerificationError::UnknownKey)?;
        match verify_with(&known.keys) {
            Err(error) if may_have_changed(header, error) => {
                match self.remote_keys.newer_than(&self.outbound, address, known.version, now).await {
                    Some(newer) => verify_with(&newer.keys),
                    None => Err(error),
                }
            }
            verdict => verdict,
        }
    }
}

/// Could the client's keys of this moment say something else? Without a `kid` every key was tried, and none fits.
fn may_have_changed(header: &UncheckedHeader, error: VerificationError) -> bool {
    match error {
        VerificationError::UnknownKey => true,
        VerificationError::BadSignature => header.kid.is_none(),
        _ => false,
    }
}
