//! A client registers itself (RFC 7591 §3, OpenID Connect Registration §3).

use chrono::TimeDelta;
use sea_orm::DbErr;

use super::operator::new_client_id;
use super::request::{policy_of_newcomers, read_members, read_metadata};
pub use super::response::ClientInformation;
use super::response::Secrets;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::client::{Client, ClientMetadata, MetadataError, SelfRegistration};
use crate::domain::secret::BearerSecret;
use crate::oidc::error::Failure;
use crate::oidc::provider::Provider;
use crate::oidc::sector::check_sector;
use crate::storage::clients;

/// Why a client is not registered, shown, changed or removed.
#[derive(Debug)]
pub enum Refusal {
    /// Clients do not register themselves here.
    Off,
    /// It takes a bearer token, and there was none.
    NoToken,
    /// The token is unknown, expired, revoked, used up, or another client's (RFC 7592 §2.1).
    InvalidToken,
    Metadata(MetadataError),
    TooMany {
        retry_after: TimeDelta,
    },
    Failure(Failure),
}

impl From<MetadataError> for Refusal {
    fn from(error: MetadataError) -> Self {
        Self::Metadata(error)
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<DbErr> for Refusal {
    fn from(error: DbErr) -> Self {
        Self::Failure(error.into())
    }
}

impl Provider {
    /// Registers a client that says who it is. `token` is the initial access token, where one was presented.
    ///
    /// # Errors
    /// [`Refusal`]; nothing was registered then.
    pub async fn register_client(
        &self,
        token: Option<&BearerSecret>,
        body: &str,
        origin: &Origin,
    ) -> Result<ClientInformation, Refusal> {
        self.admit_to_registration(token).await?;
        self.count_registration(origin).await?;
        self.check_room_for_one_more().await?;
        let rules = &self.registration.strangers;
        let metadata = read_metadata(read_members(body)?, rules, policy_of_newcomers(rules))?;
        self.check_reachable(&metadata)?;
        check_sector(&self.outbound, &metadata).await?;
        self.insert_newcomer(token, metadata).await
    }

    /// What our server will ask by itself must be where it may ask (RFC 7591 §5: an address is no invitation).
    pub(super) fn check_reachable(&self, metadata: &ClientMetadata) -> Result<(), MetadataError> {
        let asked = [
            ("jwks_uri", &metadata.jwks_uri),
            ("sector_identifier_uri", &metadata.sector_identifier_uri),
            ("backchannel_logout_uri", &metadata.backchannel_logout_uri),
        ];
        for (name, address) in asked {
            if let Some(address) = address
                && !self.outbound.may_reach(address)
            {
                return Err(MetadataError::of(name, format!("`{address}` is not https at a public address")));
            }
        }
        Ok(())
    }

    async fn insert_newcomer(
        &self,
        token: Option<&BearerSecret>,
        metadata: ClientMetadata,
    ) -> Result<ClientInformation, Refusal> {
        let (ambient, now) = (&self.ambient, self.ambient.now());
        let client_secret = metadata.token_endpoint_auth_method.uses_secret().then(|| ambient.new_secret());
        let registration_access_token = ambient.new_secret();
        let own = SelfRegistration {
            at: now,
            access_token: registration_access_token.digest(),
            last_used_at: None,
        };
        let client = Client {
            id: new_client_id(ambient),
            secret: client_secret.as_ref().map(BearerSecret::digest),
            metadata,
            self_registration: Some(own.clone()),
        };
        let transaction = self.database.begin().await?;
        self.use_initial_access(&transaction, token).await?;
        clients::insert(&transaction, &client, now).await?;
        let record =
            AuditRecord::new(Action::ClientRegistered, Actor::Client(client.id.clone())).client(&client.id);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        tracing::info!(client = client.id, "a client registered itself");
        let secrets = Secrets {
            client_secret: client_secret.as_ref(),
            registration_access_token: &registration_access_token,
        };
        Ok(self.client_information(&client, &own, &secrets)?)
    }
}
