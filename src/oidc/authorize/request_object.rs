//! Request objects by value (OpenID Connect Core §6.1, RFC 9101): parameters that the client signed. What is inside
//! counts instead of what is outside.

use chrono::TimeDelta;
use serde_json::{Map, Value};

use crate::crypto::verification::{UncheckedHeader, VerificationError};
use crate::domain::client::Client;
use crate::domain::clock::Moment;
use crate::oidc::error::{ErrorCode, Failure, ProtocolError};
use crate::oidc::parameters::Parameters;
use crate::oidc::provider::Provider;

/// How far a client's clock may be from ours.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(60);

/// RFC 9101 §10.8: the type, where the client says it. Without one, or with plain `JWT`, older clients send theirs.
const TYPES: [&str; 2] = ["oauth-authz-req+jwt", "jwt"];

/// Claims of the JWT itself: no parameters.
const CLAIMS: [&str; 7] = ["iss", "aud", "exp", "nbf", "iat", "jti", "sub"];

impl Provider {
    /// The request as the client meant it: with what its request object says, if there is one.
    ///
    /// # Errors
    /// `invalid_request_object` for one that this client did not sign for us and for now.
    pub(super) async fn open_request_object(
        &self,
        client: &Client,
        outside: &Parameters,
    ) -> Result<Parameters, Failure> {
        let Some(token) = outside.get("request") else {
            return Ok(outside.clone());
        };
        let header = UncheckedHeader::read(token).map_err(refused)?;
        check_header(client, &header)?;
        let claims: Map<String, Value> = self.signed_by(client, &header, token).await.map_err(refused)?;
        check_claims(client, &self.issuer, self.ambient.now(), &claims)?;
        let inside = parameters(&claims)?;
        check_agreement(outside, &inside)?;
        Ok(outside.superseded_by(inside))
    }
}

fn check_header(client: &Client, header: &UncheckedHeader) -> Result<(), ProtocolError> {
    let is_request = header.typ.as_deref().is_none_or(|typ| {
        TYPES.iter().any(|known| typ.trim_start_matches("application/").eq_ignore_ascii_case(known))
    });
    if !is_request {
        // What the client signed for another purpose is not a request (RFC 8725 §3.11).
        return Err(invalid("the request object has the type of something else"));
    }
    match client.metadata.request_object_signing_alg {
        Some(registered) if registered != header.algorithm => {
            Err(invalid("the request object is not signed with request_object_signing_alg"))
        }
        _ => Ok(()),
    }
}

/// Is it from this client, for us, and for now (RFC 9101 §4, RFC 7519 §4.1)?
fn check_claims(
    client: &Client,
    issuer: &str,
    now: Moment,
    claims: &Map<String, Value>,
) -> Result<(), ProtocolError> {
    if claims.get("iss").is_some_and(|iss| iss != &*client.id) {
        return Err(invalid("iss of the request object is not the client"));
    }
    // Otherwise a client's assertion, which it signs with the same key, could be sent as a request.
    if claims.get("sub").is_some_and(|sub| sub == &*client.id) {
        return Err(invalid("the request object has the client as its sub (RFC 9101 section 10.8)"));
    }
    let is_for_us = match claims.get("aud") {
        None => true,
        Some(Value::Array(several)) => several.iter().any(|aud| aud == issuer),
        Some(aud) => aud == issuer,
    };
    if !is_for_us {
        return Err(invalid("aud of the request object is not this issuer"));
    }
    if let Some(until) = seconds(claims, "exp")?
        && until <= (now - CLOCK_SKEW).timestamp()
    {
        return Err(invalid("the request object has expired"));
    }
    if let Some(from) = seconds(claims, "nbf")?
        && from > (now + CLOCK_SKEW).timestamp()
    {
        return Err(invalid("the request object is not valid yet"));
    }
    Ok(())
}

