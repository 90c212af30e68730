//! An application becomes an account (the procedure's row 3).

use sea_orm::{ConnectionTrait, DbErr};

use super::application_review::register_rows;
use super::context::Office;
use super::decision::{Deciding, DecisionAnswer, Opened, Refusal};
use super::existing_account::{ExistingAccount, contractors_meant, existing_accounts};
use super::reason::reason_of;
use crate::domain::application::{Application, ApplicationEvent};
use crate::domain::audit::Action;
use crate::domain::clock::Moment;
use crate::domain::credential_letter::order::{OrderKind, OrderState};
use crate::domain::ids::ContractorId;
use crate::domain::mail::Message;
use crate::domain::staff::Task;
use crate::storage::applications::{self, Decision};
use crate::storage::database::is_collision;
use crate::storage::letter_orders::{self, LetterOrder};
use crate::storage::{people, regulations};

/// What a clerk approves.
#[derive(Debug, Clone, Copy)]
pub struct Approval<'a> {
    /// The rows of the register that belong to the account.
    pub contractors: &'a [ContractorId],
    /// The applicant has an account already, and is to have a second one.
    pub second_account: bool,
    /// Why it is right although none of them has a title now, or it is a second account; empty where it is neither.
    pub override_reason: &'a str,
}

/// How often a new login is drawn once more because somebody else drew the same one at the same moment.
const DRAWS: usize = 3;

impl Office {
    /// Approves: the account is made, and its letter is ordered. The applicant is told by e-mail, if they have an address.
    pub async fn approve(
        &self,
        deciding: Deciding<'_>,
        approval: Approval<'_>,
    ) -> Result<DecisionAnswer, DbErr> {
        for _ in 1..DRAWS {
            match self.try_approve(deciding, approval).await {
                Err(error) if is_collision(&error) => {}
                other => return other,
            }
        }
        self.try_approve(deciding, approval).await
    }

    async fn try_approve(
        &self,
        deciding: Deciding<'_>,
        approval: Approval<'_>,
    ) -> Result<DecisionAnswer, DbErr> {
        let transaction = self.database.begin().await?;
        let answer = match self.open_for_decision(&transaction, deciding, approval.contractors).await? {
            Opened::Waiting(application) => {
                match self.why_not(&transaction, deciding, &application, approval).await? {
                    Ok(cleared) => {
                        let decided = Approved { application: &application, approval, cleared };
                        self.make(&transaction, deciding, decided).await?
                    }
                    Err(refusal) => self.refuse(&transaction, deciding, refusal).await?,
                }
            }
            Opened::Answer(answer) => answer,
        };
        transaction.commit().await?;
        Ok(answer)
    }

    /// Whether it may be approved so; with what was overridden and why, where that is needed.
    async fn why_not(
        &self,
        transaction: &impl ConnectionTrait,
        deciding: Deciding<'_>,
        application: &Application,
        approval: Approval<'_>,
    ) -> Result<Result<Cleared, Refusal>, DbErr> {
        let by = deciding.by;
        if !self.may_approve(by.account, application) {
            return Ok(Err(Refusal::OwnIntake));
        }
        let today = self.calendar.today(self.ambient.now());
        let rows = register_rows(transaction, &application.particulars, today).await?;
        let chosen: Vec<_> =
            rows.iter().filter(|row| approval.contractors.contains(&row.contractor)).collect();
        if approval.contractors.iter().any(|id| !chosen.iter().any(|row| row.contractor == *id)) {
            return Ok(Err(Refusal::RegisterChanged));
        }
        let has_title = chosen.iter().any(|row| row.has_current_title());
        if !has_title && !by.may(Task::OverrideTitle) {
            return Ok(Err(Refusal::NoTitle));
        }
        let meant = contractors_meant(transaction, &application.particulars, approval.contractors).await?;
        // Of two applications of one person, approved at the same moment, one sees the other's account.
        people::lock_contractors(transaction, &meant).await?;
        let existing = existing_accounts(transaction, &application.particulars, &meant).await?;
        let is_second = existing.iter().any(|existing| existing.is_applicants);
        if is_second && !(approval.second_account && by.may(Task::ApproveSecondAccount)) {
            return Ok(Err(Refusal::HasAccount));
        }
        let overridden = match (has_title, is_second) {
            (true, false) => return Ok(Ok(Cleared { existing, overridden: None })),
            (false, false) => "without_title",
            (true, true) => "second_account",
            (false, true) => "second_account_without_title",
        };
        Ok(match reason_of(approval.override_reason).map_err(Refusal::from) {
            Ok(reason) => Ok(Cleared { existing, overridden: Some((overridden, reason)) }),
            Err(Refusal::ReasonMissing) => Err(Refusal::OverrideNeedsReason),
            Err(refusal) => Err(refusal),
        })
    }

