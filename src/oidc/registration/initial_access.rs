//! Initial access tokens (RFC 7591 §1.2): the operator hands one to whoever may register clients.

use chrono::TimeDelta;
use sea_orm::{DatabaseTransaction, DbErr};

use super::dynamic::Refusal;
use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::client::RegistrationMode;
use crate::domain::ids::InitialAccessTokenId;
use crate::domain::secret::BearerSecret;
use crate::oidc::provider::Provider;
use crate::storage::database::Database;
use crate::storage::initial_access_tokens::{self, InitialAccessToken};
use crate::storage::journal::Journal;

/// A token to make.
#[derive(Debug)]
pub struct NewInitialAccessToken {
    /// Whom it is for.
    pub label: String,
    pub lives: TimeDelta,
    /// How many clients it may register.
    pub uses: u32,
}

/// Makes a token. It is shown once: only its digest is kept.
///
/// # Errors
/// If the database does not answer.
pub async fn make(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    new: NewInitialAccessToken,
) -> Result<(InitialAccessToken, BearerSecret), DbErr> {
    let secret = ambient.new_secret();
    let now = ambient.now();
    let token = InitialAccessToken {
        id: ambient.new_id(),
        label: new.label,
        uses_left: i32::try_from(new.uses).unwrap_or(i32::MAX),
        created_at: now,
        expires_at: now + new.lives,
        revoked_at: None,
    };
    let transaction = database.begin().await?;
    initial_access_tokens::insert(&transaction, &token, secret.digest()).await?;
    let record = AuditRecord::new(Action::InitialAccessTokenMade, Actor::Operator);
    journal.record(&transaction, &record).await?;
    transaction.commit().await?;
    Ok((token, secret))
}

/// Revokes a token; the clients that it registered stay. Returns whether it could still have been used.
///
/// # Errors
/// If the database does not answer.
pub async fn revoke(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    id: InitialAccessTokenId,
) -> Result<bool, DbErr> {
    let transaction = database.begin().await?;
    let revoked = initial_access_tokens::revoke(&transaction, id, ambient.now()).await?;
    if revoked {
        let record = AuditRecord::new(Action::InitialAccessTokenRevoked, Actor::Operator);
        journal.record(&transaction, &record).await?;
    }
    transaction.commit().await?;
    Ok(revoked)
}

impl Provider {
    /// # Errors
    /// [`Refusal::Off`]: then nobody's body is read.
    pub fn registration_is_on(&self) -> Result<(), Refusal> {
        if self.registration.mode == RegistrationMode::Off { Err(Refusal::Off) } else { Ok(()) }
    }

    /// May whoever presents this register a client at all? Nothing is used up yet.
    ///
    /// # Errors
    /// [`Refusal::Off`], [`Refusal::NoToken`], [`Refusal::InvalidToken`].
    pub(super) async fn admit_to_registration(&self, token: Option<&BearerSecret>) -> Result<(), Refusal> {
        match (self.registration.mode, token) {
            (RegistrationMode::Off, _) => Err(Refusal::Off),
            (RegistrationMode::Open, _) => Ok(()),
            (RegistrationMode::InitialAccessToken, None) => Err(Refusal::NoToken),
            (RegistrationMode::InitialAccessToken, Some(token)) => {
                let found = initial_access_tokens::find(self.database.read(), token.digest()).await?;
                match found {
                    Some(found) if found.is_good(self.ambient.now()) => Ok(()),
                    _ => Err(Refusal::InvalidToken),
                }
            }
        }
    }

    /// Takes one of the token's uses, in the transaction of what it is used for.
    ///
    /// # Errors
    /// [`Refusal::InvalidToken`] if somebody else just took the last one.
    pub(super) async fn use_initial_access(
        &self,
        transaction: &DatabaseTransaction,
        token: Option<&BearerSecret>,
    ) -> Result<(), Refusal> {
        match (self.registration.mode, token) {
            (RegistrationMode::InitialAccessToken, Some(token))
                if !initial_access_tokens::use_once(transaction, token.digest(), self.ambient.now())
                    .await? =>
            {
                Err(Refusal::InvalidToken)
            }
            _ => Ok(()),
        }
    }
}
