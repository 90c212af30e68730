//! `id_token_hint`: an ID token of ours, however old, says who is meant (OpenID Connect Core §3.1.2.1, RP-Initiated Logout
//! §2).

use std::sync::Arc;

use jsonwebtoken::{Validation, decode, decode_header};
use serde::Deserialize;

use super::provider::Provider;
use crate::crypto::signing::{SigningKey, jwt_algorithm};

/// What a hint says.
#[derive(Debug, Deserialize)]
pub(super) struct IdTokenHint {
    #[serde(rename = "sub")]
    pub subject: String,
    /// Ours always has a list.
    #[serde(rename = "aud")]
    pub audience: Vec<String>,
    #[serde(default)]
    pub sid: Option<String>,
}

impl Provider {
    /// `None` for what is no ID token of ours.
    pub(super) fn read_hint(&self, token: &str) -> Option<IdTokenHint> {
        read(token, &self.issuer, |kid| self.keys.any_key(kid))
    }
}

fn read(
    token: &str,
    issuer: &str,
    any_key: impl FnOnce(&str) -> Option<Arc<SigningKey>>,
) -> Option<IdTokenHint> {
    let header = decode_header(token).ok()?;
    // Access tokens and logout tokens are signed with the same keys, and are no hints.
    if header.typ.as_deref().is_some_and(|typ| !typ.eq_ignore_ascii_case("jwt")) {
        return None;
    }
    let key = any_key(header.kid.as_deref()?)?;
    let mut validation = Validation::new(jwt_algorithm(key.algorithm()));
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_issuer(&[issuer]);
    Some(decode(token, key.decoding_key(), &validation).ok()?.claims)
}

/// For the fuzz targets: is it a hint, if this key is every key?
#[cfg(feature = "fuzzing")]
pub(crate) fn is_hint(token: &str, issuer: &str, key: &Arc<SigningKey>) -> bool {
    read(token, issuer, |_| Some(Arc::clone(key))).is_some()
}
