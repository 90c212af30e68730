//! Printing a credential letter (the procedure's row 4). Its password and codes exist in the answer to the one request
//! that made them; the database keeps hashes.

use chrono::NaiveDate;
use sea_orm::DbErr;

use super::context::Office;
use super::voiding;
use crate::accounts::owner;
use crate::crypto::password::{HashError, Line};
use crate::domain::account::{Account, AccountState};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::credential_letter::order::{OrderKind, OrderState};
use crate::domain::credential_letter::{InitialPassword, LetterSerial, NoInitialPassword, RecoveryCode};
use crate::domain::four_eyes;
use crate::domain::ids::{AccountId, LetterOrderId};
use crate::domain::locale::Locale;
use crate::domain::office::OfficeNotice;
use crate::domain::password_policy::Circumstances;
use crate::domain::staff::StaffMember;
use crate::storage::letter_orders::LetterOrder;
use crate::storage::letters::{Letter, NewLetter};
use crate::storage::{accounts, letter_orders, letter_queue, letters};

/// One press of "print" for one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintRequest {
    pub order: LetterOrderId,
    /// The serial of the letter that whoever pressed saw as printed, and wants another one instead of; `None` if they
    /// saw none. It makes the press conditional: a double click, a page sent again or a colleague at the next desk
    /// never void a letter that was not seen.
    pub seen: Option<String>,
}

/// A letter with everything that stands in it. It is in no other place.
#[derive(Debug)]
pub struct PrintedLetter {
    pub login: String,
    pub name: String,
    pub locale: Locale,
    pub office: OfficeNotice,
    pub serial: LetterSerial,
    pub initial_password: InitialPassword,
    /// The first is number 1.
    pub codes: Vec<RecoveryCode>,
    pub printed_on: NaiveDate,
    /// The last day on which it can be collected.
    pub collect_until: NaiveDate,
}

/// Why no letter was printed. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotPrinted {
    /// No such order, or another office's.
    Unknown,
    /// Nobody prints a letter for an account of their own.
    OwnAccount { login: String },
    /// Somebody printed it meanwhile: that letter is the good one.
    NewerLetter { login: String, serial: LetterSerial, by: String, at: Moment },
    /// The order is not (any more) one to print.
    Order { login: String, state: OrderState },
    /// The account may have no letter now.
    Account { login: String, state: AccountState },
}

#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    NoInitialPassword(#[from] NoInitialPassword),
}

/// What a letter opens, hashed.
struct Hashes {
    initial_password: String,
    codes: Vec<String>,
}

/// What was found when somebody looked, before or under the account's lock.
struct Subject {
    order: LetterOrder,
    account: Account,
    /// The order's good letter, if it was printed before.
    replaces: Option<Letter>,
}

