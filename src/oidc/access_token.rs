//! Access tokens: JWTs with the profile of RFC 9068.

use std::sync::Arc;

use jsonwebtoken::{Validation, decode, decode_header};
use serde::{Deserialize, Serialize};

use super::error::Failure;
use super::keys::KeyRingError;
use super::provider::Provider;
use crate::crypto::signing::{SigningKey, jwt_algorithm};
use crate::domain::client::Client;
use crate::domain::clock::Moment;
use crate::domain::ids::{GrantId, TypedId};
use crate::domain::scope::ScopeSet;
use crate::domain::token::TokenGrant;

/// RFC 9068 §2.1.
const TYP: &str = "at+jwt";

/// Whom a token is for.
#[derive(Debug)]
pub(super) struct AccessTokenFor<'a> {
    pub subject: &'a str,
    pub scope: &'a ScopeSet,
    /// The resources it is for (RFC 8707); never empty.
    pub audience: Vec<String>,
    /// `None` where a client acts for itself.
    pub grant: Option<&'a TokenGrant>,
}

/// A string where it is one, a list where there are several (RFC 7519 §4.1.3).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let all = match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(several) => several,
        };
        all.iter().map(String::as_str)
    }
}

impl From<Vec<String>> for Audience {
    fn from(mut audience: Vec<String>) -> Self {
        match (audience.len(), audience.pop()) {
            (1, Some(one)) => Self::One(one),
            (_, last) => {
                audience.extend(last);
                Self::Several(audience)
            }
        }
    }
}

/// RFC 9068 §2.2, and `grant_id`: what userinfo asks the database about.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    client_id: String,
    iat: i64,
    exp: i64,
    jti: String,
    #[serde(default, skip_serializing_if = "ScopeSet::is_empty")]
    scope: ScopeSet,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grant_id: Option<uuid::Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    acr: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amr: Option<Vec<String>>,
}

/// Makes a token. Nothing is stored.
pub(super) fn mint(
    provider: &Provider,
    client: &Client,
    token: AccessTokenFor<'_>,
) -> Result<String, Failure> {
    let now = provider.ambient.now();
    let claims = Claims {
        iss: provider.issuer.clone(),
        sub: token.subject.to_owned(),
        aud: token.audience.into(),
        client_id: client.id.clone(),
        iat: now.timestamp(),
        exp: (now + provider.lifetimes.of(client).access_token).timestamp(),
        jti: provider.ambient.new_secret().expose().to_owned(),
        scope: token.scope.clone(),
        grant_id: token.grant.map(|grant| grant.id.uuid()),
        auth_time: token.grant.map(|grant| grant.auth_time.timestamp()),
        acr: token.grant.map(|grant| grant.acr.urn().to_owned()),
        amr: token.grant.map(|grant| grant.amr.clone()),
    };
    let key = provider
        .keys
        .signing_key(client.metadata.access_token_signed_response_alg, now)
        .map_err(|error: KeyRingError| Failure::internal(error))?;
    Ok(key.sign_jwt(TYP, &claims)?)
}

/// A token of ours that was presented, and is not expired.
#[derive(Debug)]
pub(super) struct PresentedToken {
    pub subject: String,
    pub scope: ScopeSet,
    pub audience: Audience,
    pub client_id: String,
    /// Unix seconds.
    pub issued_at: i64,
    /// Unix seconds.
    pub expires_at: i64,
    pub jti: String,
    /// Unix seconds; of a person's token only, like `acr`.
    pub auth_time: Option<i64>,
    pub acr: Option<String>,
    pub grant: Option<GrantId>,
}

/// Checks type, signature, issuer and expiry (RFC 9068 §4). `None` for anything that is not a live token of ours.
///
/// The audience may be a client's own resource: userinfo belongs to the issuer itself and asks the grant's row.
pub(super) fn verify(provider: &Provider, token: &str) -> Option<PresentedToken> {
    let now = provider.ambient.now();
    read(token, &provider.issuer, now, |kid| provider.keys.verification_key(kid, now))
}

fn read(
    token: &str,
    issuer: &str,
    now: Moment,
    key_named: impl FnOnce(&str) -> Option<Arc<SigningKey>>,
) -> Option<PresentedToken> {
    let header = decode_header(token).ok()?;
    if !header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case(TYP)) {
        return None;
    }
    let key = key_named(header.kid.as_deref()?)?;
    let mut validation = Validation::new(jwt_algorithm(key.algorithm()));
    // Against the injected clock, below; jsonwebtoken asks the system's.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_issuer(&[issuer]);
    let claims = decode::<Claims>(token, key.decoding_key(), &validation).ok()?.claims;
    if claims.exp <= now.timestamp() {
        return None;
    }
    Some(PresentedToken {
        subject: claims.sub,
        scope: claims.scope,
        audience: claims.aud,
        client_id: claims.client_id,
        issued_at: claims.iat,
        expires_at: claims.exp,
        jti: claims.jti,
        auth_time: claims.auth_time,
        acr: claims.acr,
        grant: claims.grant_id.map(GrantId::from),
    })
}

