//! Accounts looked up: by what somebody says at the counter, and one with everything that hangs on it.

use sea_orm::DbErr;

use super::context::Office;
use super::told::{Names, ToldRecord, tell};
use super::voiding;
use crate::accounts::{factors, support};
use crate::domain::account::{Account, AccountState};
use crate::domain::clock::Moment;
use crate::domain::credential_letter::LetterSerial;
use crate::domain::credential_letter::order::OrderState;
use crate::domain::four_eyes;
use crate::domain::ids::{AccountId, CredentialLetterId};
use crate::domain::staff::{StaffMember, Task};
use crate::storage::account_search::{self, AccountFilter, FoundAccount, Only};
use crate::storage::accounts::{InitialPasswordNow, Standing};
use crate::storage::audit_search::{self, AuditFilter};
use crate::storage::letter_orders::LetterOrder;
use crate::storage::people::HeldTitle;
use crate::storage::{
    accounts, budgets, contact_changes, letter_orders, letters, people, sessions, trusted_devices,
};

/// Lines that are shown. Whoever finds more says more.
const FOUND: u64 = 50;

/// Records of one account's history that are shown.
const HISTORY: u64 = 100;

/// What a search came to.
#[derive(Debug)]
pub struct Found {
    pub accounts: Vec<FoundAccount>,
    /// There are more than are shown.
    pub is_cut: bool,
}

/// An account as the office sees it.
#[derive(Debug)]
pub struct AccountSheet {
    pub account: Account,
    pub standing: Standing,
    pub office: Option<String>,
    pub contractor_numbers: Vec<String>,
    /// Those that hold today.
    pub titles: Vec<HeldTitle>,
    pub locked_until: Option<Moment>,
    pub letters: Vec<SheetLetter>,
    /// There is one that another system printed, without a serial.
    pub has_letter_from_before: bool,
    pub order: Option<SheetOrder>,
    pub sessions: usize,
    /// Devices that are trusted.
    pub devices: usize,
    pub change: Option<SheetChange>,
    /// Newest first.
    pub history: Vec<ToldRecord>,
    pub stance: Stance,
    /// No password opens the account: only a new letter does.
    pub needs_letter: bool,
    /// Codes of an app, or passkeys.
    pub has_second_factor: bool,
}

#[derive(Debug)]
pub struct SheetLetter {
    pub id: CredentialLetterId,
    pub serial: String,
    pub printed_at: Moment,
    pub printed_by: Option<String>,
    pub collected: Option<(Moment, Option<String>)>,
    /// When, and why as a code.
    pub voided: Option<(Moment, Option<String>)>,
}

/// The order that is on its way; the newest, if it lapsed.
#[derive(Debug)]
pub struct SheetOrder {
    pub order: LetterOrder,
    pub requested_by: Option<String>,
}

/// A change of address that waits for a second person.
#[derive(Debug)]
pub struct SheetChange {
    pub email: Option<String>,
    pub requested_at: Moment,
    pub requested_by: Option<String>,
}

/// What this member of staff can do for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    Help,
    /// Nobody acts on an account of their own.
    OwnAccount,
    Read,
}

impl Office {
    /// Accounts of the offices that this member of staff sees; a clerk does not see those of no office.
    pub async fn find_accounts(
        &self,
        member: &StaffMember,
        text: Option<&str>,
        only: Option<Only>,
    ) -> Result<Found, DbErr> {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        if !member.may(Task::ReadAccounts) || (text.is_none() && only.is_none()) {
            return Ok(Found { accounts: Vec::new(), is_cut: false });
        }
        let filter = AccountFilter { serial: text.and_then(serial_of), text: text.map(str::to_owned), only };
        let (locks, _) = support::sign_in_budget(member.account);
        let now = self.ambient.now();
        let scope = member.office_scope();
        let mut accounts =
            account_search::find(self.database.read(), scope, &filter, locks, now, FOUND + 1).await?;
        let is_cut = accounts.len() as u64 > FOUND;
        accounts.truncate(usize::try_from(FOUND).unwrap_or(usize::MAX));
        Ok(Found { accounts, is_cut })
    }