impl Office {
    /// Prints the letter of an order, or prints it again: then with another password and other codes, and the older
    /// letter is void.
    ///
    /// Hashing is slow, and no transaction is open meanwhile: everything is looked at once before and once more under
    /// the account's lock.
    ///
    /// # Errors
    /// If the database does not answer, no hash can be made now, or the password policy leaves no room. Nothing was
    /// changed then.
    pub async fn print(
        &self,
        member: &StaffMember,
        request: &PrintRequest,
        origin: &Origin,
    ) -> Result<Result<PrintedLetter, NotPrinted>, PrintError> {
        let found = match self.printable(self.database.read(), member, request, false).await? {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused)),
        };
        let account = &found.account;
        let company: Vec<&str> = self.company_words.iter().map(String::as_str).collect();
        let whose = Circumstances {
            login: account.login.as_str(),
            given_name: &account.profile.given_name,
            family_name: &account.profile.family_name,
            organisation: account.profile.organisation_name.as_deref(),
            company: &company,
            ..Circumstances::default()
        };
        let entropy = self.ambient.entropy();
        let initial_password = InitialPassword::generate(entropy, &self.policy, &whose)?;
        let codes: Vec<RecoveryCode> =
            (0..RecoveryCode::PER_LETTER).map(|_| RecoveryCode::generate(entropy)).collect();
        let serial = LetterSerial::generate(entropy);
        let hashes = self.hash(&initial_password, &codes).await?;

        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Subject { order, account, replaces } =
            match self.printable(&transaction, member, request, true).await? {
                Ok(found) => found,
                Err(refused) => {
                    transaction.rollback().await?;
                    return Ok(Err(refused));
                }
            };
        let by = Actor::Staff(member.account);
        for old in letters::live_of(&transaction, account.id).await? {
            let why = if old.order == Some(order.id) { "reprinted" } else { "reissued" };
            voiding::void(&self.journal, &transaction, &old, why, by.clone(), now, origin).await?;
        }
        voiding::end_initial_password(&self.journal, &transaction, &account, now, origin).await?;
        let letter = NewLetter {
            id: self.ambient.new_id(),
            account: account.id,
            order: order.id,
            serial: serial.as_str().to_owned(),
            initial_password_hash: hashes.initial_password,
            code_hashes: hashes.codes,
            printed_by: member.account,
            printed_at: now,
        };
        let id = letter.id;
        letters::insert_printed(&transaction, letter).await?;
        if let Some(reminded_at) = replaces.as_ref().and_then(|old| old.reminded_at) {
            // A letter that is printed again reminds nobody again.
            letters::mark_reminded(&transaction, id, reminded_at).await?;
        }
        if order.state == OrderState::Approved {
            letter_orders::move_on(
                &transaction,
                order.id,
                OrderState::Approved,
                OrderState::Printed,
                None,
                now,
            )
            .await?;
        }
        let what = if replaces.is_some() { "again" } else { order.kind.as_str() };
        let record = AuditRecord::new(Action::LetterPrinted, by).about(account.id).outcome(what).from(origin);
        self.journal.record(&transaction, &record).await?;
        let since = accounts::state_since(&transaction, account.id).await?;
        let office = owner::office_notice(&transaction, &self.calendar, account.office, now).await?;
        transaction.commit().await?;
        Ok(Ok(PrintedLetter {
            login: account.login.to_string(),
            name: account.profile.display_name(),
            locale: account.profile.locale.unwrap_or_default(),
            office,
            serial,
            initial_password,
            codes,
            printed_on: self.calendar.today(now),
            collect_until: self.calendar.day_of(self.collect_until(order.kind, account.state, since, now)),
        }))
    }

    /// Until when a letter can be collected: a first one as long as its account waits, another one counted from when it
    /// was printed.
    pub(super) fn collect_until(
        &self,
        kind: OrderKind,
        state: AccountState,
        state_since: Option<Moment>,
        printed_at: Moment,
    ) -> Moment {
        let from = match (kind, state, state_since) {
            (OrderKind::First, AccountState::AwaitingCollection, Some(since)) => since,
            _ => printed_at,
        };
        from + self.rules.collect_within
    }

    /// May this be printed? `locking`: with the account's row locked until the transaction ends, so that what is found
    /// stays true.
    async fn printable(
        &self,
        connection: &impl sea_orm::ConnectionTrait,
        member: &StaffMember,
        request: &PrintRequest,
        locking: bool,
    ) -> Result<Result<Subject, NotPrinted>, DbErr> {
        let Some(order) = letter_orders::find(connection, request.order).await? else {
            return Ok(Err(NotPrinted::Unknown));
        };
        let account = if locking {
            accounts::lock(connection, order.account).await?
        } else {
            accounts::find(connection, order.account).await?
        };
        let Some(account) = account.filter(|account| member.sees_office(account.office)) else {
            return Ok(Err(NotPrinted::Unknown));
        };
        // Orders change under their account's lock, which is held only now.
        let Some(order) = letter_orders::find(connection, request.order).await? else {
            return Ok(Err(NotPrinted::Unknown));
        };
        let login = account.login.to_string();
        if four_eyes::acts_on_own_account(member.account, account.id) {
            return Ok(Err(NotPrinted::OwnAccount { login }));
        }
        if !matches!(order.state, OrderState::Approved | OrderState::Printed) {
            return Ok(Err(NotPrinted::Order { login, state: order.state }));
        }
        if matches!(account.state, AccountState::Suspended | AccountState::Erased) {
            return Ok(Err(NotPrinted::Account { login, state: account.state }));
        }
        let live = letters::live_of(connection, account.id).await?;
        let replaces = live.into_iter().find(|letter| letter.order == Some(order.id));
        match (&replaces, &request.seen) {
            (None, None) => {}
            (Some(letter), Some(seen)) if letter.serial == *seen => {}
            (Some(newer), _) => return self.newer(connection, login, newer).await.map(Err),
            // The letter that was seen was voided: the list shows what is true now.
            (None, Some(_)) => return Ok(Err(NotPrinted::Order { login, state: order.state })),
        }
        Ok(Ok(Subject { order, account, replaces }))
    }

    async fn newer(
        &self,
        connection: &impl sea_orm::ConnectionTrait,
        login: String,
        letter: &Letter,
    ) -> Result<NotPrinted, DbErr> {
        let names = letter_queue::names_of(connection, letter.printed_by).await?;
        Ok(NotPrinted::NewerLetter {
            login,
            serial: LetterSerial::of_any_system(&letter.serial)
                .map_err(|error| DbErr::Custom(format!("credential_letter.serial: {error}")))?,
            by: name_in(&names, letter.printed_by),
            at: letter.printed_at,
        })
    }

    async fn hash(
        &self,
        initial_password: &InitialPassword,
        codes: &[RecoveryCode],
    ) -> Result<Hashes, HashError> {
        let entropy = self.ambient.entropy();
        let initial = self.hasher.hash(Line::House, initial_password.expose(), entropy).await?;
        let mut hashed = Vec::with_capacity(codes.len());
        // One after the other: who prints a hundred letters must not keep those out who sign in.
        for code in codes {
            hashed.push(self.hasher.hash(Line::House, code.expose(), entropy).await?);
        }
        Ok(Hashes { initial_password: initial, codes: hashed })
    }
}

/// The person's name; nobody's, if there is none.
pub(super) fn name_in(
    names: &std::collections::BTreeMap<AccountId, String>,
    who: Option<AccountId>,
) -> String {
    who.and_then(|who| names.get(&who)).cloned().unwrap_or_default()
}
