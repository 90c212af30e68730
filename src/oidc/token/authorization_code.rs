//! A code is redeemed (RFC 6749 §4.1.3).

use super::{TokenResponse, finish};
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
    for name in ["code", "redirect_uri"] {
        if parameters.get(name).is_none() {
            return Err(ProtocolError::invalid_request(format!("{name} is missing")).into());
        }
    }
    let resources = resource::asked(provider, client, parameters)?;
    let transaction = provider.database.begin().await?;
    let mut op = Op::new(provider, &transaction, client, origin)
        .redeeming_at(parameters.get("redirect_uri"))
        .for_resources(resources);
    let outcome = async {
        let issued = oxide::redeem_code(&mut op, client, parameters).await?;
        // Made before the commit: a code whose answer could not be made is not used up.
        TokenResponse::new(provider, &transaction, client, issued, Answering::Code).await
    }
    .await;
    let commit_on_error = op.commit_on_error;
    drop(op);
    finish(transaction, commit_on_error, outcome).await
}
