//! What the office does for an account: one step, one reason, one transaction under the account's lock.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::context::Office;
use super::reason::{ReasonProblem, reason_of};
use super::voiding;
use crate::accounts::closing::{self, Closing};
use crate::accounts::factors::{self, RemovingAll};
use crate::accounts::suspending::{self, Suspension};
use crate::accounts::{ending, lockout, owner, support};
use crate::domain::account::{Account, AccountEvent, AccountState, SuspensionCause};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::contact_change::{ContactChangeState, is_email, is_phone};
use crate::domain::credential_letter::collection::IdentityDocument;
use crate::domain::credential_letter::order::{OrderKind, OrderState};
use crate::domain::four_eyes;
use crate::domain::ids::{AccountId, CredentialLetterId};
use crate::domain::mail::Message;
use crate::domain::staff::{StaffMember, Task};
use crate::storage::contact_changes::ContactChange;
use crate::storage::letter_orders::LetterOrder;
use crate::storage::{accounts, contact_changes, letter_orders, letters, staff};

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Help {
    /// Lifts the lock on sign-ins, and gives back what recoveries have used up.
    Unlock,
    /// A letter that was lost or stolen.
    VoidLetter(CredentialLetterId),
    /// The same for one that another system printed, and that has no serial.
    VoidLetterFromBefore,
    OrderLetter,
    Suspend,
    Resume,
    Close,
    /// `devices`: none is trusted any more.
    EndSessions {
        devices: bool,
    },
    /// Its owner has lost them. `None`: nobody ticked which identity document was shown.
    RemoveSecondFactors(Option<IdentityDocument>),
    /// `None`: the account is to have none.
    ChangePhone(Option<String>),
    /// Waits for a second person.
    ChangeEmail(Option<String>),
}

/// Who does it, to whom and why.
#[derive(Debug, Clone, Copy)]
pub struct Helping<'a> {
    pub by: &'a StaffMember,
    pub account: AccountId,
    /// As typed.
    pub reason: &'a str,
    pub origin: &'a Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelpAnswer {
    Done,
    /// No such account, or another office's.
    NotThere,
    /// Nothing was changed but that it was tried.
    Refused(HelpRefusal),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelpRefusal {
    OwnAccount,
    /// Somebody who works here: whoever looks after staff does it, so that no letter opens the console.
    StaffAccount,
    ReasonMissing,
    ReasonTooLong,
    /// Not in the state that the account is in now: somebody was faster, or pressed twice.
    NotNow,
    /// A letter is ordered already.
    OrderOpen,
    /// The letter is void already, or is none of this account's.
    NoSuchLetter,
    /// A change of the address waits already.
    ChangeWaits,
    /// It is what it was to become.
    SameValue,
    NotAnEmail,
    NotAPhone,
    /// Nobody saw an identity document.
    NoDocument,
}

impl HelpRefusal {
    pub const ALL: [Self; 12] = [
        Self::OwnAccount,
        Self::StaffAccount,
        Self::ReasonMissing,
        Self::ReasonTooLong,
        Self::NotNow,
        Self::OrderOpen,
        Self::NoSuchLetter,
        Self::ChangeWaits,
        Self::SameValue,
        Self::NotAnEmail,
        Self::NotAPhone,
        Self::NoDocument,
    ];

    /// As the audit record has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnAccount => "own_account",
            Self::StaffAccount => "staff_account",
            Self::ReasonMissing => "reason_missing",
            Self::ReasonTooLong => "reason_too_long",
            Self::NotNow => "not_now",
            Self::OrderOpen => "order_open",
            Self::NoSuchLetter => "no_such_letter",
            Self::ChangeWaits => "change_waits",
            Self::SameValue => "same_value",
            Self::NotAnEmail => "not_an_email",
            Self::NotAPhone => "not_a_phone",
            Self::NoDocument => "no_document",
        }
    }

    /// Is it about what was typed, so that typing something else helps?
    pub const fn is_typing(self) -> bool {
        matches!(
            self,
            Self::ReasonMissing | Self::ReasonTooLong | Self::NotAnEmail | Self::NotAPhone | Self::NoDocument
        )
    }
}

impl Help {
    /// May it be done for a colleague's account? What changes how it is opened may not.
    const fn suits_staff(&self) -> bool {
        matches!(self, Self::Unlock | Self::EndSessions { .. })
    }
}

