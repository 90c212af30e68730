//! Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.6), which the `openidconnect` crate does not know.

use chrono::TimeDelta;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::clock::Moment;

const TYP: &str = "logout+jwt";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// How far the provider's clock may be from ours.
const SKEW: TimeDelta = TimeDelta::seconds(30);

/// What the provider says is over: one session, or without a `sid` all of a person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    Session(String),
    EverythingOf(String),
}

/// Why a token is not believed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unbelieved {
    /// The provider may have changed keys since we asked.
    #[error("its key is not published")]
    UnknownKey,
    #[error("{0}")]
    Bad(String),
}

#[derive(Deserialize)]
struct Claims {
    iat: i64,
    exp: i64,
    /// §2.4 wants one; nothing here depends on it, since ending a session twice is ending it.
    #[serde(rename = "jti")]
    _jti: String,
    events: Map<String, Value>,
    sub: Option<String>,
    sid: Option<String>,
    nonce: Option<Value>,
}

/// ES256 only, as registered.
pub(super) fn believe(
    token: &str,
    keys: &JwkSet,
    issuer: &str,
    client_id: &str,
    now: Moment,
) -> Result<Ended, Unbelieved> {
    let bad = |what: &str| Unbelieved::Bad(what.to_owned());
    let unreadable = |error: jsonwebtoken::errors::Error| Unbelieved::Bad(error.to_string());
    let header = decode_header(token).map_err(unreadable)?;
    // An ID token is signed by the same keys, and has a `sid` too.
    if !header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case(TYP)) {
        return Err(bad("its type is another"));
    }
    let key = header.kid.as_deref().and_then(|kid| keys.find(kid)).ok_or(Unbelieved::UnknownKey)?;
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[client_id]);
    validation.set_required_spec_claims(&["iss", "aud", "exp"]);
    // By our own clock, below.
    validation.validate_exp = false;
    let key = DecodingKey::from_jwk(key).map_err(unreadable)?;
    let claims = decode::<Claims>(token, &key, &validation).map_err(unreadable)?.claims;
    if claims.exp <= (now - SKEW).timestamp() || claims.iat > (now + SKEW).timestamp() {
        return Err(bad("it is not of now"));
    }
    if !claims.events.get(EVENT).is_some_and(Value::is_object) {
        return Err(bad("it tells of something else"));
    }
    if claims.nonce.is_some() {
        return Err(bad("it has a nonce"));
    }
    match (claims.sid, claims.sub) {
        (Some(sid), _) => Ok(Ended::Session(sid)),
        (None, Some(sub)) => Ok(Ended::EverythingOf(sub)),
        (None, None) => Err(bad("it names nobody")),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::crypto::signing::SigningKey;
    use crate::domain::token::SigningAlgorithm;

    const NOW: Moment = DateTime::UNIX_EPOCH;

    fn key() -> SigningKey {
        let pkcs8 = SigningKey::generate(SigningAlgorithm::ES256).expect("a key");
        SigningKey::parse(SigningAlgorithm::ES256, &pkcs8).expect("a key")
    }

    fn good() -> Value {
        json!({
            "iss": "http://idp.test", "aud": "billing", "iat": 0, "exp": 120, "jti": "j",
            "sub": "s", "sid": "one", "events": {EVENT: {}},
        })
    }

    fn judge(key: &SigningKey, typ: &str, claims: &Value, now: Moment) -> Result<Ended, Unbelieved> {
        let keys: JwkSet = serde_json::from_value(json!({"keys": [key.public_jwk()]})).expect("keys");
        let token = key.sign_jwt(typ, claims).expect("a token");
        believe(&token, &keys, "http://idp.test", "billing", now)
    }

    #[test]
    fn backchannel_2_6_what_is_good_is_believed() {
        let key = key();
        assert_eq!(judge(&key, TYP, &good(), NOW), Ok(Ended::Session("one".to_owned())));
        let mut person = good();
        person.as_object_mut().expect("an object").remove("sid");
        assert_eq!(judge(&key, TYP, &person, NOW), Ok(Ended::EverythingOf("s".to_owned())));
    }

    #[test]
    fn backchannel_2_6_everything_else_is_not() {
        let key = key();
        for (name, value) in [
            ("iss", json!("http://other.test")),
            ("aud", json!("complaints")),
            ("iat", json!(31)),
            ("exp", json!(-30)),
            ("nonce", json!("n")),
            ("events", json!({})),
            ("events", json!({EVENT: true})),
            ("events", Value::Null),
            ("jti", Value::Null),
        ] {
            let mut claims = good();
            claims[name] = value;
            assert!(matches!(judge(&key, TYP, &claims, NOW), Err(Unbelieved::Bad(_))), "{claims}");
        }
        let mut nobody = good();
        nobody["sid"] = Value::Null;
        nobody["sub"] = Value::Null;
        assert!(matches!(judge(&key, TYP, &nobody, NOW), Err(Unbelieved::Bad(_))));
        assert!(matches!(judge(&key, "JWT", &good(), NOW), Err(Unbelieved::Bad(_))), "an ID token is none");
        let late = NOW + TimeDelta::minutes(3);
        assert!(matches!(judge(&key, TYP, &good(), late), Err(Unbelieved::Bad(_))));
    }

    #[test]
    fn a_key_that_is_not_published_is_told_apart() {
        let (ours, theirs) = (key(), key());
        let keys: JwkSet = serde_json::from_value(json!({"keys": [ours.public_jwk()]})).expect("keys");
        let token = theirs.sign_jwt(TYP, &good()).expect("a token");
        let judged = believe(&token, &keys, "http://idp.test", "billing", NOW);
        assert_eq!(judged, Err(Unbelieved::UnknownKey));
    }
}
