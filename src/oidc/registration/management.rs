//! A client looks after its own registration (RFC 7592), by the registration access token that it was given.
//!
//! The token stays the same for as long as the client is registered. RFC 7592 §5 allows a new one with each answer; but
//! of an answer that is lost on its way the database could not tell the new one again, and the client would be locked
//! out of its own registration for good. For the same reason it is not shown again but by echo.

use sea_orm::DatabaseTransaction;
use serde_json::{Map, Value};

use super::dynamic::Refusal;
use super::operator::is_good_id;
use super::request::{is_own_member, read_members, read_metadata};
use super::response::{ClientInformation, Secrets};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::client::{Client, MetadataError, SelfRegistration};
use crate::domain::secret::BearerSecret;
use crate::oidc::error::Failure;
use crate::oidc::provider::Provider;
use crate::oidc::sector::check_sector;
use crate::storage::clients;

/// What a client must not send back (RFC 7592 §2.2).
const NOT_TO_BE_SENT: [&str; 4] = [
    "registration_access_token",
    "registration_client_uri",
    "client_secret_expires_at",
    "client_id_issued_at",
];

impl Provider {
    /// What is registered (RFC 7592 §2.1).
    ///
    /// # Errors
    /// [`Refusal`]
    pub async fn read_registration(
        &self,
        client_id: &str,
        token: Option<&BearerSecret>,
    ) -> Result<ClientInformation, Refusal> {
        let token = presented(client_id, token)?;
        let found = clients::find(self.database.read(), client_id).await?;
        let (client, own) = proved(found, token)?;
        let secrets = Secrets { client_secret: None, registration_access_token: token };
        Ok(self.client_information(&client, &own, &secrets)?)
    }

    /// Replaces what is registered, as a whole: what is left out goes back to its default (RFC 7592 §2.2).
    ///
    /// # Errors
    /// [`Refusal`]; nothing was changed then.
    pub async fn update_registration(
        &self,
        client_id: &str,
        token: Option<&BearerSecret>,
        body: &str,
        origin: &Origin,
    ) -> Result<ClientInformation, Refusal> {
        let token = presented(client_id, token)?;
        let found = clients::find(self.database.read(), client_id).await?;
        let (before, _) = proved(found, token)?;
        self.count_registration(origin).await?;

        let members = read_members(body)?;
        let presented = check_identity(&before, &members)?;
        let metadata = read_metadata(members, &self.registration.strangers, policy_of(&before)?)?;
        self.check_reachable(&metadata)?;
        check_sector(&self.outbound, &metadata).await?;

        let transaction = self.database.begin().await?;
        // Under its lock: of two updates at once each is whole, and none brings a removed client back.
        let (before, own) = proved(clients::lock(&transaction, client_id).await?, token)?;
        let made = (metadata.token_endpoint_auth_method.uses_secret() && before.secret.is_none())
            .then(|| self.ambient.new_secret());
        let secret = match &made {
            Some(made) => Some(made.digest()),
            None => before.secret.filter(|_| metadata.token_endpoint_auth_method.uses_secret()),
        };
        let client = Client { secret, metadata, ..before };
        clients::update(&transaction, client_id, client.secret, &client.metadata).await?;
        self.record_by_client(&transaction, Action::ClientUpdated, client_id).await?;
        transaction.commit().await?;
        let kept = presented.filter(|_| client.secret.is_some());
        let secrets =
            Secrets { client_secret: made.as_ref().or(kept.as_ref()), registration_access_token: token };
        Ok(self.client_information(&client, &own, &secrets)?)
    }

    /// Removes the client, and with it everything that it was given (RFC 7592 §2.3).
    ///
    /// # Errors
    /// [`Refusal`]
    pub async fn remove_registration(
        &self,
        client_id: &str,
        token: Option<&BearerSecret>,
    ) -> Result<(), Refusal> {
        let token = presented(client_id, token)?;
        let transaction = self.database.begin().await?;
        proved(clients::find(&transaction, client_id).await?, token)?;
        // Of two that come at once, one removes it.
        if !clients::delete(&transaction, client_id).await? {
            return Err(Refusal::InvalidToken);
        }
        self.record_by_client(&transaction, Action::ClientRemoved, client_id).await?;
        transaction.commit().await?;
        tracing::info!(client = client_id, "a client removed itself");
        Ok(())
    }

    async fn record_by_client(
        &self,
        transaction: &DatabaseTransaction,
        action: Action,
        client_id: &str,
    ) -> Result<(), Refusal> {
        let record = AuditRecord::new(action, Actor::Client(client_id.to_owned())).client(client_id);
        Ok(self.journal.record(transaction, &record).await?)
    }
}

/// RFC 6750 §3.1: without a token there is no error to tell. What no client is named by is never looked for: PostgreSQL
/// could not even read a NUL.
fn presented<'a>(client_id: &str, token: Option<&'a BearerSecret>) -> Result<&'a BearerSecret, Refusal> {
    match token {
        None => Err(Refusal::NoToken),
        Some(token) if is_good_id(client_id) => Ok(token),
        Some(_) => Err(Refusal::InvalidToken),
    }
}

/// Is it this client's own token? Whether there is such a client at all is not told apart (RFC 7592 §2.1).
fn proved(found: Option<Client>, token: &BearerSecret) -> Result<(Client, SelfRegistration), Refusal> {
    let client = found.ok_or(Refusal::InvalidToken)?;
    match client.self_registration.clone() {
        Some(own) if own.access_token.matches(token) => Ok((client, own)),
        _ => Err(Refusal::InvalidToken),
    }
}

/// A client neither renames itself nor chooses its secret (RFC 7592 §2.2). Returns the secret, where it was sent.
fn check_identity(
    client: &Client,
    members: &Map<String, Value>,
) -> Result<Option<BearerSecret>, MetadataError> {
    if let Some(name) = NOT_TO_BE_SENT.into_iter().find(|name| members.contains_key(*name)) {
        return Err(MetadataError::of(name, "is not the client's to send (RFC 7592 §2.2)"));
    }
    if members.get("client_id").and_then(Value::as_str) != Some(&client.id) {
        return Err(MetadataError::of("client_id", "is missing, or another client's (RFC 7592 §2.2)"));
    }
    match members.get("client_secret") {
        None | Some(Value::Null) => Ok(None),
        Some(secret) => {
            let secret = secret.as_str().map(BearerSecret::presented);
            let secret = secret.filter(|secret| client.secret_matches(secret));
            secret.map(Some).ok_or_else(|| {
                MetadataError::of(
                    "client_secret",
                    "is not the one that was issued; a client cannot choose it",
                )
            })
        }
    }
}

/// What the operator decided about this client stays.
fn policy_of(client: &Client) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(&client.metadata).map_err(Failure::internal)? {
        Value::Object(members) => Ok(members.into_iter().filter(|(name, _)| !is_own_member(name)).collect()),
        _ => Err(Failure::internal("metadata that is no object")),
    }
}
