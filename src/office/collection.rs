//! Handing a letter over (the procedure's row 4): only then does its initial password open anything.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::context::Office;
use super::printing::name_in;
use crate::accounts::{ending, lockout, owner};
use crate::domain::account::{Account, AccountEvent, AccountState};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::credential_letter::collection::IdentityDocument;
use crate::domain::credential_letter::order::{OrderKind, OrderState};
use crate::domain::credential_letter::{LetterSerial, LetterSerialError};
use crate::domain::four_eyes;
use crate::domain::mail::Message;
use crate::domain::staff::StaffMember;
use crate::storage::letter_orders::LetterOrder;
use crate::storage::letters::Letter;
use crate::storage::{accounts, letter_orders, letter_queue, letters, people};

/// A letter as it is shown at the counter.
#[derive(Debug)]
pub struct CounterLetter {
    pub serial: LetterSerial,
    pub name: String,
    pub login: String,
    pub office: Option<String>,
    pub printed_at: Moment,
    pub printed_by: String,
    /// Is this another letter, for somebody who had one?
    pub is_reissue: bool,
    /// Why it cannot be handed over now, if so.
    pub refusal: Option<Refusal>,
}

/// Why a letter is not handed over: what is true of it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    Voided {
        at: Moment,
        reason: VoidReason,
    },
    Collected {
        at: Moment,
        by: String,
    },
    /// Whoever ordered or printed it: a colleague hands it over.
    PrintedByYourself,
    OwnAccount,
    Suspended,
    /// The account closed or was erased.
    AccountEnded,
    /// It was not printed here for an order that is on its way.
    NoOrder,
}

/// Why a letter was voided, as the counter tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoidReason {
    /// A newer one was printed.
    Replaced,
    /// It was not collected in time.
    Lapsed,
    AccountClosed,
    Other,
}

/// What looking for a serial came to.
#[derive(Debug)]
pub enum Search {
    Found(Box<CounterLetter>),
    /// What was typed is no serial.
    Mistyped(LetterSerialError),
    Unknown,
    /// It is handed over at its own office.
    OtherOffice {
        office: Option<String>,
    },
}

/// What was recorded at the counter.
#[derive(Debug, Clone, Copy)]
pub struct Receipt {
    pub document: IdentityDocument,
}

/// What recording a collection came to.
#[derive(Debug)]
pub enum Collection {
    Recorded(Box<CounterLetter>),
    /// Nothing was changed; the letter as it is now, with its refusal or without (then it was another's turn).
    Refused(Search),
}

/// A letter on its way over the counter, under its account's lock.
struct Handover<'a> {
    letter: &'a Letter,
    account: &'a Account,
    by: &'a StaffMember,
    receipt: Receipt,
    origin: &'a Origin,
}

impl Office {
    /// The letter of a serial, typed as people type.
    pub async fn find_letter(&self, member: &StaffMember, typed: &str) -> Result<Search, DbErr> {
        let serial = match typed.parse() {
            Ok(serial) => serial,
            // A letter of the system before is in the database, but opens nothing that the counter could hand over.
            Err(error) => match LetterSerial::of_any_system(typed) {
                Ok(foreign) if self.knows(&foreign).await? => foreign,
                _ => return Ok(Search::Mistyped(error)),
            },
        };
        self.look_up(self.database.read(), member, &serial).await
    }

    /// Records that the letter was handed over to the person whose account it is.
    ///
    /// One transaction under the account's lock: of any number of clerks who press at once, one hands it over.
    ///
    /// # Errors
    /// If the database does not answer. Nothing was changed then.
    pub async fn collect(
        &self,
        member: &StaffMember,
        serial: &LetterSerial,
        receipt: Receipt,
        origin: &Origin,
    ) -> Result<Collection, DbErr> {
        let Some(found) = letters::find_by_serial(self.database.read(), serial.as_str()).await? else {
            return Ok(Collection::Refused(Search::Unknown));
        };
        let transaction = self.database.begin().await?;
        let locked = accounts::lock(&transaction, found.account).await?;
        let seen = self.look_up(&transaction, member, serial).await?;
        let (Some(account), Search::Found(letter)) = (locked, &seen) else {
            transaction.rollback().await?;
            return Ok(Collection::Refused(seen));
        };
        if letter.refusal.is_some() {
            transaction.rollback().await?;
            return Ok(Collection::Refused(seen));
        }
        let handover = Handover { letter: &found, account: &account, by: member, receipt, origin };
        if !self.open(&transaction, handover).await? {
            transaction.rollback().await?;
            let seen = self.look_up(self.database.read(), member, serial).await?;
            return Ok(Collection::Refused(seen));
        }
        transaction.commit().await?;
        match seen {
            Search::Found(letter) => Ok(Collection::Recorded(letter)),
            other => Ok(Collection::Refused(other)),
        }
    }

