//! `private_key_jwt`: a client signs that it is the client (RFC 7523 §2.2 and §3, OpenID Connect Core §9).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde::{Deserialize, Deserializer};

use crate::crypto::verification::{UncheckedHeader, VerificationError};
use crate::domain::client::{AssertionAudience, Client};
use crate::domain::clock::Moment;
use crate::domain::secret::{BearerSecret, SecretDigest};
use crate::oidc::error::{ErrorCode, Failure, ProtocolError, not_authenticated};
use crate::oidc::provider::{Provider, paths};
use crate::storage::client_assertions;

/// How far clocks may be apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);

/// Libraries choose from one minute to an hour; what lives longer would have to be remembered longer.
const LONGEST_LIFE: TimeDelta = TimeDelta::hours(1);

/// What the header may call it: a request object that the same key signed is no proof of anything here (RFC 8725 §3.11).
const TYPES: [&str; 2] = ["JWT", "client-authentication+jwt"];

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    #[serde(default, deserialize_with = "numeric_date")]
    exp: Option<i64>,
    #[serde(default, deserialize_with = "numeric_date")]
    iat: Option<i64>,
    #[serde(default, deserialize_with = "numeric_date")]
    nbf: Option<i64>,
    jti: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(BTreeSet<String>),
}

impl Provider {
    /// The steps, in order; each names what it enforces. The assertion is used up by the last one, whatever comes of the
    /// request then.
    pub(super) async fn check_assertion(
        &self,
        client: &Client,
        token: &str,
        endpoint: &str,
    ) -> Result<(), Failure> {
        let header = UncheckedHeader::read(token).map_err(unverified)?;
        check_header(client, &header)?;
        let claims: Claims = self.signed_by(client, &header, token).await.map_err(unverified)?;
        check_parties(client, &claims)?;
        self.check_audience(client, &claims, endpoint)?;
        let forgotten_at = check_times(&claims, self.ambient.now())?;
        let digest = digest_of(client, &claims)?;
        self.use_up(digest, forgotten_at).await
    }

    /// RFC 7523 §3, 3: it was made for us, by the client's own rule.
    fn check_audience(&self, client: &Client, claims: &Claims, endpoint: &str) -> Result<(), ProtocolError> {
        let names = |address: &str| match &claims.aud {
            Audience::One(one) => one == address,
            Audience::Many(many) => many.contains(address),
        };
        let is_for_us = match client.metadata.assertion_audience {
            AssertionAudience::Issuer => {
                names(&self.issuer)
                    && match &claims.aud {
                        Audience::One(_) => true,
                        Audience::Many(many) => many.len() == 1,
                    }
            }
            AssertionAudience::IssuerOrEndpoint => {
                names(&self.issuer) || names(&self.address(paths::TOKEN)) || names(&self.address(endpoint))
            }
        };
        if is_for_us { Ok(()) } else { Err(not_authenticated("the assertion is for another audience")) }
    }

    /// RFC 7523 §3, 7, as OpenID Connect Core §9 demands it: once, on whichever replica.
    async fn use_up(&self, digest: SecretDigest, forgotten_at: Moment) -> Result<(), Failure> {
        let transaction = self.database.begin().await?;
        let first = client_assertions::use_up(&transaction, digest, forgotten_at).await?;
        transaction.commit().await?;
        if first { Ok(()) } else { Err(not_authenticated("the assertion was used before").into()) }
    }
}

fn check_header(client: &Client, header: &UncheckedHeader) -> Result<(), ProtocolError> {
    if header.typ.as_deref().is_some_and(|typ| !TYPES.iter().any(|known| typ.eq_ignore_ascii_case(known))) {
        return Err(not_authenticated("the assertion is of another type"));
    }
    match client.metadata.token_endpoint_auth_signing_alg {
        Some(registered) if registered != header.algorithm => {
            Err(not_authenticated("the assertion is not signed with the token_endpoint_auth_signing_alg"))
        }
        _ => Ok(()),
    }
}

/// RFC 7523 §3, 1 and 2.
fn check_parties(client: &Client, claims: &Claims) -> Result<(), ProtocolError> {
    if claims.iss == client.id && claims.sub == client.id {
        Ok(())
    } else {
        Err(not_authenticated("iss and sub of the assertion are not the client_id"))
    }
}

/// RFC 7523 §3, 4 to 6. Returns when the assertion need not be remembered any more.
fn check_times(claims: &Claims, now: Moment) -> Result<Moment, ProtocolError> {
    let read = |seconds: i64| {
        Moment::from_timestamp(seconds, 0).ok_or_else(|| not_authenticated("the assertion has no sane times"))
    };
    let exp = claims.exp.ok_or_else(|| not_authenticated("the assertion has no exp"))?;
    let forgotten_at = read(exp)?.checked_add_signed(LEEWAY);
    let forgotten_at = forgotten_at.ok_or_else(|| not_authenticated("the assertion has no sane times"))?;
    if forgotten_at <= now {
        return Err(not_authenticated("the assertion has expired"));
    }
    if forgotten_at > now + LONGEST_LIFE + LEEWAY + LEEWAY {
        return Err(not_authenticated("the assertion lives for more than an hour"));
    }
    for begin in [claims.iat, claims.nbf].into_iter().flatten() {
        if read(begin)? > now + LEEWAY {
            return Err(not_authenticated("the assertion is from the future"));
        }
    }
    if let Some(iat) = claims.iat
        && read(iat)? < now - LONGEST_LIFE - LEEWAY
    {
        return Err(not_authenticated("the assertion is too old"));
    }
    Ok(forgotten_at)
}

/// Two clients may choose the same `jti`. An id holds no NUL, so no two pairs make one text.
fn digest_of(client: &Client, claims: &Claims) -> Result<SecretDigest, ProtocolError> {
    let jti = claims.jti.as_deref().filter(|jti| !jti.is_empty());
    let jti = jti.ok_or_else(|| not_authenticated("the assertion has no jti"))?;
    Ok(BearerSecret::presented(format!("{}\0{jti}", client.id)).digest())
}

/// RFC 7519 §2 allows fractions of a second.
fn numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let text = number.to_string();
    let whole = text.split('.').next().unwrap_or_default();
    whole.parse().map(Some).map_err(|_| serde::de::Error::custom("is no time"))
}

fn unverified(error: VerificationError) -> ProtocolError {
    ProtocolError::new(
        ErrorCode::InvalidClient,
        format!("client authentication failed: client_assertion {error}"),
    )
}
