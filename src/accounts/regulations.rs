//! The Regulations, as a contractor meets them: reading them, owing a new version, accepting it.

use sea_orm::{ConnectionTrait, DbErr};

use super::context::Accounts;
use super::trusted_devices::DeviceCookie;
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::ids::{AccountId, RegulationsId};
use crate::domain::regulations::{Edition, Regulations, Version};
use crate::domain::secret::BearerSecret;
use crate::domain::session::{Owed, Session};
use crate::storage::{accounts, regulations, sessions};

#[derive(Debug)]
pub struct AcceptRegulations<'a> {
    /// The cookie the form came with.
    pub secret: &'a BearerSecret,
    /// The version that was on the page.
    pub read: RegulationsId,
    /// What this browser keeps to be known again, if anything.
    pub device: Option<&'a BearerSecret>,
    pub origin: &'a Origin,
}

#[derive(Debug)]
pub enum AcceptanceAnswer {
    /// Accepted, now or a moment ago (a double submit): the session as it goes on.
    Accepted(Session, Option<DeviceCookie>),
    /// Another version has come into force since the page was shown: what was read is not what would be accepted.
    Outdated,
    /// Something else is owed first.
    NotYet(Owed),
    /// No session.
    SignInFirst,
}

impl Accounts {
    /// The version in force; `None`: none was published yet.
    pub async fn regulations(&self) -> Result<Option<Regulations>, DbErr> {
        regulations::current(self.database.read()).await
    }

    /// A version by its name, in force or not any more.
    pub async fn regulations_of_version(&self, version: &Version) -> Result<Option<Regulations>, DbErr> {
        regulations::find(self.database.read(), version).await
    }

    /// Every version, the one in force first.
    pub async fn editions_of_regulations(&self) -> Result<Vec<Edition>, DbErr> {
        regulations::editions(self.database.read()).await
    }

    /// Is there anything to read?
    pub async fn has_regulations(&self) -> Result<bool, DbErr> {
        Ok(regulations::current_edition(self.database.read()).await?.is_some())
    }

    pub(super) async fn owes_regulations(
        &self,
        connection: &impl ConnectionTrait,
        account: AccountId,
    ) -> Result<bool, DbErr> {
        let Some(current) = regulations::current_edition(connection).await? else {
            return Ok(false);
        };
        let last = regulations::latest_accepted(connection, account).await?;
        let made_at = accounts::made_at(connection, account).await?;
        Ok(made_at.is_some_and(|made_at| current.is_owed_by(last.as_ref(), made_at)))
    }

    /// Accepts the version that was read, and settles the session's debt with it.
    ///
    /// The session keeps its secret: nothing was proved, and of a double click the second finds the debt settled.
    pub async fn accept_regulations(
        &self,
        acceptance: AcceptRegulations<'_>,
    ) -> Result<AcceptanceAnswer, DbErr> {
        let Some(found) = self.find_session(acceptance.secret).await? else {
            return Ok(AcceptanceAnswer::SignInFirst);
        };
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        // Account before session, as everywhere.
        accounts::lock(&transaction, found.account).await?;
        let Some(mut session) = sessions::lock_live(&transaction, found.id, now).await? else {
            return Ok(AcceptanceAnswer::SignInFirst);
        };
        match session.owed.first() {
            Some(Owed::Regulations) => {}
            Some(first) => return Ok(AcceptanceAnswer::NotYet(*first)),
            None => return Ok(AcceptanceAnswer::Accepted(session, None)),
        }
        let current = regulations::current_edition(&transaction).await?;
        if current.is_none_or(|current| current.id != acceptance.read) {
            return Ok(AcceptanceAnswer::Outdated);
        }
        regulations::accept(&transaction, session.account, acceptance.read, now).await?;
        session.owed.retain(|owed| *owed != Owed::Regulations);
        sessions::settle(&transaction, &session).await?;
        let record = AuditRecord::of_account(Action::RegulationsAccepted, session.account)
            .session(session.id)
            .outcome("new_version")
            .from(acceptance.origin);
        self.journal.record(&transaction, &record).await?;
        let device = self.arrive(&transaction, &session, acceptance.device, acceptance.origin).await?;
        transaction.commit().await?;
        Ok(AcceptanceAnswer::Accepted(session, device))
    }
}
