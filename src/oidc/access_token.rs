//! Access tokens: JWTs with the profile of RFC 9068.

use jsonwebtoken::{Validation, decode, decode_header};
use serde::{Deserialize, Serialize};

use super::error::Failure;
use super::keys::KeyRingError;
use super::provider::Provider;
use crate::crypto::signing::jwt_algorithm;
use crate::domain::client::Client;
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
    let header = decode_header(token).ok()?;
    if !header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case(TYP)) {
        return None;
    }
    let key = provider.keys.verification_key(header.kid.as_deref()?, now)?;
    let mut validation = Validation::new(jwt_algorithm(key.algorithm()));
    // Against the injected clock, below; jsonwebtoken asks the system's.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_issuer(&[&provider.issuer]);
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
