//! Is a new password one that the account had before? Only for whoever has just shown that the account is theirs: to
//! anybody else the answer would be a guess at passwords that may still open other doors of the same person.

use super::{CorrectGuess, VerdictError};
use crate::accounts::context::Accounts;
use crate::accounts::lockout::{Admission, Whose};
use crate::crypto::password::Line;
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::ids::{AccountId, SessionId};
use crate::domain::session::Session;
use crate::storage::password_history;

impl Accounts {
    /// For somebody whose session owes a change of password, which an initial password or a letter opened. Draws on the
    /// session's own budget, and gives the place back whatever the answer: `None` if the budget is used up.
    pub(in crate::accounts) async fn is_former_password(
        &self,
        session: &Session,
        password: &str,
        origin: &Origin,
    ) -> Result<Option<bool>, VerdictError> {
        // The one that only a recovery put out of use may be kept: whoever was locked need not think of another.
        let may_be_kept = usize::from(session.is_recovery());
        let hashes = self.former_hashes(session.account, may_be_kept).await?;
        if hashes.is_empty() {
            return Ok(Some(false));
        }
        let whose = Whose::PasswordChange(session.id);
        let place = match self.lockout.admit(&self.database, &self.ambient, whose).await? {
            Admission::Granted(place) => place,
            Admission::Refused => return Ok(None),
        };
        let found = self.is_one_of(&hashes, password, &whose.line(origin)).await;
        self.settle_unused(&place).await?;
        let found = found?;
        if found {
            self.record_former(session.account, session.id, origin).await?;
        }
        Ok(Some(found))
    }

    /// For somebody who has just confirmed the present password: under the place that this guess holds.
    pub(in crate::accounts) async fn is_former_password_of(
        &self,
        confirmed: &CorrectGuess,
        session: SessionId,
        password: &str,
        origin: &Origin,
    ) -> Result<bool, VerdictError> {
        let account = confirmed.credentials.account.id;
        let hashes = self.former_hashes(account, 0).await?;
        let line = Whose::PasswordChange(session).line(origin);
        match self.is_one_of(&hashes, password, &line).await {
            Ok(found) => {
                if found {
                    self.record_former(account, session, origin).await?;
                }
                Ok(found)
            }
            Err(error) => {
                self.settle_unused(&confirmed.place).await?;
                Err(error)
            }
        }
    }

    async fn former_hashes(&self, account: AccountId, but: usize) -> Result<Vec<String>, VerdictError> {
        let last = password_history::last(self.database.read(), account, self.remembered_passwords).await?;
        Ok(last.into_iter().skip(but).collect())
    }

    /// One after the other: of the pool's threads a change of password takes one at a time, like everybody.
    async fn is_one_of(&self, hashes: &[String], password: &str, line: &Line) -> Result<bool, VerdictError> {
        for hash in hashes {
            if self.hasher.compare(line.clone(), password, hash).await?.matches {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn record_former(
        &self,
        account: AccountId,
        session: SessionId,
        origin: &Origin,
    ) -> Result<(), VerdictError> {
        let transaction = self.database.begin().await?;
        let record = AuditRecord::of_account(Action::SignInVerdict, account)
            .session(session)
            .outcome("former_password")
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        Ok(())
    }
}