/// The account under its lock, and who acts.
pub(super) struct Case<'a> {
    pub transaction: &'a DatabaseTransaction,
    pub account: &'a Account,
    pub by: &'a StaffMember,
    pub reason: &'a str,
    pub origin: &'a Origin,
    pub now: Moment,
}

impl Case<'_> {
    pub(super) fn actor(&self) -> Actor {
        Actor::Staff(self.by.account)
    }

    pub(super) fn record(&self, action: Action) -> AuditRecord {
        AuditRecord::new(action, self.actor()).about(self.account.id).reason(self.reason).from(self.origin)
    }
}

pub(super) type Step = Result<Result<(), HelpRefusal>, DbErr>;

impl Office {
    /// Does it, or refuses and changes nothing.
    pub async fn help(&self, helping: Helping<'_>, help: &Help) -> Result<HelpAnswer, DbErr> {
        let Helping { by, account, reason, origin } = helping;
        // The door asks too; a use case that is called from elsewhere must not depend on it.
        if !by.may(Task::HelpAccounts) {
            return Ok(HelpAnswer::NotThere);
        }
        let transaction = self.database.begin().await?;
        let Some(account) = accounts::lock(&transaction, account).await? else {
            return Ok(HelpAnswer::NotThere);
        };
        if !by.sees_office(account.office) {
            return Ok(HelpAnswer::NotThere);
        }
        let reason = reason_of(reason).map_err(HelpRefusal::from);
        let now = self.ambient.now();
        let refusal = if four_eyes::acts_on_own_account(by.account, account.id) {
            Some(HelpRefusal::OwnAccount)
        } else if !help.suits_staff() && staff::live(&transaction, account.id).await?.is_some() {
            Some(HelpRefusal::StaffAccount)
        } else {
            match &reason {
                Err(refusal) => Some(*refusal),
                Ok(reason) => {
                    let transaction = &transaction;
                    let case = Case { transaction, account: &account, by, reason, origin, now };
                    self.step(&case, help).await?.err()
                }
            }
        };
        let Some(refusal) = refusal else {
            transaction.commit().await?;
            return Ok(HelpAnswer::Done);
        };
        if !refusal.is_typing() {
            let record = AuditRecord::new(Action::AccountHelpRefused, Actor::Staff(by.account))
                .about(account.id)
                .outcome(refusal.as_str())
                .from(origin);
            self.journal.record(&transaction, &record).await?;
        }
        // Each step refuses before it writes: what is committed is that it was tried.
        transaction.commit().await?;
        Ok(HelpAnswer::Refused(refusal))
    }

    async fn step(&self, case: &Case<'_>, help: &Help) -> Step {
        match help {
            Help::Unlock => self.unlock(case).await,
            Help::VoidLetter(letter) => self.void_letter(case, *letter).await,
            Help::VoidLetterFromBefore => self.void_letter_from_before(case).await,
            Help::OrderLetter => self.order_letter(case).await,
            Help::Suspend => self.suspend(case).await,
            Help::Resume => self.resume(case).await,
            Help::Close => self.close(case).await,
            Help::EndSessions { devices } => self.end_sessions(case, *devices).await,
            Help::RemoveSecondFactors(document) => self.remove_second_factors(case, *document).await,
            Help::ChangePhone(phone) => self.change_phone(case, phone.as_deref()).await,
            Help::ChangeEmail(email) => self.request_email(case, email.as_deref()).await,
        }
    }

    async fn unlock(&self, case: &Case<'_>) -> Step {
        let letters: Vec<_> = letters::live_of(case.transaction, case.account.id)
            .await?
            .iter()
            .map(|letter| letter.id)
            .collect();
        let was_locked = lockout::lift(case.transaction, &self.ambient, case.account.id).await?;
        support::lift_recoveries(case.transaction, case.account.id, &letters, case.now).await?;
        let outcome = if was_locked { "by_office" } else { "was_open" };
        let record = case.record(Action::AccountUnlocked).outcome(outcome);
        self.journal.record(case.transaction, &record).await?;
        Ok(Ok(()))
    }

