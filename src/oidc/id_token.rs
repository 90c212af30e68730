//! ID tokens (OpenID Connect Core §2), made by the openidconnect crate. Nothing in them that was not asked for: who,
//! when, how, and for which session; names and addresses are userinfo's, unless `claims` asks for them here.

use openidconnect::core::{CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm};
use openidconnect::{
    AccessToken, AdditionalClaims, Audience, AuthenticationContextClass, AuthenticationMethodReference,
    IdToken, IdTokenClaims, IssuerUrl, Nonce, StandardClaims, SubjectIdentifier,
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::claims;
use super::error::Failure;
use super::provider::Provider;
use crate::crypto::signing::jws_algorithm;
use crate::domain::client::Client;
use crate::domain::token::TokenGrant;
use crate::storage::accounts;

/// What stands in it beside the claims of §2.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct FurtherClaims {
    /// What the client knows the session by (OpenID Connect Back-Channel Logout §2.1).
    sid: String,
    /// What was asked for by its name (§5.5).
    #[serde(flatten)]
    asked: Map<String, Value>,
}

impl AdditionalClaims for FurtherClaims {}

type SessionIdToken =
    IdToken<FurtherClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// Which answer the token goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answering {
    Code,
    /// OpenID Connect Core §12.2: same `auth_time`, no nonce.
    Refresh,
}

/// The answer that the token stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'a> {
    pub access_token: &'a str,
    pub answering: Answering,
}

pub(super) async fn mint(
    provider: &Provider,
    connection: &impl ConnectionTrait,
    client: &Client,
    grant: &TokenGrant,
    subject: &str,
    answer: Answer<'_>,
) -> Result<String, Failure> {
    let now = provider.ambient.now();
    let algorithm = client.metadata.id_token_signed_response_alg;
    let key = provider.keys.signing_key(algorithm, now).map_err(Failure::internal)?;
    let nonce = match answer.answering {
        Answering::Code => grant.nonce.clone().map(Nonce::new),
        Answering::Refresh => None,
    };
    let claims = IdTokenClaims::new(
        IssuerUrl::new(provider.issuer.clone()).map_err(Failure::internal)?,
        vec![Audience::new(client.id.clone())],
        now + provider.lifetimes.of(client).id_token,
        now,
        StandardClaims::new(SubjectIdentifier::new(subject.to_owned())),
        FurtherClaims { sid: grant.sid.to_string(), asked: asked_claims(provider, connection, grant).await? },
    )
    .set_nonce(nonce)
    .set_auth_time(Some(grant.auth_time))
    .set_auth_context_ref(Some(AuthenticationContextClass::new(grant.acr.urn().to_owned())))
    .set_auth_method_refs(Some(grant.amr.iter().cloned().map(AuthenticationMethodReference::new).collect()));
    let access_token = AccessToken::new(answer.access_token.to_owned());
    let token = SessionIdToken::new(claims, &*key, jws_algorithm(algorithm), Some(&access_token), None)
        .map_err(Failure::internal)?;
    Ok(token.to_string())
}

async fn asked_claims(
    provider: &Provider,
    connection: &impl ConnectionTrait,
    grant: &TokenGrant,
) -> Result<Map<String, Value>, Failure> {
    // Most clients ask for nothing here, and cost no question to the database.
    if grant.claims.id_token.is_empty() {
        return Ok(Map::new());
    }
    let Some(account) = accounts::find(connection, grant.account).await? else {
        return Ok(Map::new());
    };
    let today = provider.calendar.today(provider.ambient.now());
    claims::for_id_token(connection, &account, grant, today).await
}
