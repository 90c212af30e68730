//! The lockout: reserve a place, hash with no transaction open, settle.
//!
//! This is where an attempt is counted. The rule itself is `domain::attempt_budget`; here its rows are read and
//! written under a lock on the budget's row, so that it holds across replicas and after a crash.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lc_rs::hmac;
use sea_orm::{DatabaseTransaction, DbErr};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::guessing::Guessing;
use super::{distrust, owner};
use crate::crypto::password::Line;
use crate::domain::ambient::Ambient;
use crate::domain::attempt_budget::{BudgetRules, Reservation};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, AttemptBudgetId, AttemptId, CredentialLetterId, DeviceId, SessionId};
use crate::domain::mail::Message;
use crate::domain::network::neighbourhood_of;
use crate::storage::budgets::{LockedBudget, NewLock};
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::{accounts, budgets};

/// When an attempt above the budget looks again, if nobody in this process woke it: a place may have been given back
/// by another replica. Each look is a transaction, so it is not hurried.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How many may wait in this process, at all budgets together: who waits looks, and who looks writes.
const WAITING_AT_ALL_BUDGETS: usize = 256;

/// How many buckets unknown logins share, and as many unknown letters: too many for a stranger to fill them all, few
/// enough to be rows.
const UNKNOWN_BUCKETS: u64 = 1 << 16;

/// Whose budget an attempt draws on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Sign-ins to this account from devices nobody knows.
    UnknownDevices(AccountId),
    /// Sign-ins from a device on which the owner has signed in before. Strangers cannot use it up.
    TrustedDevice(DeviceId),
    /// Sign-ins with logins that do not exist, in fixed buckets: the same work, and no row for each guess.
    UnknownLogin(u64),
    /// Comparisons made while a session replaces its initial password. Strangers cannot use it up.
    PasswordChange(SessionId),
    /// Codes of this account's second factor. Only who knows the password can use it up.
    SecondFactor(AccountId),
    /// Recoveries by this letter. Whoever never saw it does not know its serial, and cannot use it up.
    Recovery(CredentialLetterId),
    /// Recoveries by a letter from before, which is known by nothing but its account's login.
    LetterFromBefore(AccountId),
    /// Recoveries by letters that do not exist, in buckets as unknown logins are.
    UnknownLetter(u64),
}

impl Whose {
    /// Is the source of such an attempt limited too, and are its failures counted with everybody's? Those of whoever has not
    /// shown anything yet are: no owner on a device of theirs, and no letter, suffers for a neighbour.
    pub(super) fn is_limited_by_source(self) -> bool {
        matches!(self, Self::UnknownDevices(_) | Self::UnknownLogin(_))
    }

    /// In whose line its hash waits: strangers share their network's, and whoever has shown something has one of their own.
    pub(super) fn line(self, origin: &Origin) -> Line {
        match self {
            Self::TrustedDevice(_) | Self::PasswordChange(_) | Self::SecondFactor(_) | Self::Recovery(_) => {
                Line::Known(format!("{} {}", self.kind(), self.subject()))
            }
            Self::UnknownDevices(_)
            | Self::UnknownLogin(_)
            | Self::LetterFromBefore(_)
            | Self::UnknownLetter(_) => Line::Network(neighbourhood_of(origin.address)),
        }
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::UnknownDevices(_) => "account",
            Self::TrustedDevice(_) => "device",
            Self::UnknownLogin(_) => "unknown_login",
            Self::PasswordChange(_) => "password_change",
            Self::SecondFactor(_) => "second_factor",
            Self::Recovery(_) => "recovery",
            Self::LetterFromBefore(_) => "letter_from_before",
            Self::UnknownLetter(_) => "unknown_letter",
        }
    }

    pub(super) fn subject(self) -> String {
        match self {
            Self::UnknownDevices(account) | Self::SecondFactor(account) | Self::LetterFromBefore(account) => {
                account.to_string()
            }
            Self::UnknownLogin(bucket) | Self::UnknownLetter(bucket) => bucket.to_string(),
            Self::TrustedDevice(device) => device.to_string(),
            Self::PasswordChange(session) => session.to_string(),
            Self::Recovery(letter) => letter.to_string(),
        }
    }
}