    /// `None` if there is none, or it is another office's.
    pub async fn account_sheet(
        &self,
        member: &StaffMember,
        id: AccountId,
    ) -> Result<Option<AccountSheet>, DbErr> {
        let snapshot = self.database.begin_read().await?;
        let (Some(account), Some(standing)) =
            (accounts::find(&snapshot, id).await?, accounts::standing(&snapshot, id).await?)
        else {
            return Ok(None);
        };
        if !member.may(Task::ReadAccounts) || !member.sees_office(account.office) {
            return Ok(None);
        }
        let now = self.ambient.now();
        let mut names = Names::default();
        let mut sheet_letters = Vec::new();
        for letter in letters::all_of(&snapshot, id).await? {
            let collected_by = names.name(&snapshot, letter.collected_by).await?;
            sheet_letters.push(SheetLetter {
                id: letter.id,
                printed_by: names.name(&snapshot, letter.printed_by).await?,
                printed_at: letter.printed_at,
                collected: letter.collected_at.map(|at| (at, collected_by)),
                voided: letter.voided_at.map(|at| (at, letter.void_reason.clone())),
                serial: letter.serial,
            });
        }
        let newest = letter_orders::newest_of(&snapshot, id).await?;
        let order = match newest.filter(|order| order.state.is_open() || order.state == OrderState::Lapsed) {
            Some(order) => {
                Some(SheetOrder { requested_by: names.name(&snapshot, order.requested_by).await?, order })
            }
            None => None,
        };
        let change = match contact_changes::waiting_of(&snapshot, id).await? {
            Some(change) => Some(SheetChange {
                requested_by: names.name(&snapshot, Some(change.requested_by)).await?,
                email: change.email,
                requested_at: change.requested_at,
            }),
            None => None,
        };
        let filter = AuditFilter { account: Some(id), ..AuditFilter::default() };
        let mut history = Vec::new();
        for record in audit_search::find(&snapshot, &filter, HISTORY).await? {
            history.push(tell(&self.journal, &snapshot, &mut names, record, true).await?);
        }
        let (kind, subject) = support::sign_in_budget(id);
        let locked_until = budgets::locked_until(&snapshot, kind, &subject).await?;
        let office = people::office_name(&snapshot, account.office).await?;
        let has_letter_from_before = voiding::is_letter_from_before(&snapshot, id, &standing).await?;
        let needs_letter = account.state == AccountState::InitialPassword
            && standing.initial_password == InitialPasswordNow::Gone;
        Ok(Some(AccountSheet {
            has_second_factor: factors::has_any(&snapshot, id).await?,
            needs_letter,
            standing,
            office,
            contractor_numbers: people::contractor_numbers(&snapshot, id).await?,
            titles: people::titles_on(&snapshot, id, self.calendar.today(now)).await?,
            locked_until: locked_until.filter(|until| *until > now),
            letters: sheet_letters,
            has_letter_from_before,
            order,
            sessions: sessions::live_ids_of(&snapshot, id, None, now).await?.len(),
            devices: trusted_devices::of_account(&snapshot, id, now).await?.len(),
            change,
            history,
            stance: if !member.may(Task::HelpAccounts) {
                Stance::Read
            } else if four_eyes::acts_on_own_account(member.account, id) {
                Stance::OwnAccount
            } else {
                Stance::Help
            },
            account,
        }))
    }
}

/// What was typed, as the serial of a letter: with or without its dashes, of this system or of another.
pub(super) fn serial_of(text: &str) -> Option<String> {
    let ours = text.parse::<LetterSerial>();
    ours.or_else(|_| LetterSerial::of_any_system(text)).ok().map(|serial| serial.as_str().to_owned())
}
