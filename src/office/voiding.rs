//! How a letter dies: with its password and its codes, at once.

use sea_orm::{ConnectionTrait, DbErr};

use crate::accounts::ending;
use crate::domain::account::{Account, AccountState};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::storage::accounts::{InitialPasswordNow, Standing};
use crate::storage::journal::Journal;
use crate::storage::letters::Letter;
use crate::storage::{accounts, letters};

/// Voids a letter, and records it. The caller holds the account's lock. Returns whether the letter was still good.
pub(super) async fn void(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    letter: &Letter,
    why: &'static str,
    by: Actor,
    now: Moment,
    origin: &Origin,
) -> Result<bool, DbErr> {
    if !letters::void(transaction, letter.id, why, now).await? {
        return Ok(false);
    }
    let record = AuditRecord::new(Action::LetterVoided, by).about(letter.account).outcome(why).from(origin);
    journal.record(transaction, &record).await?;
    Ok(true)
}

/// Is there a letter of another system, known by no serial, that still opens something? One with a serial is voided as
/// any other, and once a letter was printed here, that is the letter.
pub(super) async fn is_letter_from_before(
    connection: &impl ConnectionTrait,
    account: AccountId,
    standing: &Standing,
) -> Result<bool, DbErr> {
    Ok(standing.initial_password == InitialPasswordNow::Opens
        && letters::live_of(connection, account).await?.is_empty()
        && !letters::was_any_printed(connection, account).await?)
}

/// While nobody has chosen a password, the old letter's initial password is what opens the account, now or once it is
/// resumed: it dies with the letter, and whoever came in with it is out. A chosen password is its owner's, and stays.
pub(super) async fn end_initial_password(
    journal: &Journal,
    transaction: &impl ConnectionTrait,
    account: &Account,
    now: Moment,
    origin: &Origin,
) -> Result<(), DbErr> {
    if !matches!(account.state, AccountState::InitialPassword | AccountState::Suspended) {
        return Ok(());
    }
    accounts::forget_initial_password(transaction, account.id, now).await?;
    ending::end_everything(journal, transaction, account.id, "letter_voided", now, origin).await
}
