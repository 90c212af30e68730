//! How long what a client gets lives, as far as its metadata says so.

use super::metadata::ClientMetadata;
use super::validation::MetadataError;

impl ClientMetadata {
    /// # Errors
    /// What the policy breaks first.
    pub(super) fn check_policy(&self) -> Result<(), MetadataError> {
        let lifetimes = [
            ("access_token_seconds", self.access_token_seconds),
            ("id_token_seconds", self.id_token_seconds),
            ("refresh_token_seconds", self.refresh_token_seconds),
        ];
        match lifetimes.into_iter().find(|(_, seconds)| *seconds == Some(0)) {
            Some((name, _)) => Err(MetadataError::of(name, "nothing can live for 0 seconds")),
            None => Ok(()),
        }
    }
}