/// A reserved place: the right to one verdict. Settle it, or its lease runs out and counts as a failure.
#[derive(Debug)]
#[must_use = "a place that is not settled counts as a failure once its lease runs out"]
pub struct ReservedPlace {
    attempt: AttemptId,
    budget: AttemptBudgetId,
    whose: Whose,
}

impl ReservedPlace {
    pub(super) fn whose(&self) -> Whose {
        self.whose
    }
}

#[derive(Debug)]
pub enum Admission {
    Granted(ReservedPlace),
    /// The budget has run out, or too many wait already.
    Refused,
}

/// What settling a place came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    Done,
    /// The lease ran out before: it was counted as a failure already, and the verdict must not be used.
    TooLate,
}

/// How patient attempts above the budget are.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How many may wait at one budget, in this process.
    pub waiting: usize,
    pub at_most: Duration,
}

#[derive(Debug)]
pub struct Lockout {
    rules: BudgetRules,
    patience: Patience,
    guessing: Guessing,
    journal: Journal,
    bucket_key: hmac::Key,
    queues: Mutex<Queues>,
}

/// Everybody who waits in this process.
#[derive(Debug, Default)]
struct Queues {
    waiting: usize,
    by_budget: HashMap<Whose, Arc<Queue>>,
}

/// Those who wait at one budget, in this process.
#[derive(Debug, Default)]
struct Queue {
    waiting: AtomicUsize,
    place_came_back: Notify,
}

impl Lockout {
    /// `bucket_key` spreads unknown logins over their buckets: without it a stranger could tell which logins share
    /// one. It must be the same on every replica.
    pub fn new(
        rules: BudgetRules,
        patience: Patience,
        guessing: Guessing,
        journal: Journal,
        bucket_key: [u8; 32],
    ) -> Self {
        let bucket_key = hmac::Key::new(hmac::HMAC_SHA256, &bucket_key);
        Self { rules, patience, guessing, journal, bucket_key, queues: Mutex::default() }
    }

    /// The rules that hold for an attempt now.
    async fn rules_for(
        &self,
        transaction: &DatabaseTransaction,
        whose: Whose,
        now: Moment,
    ) -> Result<BudgetRules, DbErr> {
        match whose {
            Whose::UnknownDevices(_) | Whose::UnknownLogin(_) => {
                self.guessing.tighten(transaction, self.rules, now).await
            }
            // Nobody lifts these by hand.
            Whose::TrustedDevice(_) | Whose::PasswordChange(_) | Whose::SecondFactor(_) => {
                Ok(self.rules.never_for_good())
            }
            // What lifts a lock is not made to wait longer and longer itself.
            Whose::Recovery(_) | Whose::LetterFromBefore(_) | Whose::UnknownLetter(_) => {
                Ok(self.rules.without_memory())
            }
        }
    }

    /// The bucket of a login that does not exist.
    pub fn unknown_login(&self, login: &str) -> Whose {
        Whose::UnknownLogin(self.bucket(login))
    }

    /// The bucket of a letter that does not exist, by the serial or the login that was typed for it.
    pub fn unknown_letter(&self, typed: &str) -> Whose {
        Whose::UnknownLetter(self.bucket(typed))
    }