    /// Everything that a collection changes. Returns `false` if something of it was changed by somebody else: then the
    /// caller takes all of it back.
    async fn open(&self, transaction: &DatabaseTransaction, handover: Handover<'_>) -> Result<bool, DbErr> {
        let Handover { letter, account, by, receipt, origin } = handover;
        let now = self.ambient.now();
        let (Ok(becomes), Some(order)) = (account.state.after(AccountEvent::LetterCollected), letter.order)
        else {
            return Ok(false);
        };
        let handed_over = letters::collect(transaction, letter.id, by.account, receipt.document, now).await?;
        let Some(hash) = handed_over else {
            return Ok(false);
        };
        if !accounts::open_with_letter(transaction, account.id, account.state, becomes, &hash, now).await?
            || !letter_orders::move_on(
                transaction,
                order,
                OrderState::Printed,
                OrderState::Collected,
                None,
                now,
            )
            .await?
        {
            return Ok(false);
        }
        // Whoever is in with what opened the account before is out: the letter may have been ordered because of them.
        ending::end_everything(&self.journal, transaction, account.id, "letter_collected", now, origin)
            .await?;
        lockout::lift(transaction, &self.ambient, account.id).await?;
        let record = AuditRecord::new(Action::LetterCollected, Actor::Staff(by.account))
            .about(account.id)
            .outcome(receipt.document.as_str())
            .from(origin);
        self.journal.record(transaction, &record).await?;
        let event = serde_json::json!({"account": account.id.to_string()});
        self.journal.announce(transaction, "letter.collected", event).await?;
        let office = owner::office_notice(transaction, &self.calendar, account.office, now).await?;
        owner::tell(&self.journal, transaction, account, Message::LetterCollected { office }).await?;
        Ok(true)
    }

    async fn knows(&self, serial: &LetterSerial) -> Result<bool, DbErr> {
        Ok(letters::find_by_serial(self.database.read(), serial.as_str()).await?.is_some())
    }

    async fn look_up(
        &self,
        connection: &impl ConnectionTrait,
        member: &StaffMember,
        serial: &LetterSerial,
    ) -> Result<Search, DbErr> {
        let Some(letter) = letters::find_by_serial(connection, serial.as_str()).await? else {
            return Ok(Search::Unknown);
        };
        let Some(account) = accounts::find(connection, letter.account).await? else {
            return Ok(Search::Unknown);
        };
        let office = people::office_name(connection, account.office).await?;
        if !member.sees_office(account.office) {
            // Only where to go: whose letter it is concerns that office.
            return Ok(Search::OtherOffice { office });
        }
        let order = match letter.order {
            Some(order) => letter_orders::find(connection, order).await?,
            None => None,
        };
        let staff = [letter.printed_by, letter.collected_by].into_iter().flatten();
        let names = letter_queue::names_of(connection, staff).await?;
        let refusal = self
            .refusal(member, &letter, &account, order.as_ref())
            .map(|refusal| with_name(refusal, name_in(&names, letter.collected_by)));
        Ok(Search::Found(Box::new(CounterLetter {
            serial: serial.clone(),
            name: account.profile.display_name(),
            login: account.login.to_string(),
            office,
            printed_at: letter.printed_at,
            printed_by: name_in(&names, letter.printed_by),
            is_reissue: order.is_some_and(|order| order.kind == OrderKind::Reissue),
            refusal,
        })))
    }

    /// Why this member of staff may not hand this letter over. What is true of the letter comes before what is true of
    /// who asks.
    fn refusal(
        &self,
        member: &StaffMember,
        letter: &Letter,
        account: &Account,
        order: Option<&LetterOrder>,
    ) -> Option<Refusal> {
        if let Some(at) = letter.voided_at {
            let reason = VoidReason::of(letter.void_reason.as_deref().unwrap_or_default());
            return Some(Refusal::Voided { at, reason });
        }
        if let Some(at) = letter.collected_at {
            return Some(Refusal::Collected { at, by: String::new() });
        }
        let Some(order) = order.filter(|order| order.state == OrderState::Printed) else {
            return Some(Refusal::NoOrder);
        };
        match (account.state, order.kind) {
            (AccountState::Suspended, _) => return Some(Refusal::Suspended),
            // Only a letter that was ordered for the closed account opens it again, and only while it is there.
            (AccountState::Erased, _) | (AccountState::Closed, OrderKind::First) => {
                return Some(Refusal::AccountEnded);
            }
            _ => {}
        }
        if four_eyes::acts_on_own_account(member.account, account.id) {
            return Some(Refusal::OwnAccount);
        }
        let may = [letter.printed_by, order.requested_by]
            .into_iter()
            .all(|before| four_eyes::may_collect(self.rules.two_persons, member.account, before));
        (!may).then_some(Refusal::PrintedByYourself)
    }
}

impl VoidReason {
    fn of(code: &str) -> Self {
        match code {
            "reprinted" | "reissued" => Self::Replaced,
            "lapsed" => Self::Lapsed,
            "account_closed" => Self::AccountClosed,
            _ => Self::Other,
        }
    }
}

fn with_name(refusal: Refusal, name: String) -> Refusal {
    match refusal {
        Refusal::Collected { at, .. } => Refusal::Collected { at, by: name },
        other => other,
    }
}
