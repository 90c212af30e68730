//! What becomes of a letter that nobody collects, or nobody prints: a reminder, then the end. Done beside requests, by
//! every replica: each step looks once more under the account's lock, so that whoever comes second changes nothing.

use chrono::TimeDelta;
use sea_orm::DbErr;

use super::context::Office;
use super::voiding;
use crate::accounts::owner;
use crate::domain::account::{AccountEvent, AccountState};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::credential_letter::order::{OrderKind, OrderState};
use crate::domain::ids::AccountId;
use crate::domain::mail::Message;
use crate::storage::letter_orders::LetterOrder;
use crate::storage::letter_queue::{self, QueuedLetter};
use crate::storage::{accounts, letter_orders, letters};

/// How many of a kind are looked at in one run: what is left over comes ten minutes later.
const A_RUN: u64 = 200;

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Aged {
    pub reminded: u64,
    pub lapsed: u64,
    /// Reissued letters that were voided; their accounts stay as they are.
    pub voided: u64,
    /// Orders of another letter that nobody printed.
    pub cancelled: u64,
    /// Orders of another letter to which no second person agreed.
    pub unagreed: u64,
}

impl Office {
    /// Lapses what was not collected in time, and reminds of what soon will be. May run at any time, any number of
    /// times.
    ///
    /// # Errors
    /// If the database does not answer. What was done until then is done.
    pub async fn age_letters(&self) -> Result<Aged, DbErr> {
        let mut aged = Aged::default();
        let read = self.database.read();
        let now = self.ambient.now();
        let overdue = now - self.rules.collect_within;
        for account in letter_queue::awaiting_since_before(read, overdue, A_RUN).await? {
            aged.lapsed += u64::from(self.lapse(account).await?);
        }
        for queued in letter_queue::reissued_before(read, overdue, A_RUN).await? {
            aged.voided += u64::from(self.void_uncollected(&queued).await?);
        }
        let unagreed = now - self.rules.agree_within;
        for order in letter_orders::unagreed(read, unagreed, A_RUN).await? {
            aged.unagreed += u64::from(self.lapse_unagreed(&order).await?);
        }
        let unprinted = now - self.rules.print_within;
        for order in letter_orders::unprinted_reissues(read, unprinted, A_RUN).await? {
            aged.cancelled += u64::from(self.cancel_unprinted(&order).await?);
        }
        // The end comes before the reminder, so that nobody is reminded of what is just ending.
        if self.rules.remind_before > TimeDelta::zero() {
            let soon = overdue + self.rules.remind_before;
            for queued in letter_queue::unreminded(read, soon, A_RUN).await? {
                aged.reminded += u64::from(self.remind(&queued).await?);
            }
        }
        Ok(aged)
    }