    fn bucket(&self, typed: &str) -> u64 {
        let digest = hmac::sign(&self.bucket_key, typed.as_bytes());
        let number = digest.as_ref().iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte));
        number % UNKNOWN_BUCKETS
    }

    /// Takes a place, waiting for attempts in flight if they may be right.
    pub async fn admit(
        &self,
        database: &Database,
        ambient: &Ambient,
        whose: Whose,
    ) -> Result<Admission, DbErr> {
        match self.reserve(database, ambient, whose).await? {
            (Reservation::Granted, place) => return Ok(place.map_or(Admission::Refused, Admission::Granted)),
            (Reservation::Refused, _) => return Ok(Admission::Refused),
            (Reservation::Wait, _) => {}
        }
        let Some(seat) = self.sit_down(whose) else {
            return Ok(Admission::Refused);
        };
        let deadline = Instant::now() + self.patience.at_most;
        loop {
            let _woken =
                timeout_at(deadline.min(Instant::now() + LOOK_AGAIN), seat.queue.place_came_back.notified())
                    .await;
            match self.reserve(database, ambient, whose).await? {
                (Reservation::Granted, place) => {
                    return Ok(place.map_or(Admission::Refused, Admission::Granted));
                }
                (Reservation::Wait, _) if Instant::now() < deadline => {}
                (Reservation::Wait | Reservation::Refused, _) => return Ok(Admission::Refused),
            }
        }
    }

    async fn reserve(
        &self,
        database: &Database,
        ambient: &Ambient,
        whose: Whose,
    ) -> Result<(Reservation, Option<ReservedPlace>), DbErr> {
        let transaction = database.begin().await?;
        let now = ambient.now();
        let budget =
            budgets::lock(&transaction, whose.kind(), &whose.subject(), ambient.new_id(), now).await?;
        let rules = self.rules_for(&transaction, whose, now).await?;
        let reservation = rules.reserve(&budget.budget, now);
        let place = if reservation == Reservation::Granted {
            let attempt = ambient.new_id();
            budgets::insert_place(&transaction, attempt, budget.id, now + rules.lease, now).await?;
            Some(ReservedPlace { attempt, budget: budget.id, whose })
        } else {
            None
        };
        if reservation == Reservation::Refused && rules.locks(&budget.budget, now) {
            // Used up by attempts whose holders vanished, or by rules that became tighter: it locks now, and is told like
            // any lock.
            self.lock(&transaction, whose, rules, &budget, now).await?;
        }
        transaction.commit().await?;
        Ok((reservation, place))
    }

    /// The guess was right (or nothing was compared): this place comes back, and no other.
    ///
    /// Call [`Self::wake`] once the transaction is committed.
    pub async fn give_back(
        &self,
        transaction: &DatabaseTransaction,
        place: &ReservedPlace,
        now: Moment,
    ) -> Result<Settled, DbErr> {
        if budgets::give_back(transaction, place.attempt, now).await? {
            Ok(Settled::Done)
        } else {
            Ok(Settled::TooLate)
        }
    }

    /// The guess was wrong. Locks the budget if it was the last one.
    pub async fn fail(
        &self,
        transaction: &DatabaseTransaction,
        place: &ReservedPlace,
        origin: &Origin,
        now: Moment,
    ) -> Result<Settled, DbErr> {
        // The budget's row first: everybody locks in this order.
        let Some(_) = budgets::lock_by_id(transaction, place.budget).await? else {
            return Ok(Settled::TooLate);
        };
        if !budgets::fail(transaction, place.attempt, now).await? {
            return Ok(Settled::TooLate);
        }
        let Some(budget) = budgets::lock_by_id(transaction, place.budget).await? else {
            return Ok(Settled::TooLate);
        };
        let rules = self.rules_for(transaction, place.whose, now).await?;
        if rules.locks(&budget.budget, now) {
            self.lock(transaction, place.whose, rules, &budget, now).await?;
        }
        if place.whose.is_limited_by_source() {
            self.guessing.count(transaction, place.attempt, origin, now).await?;
        }
        Ok(Settled::Done)
    }

    /// Locks a budget, records it and tells of it, in one transaction.
    async fn lock(
        &self,
        transaction: &DatabaseTransaction,
        whose: Whose,
        rules: BudgetRules,
        LockedBudget { id, budget }: &LockedBudget,
        now: Moment,
    ) -> Result<(), DbErr> {
        let until = rules.lock_until(budget, now);
        let lock = NewLock {
            until,
            locks: rules.locks_before(budget, now).saturating_add(1),
            keeps_failures: rules.failures_per_day.is_some(),
        };
        budgets::set_lock(transaction, *id, lock, now).await?;
        let (account, outcome) = match whose {
            Whose::UnknownDevices(account) => (account, "budget_used_up"),
            Whose::SecondFactor(account) => (account, "second_factor_budget_used_up"),
            Whose::TrustedDevice(device) => {
                return distrust::burn(&self.journal, transaction, device).await;
            }
            // A letter's budget closes nothing else, and what closes is told by each refusal's record.
            Whose::UnknownLogin(_)
            | Whose::PasswordChange(_)
            | Whose::Recovery(_)
            | Whose::LetterFromBefore(_)
            | Whose::UnknownLetter(_) => return Ok(()),
        };
        let record = AuditRecord::new(Action::AccountLocked, Actor::Visitor).about(account).outcome(outcome);
        self.journal.record(transaction, &record).await?;
        let event = serde_json::json!({"account": account.to_string(), "until": until});
        self.journal.announce(transaction, "account.locked", event).await?;
        // The owner learns of it by e-mail, where there is one.
        if let Some(account) = accounts::find(transaction, account).await? {
            owner::tell(&self.journal, transaction, &account, Message::AccountLocked { until }).await?;
        }
        Ok(())
    }

    /// Is this refusal to be recorded? The first of a lock is, and then one a window: whoever goes on guessing at what is
    /// locked must not fill the audit.
    pub(super) async fn is_refusal_to_be_recorded(
        &self,
        transaction: &DatabaseTransaction,
        whose: Whose,
        now: Moment,
    ) -> Result<bool, DbErr> {
        let before = now - self.rules.window;
        budgets::record_refusal(transaction, whose.kind(), &whose.subject(), before, now).await
    }

    /// Tells those who wait that a place may have come back, or that none will.
    pub fn wake(&self, place: &ReservedPlace) {
        if let Some(queue) = self.queues().by_budget.get(&place.whose) {
            queue.place_came_back.notify_one();
        }
    }

    fn sit_down(&self, whose: Whose) -> Option<Seat<'_>> {
        let mut queues = self.queues();
        if queues.waiting >= WAITING_AT_ALL_BUDGETS {
            return None;
        }
        let queue = Arc::clone(queues.by_budget.entry(whose).or_default());
        // Counted under the lock on all queues; atomic only because it is shared.
        if queue.waiting.load(Ordering::Relaxed) >= self.patience.waiting {
            return None;
        }
        queue.waiting.fetch_add(1, Ordering::Relaxed);
        queues.waiting += 1;
        Some(Seat { lockout: self, whose, queue })
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lifts the lock on sign-ins from unknown devices and the one on codes of the second factor, and forgets counted failures:
/// whoever knew the old password must not keep the owner's codes out. Returns whether sign-ins were locked.
pub async fn lift(
    transaction: &DatabaseTransaction,
    ambient: &Ambient,
    account: AccountId,
) -> Result<bool, DbErr> {
    let now = ambient.now();
    let sign_ins = Whose::UnknownDevices(account);
    let budget =
        budgets::lock(transaction, sign_ins.kind(), &sign_ins.subject(), ambient.new_id(), now).await?;
    budgets::lift_lock(transaction, budget.id, now).await?;
    let codes = Whose::SecondFactor(account);
    if let Some(codes) = budgets::find(transaction, codes.kind(), &codes.subject()).await? {
        budgets::lock_by_id(transaction, codes).await?;
        budgets::lift_lock(transaction, codes, now).await?;
    }
    Ok(budget.budget.is_locked(now))
}

/// A place in the queue, given up when dropped: also when the browser hangs up.
struct Seat<'a> {
    lockout: &'a Lockout,
    whose: Whose,
    queue: Arc<Queue>,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut queues = self.lockout.queues();
        queues.waiting -= 1;
        if self.queue.waiting.fetch_sub(1, Ordering::Relaxed) == 1 {
            queues.by_budget.remove(&self.whose);
        } else {
            // Whoever was woken and left without using it passes it on.
            self.queue.place_came_back.notify_one();
        }
    }
}
