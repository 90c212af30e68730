//! The mail that has not gone out: staff look at it, and send it again.

use sea_orm::DbErr;

use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::ids::{AccountId, MailId};
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::mail::{self, ListedMail, MailCounts};

/// How many messages the list shows. More would be one outage, not a thing to look through.
const SHOWN: u64 = 200;

/// What waits and what was given up.
#[derive(Debug)]
pub struct MailQueue {
    pub counts: MailCounts,
    /// The given-up first, then the oldest first; at most 200.
    pub mails: Vec<ListedMail>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailRetry {
    /// It is due now, with all its tries.
    Due,
    /// It was sent meanwhile, or there is no such message.
    NotWaiting,
}

/// Whom a message is about, how often it was tried and why it was not taken; never its recipient or its words.
pub async fn queue(database: &Database) -> Result<MailQueue, DbErr> {
    let transaction = database.begin_read().await?;
    let counts = mail::counts(&transaction).await?;
    let mails = mail::not_sent(&transaction, SHOWN).await?;
    transaction.rollback().await?;
    Ok(MailQueue { counts, mails })
}

/// Sends a message again that waits or was given up. `staff` has been found to be allowed to.
pub async fn retry(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    staff: AccountId,
    id: MailId,
    origin: &Origin,
) -> Result<MailRetry, DbErr> {
    let transaction = database.begin().await?;
    let Some(about) = mail::retry(&transaction, id, ambient.now()).await? else {
        transaction.rollback().await?;
        return Ok(MailRetry::NotWaiting);
    };
    let mut record = AuditRecord::new(Action::MailRetried, Actor::Staff(staff)).from(origin);
    if let Some(about) = about {
        record = record.about(AccountId::from(about));
    }
    journal.record(&transaction, &record).await?;
    transaction.commit().await?;
    Ok(MailRetry::Due)
}