    /// Nobody came for the first letter, or it was never printed: the application was for nothing. A letter can be
    /// ordered again at the office.
    async fn lapse(&self, id: AccountId) -> Result<bool, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let locked = accounts::lock_credentials(&transaction, id).await?;
        let becomes =
            locked.as_ref().and_then(|locked| locked.account.state.after(AccountEvent::Lapsed).ok());
        let since = accounts::state_since(&transaction, id).await?;
        let is_due = since.is_some_and(|since| since < now - self.rules.collect_within);
        let (Some(locked), Some(becomes), true) = (locked, becomes, is_due) else {
            transaction.rollback().await?;
            return Ok(false);
        };
        let account = locked.account;
        let nowhere = Origin::default();
        if !accounts::move_on(&transaction, id, account.state, becomes, now).await? {
            transaction.rollback().await?;
            return Ok(false);
        }
        for letter in letters::live_of(&transaction, id).await? {
            voiding::void(&self.journal, &transaction, &letter, "lapsed", Actor::Clock, now, &nowhere)
                .await?;
        }
        if let Some(order) = letter_orders::open_of(&transaction, id).await? {
            let (seen, cancelled) = (order.state, OrderState::Cancelled);
            letter_orders::move_on(&transaction, order.id, seen, cancelled, None, now).await?;
            let record =
                AuditRecord::new(Action::LetterOrderCancelled, Actor::Clock).about(id).outcome("lapsed");
            self.journal.record(&transaction, &record).await?;
        }
        let record = AuditRecord::new(Action::AccountLapsed, Actor::Clock).about(id).outcome("not_collected");
        self.journal.record(&transaction, &record).await?;
        let event = serde_json::json!({"account": id.to_string()});
        self.journal.announce(&transaction, "account.lapsed", event).await?;
        let office = owner::office_notice(&transaction, &self.calendar, account.office, now).await?;
        owner::tell(&self.journal, &transaction, &account, Message::LetterLapsed { office }).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Another letter that nobody came for must not lie about for ever. Its account stays as it is: whoever has a
    /// password of their own keeps it.
    async fn void_uncollected(&self, queued: &QueuedLetter) -> Result<bool, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let id = queued.letter.account;
        accounts::lock_credentials(&transaction, id).await?;
        let nowhere = Origin::default();
        let still_waits = letters::find_by_serial(&transaction, &queued.letter.serial)
            .await?
            .is_some_and(|letter| letter.collected_at.is_none());
        let voided = still_waits
            && voiding::void(
                &self.journal,
                &transaction,
                &queued.letter,
                "lapsed",
                Actor::Clock,
                now,
                &nowhere,
            )
            .await?;
        let Some(order) = queued.letter.order.filter(|_| voided) else {
            transaction.rollback().await?;
            return Ok(false);
        };
        if letter_orders::move_on(&transaction, order, OrderState::Printed, OrderState::Cancelled, None, now)
            .await?
        {
            let record =
                AuditRecord::new(Action::LetterOrderCancelled, Actor::Clock).about(id).outcome("lapsed");
            self.journal.record(&transaction, &record).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// A wish of long ago must not wait for whoever agrees to it without remembering what it was about: it is asked for
    /// again. Its account stays as it is.
    async fn lapse_unagreed(&self, order: &LetterOrder) -> Result<bool, DbErr> {
        self.end_order(order, OrderState::Lapsed, Action::LetterOrderLapsed, "not_agreed").await
    }

    /// What was agreed to long ago must not lie at the printer for whoever comes across it: it is asked for again, and
    /// agreed to again. Its account stays as it is.
    async fn cancel_unprinted(&self, order: &LetterOrder) -> Result<bool, DbErr> {
        self.end_order(order, OrderState::Cancelled, Action::LetterOrderCancelled, "not_printed").await
    }

    /// Unless somebody was faster: then it is not in the state any more that it was found in.
    async fn end_order(
        &self,
        order: &LetterOrder,
        becomes: OrderState,
        action: Action,
        outcome: &'static str,
    ) -> Result<bool, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        accounts::lock_credentials(&transaction, order.account).await?;
        if !letter_orders::move_on(&transaction, order.id, order.state, becomes, None, now).await? {
            transaction.rollback().await?;
            return Ok(false);
        }
        let record = AuditRecord::new(action, Actor::Clock).about(order.account).outcome(outcome);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Once for each order. Of a letter that was never printed nobody is reminded: there is nothing to collect, and the
    /// office sees it in its queue.
    async fn remind(&self, queued: &QueuedLetter) -> Result<bool, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let QueuedLetter { letter, kind, .. } = queued;
        let locked = accounts::lock_credentials(&transaction, letter.account).await?;
        let Some(account) = locked.map(|locked| locked.account).filter(|account| match kind {
            OrderKind::First => account.state == AccountState::AwaitingCollection,
            OrderKind::Reissue => account.state.after(AccountEvent::LetterCollected).is_ok(),
        }) else {
            transaction.rollback().await?;
            return Ok(false);
        };
        if !letters::mark_reminded(&transaction, letter.id, now).await? {
            transaction.rollback().await?;
            return Ok(false);
        }
        let since = accounts::state_since(&transaction, account.id).await?;
        let until = self.collect_until(*kind, account.state, since, letter.printed_at);
        let office = owner::office_notice(&transaction, &self.calendar, account.office, now).await?;
        let reminder = Message::LetterReminder { office, collect_until: self.calendar.day_of(until) };
        owner::tell(&self.journal, &transaction, &account, reminder).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
