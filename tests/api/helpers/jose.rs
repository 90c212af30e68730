//! Tokens, verified by others: jsonwebtoken for access tokens, jose (in Node) for ID tokens. Neither looks at the
//! product's own checks.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};

/// Asks jose whether an ID token is good at `now` (Unix seconds); its reason if it is not.
pub(crate) fn verify_id_token(
    jwks: &Value,
    id_token: &str,
    issuer: &str,
    audience: &str,
    now: i64,
) -> Result<Value, String> {
    let folder = std::env::var_os("IOK_ID_TEST_TOOLS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tools"), PathBuf::from);
    let mut verifier = Command::new("node")
        .arg("verify-id-token.mjs")
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node is needed (scripts/install-test-requirements)");
    let input =
        json!({"jwks": jwks, "id_token": id_token, "issuer": issuer, "audience": audience, "now": now});
    verifier.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    let output = verifier.wait_with_output().unwrap();
    let reason = String::from_utf8(output.stderr).unwrap();
    match output.status.code() {
        Some(0) => Ok(serde_json::from_slice(&output.stdout).unwrap()),
        Some(1) => Err(reason),
        other => {
            panic!("the verifier itself failed with {other:?} (npm ci in {}): {reason}", folder.display())
        }
    }
}

/// The claims of an access token whose signature fits the published key that it names.
#[track_caller]
pub(crate) fn verify_access_token(jwks: &Value, token: &str) -> Value {
    verify_signature(jwks, token)
}

/// The claims of any JWT of the provider whose signature fits the published key that it names.
#[track_caller]
pub(crate) fn verify_signature(jwks: &Value, token: &str) -> Value {
    let keys: JwkSet = serde_json::from_value(jwks.clone()).unwrap();
    let header = decode_header(token).unwrap();
    let jwk = keys.find(header.kid.as_deref().unwrap()).expect("the key is published");
    let mut validation = Validation::new(header.alg);
    // The test's clock decides about time, and the test about the audience.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    decode::<Value>(token, &DecodingKey::from_jwk(jwk).unwrap(), &validation).unwrap().claims
}

/// A token with the given header and claims, signed by whoever holds `key`.
pub(crate) fn forge(header: &Value, claims: &Value, key: Option<&[u8]>) -> String {
    let text = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let Some(key) = key else {
        return format!("{}.{}.", text(header), text(claims));
    };
    let signed_header = Header {
        typ: header["typ"].as_str().map(str::to_owned),
        kid: header["kid"].as_str().map(str::to_owned),
        ..Header::new(Algorithm::HS256)
    };
    encode(&signed_header, claims, &EncodingKey::from_secret(key)).unwrap()
}

/// The same token with one member of its payload changed, and the old signature.
pub(crate) fn tampered(token: &str, member: &str, value: Value) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let mut claims = super::relying_party::claims(token);
    claims[member] = value;
    format!("{}.{}.{}", parts[0], BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()), parts[2])
}

/// RFC 7638 §3: the members that make the key, in order, without white space.
pub(crate) fn thumbprint(jwk: &Value) -> String {
    let member = |name: &str| format!("\"{name}\":\"{}\"", jwk[name].as_str().unwrap());
    let names: &[&str] = match jwk["kty"].as_str().unwrap() {
        "EC" => &["crv", "kty", "x", "y"],
        "RSA" => &["e", "kty", "n"],
        "OKP" => &["crv", "kty", "x"],
        other => panic!("{other}"),
    };
    let text = format!("{{{}}}", names.iter().map(|name| member(name)).collect::<Vec<_>>().join(","));
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

/// `at_hash` (OpenID Connect Core §3.1.3.6) for algorithms on SHA-256: the left half, in base64url.
pub(crate) fn left_half_hash(access_token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16])
}

/// The same for Ed25519, whose signatures hash with SHA-512.
pub(crate) fn left_half_sha512(access_token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&Sha512::digest(access_token)[..32])
}