/// For the fuzz targets: is it an access token, if this key is every key?
#[cfg(feature = "fuzzing")]
pub(crate) fn is_ours(token: &str, issuer: &str, now: Moment, key: &Arc<SigningKey>) -> bool {
    read(token, issuer, now, |_| Some(Arc::clone(key))).is_some()
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use proptest::prelude::{Just, Strategy, any, prop_oneof};
    use proptest::{prop_assert, prop_assert_eq, proptest};
    use serde_json::{Value, json};

    use super::*;
    use crate::arbitrary::{nearly, text};
    use crate::domain::token::SigningAlgorithm;

    const ISSUER: &str = "https://id.example";
    const NOW: i64 = 1_800_000_000;

    fn key() -> &'static Arc<SigningKey> {
        static KEY: OnceLock<Arc<SigningKey>> = OnceLock::new();
        KEY.get_or_init(|| {
            let pkcs8 = SigningKey::generate(SigningAlgorithm::ES256).expect("a key");
            Arc::new(SigningKey::parse(SigningAlgorithm::ES256, &pkcs8).expect("the same key"))
        })
    }

    fn read_here(token: &str) -> Option<PresentedToken> {
        let now = Moment::from_timestamp(NOW, 0).expect("a time");
        read(token, ISSUER, now, |kid| (kid == key().kid()).then(|| Arc::clone(key())))
    }

    fn claims() -> Value {
        json!({
            "iss": ISSUER, "sub": "s", "aud": ISSUER, "client_id": "c",
            "iat": NOW - 1, "exp": NOW + 1, "jti": "j", "scope": "openid",
        })
    }

    fn good() -> &'static String {
        static GOOD: OnceLock<String> = OnceLock::new();
        GOOD.get_or_init(|| key().sign_jwt(TYP, &claims()).expect("signed"))
    }

    fn replaced(part: usize, by: &str) -> String {
        let mut parts: Vec<&str> = good().split('.').collect();
        parts[part] = by;
        parts.join(".")
    }

    proptest! {
        #[test]
        fn rfc_9068_4_a_token_is_good_of_its_type_from_its_issuer_and_until_it_expires(
            typ in prop_oneof![Just("at+jwt"), Just("AT+JWT"), Just("JWT"), Just("logout+jwt"), Just("")],
            issuer in prop_oneof![2 => Just(ISSUER.to_owned()), 1 => nearly(ISSUER.to_owned())],
            lives in -3..4_i64,
        ) {
            let mut claims = claims();
            claims["iss"] = issuer.clone().into();
            claims["exp"] = (NOW + lives).into();
            let token = key().sign_jwt(typ, &claims).expect("signed");
            let is_good = typ.eq_ignore_ascii_case(TYP) && issuer == ISSUER && lives > 0;
            let read = read_here(&token);
            prop_assert_eq!(read.is_some(), is_good);
            prop_assert!(read.is_none_or(|read| read.expires_at > NOW && read.subject == "s"));
        }

        #[test]
        fn nearly_a_token_of_ours_is_none(token in nearly(good().clone())) {
            prop_assert!(read_here(&token).is_none() || token == *good());
        }

        /// RFC 8725 §3.1: whatever the header claims, the key decides how it is checked, and which key that is decide we.
        #[test]
        fn no_header_makes_another_signature_good(
            algorithm in "(none|None|HS256|HS512|RS256|PS256|EdDSA|ES256|ES384)",
            member in "(jwk|jku|x5c|x5u|crit|b64|kid|typ|[a-z]{1,4})",
            value in prop_oneof![text().prop_map(Value::from), any::<bool>().prop_map(Value::from), Just(key().public_jwk().clone())],
        ) {
            let mut header = json!({"typ": TYP, "alg": algorithm, "kid": key().kid()});
            header[&member] = value;
            let header = BASE64_URL_SAFE_NO_PAD.encode(header.to_string());
            let token = replaced(0, &header);
            let unsigned = token.rsplit_once('.').map(|(signed, _)| format!("{signed}.")).unwrap_or_default();
            for forged in [token, unsigned] {
                prop_assert!(read_here(&forged).is_none(), "{forged}");
            }
        }

        #[test]
        fn any_text_is_no_access_token(text in text(), payload in crate::arbitrary::json()) {
            prop_assert!(read_here(&text).is_none());
            prop_assert!(read_here(&replaced(1, &BASE64_URL_SAFE_NO_PAD.encode(payload.to_string()))).is_none());
        }
    }
}
