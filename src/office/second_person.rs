//! What waits for a second person: new letters for accounts that were somebody's once, and other addresses of e-mail.

use sea_orm::{DatabaseTransaction, DbErr};

use super::context::Office;
use super::helping::{HelpRefusal, tell_owner};
use super::reason::reason_of;
use super::told::{Named, Names};
use crate::accounts::owner;
use crate::domain::account::Account;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::contact_change::ContactChangeState;
use crate::domain::credential_letter::order::OrderState;
use crate::domain::four_eyes;
use crate::domain::ids::{AccountId, ContactChangeId, LetterOrderId};
use crate::domain::mail::Message;
use crate::domain::staff::{StaffMember, Task};
use crate::storage::{accounts, contact_changes, letter_orders, people};

/// Lines of each kind that are shown: the oldest first, so that none is passed over.
const SHOWN: u64 = 100;

/// Something that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    Letter(LetterOrderId),
    Email(ContactChangeId),
}

/// A line of the list.
#[derive(Debug)]
pub struct WaitingLine {
    pub what: Waiting,
    pub about: Named,
    pub office: Option<String>,
    pub requested_at: Moment,
    pub requested_by: Option<String>,
    pub reason: Option<String>,
    /// Of a change of address: the one that is, and the one that is to be.
    pub emails: Option<(Option<String>, Option<String>)>,
    /// They asked for it themselves, or it is about their own account.
    pub needs_a_colleague: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Agree,
    Refuse,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondAnswer {
    Done,
    NotThere,
    /// It is decided already: when, and by whom.
    Decided {
        at: Option<Moment>,
        by: Option<String>,
    },
    /// They asked for it themselves.
    OwnRequest,
    OwnAccount,
    Reason(HelpRefusal),
}

/// Who decides, and why.
#[derive(Debug, Clone, Copy)]
pub struct Seconding<'a> {
    pub by: &'a StaffMember,
    pub what: Waiting,
    pub decision: Decision,
    /// As typed.
    pub reason: &'a str,
    pub origin: &'a Origin,
}

impl Office {
    /// What this member of staff could be the second person for, oldest first.
    pub async fn waiting(&self, member: &StaffMember) -> Result<Vec<WaitingLine>, DbErr> {
        let snapshot = self.database.begin_read().await?;
        let mut names = Names::default();
        let mut lines = Vec::new();
        if member.may(Task::ApproveReissue) {
            for order in letter_orders::in_state(&snapshot, OrderState::AwaitingApproval, SHOWN).await? {
                let seen = self.seen(&snapshot, member, order.account).await?;
                let (Some((account, office)), Some(about)) =
                    (seen, names.of(&snapshot, order.account).await?)
                else {
                    continue;
                };
                lines.push(WaitingLine {
                    what: Waiting::Letter(order.id),
                    about,
                    office,
                    requested_at: order.requested_at,
                    requested_by: names.name(&snapshot, order.requested_by).await?,
                    reason: match &order.reason {
                        Some(sealed) => self.journal.open_words(&snapshot, account.id, sealed).await?,
                        None => None,
                    },
                    emails: None,
                    needs_a_colleague: !self.may_second_letter(member, order.requested_by)
                        || four_eyes::acts_on_own_account(member.account, account.id),
                });
            }
        }
        if member.may(Task::ApproveContactChange) {
            for change in contact_changes::waiting(&snapshot, SHOWN).await? {
                let seen = self.seen(&snapshot, member, change.account).await?;
                let (Some((account, office)), Some(about)) =
                    (seen, names.of(&snapshot, change.account).await?)
                else {
                    continue;
                };
                lines.push(WaitingLine {
                    what: Waiting::Email(change.id),
                    about,
                    office,
                    requested_at: change.requested_at,
                    requested_by: names.name(&snapshot, Some(change.requested_by)).await?,
                    reason: self.journal.open_words(&snapshot, account.id, &change.reason).await?,
                    emails: Some((account.profile.email, change.email)),
                    needs_a_colleague: !four_eyes::may_agree_to_contact_change(
                        member.account,
                        change.requested_by,
                    ) || four_eyes::acts_on_own_account(member.account, account.id),
                });
            }
        }
        lines.sort_by_key(|line| line.requested_at);
        Ok(lines)
    }

