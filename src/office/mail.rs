//! The mail that has not gone out: whoever may read it reads it, whoever may retry retries.

use sea_orm::DbErr;

use super::context::Office;
use super::deliveries::{Retried, SHOWN};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::ids::{AccountId, MailId};
use crate::domain::staff::{StaffMember, Task};
use crate::storage::mail::{self, ListedMail, MailCounts};

/// What waits and what was given up: how often it was tried and why it was not taken; never its recipient or its words.
#[derive(Debug)]
pub struct MailQueue {
    pub counts: MailCounts,
    /// How many messages went out since the house's midnight.
    pub sent_today: u64,
    /// The given-up first, then the oldest first; at most 200.
    pub mails: Vec<ListedMail>,
}

impl Office {
    /// The queue. `None` for whoever does not read mail.
    pub async fn mail_queue(&self, member: &StaffMember) -> Result<Option<MailQueue>, DbErr> {
        if !member.may(Task::ReadMail) {
            return Ok(None);
        }
        let today = self.calendar.begin_of(self.calendar.today(self.ambient.now()));
        let transaction = self.database.begin_read().await?;
        let counts = mail::counts(&transaction).await?;
        let sent_today = mail::sent_since(&transaction, today).await?;
        let mails = mail::not_sent(&transaction, SHOWN).await?;
        transaction.rollback().await?;
        Ok(Some(MailQueue { counts, sent_today, mails }))
    }

    /// Sends a message again that waits or was given up.
    pub async fn retry_mail(
        &self,
        member: &StaffMember,
        id: MailId,
        origin: &Origin,
    ) -> Result<Retried, DbErr> {
        if !member.may(Task::RetryMail) {
            return Ok(Retried::NotWaiting);
        }
        let transaction = self.database.begin().await?;
        let Some(about) = mail::retry(&transaction, id, self.ambient.now()).await? else {
            transaction.rollback().await?;
            return Ok(Retried::NotWaiting);
        };
        let mut record = AuditRecord::new(Action::MailRetried, Actor::Staff(member.account)).from(origin);
        if let Some(about) = about {
            record = record.about(AccountId::from(about));
        }
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        Ok(Retried::Due)
    }
}
