//! The alarm about guessing all over the place: how long it is on, and its end. What raises it: [`super::guessing`].

use sea_orm::DbErr;

use super::context::Accounts;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::clock::Moment;
use crate::storage::guessing;

impl Accounts {
    /// Ends an alarm whose time is over, and records it. Returns whether there was one. Runs on every replica.
    ///
    /// # Errors
    /// If the database does not answer; it is ended the next time.
    pub async fn end_guessing_alarm(&self) -> Result<bool, DbErr> {
        let transaction = self.database.begin().await?;
        let ended = guessing::end(&transaction, self.ambient.now()).await?;
        if ended {
            let record = AuditRecord::new(Action::GuessingOver, Actor::Clock);
            self.journal.record(&transaction, &record).await?;
            tracing::warn!("nobody guesses passwords all over the place any more");
        }
        transaction.commit().await?;
        Ok(ended)
    }

    /// Until when budgets of unknown devices are tightened, if they are.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn guessing_noticed_until(&self) -> Result<Option<Moment>, DbErr> {
        guessing::alarmed_until(self.database.read(), self.ambient.now()).await
    }
}