    /// Agrees or refuses. Of two at once one wins, and the other is told who it was.
    pub async fn second(&self, seconding: Seconding<'_>) -> Result<SecondAnswer, DbErr> {
        let reason = match reason_of(seconding.reason).map_err(HelpRefusal::from) {
            Ok(reason) => reason,
            Err(refusal) => return Ok(SecondAnswer::Reason(refusal)),
        };
        let transaction = self.database.begin().await?;
        let answer = match seconding.what {
            Waiting::Letter(id) => self.second_letter(&transaction, seconding, id, &reason).await?,
            Waiting::Email(id) => self.second_email(&transaction, seconding, id, &reason).await?,
        };
        transaction.commit().await?;
        Ok(answer)
    }

    async fn second_letter(
        &self,
        transaction: &DatabaseTransaction,
        seconding: Seconding<'_>,
        id: LetterOrderId,
        reason: &str,
    ) -> Result<SecondAnswer, DbErr> {
        let Seconding { by, decision, .. } = seconding;
        let Some(found) = letter_orders::find(transaction, id).await? else {
            return Ok(SecondAnswer::NotThere);
        };
        let account = self.locked(transaction, by, Task::ApproveReissue, found.account).await?;
        // Once more, under the account's lock: whoever was here a moment ago has decided it.
        let (Some(account), Some(order)) = (account, letter_orders::find(transaction, id).await?) else {
            return Ok(SecondAnswer::NotThere);
        };
        if order.state != OrderState::AwaitingApproval {
            return self.decided(transaction, seconding, &account, order.decided_at, order.decided_by).await;
        }
        let may = self.may_second_letter(by, order.requested_by);
        if let Some(refusal) = self.refused(transaction, seconding, &account, may).await? {
            return Ok(refusal);
        }
        let now = self.ambient.now();
        let (becomes, action) = match decision {
            Decision::Agree => (OrderState::Approved, Action::LetterOrderApproved),
            Decision::Refuse => (OrderState::Refused, Action::LetterOrderRefused),
        };
        if !letter_orders::move_on(transaction, id, order.state, becomes, Some(by.account), now).await? {
            return self.decided(transaction, seconding, &account, None, None).await;
        }
        let record = seconding.record(action, &account).reason(reason);
        self.journal.record(transaction, &record).await?;
        Ok(SecondAnswer::Done)
    }

    async fn second_email(
        &self,
        transaction: &DatabaseTransaction,
        seconding: Seconding<'_>,
        id: ContactChangeId,
        reason: &str,
    ) -> Result<SecondAnswer, DbErr> {
        let Seconding { by, decision, .. } = seconding;
        let Some(found) = contact_changes::find(transaction, id).await? else {
            return Ok(SecondAnswer::NotThere);
        };
        let account = self.locked(transaction, by, Task::ApproveContactChange, found.account).await?;
        let (Some(account), Some(change)) = (account, contact_changes::find(transaction, id).await?) else {
            return Ok(SecondAnswer::NotThere);
        };
        if change.state != ContactChangeState::Waiting {
            return self
                .decided(transaction, seconding, &account, change.decided_at, change.decided_by)
                .await;
        }
        let may = four_eyes::may_agree_to_contact_change(by.account, change.requested_by);
        if let Some(refusal) = self.refused(transaction, seconding, &account, may).await? {
            return Ok(refusal);
        }
        let now = self.ambient.now();
        let (becomes, action) = match decision {
            Decision::Agree => (ContactChangeState::Applied, Action::ContactChanged),
            Decision::Refuse => (ContactChangeState::Refused, Action::ContactChangeRefused),
        };
        if !contact_changes::decide(transaction, id, becomes, by.account, now).await? {
            return self.decided(transaction, seconding, &account, None, None).await;
        }
        let record = seconding.record(action, &account).outcome("email").reason(reason);
        self.journal.record(transaction, &record).await?;
        if decision == Decision::Agree {
            self.apply_email(transaction, account, change.email, now).await?;
        }
        Ok(SecondAnswer::Done)
    }

