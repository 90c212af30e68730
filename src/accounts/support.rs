//! What an operator does for an account from the command line: look, and lift a lock.

use sea_orm::{ConnectionTrait, DbErr};

use super::lockout::{self, Whose};
use crate::domain::account::Account;
use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::calendar::Calendar;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, CredentialLetterId};
use crate::domain::login::Login;
use crate::storage::audit::ShownRecord;
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::people::HeldTitle;
use crate::storage::{accounts, audit, budgets, letters, passkeys, people, second_factors};

/// An account with what hangs on it.
#[derive(Debug)]
pub struct AccountSheet {
    pub account: Account,
    pub office: Option<String>,
    pub contractor_numbers: Vec<String>,
    pub titles: Vec<HeldTitle>,
    pub letter_serials: Vec<String>,
    /// Codes of an app, with how many recovery codes are left.
    pub app_codes_left: Option<u64>,
    pub passkeys: u64,
    /// The lock on sign-ins from unknown devices, if it is on now.
    pub locked_until: Option<Moment>,
    /// Newest first.
    pub history: Vec<ShownRecord>,
}

/// Everything an operator may see of an account: no hashes, no sealed origins.
pub async fn sheet(
    database: &Database,
    ambient: &Ambient,
    calendar: &Calendar,
    login: &str,
) -> Result<Option<AccountSheet>, DbErr> {
    let connection = database.read();
    let Some(account) = accounts::find_by_login(connection, &Login::canonical_of(login)).await? else {
        return Ok(None);
    };
    let now = ambient.now();
    let sign_ins = Whose::UnknownDevices(account.id);
    let office = people::office_name(connection, account.office).await?;
    let has_app = second_factors::is_confirmed(connection, account.id).await?;
    Ok(Some(AccountSheet {
        app_codes_left: if has_app {
            Some(second_factors::unused_codes(connection, account.id).await?)
        } else {
            None
        },
        passkeys: passkeys::count(connection, account.id).await?,
        office,
        contractor_numbers: people::contractor_numbers(connection, account.id).await?,
        titles: people::titles_on(connection, account.id, calendar.today(now)).await?,
        letter_serials: letters::live_of(connection, account.id)
            .await?
            .into_iter()
            .map(|letter| letter.serial)
            .collect(),
        locked_until: budgets::locked_until(connection, sign_ins.kind(), &sign_ins.subject())
            .await?
            .filter(|until| *until > now),
        history: audit::latest_about(connection, account.id, 20).await?,
        account,
    }))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlocked {
    /// It was locked, and is not any more.
    Lifted,
    /// It was not locked; failures that had been counted are forgotten.
    WasOpen,
    UnknownLogin,
}

/// Lifts the lock on sign-ins and forgets counted failures.
pub async fn unlock(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    login: &str,
) -> Result<Unlocked, DbErr> {
    let transaction = database.begin().await?;
    let Some(account) = accounts::find_by_login(&transaction, &Login::canonical_of(login)).await? else {
        return Ok(Unlocked::UnknownLogin);
    };
    let account = account.id;
    let was_locked = lockout::lift(&transaction, ambient, account).await?;
    let record =
        AuditRecord::new(Action::AccountUnlocked, Actor::Operator).about(account).outcome("command_line");
    journal.record(&transaction, &record).await?;
    transaction.commit().await?;
    Ok(if was_locked { Unlocked::Lifted } else { Unlocked::WasOpen })
}

/// Forgets the attempts to recover an account: by its letters, and by a letter from before, which is known by the account
/// alone.
pub async fn lift_recoveries(
    transaction: &impl ConnectionTrait,
    account: AccountId,
    letters: &[CredentialLetterId],
    now: Moment,
) -> Result<(), DbErr> {
    let by_letter = letters.iter().map(|letter| Whose::Recovery(*letter));
    for whose in by_letter.chain([Whose::LetterFromBefore(account)]) {
        if let Some(budget) = budgets::find(transaction, whose.kind(), &whose.subject()).await?
            && budgets::lock_by_id(transaction, budget).await?.is_some()
        {
            budgets::lift_lock(transaction, budget, now).await?;
        }
    }
    Ok(())
}

/// The budget of sign-ins to an account from devices nobody knows: its kind and its subject.
pub fn sign_in_budget(account: AccountId) -> (&'static str, String) {
    let sign_ins = Whose::UnknownDevices(account);
    (sign_ins.kind(), sign_ins.subject())
}
