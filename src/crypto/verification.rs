//! Signatures of others: what a client signed, checked with the keys that it registered.

use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::signing::jwt_algorithm;
use crate::domain::token::SigningAlgorithm;

/// What the header of a compact JWS says, before anything is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncheckedHeader {
    pub algorithm: SigningAlgorithm,
    pub kid: Option<String>,
    pub typ: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerificationError {
    #[error("is not a compact JWS")]
    Unreadable,
    /// RFC 7518 §3.6: nobody signed it.
    #[error("is not signed")]
    Unsigned,
    #[error("is signed with an algorithm that is not supported")]
    UnsupportedAlgorithm,
    /// The keys may have changed since they were read.
    #[error("is signed by a key that is not registered")]
    UnknownKey,
    #[error("has a signature that does not fit")]
    BadSignature,
    #[error("does not hold the claims that it should")]
    BadClaims,
}

impl UncheckedHeader {
    /// # Errors
    /// [`VerificationError`]: it cannot be read, is unsigned, or signed with what nobody here knows.
    pub fn read(token: &str) -> Result<Self, VerificationError> {
        // jsonwebtoken does not know `none`, so it is looked for first.
        if algorithm_name(token).is_some_and(|name| name.eq_ignore_ascii_case("none")) {
            return Err(VerificationError::Unsigned);
        }
        let name = algorithm_name(token).ok_or(VerificationError::Unreadable)?;
        let algorithm = SigningAlgorithm::from_name(&name).ok_or(VerificationError::UnsupportedAlgorithm)?;
        let header = decode_header(token).map_err(|_| VerificationError::Unreadable)?;
        // What must be understood and is not (RFC 7515 §4.1.11).
        if header_has(token, "crit") {
            return Err(VerificationError::Unreadable);
        }
        Ok(Self { algorithm, kid: header.kid, typ: header.typ })
    }
}

/// The claims of a token that one of these keys signed. Expiry and audience are the caller's to check.
///
/// # Errors
/// [`VerificationError::UnknownKey`] if no key fits, [`VerificationError::BadSignature`] if those that fit did not sign.
pub fn verify<'k, C: DeserializeOwned>(
    token: &str,
    header: &UncheckedHeader,
    keys: impl Iterator<Item = &'k Map<String, Value>>,
) -> Result<C, VerificationError> {
    let algorithm = jwt_algorithm(header.algorithm);
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let mut outcome = VerificationError::UnknownKey;
    for key in keys.filter(|key| may_have_signed(key, header.algorithm)) {
        let Some(decoding) = serde_json::from_value::<Jwk>(Value::Object(key.clone()))
            .ok()
            .and_then(|jwk| DecodingKey::from_jwk(&jwk).ok())
        else {
            continue;
        };
        // An object first: what is derived would take a list for it, too (RFC 7519 §4).
        match decode::<Map<String, Value>>(token, &decoding, &validation) {
            Ok(verified) => {
                return serde_json::from_value(Value::Object(verified.claims))
                    .map_err(|_| VerificationError::BadClaims);
            }
            Err(error) if matches!(error.kind(), jsonwebtoken::errors::ErrorKind::Json(_)) => {
                return Err(VerificationError::BadClaims);
            }
            Err(_) => outcome = VerificationError::BadSignature,
        }
    }
    Err(outcome)
}

/// What a public key is known by (RFC 7638); `None` if it is none.
pub fn thumbprint(key: &Map<String, Value>) -> Option<String> {
    let jwk: Jwk = serde_json::from_value(Value::Object(key.clone())).ok()?;
    jwk.thumbprint(ThumbprintHash::SHA256).ok()
}

/// By type, use and algorithm (RFC 7517 §4).
fn may_have_signed(key: &Map<String, Value>, algorithm: SigningAlgorithm) -> bool {
    let says = |name: &str| key.get(name).and_then(Value::as_str);
    let (kind, curve) = match algorithm {
        SigningAlgorithm::ES256 => ("EC", Some("P-256")),
        SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => ("RSA", None),
        SigningAlgorithm::EdDsa => ("OKP", Some("Ed25519")),
    };
    says("kty") == Some(kind)
        && (curve.is_none() || says("crv") == curve)
        && says("use").is_none_or(|usage| usage == "sig")
        && says("alg").is_none_or(|name| name == algorithm.as_str())
}

fn header_json(token: &str) -> Option<Map<String, Value>> {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    let encoded = token.split('.').next()?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()
}

fn algorithm_name(token: &str) -> Option<String> {
    header_json(token)?.get("alg")?.as_str().map(str::to_owned)
}

