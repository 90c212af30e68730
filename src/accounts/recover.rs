//! Coming back in with the letter, when the password is lost or the account locked (the procedure's row 7).

use sea_orm::{DatabaseTransaction, DbErr};

use super::context::Accounts;
use super::ending::{end_everything, end_session};
use super::factors::{RemovingAll, remove_all};
use super::sign_in::StartedSession;
use super::verdict::{CorrectLetter, RecoveryKey, TypedLetter, VerdictError};
use super::{lockout, owner};
use crate::domain::account::{Account, PasswordKind};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::credential_letter::order::{OrderKind, OrderState};
use crate::domain::device;
use crate::domain::ids::AccountId;
use crate::domain::mail::Message;
use crate::domain::secret::BearerSecret;
use crate::domain::session::{AuthenticationEvent, AuthenticationMethod, Session};
use crate::storage::letter_orders::LetterOrder;
use crate::storage::{accounts, letter_orders, letters, sessions, staff};

// Not `Debug`: it holds a secret.
#[allow(missing_debug_implementations)]
pub struct Recovery<'a> {
    pub letter: TypedLetter<'a>,
    /// The session that this browser holds already, if any: it ends.
    pub replaces: Option<&'a BearerSecret>,
    pub origin: &'a Origin,
}

#[derive(Debug)]
pub enum RecoveryAnswer {
    /// Let in, to choose a password and nothing else.
    Recovered(StartedSession),
    /// Whatever was wrong: the same answer for all.
    Refused,
}

/// What the letter is good for after it brought its owner in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterLeft {
    /// So many codes, at least one.
    Codes(u64),
    /// The last code is used up: the office can issue a new letter.
    NoCodes,
    /// A letter from before, which is good once: the office has been asked for a new one.
    NewLetterOrdered,
}

impl Accounts {
    /// Lets the owner in with the letter.
    ///
    /// # Errors
    /// [`VerdictError::Overloaded`] if too many hashes are wanted at once; nothing of the letter's was counted or used up
    /// then.
    pub async fn recover(&self, recovery: Recovery<'_>) -> Result<RecoveryAnswer, VerdictError> {
        let Some(correct) = self.judge_letter(recovery.letter, recovery.origin).await? else {
            return Ok(RecoveryAnswer::Refused);
        };
        let transaction = self.database.begin().await?;
        let account = self.settle_letter(&transaction, &correct, recovery.origin).await?;
        let started = match account {
            Some(account) => Some(self.let_in(&transaction, &account, &correct, &recovery).await?),
            None => None,
        };
        transaction.commit().await?;
        self.wake_waiting_letters(&correct);
        Ok(started.map_or(RecoveryAnswer::Refused, RecoveryAnswer::Recovered))
    }

    /// What the letter that this session came in with is still good for; `None` if it came in otherwise.
    pub async fn letter_left(&self, session: &Session) -> Result<Option<LetterLeft>, DbErr> {
        let came_by = |method| session.events.iter().any(|event| event.method == method);
        if came_by(AuthenticationMethod::LetterFromBefore) {
            return Ok(Some(LetterLeft::NewLetterOrdered));
        }
        if !came_by(AuthenticationMethod::RecoveryCode) {
            return Ok(None);
        }
        let mut codes = 0;
        for letter in letters::live_of(self.database.read(), session.account).await? {
            if letter.collected_at.is_some() {
                codes += letters::codes_left(self.database.read(), letter.id).await?;
            }
        }
        Ok(Some(if codes == 0 { LetterLeft::NoCodes } else { LetterLeft::Codes(codes) }))
    }

