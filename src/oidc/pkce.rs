//! Proof Key for Code Exchange (RFC 7636), S256 only.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::error::ProtocolError;
use super::parameters::Parameters;
use crate::domain::client::Client;

pub const METHOD: &str = "S256";

/// The challenge of an authorization request (RFC 7636 §4.3).
///
/// # Errors
/// `invalid_request` if it is missing where the client needs one, malformed, or not S256 (RFC 9700 §2.1.1).
pub fn challenge(client: &Client, parameters: &Parameters) -> Result<Option<String>, ProtocolError> {
    let Some(challenge) = parameters.get("code_challenge") else {
        if parameters.get("code_challenge_method").is_some() {
            return Err(ProtocolError::invalid_request("code_challenge_method without code_challenge"));
        }
        if client.needs_pkce() {
            return Err(ProtocolError::invalid_request(
                "code_challenge is required (RFC 7636 section 4.4.1)",
            ));
        }
        return Ok(None);
    };
    // A missing method would mean `plain`, which protects from nothing.
    if parameters.get("code_challenge_method") != Some(METHOD) {
        return Err(ProtocolError::invalid_request("code_challenge_method must be S256"));
    }
    let is_digest = BASE64_URL_SAFE_NO_PAD.decode(challenge).is_ok_and(|bytes| bytes.len() == 32);
    if !is_digest {
        return Err(ProtocolError::invalid_request("code_challenge is not a SHA-256 digest in base64url"));
    }
    Ok(Some(challenge.to_owned()))
}

/// Compares the verifier with the challenge of the code (RFC 7636 §4.6).
///
/// # Errors
/// `invalid_grant` if they do not belong together, `invalid_request` for a verifier that cannot be one. A verifier
/// for a code without challenge is refused too (RFC 9700 §2.1.1, downgrade).
pub fn verify(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), ProtocolError> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(ProtocolError::invalid_grant("code_verifier is missing")),
        (None, Some(_)) => {
            Err(ProtocolError::invalid_grant("the code was asked for without a code_challenge"))
        }
        (Some(challenge), Some(verifier)) => {
            if !is_verifier(verifier) {
                return Err(ProtocolError::invalid_grant(
                    "code_verifier must be 43 to 128 unreserved characters (RFC 7636 section 4.1)",
                ));
            }
            let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
            if digest.as_bytes().ct_eq(challenge.as_bytes()).into() {
                Ok(())
            } else {
                Err(ProtocolError::invalid_grant("code_verifier does not match the code_challenge"))
            }
        }
    }
}

fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::error::ErrorCode;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn rfc_7636_appendix_b() {
        assert_eq!(verify(Some(CHALLENGE), Some(VERIFIER)), Ok(()));
    }

    #[test]
    fn rfc_7636_4_6_everything_else_is_an_invalid_grant() {
        let other = "x".repeat(43);
        for (challenge, verifier) in [
            (Some(CHALLENGE), None),
            (Some(CHALLENGE), Some(&*other)),
            (None, Some(VERIFIER)),
            (Some(CHALLENGE), Some("short")),
        ] {
            assert_eq!(verify(challenge, verifier).map_err(|error| error.code), Err(ErrorCode::InvalidGrant));
        }
    }
}
