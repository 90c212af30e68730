//! A client acts for itself (RFC 6749 §4.4). Nothing is written.

use super::{TokenResponse, finish};
use crate::domain::audit::Origin;
use crate::domain::client::Client;
use crate::oidc::error::Failure;
use crate::oidc::id_token::Answering;
use crate::oidc::oxide::{self, Op};
use crate::oidc::parameters::Parameters;
use crate::oidc::provider::Provider;
use crate::oidc::resource;

pub(super) async fn issue(
    provider: &Provider,
    client: &Client,
    parameters: &Parameters,
    origin: &Origin,
) -> Result<TokenResponse, Failure> {
    let resources = resource::asked(provider, client, parameters)?;
    // A reader's transaction: it would be a waste to make the writer wait for a token that leaves no trace.
    let transaction = provider.database.begin_read().await?;
    let mut op = Op::new(provider, &transaction, client, origin).for_resources(resources);
    let outcome = async {
        let issued = oxide::client_credentials(&mut op, client, parameters).await?;
        TokenResponse::new(provider, &transaction, client, issued, Answering::Code).await
    }
    .await;
    drop(op);
    finish(transaction, false, outcome).await
}
