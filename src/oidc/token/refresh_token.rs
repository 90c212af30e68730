//! A refresh token is redeemed, and rotated (RFC 6749 §6, RFC 9700 §4.14.2). An answer that was lost on the way is given
//! once more, as it was ([`super::repetition`]).

use super::{TokenResponse, finish, repetition};
use crate::domain::audit::Origin;
use crate::domain::client::Client;
use crate::oidc::error::{Failure, ProtocolError};
use crate::oidc::id_token::Answering;
use crate::oidc::oxide::{self, Op};
use crate::oidc::parameters::Parameters;
use crate::oidc::provider::Provider;
use crate::oidc::resource;

pub(super) async fn redeem(
    provider: &Provider,
    client: &Client,
    parameters: &Parameters,
    origin: &Origin,
) -> Result<TokenResponse, Failure> {
    if parameters.get("refresh_token").is_none() {
        return Err(ProtocolError::invalid_request("refresh_token is missing").into());
    }
    let resources = resource::asked(provider, client, parameters)?;
    let transaction = provider.database.begin().await?;
    let mut op = Op::new(provider, &transaction, client, origin).for_resources(resources);
    let outcome = async {
        if let Some(answer) = repetition::answer_again(provider, &transaction, client, parameters).await? {
            return Ok(answer);
        }
        let issued = oxide::refresh(&mut op, client, parameters).await?;
        // The whole answer is made before the commit: what is kept is what was answered.
        let answer = TokenResponse::new(provider, &transaction, client, issued, Answering::Refresh).await?;
        repetition::keep(provider, &transaction, parameters, &answer).await?;
        Ok(answer)
    }
    .await;
    let commit_on_error = op.commit_on_error;
    drop(op);
    finish(transaction, commit_on_error, outcome).await
}
