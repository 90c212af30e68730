//! Sessions while they last, and how they end.

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbErr};

use super::context::Accounts;
use crate::domain::account::Account;
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, SessionId};
use crate::domain::secret::BearerSecret;
use crate::domain::session::Session;
use crate::storage::{accounts, grants, people, sessions};

/// How stale `last_seen_at` may get: a write for each request would only wear the disk.
const SEEN_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);

impl Accounts {
    /// The live session that this cookie opens.
    pub async fn find_session(&self, secret: &BearerSecret) -> Result<Option<Session>, DbErr> {
        let now = self.ambient.now();
        let found =
            sessions::find_live(self.database.read(), secret.digest(), now, now - self.sessions.idle).await?;
        if let Some(session) = &found
            && session.last_seen_at + SEEN_AGAIN_AFTER <= now
        {
            let transaction = self.database.begin().await?;
            sessions::touch(&transaction, session.id, now).await?;
            transaction.commit().await?;
        }
        Ok(found)
    }

    /// Whose session it is.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, DbErr> {
        accounts::find(self.database.read(), id).await
    }

    /// The offices that help, by name.
    pub async fn offices(&self) -> Result<Vec<String>, DbErr> {
        people::office_names(self.database.read()).await
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
        self.end_session(&transaction, session, account, "signed_out", now, origin).await?;
        transaction.commit().await
    }

    /// The browser signs in anew: what it held before ends.
    pub(super) async fn end_replaced(
        &self,
        transaction: &impl ConnectionTrait,
        secret: &BearerSecret,
        now: Moment,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        // However idle it was: it must not be left open.
        let old = sessions::find_live(transaction, secret.digest(), now, Moment::UNIX_EPOCH).await?;
        if let Some(old) = old {
            sessions::end(transaction, old.id, now).await?;
            let record = AuditRecord::of_account(Action::SessionEnded, old.account)
                .session(old.id)
                .outcome("replaced")
                .from(origin);
            self.journal.record(transaction, &record).await?;
        }
        Ok(())
    }

    pub(super) async fn end_session(
        &self,
        transaction: &impl ConnectionTrait,
        session: SessionId,
        account: AccountId,
        why: &'static str,
        now: Moment,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        if !sessions::end(transaction, session, now).await? {
            return Ok(());
        }
        for grant in grants::live_of_session(transaction, session, false).await? {
            grants::revoke(transaction, grant.id, now).await?;
            let record = AuditRecord::of_account(Action::GrantRevoked, account)
                .session(session)
                .client(grant.client_id)
                .outcome(why)
                .from(origin);
            self.journal.record(transaction, &record).await?;
        }
        let record =
            AuditRecord::of_account(Action::SessionEnded, account).session(session).outcome(why).from(origin);
        self.journal.record(transaction, &record).await?;
        self.journal
            .announce(
                transaction,
                "session.ended",
                serde_json::json!({"session": session.to_string(), "why": why}),
            )
            .await
    }
}
