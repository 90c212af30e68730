//! How an account is suspended: by its owner's link, or by the office. This is the one place.

use sea_orm::{ConnectionTrait, DbErr};

use super::{ending, owner};
use crate::domain::account::{Account, AccountEvent, AccountState, IllegalTransition, SuspensionCause};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::calendar::Calendar;
use crate::domain::clock::Moment;
use crate::domain::mail::Message;
use crate::storage::accounts;
use crate::storage::journal::Journal;

/// Who suspends an account, and why.
#[derive(Debug)]
pub struct Suspension<'a> {
    pub by: Actor,
    pub cause: SuspensionCause,
    /// In the words of who does it.
    pub reason: Option<&'a str>,
    pub origin: &'a Origin,
    pub at: Moment,
}

/// Suspends an account: everything that anybody holds for it ends, and the owner is told. Its letter stays what it is, and
/// opens nothing until the office resumes the account. The caller holds the account's lock and has just read the account
/// under it.
///
/// # Errors
/// The inner one, with nothing changed, if nobody can sign in to it anyway.
pub async fn suspend(
    journal: &Journal,
    calendar: &Calendar,
    transaction: &impl ConnectionTrait,
    account: &Account,
    suspension: Suspension<'_>,
) -> Result<Result<(), IllegalTransition>, DbErr> {
    let Suspension { by, cause, reason, origin, at } = suspension;
    let why = cause.as_str();
    let becomes = match account.state.after(AccountEvent::Suspended) {
        Ok(becomes) => becomes,
        Err(illegal) => return Ok(Err(illegal)),
    };
    accounts::move_on(transaction, account.id, account.state, becomes, at).await?;
    accounts::note_suspension(transaction, account.id, cause).await?;
    if account.state == AccountState::Active {
        // Resumed without a chosen password, the account would open to it.
        accounts::forget_used_initial_password(transaction, account.id, at).await?;
    }
    ending::end_everything(journal, transaction, account.id, why, at, origin).await?;
    let mut record =
        AuditRecord::new(Action::AccountSuspended, by).about(account.id).outcome(why).from(origin);
    record.reason = reason.map(str::to_owned);
    journal.record(transaction, &record).await?;
    let event = serde_json::json!({"account": account.id.to_string(), "why": why});
    journal.announce(transaction, "account.suspended", event).await?;
    let office = owner::office_notice(transaction, calendar, account.office, at).await?;
    owner::tell(journal, transaction, account, Message::AccountSuspended { office }).await?;
    Ok(Ok(()))
}