fn header_has(token: &str, name: &str) -> bool {
    header_json(token).is_some_and(|header| header.contains_key(name))
}

/// For the fuzz targets.
#[cfg(feature = "fuzzing")]
pub(crate) fn unchecked_payload(token: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use serde_json::json;

    use std::sync::OnceLock;

    use super::*;
    use crate::crypto::signing::SigningKey;
    use proptest::{prop_assert, prop_assert_eq, proptest};

    fn key(algorithm: SigningAlgorithm) -> SigningKey {
        let pkcs8 = SigningKey::generate(algorithm).expect("a key");
        SigningKey::parse(algorithm, &pkcs8).expect("the same key")
    }

    fn public(key: &SigningKey) -> Map<String, Value> {
        key.public_jwk().as_object().expect("an object").clone()
    }

    #[test]
    fn every_algorithm_is_verified_by_its_own_key_alone() {
        for algorithm in SigningAlgorithm::ALL {
            let (own, other) = (key(algorithm), key(algorithm));
            let token = own.sign_jwt("JWT", &json!({"iss": "c"})).expect("signed");
            let header = UncheckedHeader::read(&token).expect("a header");
            assert_eq!(header.algorithm, algorithm);
            let claims: Value =
                verify(&token, &header, [public(&other), public(&own)].iter()).expect("verified");
            assert_eq!(claims["iss"], "c");
            assert_eq!(
                verify::<Value>(&token, &header, [public(&other)].iter()),
                Err(VerificationError::BadSignature)
            );
            assert_eq!(verify::<Value>(&token, &header, [].iter()), Err(VerificationError::UnknownKey));
        }
    }

    #[test]
    fn what_nobody_signed_is_told_apart() {
        let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let token = |header: Value| format!("{}.{}.", part(header), part(json!({})));
        for (header, wrong) in [
            (json!({"alg": "none"}), VerificationError::Unsigned),
            (json!({"alg": "NONE"}), VerificationError::Unsigned),
            (json!({"alg": "HS256"}), VerificationError::UnsupportedAlgorithm),
            (json!({"alg": "ES256", "crit": ["b64"]}), VerificationError::Unreadable),
            (json!({}), VerificationError::Unreadable),
        ] {
            assert_eq!(UncheckedHeader::read(&token(header)), Err(wrong));
        }
        assert_eq!(UncheckedHeader::read("nothing"), Err(VerificationError::Unreadable));
    }

    /// A good token, and the key that it fits.
    fn signed() -> &'static (String, Map<String, Value>) {
        static SIGNED: OnceLock<(String, Map<String, Value>)> = OnceLock::new();
        SIGNED.get_or_init(|| {
            let key = key(SigningAlgorithm::ES256);
            (key.sign_jwt("JWT", &json!({"iss": "c", "exp": 7})).expect("signed"), public(&key))
        })
    }

    proptest! {
        #[test]
        fn any_text_is_a_header_or_an_error(text in crate::arbitrary::text(), header in crate::arbitrary::json()) {
            UncheckedHeader::read(&text).ok();
            let token = format!("{}.e30.", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()));
            prop_assert!(UncheckedHeader::read(&token).is_err(), "no `alg` of ours");
        }

        #[test]
        fn rfc_7515_4_1_11_a_header_says_how_it_is_signed_and_nothing_critical(
            algorithm in "(ES256|RS256|PS256|EdDSA|HS256|none|[A-Za-z0-9]{0,6})",
            more in crate::arbitrary::json(),
            name in "(kid|typ|crit|jwk|x5c|cty|[a-z]{1,4})",
        ) {
            let mut header = json!({"alg": algorithm});
            header[&name] = more;
            let token = format!("{}.e30.", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()));
            if let Ok(read) = UncheckedHeader::read(&token) {
                prop_assert_eq!(read.algorithm.as_str(), algorithm);
                prop_assert!(name != "crit");
                let unsigned = verify::<Value>(&token, &read, [&signed().1].into_iter());
                prop_assert!(unsigned.is_err(), "nobody signed it");
            }
        }

        #[test]
        fn nearly_what_was_signed_was_not_signed(token in crate::arbitrary::nearly(signed().0.clone())) {
            let (good, key) = signed();
            if let Ok(header) = UncheckedHeader::read(&token)
                && let Ok(claims) = verify::<Value>(&token, &header, [key].into_iter())
            {
                prop_assert_eq!(&token, good);
                prop_assert_eq!(claims, json!({"iss": "c", "exp": 7}));
            }
        }
    }
}
