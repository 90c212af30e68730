//! What the metadata says about how a client proves itself and how long what it gets lives, as far as it can work.

use super::metadata::ClientMetadata;
use super::methods::ClientAuthMethod;
use super::validation::MetadataError;

impl ClientMetadata {
    /// # Errors
    /// What the policy breaks first.
    pub(super) fn check_policy(&self) -> Result<(), MetadataError> {
        if self.jwks.is_some() && self.jwks_uri.is_some() {
            return Err(field("jwks and jwks_uri: there may be only one of them (RFC 7591 §2)"));
        }
        if self.token_endpoint_auth_method == ClientAuthMethod::PrivateKeyJwt
            && self.jwks_uri.is_none()
            && self.jwks.as_ref().is_none_or(super::ClientKeySet::is_empty)
        {
            return Err(field(
                "jwks: token_endpoint_auth_method private_key_jwt needs the client's public keys, here or at a jwks_uri",
            ));
        }
        let lifetimes = [
            ("access_token_seconds", self.access_token_seconds),
            ("id_token_seconds", self.id_token_seconds),
            ("refresh_token_seconds", self.refresh_token_seconds),
        ];
        match lifetimes.into_iter().find(|(_, seconds)| *seconds == Some(0)) {
            Some((name, _)) => Err(field(&format!("{name}: nothing can live for 0 seconds"))),
            None => Ok(()),
        }
    }
}

fn field(text: &str) -> MetadataError {
    MetadataError::Field(text.to_owned())
}
