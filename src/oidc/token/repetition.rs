//! The identical answer once more, for a client that lost it on the way (docs/adr/0010).
//!
//! The immediate predecessor, from the same client, within [`ANSWER_KEPT_FOR`] and while its successor is unused, gets
//! what was answered before, byte for byte: no second successor ever comes to be. It lies sealed under a key that is made
//! of the presented token, so that whoever steals the database cannot open it.

use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};

use super::TokenResponse;
use crate::crypto::sealing::{SealingKey, purpose};
use crate::domain::client::Client;
use crate::domain::secret::BearerSecret;
use crate::domain::token::ANSWER_KEPT_FOR;
use crate::oidc::error::Failure;
use crate::oidc::liveness;
use crate::oidc::parameters::Parameters;
use crate::oidc::provider::Provider;
use crate::storage::grants;

/// What lies sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    asked: Asked,
    answer: String,
}

/// What, beside the token, an answer depends on: a request that asks for something else is not the same request.
#[derive(PartialEq, Serialize, Deserialize)]
struct Asked {
    scope: Option<String>,
    resources: Vec<String>,
}

impl Asked {
    fn in_request(parameters: &Parameters) -> Self {
        Self {
            scope: parameters.get("scope").map(str::to_owned),
            resources: parameters.resources().map(str::to_owned).collect(),
        }
    }
}

/// What was answered to this very request before. `None` if it was not asked before, or may not be repeated: the machine
/// that comes next tells a good token from one that was used.
pub(super) async fn answer_again(
    provider: &Provider,
    transaction: &DatabaseTransaction,
    client: &Client,
    parameters: &Parameters,
) -> Result<Option<TokenResponse>, Failure> {
    let Some(token) = parameters.get("refresh_token").map(BearerSecret::presented) else {
        return Ok(None);
    };
    let digest = token.digest();
    let Some(found) = grants::find_refresh_token(transaction, digest).await? else {
        return Ok(None);
    };
    // Whoever is using it this moment is waited for.
    let grant = grants::lock(transaction, found.grant).await?;
    let stored = grants::find_refresh_token(transaction, digest).await?;
    let Some((grant, stored)) = grant.zip(stored) else {
        return Ok(None);
    };
    let now = provider.ambient.now();
    let (Some(used_at), Some(sealed)) = (stored.used_at, &stored.sealed_answer) else {
        return Ok(None);
    };
    if grant.client_id != client.id
        || used_at + ANSWER_KEPT_FOR <= now
        || !grants::successor_is_unused(transaction, &stored).await?
        || !liveness::may_refresh(transaction, &grant, now).await?
    {
        return Ok(None);
    }
    let plain = SealingKey::of_secret(&token)
        .open(purpose::REFRESH_ANSWER, sealed)
        .map_err(|error| Failure::internal(format!("a kept answer: {error}")))?;
    let kept: Kept = serde_json::from_slice(&plain).map_err(Failure::internal)?;
    if kept.asked != Asked::in_request(parameters) {
        return Ok(None);
    }
    tracing::debug!(client = client.id, "an answer was given once more");
    Ok(Some(TokenResponse::repeated(kept.answer)))
}

/// Keeps an answer for whoever loses it. In the transaction of what it tells of.
pub(super) async fn keep(
    provider: &Provider,
    transaction: &DatabaseTransaction,
    parameters: &Parameters,
    answer: &TokenResponse,
) -> Result<(), Failure> {
    let Some(token) = parameters.get("refresh_token").map(BearerSecret::presented) else {
        return Ok(());
    };
    let kept = Kept { asked: Asked::in_request(parameters), answer: answer.as_json().to_owned() };
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(&kept).map_err(Failure::internal)?);
    let sealed =
        SealingKey::of_secret(&token).seal(purpose::REFRESH_ANSWER, &plain, provider.ambient.entropy());
    Ok(grants::keep_answer(transaction, token.digest(), sealed).await?)
}