    /// Neither the letter's password nor its codes open anything any more.
    async fn void_letter(&self, case: &Case<'_>, id: CredentialLetterId) -> Step {
        let live = letters::live_of(case.transaction, case.account.id).await?;
        let Some(letter) = live.into_iter().find(|letter| letter.id == id) else {
            return Ok(Err(HelpRefusal::NoSuchLetter));
        };
        if !letters::void(case.transaction, letter.id, "by_office", case.now).await? {
            return Ok(Err(HelpRefusal::NoSuchLetter));
        }
        let record = case.record(Action::LetterVoided).outcome("by_office");
        self.journal.record(case.transaction, &record).await?;
        // A letter from before has no collection of its own: its account stands in this state because of it.
        let opened_the_account = letter.collected_at.is_some() || letter.order.is_none();
        if letter.order.is_none() {
            // What an imported letter says is with its account, for recovery, for longer than it opens anything.
            accounts::forget_initial_password(case.transaction, case.account.id, case.now).await?;
        }
        if opened_the_account {
            let Case { transaction, account, now, origin, .. } = case;
            voiding::end_initial_password(&self.journal, *transaction, account, *now, origin).await?;
        }
        Ok(Ok(()))
    }

    /// What it says is with its account: nothing else stands for it.
    async fn void_letter_from_before(&self, case: &Case<'_>) -> Step {
        let Case { transaction, account, now, origin, .. } = *case;
        let Some(standing) = accounts::standing(transaction, account.id).await? else {
            return Ok(Err(HelpRefusal::NotNow));
        };
        if !voiding::is_letter_from_before(transaction, account.id, &standing).await? {
            return Ok(Err(HelpRefusal::NoSuchLetter));
        }
        accounts::forget_initial_password(transaction, account.id, now).await?;
        let record = case.record(Action::LetterVoided).outcome("letter_from_before");
        self.journal.record(transaction, &record).await?;
        voiding::end_initial_password(&self.journal, transaction, account, now, origin).await?;
        Ok(Ok(()))
    }

    /// An account that was ever somebody's is opened by whoever collects the letter: a second person agrees first, and
    /// the owner is told.
    async fn order_letter(&self, case: &Case<'_>) -> Step {
        if case.account.state.after(AccountEvent::LetterCollected).is_err() {
            return Ok(Err(HelpRefusal::NotNow));
        }
        if letter_orders::open_of(case.transaction, case.account.id).await?.is_some() {
            return Ok(Err(HelpRefusal::OrderOpen));
        }
        let Some(standing) = accounts::standing(case.transaction, case.account.id).await? else {
            return Ok(Err(HelpRefusal::NotNow));
        };
        self.insert_order(case, case.account, standing.was_ever_active).await?;
        if standing.was_ever_active {
            self.tell(case, |office| Message::LetterReissued { office }).await?;
        }
        Ok(Ok(()))
    }

    /// Orders a letter for an account that has none on order. `account`: as it is by now.
    pub(super) async fn insert_order(
        &self,
        case: &Case<'_>,
        account: &Account,
        was_ever_active: bool,
    ) -> Result<(), DbErr> {
        let state = if was_ever_active { OrderState::AwaitingApproval } else { OrderState::Approved };
        let order = LetterOrder {
            id: self.ambient.new_id(),
            account: account.id,
            kind: match account.state {
                AccountState::AwaitingCollection => OrderKind::First,
                _ => OrderKind::Reissue,
            },
            state,
            reason: Some(self.journal.seal_words(case.transaction, account.id, case.reason).await?),
            requested_by: Some(case.by.account),
            requested_at: case.now,
            decided_by: None,
            decided_at: None,
        };
        letter_orders::insert(case.transaction, order).await?;
        let record = case.record(Action::LetterOrdered).outcome(state.as_str());
        self.journal.record(case.transaction, &record).await
    }

    async fn suspend(&self, case: &Case<'_>) -> Step {
        let suspension = Suspension {
            by: case.actor(),
            cause: SuspensionCause::Office,
            reason: Some(case.reason),
            origin: case.origin,
            at: case.now,
        };
        let done =
            suspending::suspend(&self.journal, &self.calendar, case.transaction, case.account, suspension)
                .await?;
        Ok(done.map_err(|_| HelpRefusal::NotNow))
    }

    async fn close(&self, case: &Case<'_>) -> Step {
        let standing = accounts::standing(case.transaction, case.account.id).await?;
        let was_requested = standing.is_some_and(|standing| standing.closure_requested_at.is_some());
        let closing = Closing {
            by: case.actor(),
            why: if was_requested { "closure_requested" } else { "by_office" },
            reason: Some(case.reason),
            origin: case.origin,
            at: case.now,
        };
        let done =
            closing::close(&self.journal, &self.calendar, case.transaction, case.account, closing).await?;
        Ok(done.map_err(|_| HelpRefusal::NotNow))
    }

