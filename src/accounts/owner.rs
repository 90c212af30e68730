//! Telling the owner of an account what happened to it.

use sea_orm::{ConnectionTrait, DbErr};

use crate::domain::account::Account;
use crate::domain::calendar::Calendar;
use crate::domain::clock::Moment;
use crate::domain::ids::OfficeId;
use crate::domain::mail::{Mail, Message};
use crate::domain::office::OfficeNotice;
use crate::storage::journal::Journal;
use crate::storage::people;

/// Writes to the owner, in the transaction of what happened. Who has no address is told nothing: they hear of it at the
/// office, or by letter.
pub async fn tell(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    account: &Account,
    message: Message,
) -> Result<(), DbErr> {
    match Mail::to_account(account, message) {
        Some(mail) => journal.mail(transaction, &mail).await,
        None => Ok(()),
    }
}

/// Where the owner is helped. Who belongs to no office is sent to the first one.
pub async fn office_notice(
    connection: &impl ConnectionTrait,
    calendar: &Calendar,
    office: Option<OfficeId>,
    now: Moment,
) -> Result<OfficeNotice, DbErr> {
    let name = match office {
        Some(_) => people::office_name(connection, office).await?,
        None => people::office_names(connection).await?.into_iter().next(),
    };
    Ok(calendar.notice(name.as_deref().unwrap_or_default(), now))
}
