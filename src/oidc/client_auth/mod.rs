//! Who is the client? (RFC 6749 §2.3, OpenID Connect Core §9)
//!
//! What is presented is read in [`presented`], without asking anybody; then the client's registration says by which
//! method it proves itself, and nothing but that method counts.

mod assertion;
mod presented;

use self::presented::{BasicPair, Presented, Proof};
use super::error::{Failure, ProtocolError, not_authenticated};
use super::parameters::Parameters;
use super::provider::Provider;
use crate::domain::client::Client;
use crate::storage::clients;

impl Provider {
    /// Authenticates the client of a request by the one method it is registered with. `endpoint` is the path of the
    /// endpoint that was called ([`super::provider::paths`]): an assertion may be addressed to it. `authorization` is the
    /// header of that name.
    ///
    /// # Errors
    /// `invalid_client` if it is unknown or does not prove itself; `invalid_request` if it tries in two ways at once
    /// (RFC 6749 §2.3), or says it is two clients.
    pub(super) async fn authenticate_client(
        &self,
        endpoint: &str,
        authorization: Option<&str>,
        parameters: &Parameters,
    ) -> Result<Client, Failure> {
        let presented = Presented::read(authorization, parameters)?;
        let (client, proof) = self.claimed(presented, parameters).await?;
        let judged = self.judge(&client, &proof, endpoint).await;
        if let Err(Failure::Protocol(error)) = &judged {
            // The operator's part of the answer: which client, by what, and why not.
            tracing::info!(
                client = client.id,
                method = proof.method().as_str(),
                reason = %error.description,
                "a client did not authenticate"
            );
        }
        judged.map(|()| client)
    }

    /// The client that the request says it comes from.
    async fn claimed<'p>(
        &self,
        presented: Presented<'p>,
        parameters: &Parameters,
    ) -> Result<(Client, Proof<'p>), Failure> {
        let (found, proof) = match presented {
            Presented::Basic(pair) => (self.of_basic_pair(&pair).await?, Proof::Basic(pair)),
            Presented::Other { id, proof } => (clients::find(self.database.read(), &id).await?, proof),
        };
        let client = found.ok_or_else(|| not_authenticated("the client is not known"))?;
        if parameters.get("client_id").is_some_and(|in_body| in_body != client.id) {
            return Err(
                ProtocolError::invalid_request("client_id is not the client that authenticates").into()
            );
        }
        Ok((client, proof))
    }

    /// RFC 6749 §2.3.1 wants the id form-encoded. Where that reading names nobody, the id as it came may: no other client
    /// can be meant.
    async fn of_basic_pair(&self, pair: &BasicPair) -> Result<Option<Client>, Failure> {
        for id in pair.ids() {
            if let Some(client) = clients::find(self.database.read(), id).await? {
                return Ok(Some(client));
            }
        }
        Ok(None)
    }

    async fn judge(&self, client: &Client, proof: &Proof<'_>, endpoint: &str) -> Result<(), Failure> {
        if client.metadata.token_endpoint_auth_method != proof.method() {
            return Err(not_authenticated("the client is registered for another method").into());
        }
        let proved = match proof {
            Proof::Basic(pair) => pair.secrets().any(|secret| client.secret_matches(secret)),
            Proof::Post(secret) => client.secret_matches(secret),
            Proof::Assertion(token) => return self.check_assertion(client, token, endpoint).await,
            Proof::Nothing => client.is_public(),
        };
        if proved { Ok(()) } else { Err(not_authenticated("the secret is another").into()) }
    }
}

/// For the fuzz targets: everything that is read of a client's credentials before anybody is asked.
#[cfg(feature = "fuzzing")]
pub(crate) fn read_credentials(authorization: Option<&str>, form: &Parameters) {
    if let Ok(Presented::Basic(pair)) = Presented::read(authorization, form) {
        assert!(pair.ids().count() > 0 && pair.secrets().count() > 0);
    }
}
