//! The operator registers clients, with the metadata names of RFC 7591.

use sea_orm::DbErr;

use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::client::{Client, ClientAuthMethod, ClientMetadata, MetadataError};
use crate::domain::secret::BearerSecret;
use crate::oidc::provider::Provider;
use crate::storage::clients;
use crate::storage::database::{Database, is_collision};
use crate::storage::journal::Journal;

/// The shortest secret an operator may choose, in characters.
const SHORTEST_SECRET: usize = 16;

#[derive(Debug)]
pub struct NewClient {
    pub metadata: ClientMetadata,
    /// Made, where it is not given.
    pub client_id: Option<String>,
    /// Made, where it is not given; clients that sign, and public ones, have none.
    pub client_secret: Option<String>,
}

#[derive(Debug)]
pub struct RegisteredClient {
    pub client_id: String,
    /// Shown once: only its digest is kept.
    pub client_secret: Option<BearerSecret>,
}

#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error("client_id: use 1 to 128 visible ASCII characters, without a colon")]
    BadId,
    #[error(
        "client_secret: use at least {SHORTEST_SECRET} visible ASCII characters, or leave it out and get one"
    )]
    BadSecret,
    #[error("client_secret: a client whose token_endpoint_auth_method is {0} has none")]
    NeedlessSecret(&'static str),
    #[error("client_id: `{0}` is taken")]
    Taken(String),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Registers a client; it works on a running server at once.
///
/// # Errors
/// What is wrong with the metadata, the id or the secret; nothing was written then.
pub async fn register(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    new: NewClient,
) -> Result<RegisteredClient, RegistrationError> {
    new.metadata.validate()?;
    let client_id = match new.client_id {
        Some(id) if is_good_id(&id) => id,
        Some(_) => return Err(RegistrationError::BadId),
        None => new_client_id(ambient),
    };
    let method = new.metadata.token_endpoint_auth_method;
    let client_secret = match check_secret(method, new.client_secret)? {
        None if method.uses_secret() => Some(ambient.new_secret()),
        given => given,
    };
    let transaction = database.begin().await?;
    let client = Client {
        id: client_id.clone(),
        secret: client_secret.as_ref().map(BearerSecret::digest),
        metadata: new.metadata,
        self_registration: None,
    };
    match clients::insert(&transaction, &client, ambient.now()).await {
        Err(error) if is_collision(&error) => return Err(RegistrationError::Taken(client_id)),
        other => other?,
    }
    let record = AuditRecord::new(Action::ClientAdded, Actor::Operator).client(&client_id);
    journal.record(&transaction, &record).await?;
    transaction.commit().await?;
    Ok(RegisteredClient { client_id, client_secret })
}

/// Replaces the registration of a client that is there.
///
/// # Errors
/// As [`register`].
pub async fn replace(
    database: &Database,
    journal: &Journal,
    new: NewClient,
) -> Result<(), RegistrationError> {
    new.metadata.validate()?;
    let client_id = new.client_id.ok_or(RegistrationError::BadId)?;
    let method = new.metadata.token_endpoint_auth_method;
    let secret = check_secret(method, new.client_secret)?;
    if secret.is_none() && method.uses_secret() {
        return Err(RegistrationError::BadSecret);
    }
    let transaction = database.begin().await?;
    let digest = secret.as_ref().map(BearerSecret::digest);
    clients::update(&transaction, &client_id, digest, &new.metadata).await?;
    let record =
        AuditRecord::new(Action::ClientAdded, Actor::Operator).client(&client_id).outcome("replaced");
    journal.record(&transaction, &record).await?;
    transaction.commit().await?;
    Ok(())
}

fn check_secret(
    method: ClientAuthMethod,
    given: Option<String>,
) -> Result<Option<BearerSecret>, RegistrationError> {
    match given {
        None => Ok(None),
        Some(_) if !method.uses_secret() => Err(RegistrationError::NeedlessSecret(method.as_str())),
        Some(secret) if is_good_secret(&secret) => Ok(Some(BearerSecret::presented(secret))),
        Some(_) => Err(RegistrationError::BadSecret),
    }
}

/// Not a secret; the beginning of one is merely unlikely to be taken.
pub(super) fn new_client_id(ambient: &Ambient) -> String {
    ambient.new_secret().expose().chars().take(22).collect()
}

pub(super) fn is_good_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
}

fn is_good_secret(secret: &str) -> bool {
    secret.len() >= SHORTEST_SECRET
        && secret.len() <= 256
        && secret.bytes().all(|byte| byte.is_ascii_graphic())
}

impl Provider {
    /// The client that is registered under this id, if any.
    pub async fn client(&self, id: &str) -> Result<Option<Client>, DbErr> {
        clients::find(self.database.read(), id).await
    }

    /// The company's own services.
    pub async fn first_party_clients(&self) -> Result<Vec<Client>, DbErr> {
        let all = clients::all(self.database.read()).await?;
        Ok(all.into_iter().filter(|client| client.metadata.first_party).collect())
    }
}