    async fn make(
        &self,
        transaction: &impl ConnectionTrait,
        deciding: Deciding<'_>,
        approved: Approved<'_>,
    ) -> Result<DecisionAnswer, DbErr> {
        let Approved { application, approval, cleared: Cleared { existing, overridden } } = approved;
        let now = self.ambient.now();
        let becomes = application
            .state
            .after(ApplicationEvent::Approved)
            .map_err(|error| DbErr::Custom(error.to_string()))?;
        let decision = Decision {
            becomes,
            by: deciding.by.account,
            reason: None,
            override_reason: overridden.as_ref().map(|(_, reason)| reason.as_str()),
            at: now,
        };
        if !applications::decide(transaction, application.id, decision).await? {
            return self.not_waiting(transaction, deciding).await;
        }
        let mut record = deciding.record(Action::ApplicationApproved);
        if let Some((what, reason)) = overridden {
            record = record.outcome(what).reason(reason);
        }
        self.journal.record(transaction, &record).await?;

        let account = self.new_account(transaction, application, now).await?;
        for contractor in approval.contractors {
            people::link_account(transaction, account, *contractor).await?;
        }
        // What was accepted with the application, when it was.
        let accepted = match application.regulations_version.parse() {
            Ok(version) => regulations::find(transaction, &version).await?,
            // Before the first version was published, there was nothing to accept.
            Err(_) => None,
        };
        if let Some(accepted) = accepted {
            let at = application.regulations_accepted_at;
            regulations::accept(transaction, account, accepted.edition.id, at).await?;
        }
        self.journal.record(transaction, &deciding.record(Action::AccountCreated)).await?;
        self.order_first_letter(transaction, deciding, application, now).await?;

        self.tell_owners_of_another_account(transaction, &existing, now).await?;
        let collect_until = self.calendar.today(now + self.rules.collect_within);
        self.tell_applicant(transaction, application, now, |office| Message::ApplicationApproved {
            application: application.id,
            office,
            collect_until,
        })
        .await?;
        Ok(DecisionAnswer::Done)
    }

    async fn order_first_letter(
        &self,
        transaction: &impl ConnectionTrait,
        deciding: Deciding<'_>,
        application: &Application,
        now: Moment,
    ) -> Result<(), DbErr> {
        let order = LetterOrder {
            id: self.ambient.new_id(),
            account: application.becomes(),
            kind: OrderKind::First,
            state: OrderState::Approved,
            reason: None,
            requested_by: Some(deciding.by.account),
            requested_at: now,
            decided_by: Some(deciding.by.account),
            decided_at: Some(now),
        };
        letter_orders::insert(transaction, order).await?;
        let record = deciding.record(Action::LetterOrdered).outcome(OrderKind::First.as_str());
        self.journal.record(transaction, &record).await
    }
}

/// An application that may be approved.
struct Approved<'a> {
    application: &'a Application,
    approval: Approval<'a>,
    cleared: Cleared,
}

/// That it may be, and what has to be known of it.
struct Cleared {
    existing: Vec<ExistingAccount>,
    /// What was overridden, as the audit has it, and why.
    overridden: Option<(&'static str, String)>,
}
