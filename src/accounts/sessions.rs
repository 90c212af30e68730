//! Sessions while they last.

use chrono::TimeDelta;
use sea_orm::DbErr;

use super::context::Accounts;
use super::ending;
use crate::domain::account::{Account, PasswordKind};
use crate::domain::audit::Origin;
use crate::domain::ids::{AccountId, SessionId};
use crate::domain::office::OfficeNotice;
use crate::domain::secret::BearerSecret;
use crate::domain::session::{Owed, Session};
use crate::storage::{accounts, people, sessions};

/// How stale `last_seen_at` may get: a write for each request would only wear the disk.
const SEEN_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);

impl Accounts {
    /// The live session that this cookie opens.
    pub async fn find_session(&self, secret: &BearerSecret) -> Result<Option<Session>, DbErr> {
        let now = self.ambient.now();
        let live =
            sessions::find_live(self.database.read(), secret.digest(), now, now - self.sessions.idle).await?;
        let found = match live {
            Some(session) if self.still_opens(&session).await? => Some(session),
            _ => None,
        };
        if let Some(session) = &found
            && session.last_seen_at + SEEN_AGAIN_AFTER <= now
        {
            let transaction = self.database.begin().await?;
            sessions::touch(&transaction, session.id, now).await?;
            transaction.commit().await?;
        }
        Ok(found)
    }

    /// A session is worth what its account is: of a suspended or closed one it opens nothing, and a debt that the
    /// account does not have any more cannot be settled.
    async fn still_opens(&self, session: &Session) -> Result<bool, DbErr> {
        let account = accounts::find(self.database.read(), session.account).await?;
        Ok(match account.and_then(|account| account.state.password_kind()) {
            Some(PasswordKind::Initial) => session.owed.contains(&Owed::PasswordChange),
            // Whoever came back with the letter owes a change, though the account is active.
            Some(PasswordKind::Chosen) => {
                session.is_recovery() || !session.owed.contains(&Owed::PasswordChange)
            }
            None => false,
        })
    }

    /// Whose session it is.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, DbErr> {
        accounts::find(self.database.read(), id).await
    }

    /// The offices that help, as they are to be told now, by name.
    pub async fn offices(&self) -> Result<Vec<OfficeNotice>, DbErr> {
        let now = self.ambient.now();
        let names = people::office_names(self.database.read()).await?;
        Ok(names.iter().map(|name| self.calendar.notice(name, now)).collect())
    }

    /// Signs out: the session ends, and with it every grant that was not made to outlive it.
    pub async fn sign_out(
        &self,
        session: SessionId,
        account: AccountId,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        ending::end_session(&self.journal, &transaction, session, account, "signed_out", now, origin).await?;
        transaction.commit().await
    }
}
