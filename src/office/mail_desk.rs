//! The mail queue in the console: whoever may read it reads it, whoever may retry retries.

use sea_orm::DbErr;

use super::context::Office;
use super::mail::{self, MailQueue, MailRetry};
use crate::domain::audit::Origin;
use crate::domain::ids::MailId;
use crate::domain::staff::{StaffMember, Task};
use crate::storage::mail as stored;

impl Office {
    /// The queue, and how many messages went out since the house's midnight. `None` for whoever does not read mail.
    pub async fn mail_queue(&self, member: &StaffMember) -> Result<Option<(MailQueue, u64)>, DbErr> {
        if !member.may(Task::ReadMail) {
            return Ok(None);
        }
        let today = self.calendar.begin_of(self.calendar.today(self.ambient.now()));
        let sent_today = stored::sent_since(self.database.read(), today).await?;
        Ok(Some((mail::queue(&self.database).await?, sent_today)))
    }

    /// Sends a message again that waits or was given up.
    pub async fn retry_mail(
        &self,
        member: &StaffMember,
        id: MailId,
        origin: &Origin,
    ) -> Result<MailRetry, DbErr> {
        if !member.may(Task::RetryMail) {
            return Ok(MailRetry::NotWaiting);
        }
        mail::retry(&self.database, &self.ambient, &self.journal, member.account, id, origin).await
    }
}
