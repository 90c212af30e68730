//! ID tokens (OpenID Connect Core §2), made by the openidconnect crate. Nothing in them that was not asked for: who,
//! when, how, and for which session; names and addresses are userinfo's.

use openidconnect::core::{CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm};
use openidconnect::{
    AccessToken, AdditionalClaims, Audience, AuthenticationContextClass, AuthenticationMethodReference,
    IdToken, IdTokenClaims, IssuerUrl, Nonce, StandardClaims, SubjectIdentifier,
};
use serde::{Deserialize, Serialize};

use super::error::Failure;
use super::provider::Provider;
use crate::crypto::signing::jws_algorithm;
use crate::domain::client::Client;
use crate::domain::token::TokenGrant;

/// What the client knows the session by (OpenID Connect Back-Channel Logout §2.1).
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SessionClaim {
    sid: String,
}

impl AdditionalClaims for SessionClaim {}

type SessionIdToken =
    IdToken<SessionClaim, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// Which answer the token goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answering {
    Code,
    /// OpenID Connect Core §12.2: same `auth_time`, no nonce.
    Refresh,
}

pub(super) fn mint(
    provider: &Provider,
    client: &Client,
    grant: &TokenGrant,
    subject: &str,
    access_token: &str,
    answering: Answering,
) -> Result<String, Failure> {
    let now = provider.ambient.now();
    let algorithm = client.metadata.id_token_signed_response_alg;
    let key = provider.keys.signing_key(algorithm, now).map_err(Failure::internal)?;
    let nonce = match answering {
        Answering::Code => grant.nonce.clone().map(Nonce::new),
        Answering::Refresh => None,
    };
    let claims = IdTokenClaims::new(
        IssuerUrl::new(provider.issuer.clone()).map_err(Failure::internal)?,
        vec![Audience::new(client.id.clone())],
        now + provider.lifetimes.id_token,
        now,
        StandardClaims::new(SubjectIdentifier::new(subject.to_owned())),
        SessionClaim { sid: grant.sid.to_string() },
    )
    .set_nonce(nonce)
    .set_auth_time(Some(grant.auth_time))
    .set_auth_context_ref(Some(AuthenticationContextClass::new(grant.acr.urn().to_owned())))
    .set_auth_method_refs(Some(grant.amr.iter().cloned().map(AuthenticationMethodReference::new).collect()));
    let access_token = AccessToken::new(access_token.to_owned());
    let token = SessionIdToken::new(claims, &*key, jws_algorithm(algorithm), Some(&access_token), None)
        .map_err(Failure::internal)?;
    Ok(token.to_string())
}