    /// The old address hears of it too: it may have been somebody else who asked.
    async fn apply_email(
        &self,
        transaction: &DatabaseTransaction,
        mut account: Account,
        email: Option<String>,
        now: Moment,
    ) -> Result<(), DbErr> {
        accounts::set_email(transaction, account.id, email.as_deref(), now).await?;
        tell_owner(self, transaction, &account, now, |office| Message::EmailChanged {
            office,
            is_new_address: false,
        })
        .await?;
        account.profile.email = email;
        let office = owner::office_notice(transaction, &self.calendar, account.office, now).await?;
        owner::tell(
            &self.journal,
            transaction,
            &account,
            Message::EmailChanged { office, is_new_address: true },
        )
        .await
    }

    fn may_second_letter(&self, by: &StaffMember, requested_by: Option<AccountId>) -> bool {
        four_eyes::may_agree_to_reissue(self.rules.two_persons, by.account, requested_by)
    }

    /// The account under its lock, if this member of staff may do this and sees it.
    async fn locked(
        &self,
        transaction: &DatabaseTransaction,
        by: &StaffMember,
        task: Task,
        account: AccountId,
    ) -> Result<Option<Account>, DbErr> {
        if !by.may(task) {
            return Ok(None);
        }
        let locked = accounts::lock(transaction, account).await?;
        Ok(locked.filter(|account| by.sees_office(account.office)))
    }

    async fn seen(
        &self,
        connection: &DatabaseTransaction,
        member: &StaffMember,
        account: AccountId,
    ) -> Result<Option<(Account, Option<String>)>, DbErr> {
        let Some(account) = accounts::find(connection, account).await? else {
            return Ok(None);
        };
        if !member.sees_office(account.office) {
            return Ok(None);
        }
        let office = people::office_name(connection, account.office).await?;
        Ok(Some((account, office)))
    }

    /// The first person is not the second one, and nobody decides about themselves: recorded, and the caller commits.
    async fn refused(
        &self,
        transaction: &DatabaseTransaction,
        seconding: Seconding<'_>,
        account: &Account,
        may: bool,
    ) -> Result<Option<SecondAnswer>, DbErr> {
        let (answer, outcome) = if four_eyes::acts_on_own_account(seconding.by.account, account.id) {
            (SecondAnswer::OwnAccount, "own_account")
        } else if may {
            return Ok(None);
        } else {
            (SecondAnswer::OwnRequest, "own_request")
        };
        let record = seconding.record(Action::AccountHelpRefused, account).outcome(outcome);
        self.journal.record(transaction, &record).await?;
        Ok(Some(answer))
    }

    async fn decided(
        &self,
        transaction: &DatabaseTransaction,
        seconding: Seconding<'_>,
        account: &Account,
        at: Option<Moment>,
        by: Option<AccountId>,
    ) -> Result<SecondAnswer, DbErr> {
        let record = seconding.record(Action::AccountHelpRefused, account).outcome("decided_already");
        self.journal.record(transaction, &record).await?;
        let by = Names::default().name(transaction, by).await?;
        Ok(SecondAnswer::Decided { at, by })
    }
}

impl Seconding<'_> {
    fn record(&self, action: Action, account: &Account) -> AuditRecord {
        AuditRecord::new(action, Actor::Staff(self.by.account)).about(account.id).from(self.origin)
    }
}
