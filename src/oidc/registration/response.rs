//! The client information response (RFC 7591 §3.2.1, RFC 7592 §3): everything that is registered, defaults among it.

use serde_json::{Map, Value};

use super::request::is_own_member;
use crate::domain::client::{Client, SelfRegistration};
use crate::domain::secret::BearerSecret;
use crate::oidc::error::Failure;
use crate::oidc::provider::{Provider, paths};

/// What a client is told about itself, secrets among it: not to be written anywhere.
pub struct ClientInformation(pub Map<String, Value>);

/// What only the client holds: nothing of it can be read again from the database.
pub(super) struct Secrets<'a> {
    /// Where it is new, or was just presented.
    pub client_secret: Option<&'a BearerSecret>,
    pub registration_access_token: &'a BearerSecret,
}

impl Provider {
    pub(super) fn client_information(
        &self,
        client: &Client,
        own: &SelfRegistration,
        secrets: &Secrets<'_>,
    ) -> Result<ClientInformation, Failure> {
        let Value::Object(metadata) = serde_json::to_value(&client.metadata).map_err(Failure::internal)?
        else {
            return Err(Failure::internal("metadata that is no object"));
        };
        // The operator's policy is not the client's to know, nor to send back.
        let mut members: Map<String, Value> =
            metadata.into_iter().filter(|(name, _)| is_own_member(name)).collect();
        let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
        add("client_id", client.id.clone().into());
        add("client_id_issued_at", own.at.timestamp().into());
        if client.secret.is_some() {
            // It does not expire.
            add("client_secret_expires_at", 0.into());
        }
        if let Some(secret) = secrets.client_secret {
            add("client_secret", secret.expose().into());
        }
        add("registration_access_token", secrets.registration_access_token.expose().into());
        add(
            "registration_client_uri",
            self.address(&format!("{}/{}", paths::REGISTRATION, client.id)).into(),
        );
        Ok(ClientInformation(members))
    }
}