    /// Everything that a recovery does, under the account's lock.
    async fn let_in(
        &self,
        transaction: &DatabaseTransaction,
        account: &Account,
        correct: &CorrectLetter,
        recovery: &Recovery<'_>,
    ) -> Result<StartedSession, DbErr> {
        let now = self.ambient.now();
        let Recovery { origin, .. } = *recovery;
        let codes_left = match correct.key {
            RecoveryKey::Code { letter, .. } => letters::codes_left(transaction, letter).await?,
            RecoveryKey::InitialPassword => 0,
        };
        // docs/adr/0009: whoever knows the old password is out at once, and not only when a new one is chosen.
        accounts::forget_password(transaction, account.id, now).await?;
        if lockout::lift(transaction, &self.ambient, account.id).await? {
            let record = AuditRecord::of_account(Action::AccountUnlocked, account.id).outcome("recovered");
            self.journal.record(transaction, &record.from(origin)).await?;
        }
        end_everything(&self.journal, transaction, account.id, "recovered", now, origin).await?;
        self.end_other_person_here(transaction, recovery, now).await?;
        let record = AuditRecord::of_account(Action::AccountRecovered, account.id)
            .outcome(match correct.key {
                RecoveryKey::Code { .. } => "recovery_code",
                RecoveryKey::InitialPassword => "letter_from_before",
            })
            .from(origin);
        self.journal.record(transaction, &record).await?;
        let event = serde_json::json!({"account": account.id.to_string()});
        self.journal.announce(transaction, "account.recovered", event).await?;
        // Of those who work here nothing that is kept in a drawer opens the console.
        if self.recovery.removes_second_factor && staff::live(transaction, account.id).await?.is_none() {
            let actor = Actor::Account(account.id);
            let removing = RemovingAll { actor, outcome: "recovered", reason: None, origin, at: now };
            remove_all(&self.journal, transaction, account, removing).await?;
        }
        if correct.key == RecoveryKey::InitialPassword {
            self.order_new_letter(transaction, account.id, now, origin).await?;
        }
        let codes_left = u8::try_from(codes_left).unwrap_or(u8::MAX);
        let message = Message::AccountRecovered { account: account.id, at: now, codes_left };
        owner::tell(&self.journal, transaction, account, message).await?;
        self.start_recovery_session(transaction, account.id, correct.key, now, origin).await
    }

    /// Two people at one browser: the session of the other one is not left open behind this one's.
    async fn end_other_person_here(
        &self,
        transaction: &DatabaseTransaction,
        recovery: &Recovery<'_>,
        now: Moment,
    ) -> Result<(), DbErr> {
        let Some(old) = recovery.replaces else {
            return Ok(());
        };
        let Some(session) = sessions::find_live(transaction, old.digest(), now, Moment::UNIX_EPOCH).await?
        else {
            return Ok(());
        };
        let Session { id, account, .. } = session;
        end_session(&self.journal, transaction, id, account, "replaced", now, recovery.origin).await
    }

    /// The letter is good for nothing any more. A second person agrees before another one is printed, as for any account
    /// that was active.
    async fn order_new_letter(
        &self,
        transaction: &DatabaseTransaction,
        account: AccountId,
        now: Moment,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        if letter_orders::open_of(transaction, account).await?.is_some() {
            return Ok(());
        }
        let order = LetterOrder {
            id: self.ambient.new_id(),
            account,
            kind: OrderKind::Reissue,
            state: OrderState::AwaitingApproval,
            reason: None,
            requested_by: None,
            requested_at: now,
            decided_by: None,
            decided_at: None,
        };
        letter_orders::insert(transaction, order).await?;
        let record =
            AuditRecord::of_account(Action::LetterOrdered, account).outcome("letter_from_before_used");
        self.journal.record(transaction, &record.from(origin)).await
    }

    async fn start_recovery_session(
        &self,
        transaction: &DatabaseTransaction,
        account: AccountId,
        key: RecoveryKey,
        now: Moment,
        origin: &Origin,
    ) -> Result<StartedSession, DbErr> {
        let (method, outcome) = match key {
            RecoveryKey::Code { .. } => (AuthenticationMethod::RecoveryCode, "recovery_code"),
            RecoveryKey::InitialPassword => (AuthenticationMethod::LetterFromBefore, "letter_from_before"),
        };
        let session = Session {
            id: self.ambient.new_id(),
            account,
            // Like the initial password, a letter is only a beginning; and it replaces no second factor.
            owed: self.debts(transaction, account, PasswordKind::Initial).await?,
            events: vec![AuthenticationEvent { method, at: now }],
            created_at: now,
            last_seen_at: now,
            expires_at: now + self.sessions.absolute,
        };
        let secret = self.ambient.new_secret();
        sessions::insert(transaction, &session, secret.digest()).await?;
        let device = origin.user_agent.as_deref().and_then(device::label);
        sessions::label_device(transaction, session.id, device).await?;
        let record = AuditRecord::of_account(Action::SessionStarted, account)
            .session(session.id)
            .outcome(outcome)
            .from(origin);
        self.journal.record(transaction, &record).await?;
        // A letter alone makes no device trusted: the password that is chosen next does.
        Ok(StartedSession { session, secret, device: None })
    }
}
