//! `id_token_hint` (OpenID Connect Core §3.1.2.1): an ID token of ours says who is meant.

use jsonwebtoken::{Validation, decode, decode_header};
use serde::Deserialize;

use crate::crypto::signing::jwt_algorithm;
use crate::domain::client::Client;
use crate::oidc::error::ProtocolError;
use crate::oidc::keys::Keys;

#[derive(Deserialize)]
struct Hint {
    sub: String,
    /// Ours always has a list.
    aud: Vec<String>,
}

/// The subject of a hint that was issued to this client, however old it is.
///
/// # Errors
/// `invalid_request` for what is not such a token.
pub(super) fn subject(
    keys: &Keys,
    issuer: &str,
    client: &Client,
    token: &str,
) -> Result<String, ProtocolError> {
    read(keys, issuer, token).filter(|hint| hint.aud.contains(&client.id)).map(|hint| hint.sub).ok_or_else(
        || ProtocolError::invalid_request("id_token_hint is no ID token that this client got here"),
    )
}

fn read(keys: &Keys, issuer: &str, token: &str) -> Option<Hint> {
    let header = decode_header(token).ok()?;
    // Access tokens and logout tokens are signed with the same keys, and are no hints.
    if header.typ.as_deref().is_some_and(|typ| !typ.eq_ignore_ascii_case("jwt")) {
        return None;
    }
    let key = keys.any_key(header.kid.as_deref()?)?;
    let mut validation = Validation::new(jwt_algorithm(key.algorithm()));
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_issuer(&[issuer]);
    Some(decode::<Hint>(token, key.decoding_key(), &validation).ok()?.claims)
}
