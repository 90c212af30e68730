//! What a client signed: request objects and assertions, checked with the keys that it registered.

use serde::de::DeserializeOwned;

use super::provider::Provider;
use crate::crypto::verification::{UncheckedHeader, VerificationError, verify};
use crate::domain::client::Client;

impl Provider {
    /// The claims of a token that this client signed. Issuer, audience and expiry are the caller's to check.
    ///
    /// # Errors
    /// [`VerificationError`], which says what it is about the token that will not do.
    #[allow(clippy::unused_async, reason = "the keys behind an address come next")]
    pub(super) async fn signed_by<C: DeserializeOwned>(
        &self,
        client: &Client,
        header: &UncheckedHeader,
        token: &str,
    ) -> Result<C, VerificationError> {
        let registered = client.metadata.jwks.as_ref().ok_or(VerificationError::UnknownKey)?;
        verify(token, header, registered.named(header.kid.as_deref()))
    }
}
