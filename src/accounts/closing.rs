//! How an account is closed: by the office, or by time once its last title has ended. This is the one place.

use sea_orm::{ConnectionTrait, DbErr};

use super::{ending, owner};
use crate::domain::account::{Account, AccountEvent, IllegalTransition};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::calendar::Calendar;
use crate::domain::clock::Moment;
use crate::domain::credential_letter::order::OrderState;
use crate::domain::mail::Message;
use crate::storage::journal::Journal;
use crate::storage::{accounts, contact_changes, letter_orders, letters};

/// Who closes an account, and why.
#[derive(Debug)]
pub struct Closing<'a> {
    pub by: Actor,
    /// As a code: `by_office`, `closure_requested`, `no_title`, `lapsed`.
    pub why: &'static str,
    /// In the words of who does it.
    pub reason: Option<&'a str>,
    pub origin: &'a Origin,
    pub at: Moment,
}

/// Closes an account: everything that anybody holds for it ends, its letters are void, what was ordered is cancelled,
/// and the owner is told. The caller holds the account's lock and has just read the account under it.
///
/// # Errors
/// The inner one, with nothing changed, if it is closed or erased already.
pub async fn close(
    journal: &Journal,
    calendar: &Calendar,
    transaction: &impl ConnectionTrait,
    account: &Account,
    closing: Closing<'_>,
) -> Result<Result<(), IllegalTransition>, DbErr> {
    let Closing { by, why, reason, origin, at } = closing;
    let becomes = match account.state.after(AccountEvent::Closed) {
        Ok(becomes) => becomes,
        Err(illegal) => return Ok(Err(illegal)),
    };
    accounts::move_on(transaction, account.id, account.state, becomes, at).await?;
    ending::end_everything(journal, transaction, account.id, why, at, origin).await?;
    for letter in letters::live_of(transaction, account.id).await? {
        if letters::void(transaction, letter.id, "account_closed", at).await? {
            let record = AuditRecord::new(Action::LetterVoided, by.clone())
                .about(account.id)
                .outcome("account_closed");
            journal.record(transaction, &record.from(origin)).await?;
        }
    }
    if let Some(order) = letter_orders::open_of(transaction, account.id).await?
        && letter_orders::move_on(transaction, order.id, order.state, OrderState::Cancelled, None, at).await?
    {
        let record = AuditRecord::new(Action::LetterOrderCancelled, by.clone())
            .about(account.id)
            .outcome("account_closed");
        journal.record(transaction, &record.from(origin)).await?;
    }
    if contact_changes::cancel(transaction, account.id, at).await? {
        let record = AuditRecord::new(Action::ContactChangeRefused, by.clone())
            .about(account.id)
            .outcome("account_closed");
        journal.record(transaction, &record.from(origin)).await?;
    }
    let mut record = AuditRecord::new(Action::AccountClosed, by).about(account.id).outcome(why).from(origin);
    record.reason = reason.map(str::to_owned);
    journal.record(transaction, &record).await?;
    let event = serde_json::json!({"account": account.id.to_string(), "why": why});
    journal.announce(transaction, "account.closed", event).await?;
    let office = owner::office_notice(transaction, calendar, account.office, at).await?;
    owner::tell(journal, transaction, account, Message::AccountClosed { office }).await?;
    Ok(Ok(()))
}
