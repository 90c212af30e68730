//! A refresh token is redeemed, and rotated (RFC 6749 §6, RFC 9700 §4.14.2).

use super::{TokenResponse, finish};
use crate::domain::audit::Origin;
use crate::domain::client::Client;
use crate::oidc::error::{Failure, ProtocolError};
use crate::oidc::id_token::Answering;
use crate::oidc::oxide::{self, Op};
use crate::oidc::parameters::Parameters;
use crate::oidc::provider::Provider;

pub(super) async fn redeem(
    provider: &Provider,
    client: &Client,
    parameters: &Parameters,
    origin: &Origin,
) -> Result<TokenResponse, Failure> {
    if parameters.get("refresh_token").is_none() {
        return Err(ProtocolError::invalid_request("refresh_token is missing").into());
    }
    let transaction = provider.database.begin().await?;
    let mut op = Op::new(provider, &transaction, client, origin);
    let outcome = oxide::refresh(&mut op, client, parameters).await;
    let commit_on_error = op.commit_on_error;
    drop(op);
    let issued = finish(transaction, commit_on_error, outcome).await?;
    TokenResponse::new(provider, client, issued, Answering::Refresh).await
}