/// `NumericDate` (RFC 7519 §2): seconds, which may have a fraction, and nobody's matters.
fn seconds(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, ProtocolError> {
    let whole = |value: &Value| value.as_number()?.to_string().split('.').next()?.parse().ok();
    let read = |value| {
        whole(value)
            .ok_or_else(|| invalid(format!("{name} of the request object is not a number of seconds")))
    };
    claims.get(name).map(read).transpose()
}

/// The parameters inside, as they would be written outside.
fn parameters(claims: &Map<String, Value>) -> Result<Vec<(String, String)>, ProtocolError> {
    let mut inside = Vec::new();
    for (name, value) in claims.iter().filter(|(name, _)| !CLAIMS.contains(&name.as_str())) {
        if name == "request" || name == "request_uri" {
            return Err(invalid("a request object may not hold another one (RFC 9101 section 4)"));
        }
        let mut add = |value: String| inside.push((name.clone(), value));
        match value {
            Value::Null => {}
            Value::String(text) => add(text.clone()),
            // `max_age` is a number there (OpenID Connect Core §6.1), `claims` an object.
            Value::Number(_) | Value::Bool(_) | Value::Object(_) => add(value.to_string()),
            // A parameter that may be repeated (RFC 8707 §2); any other one is found to be repeated.
            Value::Array(several) => {
                for one in several {
                    add(one
                        .as_str()
                        .ok_or_else(|| invalid(format!("{name} is a list of other things than text")))?
                        .to_owned());
                }
            }
        }
    }
    Ok(inside)
}

/// OpenID Connect Core §6.1: `client_id` and `response_type` are the same inside and outside.
fn check_agreement(outside: &Parameters, inside: &[(String, String)]) -> Result<(), ProtocolError> {
    for name in ["client_id", "response_type"] {
        let differs = |(own, value): &&(String, String)| {
            own == name && outside.get(name).is_some_and(|outside| outside != value)
        };
        if inside.iter().any(|pair| differs(&pair)) {
            return Err(invalid(format!("{name} differs inside and outside of the request object")));
        }
    }
    Ok(())
}

fn refused(error: VerificationError) -> Failure {
    invalid(format!("the request object {error}")).into()
}

fn invalid(description: impl Into<std::borrow::Cow<'static, str>>) -> ProtocolError {
    ProtocolError::new(ErrorCode::InvalidRequestObject, description)
}

/// For the fuzz targets: everything that is read of a request object, as if its signature had been good.
#[cfg(feature = "fuzzing")]
pub(crate) fn read_all(client: &Client, issuer: &str, now: Moment, token: &str) -> Option<()> {
    let header = UncheckedHeader::read(token).ok()?;
    check_header(client, &header).ok()?;
    let payload = crate::crypto::verification::unchecked_payload(token)?;
    let claims: Map<String, Value> = serde_json::from_slice(&payload).ok()?;
    check_claims(client, issuer, now, &claims).ok()?;
    let inside = parameters(&claims).ok()?;
    check_agreement(&Parameters::default(), &inside).ok()?;
    Parameters::default().superseded_by(inside).fault();
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_map;
    use proptest::{prop_assert, prop_assert_eq, proptest};
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://id.example";

    fn client() -> Client {
        let metadata = serde_json::from_value(json!({})).expect("metadata");
        Client { id: "c".into(), secret: None, metadata, self_registration: None }
    }

    fn now() -> Moment {
        Moment::from_timestamp(1_900_000_000, 0).expect("a moment")
    }

    proptest! {
        #[test]
        fn whatever_a_client_signs_is_read_or_refused_as_a_request_object(
            claims in btree_map(
                "(iss|aud|exp|nbf|sub|scope|state|claims|max_age|request|client_id|response_type|[a-z]{1,4})",
                crate::arbitrary::json(),
                0..8,
            ),
        ) {
            let claims: Map<String, Value> = claims.into_iter().collect();
            if let Err(error) = check_claims(&client(), ISSUER, now(), &claims) {
                prop_assert_eq!(error.code, ErrorCode::InvalidRequestObject);
            }
            match parameters(&claims) {
                Err(error) => prop_assert_eq!(error.code, ErrorCode::InvalidRequestObject),
                Ok(inside) => {
                    prop_assert!(inside.iter().all(|(name, _)| !CLAIMS.contains(&name.as_str())));
                    for (name, value) in claims.iter().filter(|(name, _)| !CLAIMS.contains(&name.as_str())) {
                        if let Value::String(text) = value {
                            prop_assert!(inside.contains(&(name.clone(), text.clone())));
                        }
                    }
                }
            }
        }

        #[test]
        fn core_6_1_what_is_outside_never_counts_where_something_is_inside(
            outside in btree_map("(scope|state|nonce|max_age|prompt)", "[a-z]{1,6}", 0..5),
            inside in btree_map("(scope|state|nonce|max_age|prompt)", "[a-z]{1,6}", 0..5),
        ) {
            let claims: Map<String, Value> =
                inside.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
            let sent: Parameters = outside.clone().into_iter().collect();
            let merged = sent.superseded_by(parameters(&claims).expect("texts"));
            for name in ["scope", "state", "nonce", "max_age", "prompt"] {
                let counts = inside.get(name).or(outside.get(name)).map(String::as_str);
                prop_assert_eq!(merged.single(name), counts);
            }
        }

        #[test]
        fn rfc_9101_4_it_is_good_only_between_its_times(nbf in -300..300i64, exp in -300..300i64) {
            let claims = json!({"nbf": now().timestamp() + nbf, "exp": now().timestamp() + exp});
            let is_good = check_claims(&client(), ISSUER, now(), claims.as_object().expect("an object")).is_ok();
            prop_assert_eq!(is_good, nbf <= 60 && exp > -60);
        }
    }
}