    async fn end_sessions(&self, case: &Case<'_>, devices: bool) -> Step {
        let Case { transaction, account, origin, now, .. } = *case;
        let (journal, why) = (&self.journal, "by_office");
        if devices {
            ending::end_everything(journal, transaction, account.id, why, now, origin).await?;
        } else {
            ending::end_sessions_and_grants(journal, transaction, account.id, why, now, origin).await?;
        }
        let outcome = if devices { "by_office_with_devices" } else { why };
        let record = case.record(Action::SessionsEnded).outcome(outcome);
        self.journal.record(transaction, &record).await?;
        self.tell(case, |office| Message::SessionsEnded { office, devices_too: devices }).await?;
        Ok(Ok(()))
    }

    /// For whoever came with an identity document. The password is still needed: nobody comes in by this alone. What went
    /// on goes on; the owner is told, with the link that blocks the account.
    async fn remove_second_factors(&self, case: &Case<'_>, document: Option<IdentityDocument>) -> Step {
        let Some(document) = document else {
            return Ok(Err(HelpRefusal::NoDocument));
        };
        let Case { transaction, account, origin, now, .. } = *case;
        let (actor, reason, outcome) = (case.actor(), Some(case.reason), document.as_str());
        let removing = RemovingAll { actor, outcome, reason, origin, at: now };
        let was_there = factors::remove_all(&self.journal, transaction, account, removing).await?;
        Ok(if was_there { Ok(()) } else { Err(HelpRefusal::NotNow) })
    }

    async fn change_phone(&self, case: &Case<'_>, phone: Option<&str>) -> Step {
        if phone.is_some_and(|phone| !is_phone(phone)) {
            return Ok(Err(HelpRefusal::NotAPhone));
        }
        if !is_kept(case.account.state) {
            return Ok(Err(HelpRefusal::NotNow));
        }
        if case.account.profile.phone_number.as_deref() == phone {
            return Ok(Err(HelpRefusal::SameValue));
        }
        accounts::set_phone(case.transaction, case.account.id, phone, case.now).await?;
        let record = case.record(Action::ContactChanged).outcome("phone");
        self.journal.record(case.transaction, &record).await?;
        Ok(Ok(()))
    }

    async fn request_email(&self, case: &Case<'_>, email: Option<&str>) -> Step {
        if email.is_some_and(|email| !is_email(email)) {
            return Ok(Err(HelpRefusal::NotAnEmail));
        }
        if !is_kept(case.account.state) {
            return Ok(Err(HelpRefusal::NotNow));
        }
        if case.account.profile.email.as_deref() == email {
            return Ok(Err(HelpRefusal::SameValue));
        }
        if contact_changes::waiting_of(case.transaction, case.account.id).await?.is_some() {
            return Ok(Err(HelpRefusal::ChangeWaits));
        }
        let change = ContactChange {
            id: self.ambient.new_id(),
            account: case.account.id,
            email: email.map(str::to_owned),
            reason: self.journal.seal_words(case.transaction, case.account.id, case.reason).await?,
            state: ContactChangeState::Waiting,
            requested_by: case.by.account,
            requested_at: case.now,
            decided_by: None,
            decided_at: None,
        };
        contact_changes::insert(case.transaction, change).await?;
        let record = case.record(Action::ContactChangeRequested).outcome("email");
        self.journal.record(case.transaction, &record).await?;
        Ok(Ok(()))
    }

    async fn tell(
        &self,
        case: &Case<'_>,
        message: impl FnOnce(crate::domain::office::OfficeNotice) -> Message,
    ) -> Result<(), DbErr> {
        tell_owner(self, case.transaction, case.account, case.now, message).await
    }
}

/// Tells the owner, with the office where they are helped.
pub(super) async fn tell_owner(
    office: &Office,
    transaction: &impl ConnectionTrait,
    account: &Account,
    now: Moment,
    message: impl FnOnce(crate::domain::office::OfficeNotice) -> Message,
) -> Result<(), DbErr> {
    let notice = owner::office_notice(transaction, &office.calendar, account.office, now).await?;
    owner::tell(&office.journal, transaction, account, message(notice)).await
}

/// What is about to be forgotten is not corrected any more.
fn is_kept(state: AccountState) -> bool {
    !matches!(state, AccountState::Closed | AccountState::Erased)
}

impl From<ReasonProblem> for HelpRefusal {
    fn from(problem: ReasonProblem) -> Self {
        match problem {
            ReasonProblem::Missing => Self::ReasonMissing,
            ReasonProblem::TooLong => Self::ReasonTooLong,
        }
    }
}
