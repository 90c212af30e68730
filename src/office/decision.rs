//! What every decision about an application has in common: whether it is there for this member of staff, whether it
//! still waits, whether they may decide it. And the two decisions that make no account.

use sea_orm::{ConnectionTrait, DbErr};

use super::context::Office;
use super::existing_account::contractors_meant;
use super::reason::{ReasonProblem, reason_of};
use super::told::Names;
use crate::accounts::owner::office_notice;
use crate::domain::application::{Application, ApplicationEvent, ApplicationState, Channel};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::four_eyes::{self, Likeness};
use crate::domain::ids::{AccountId, ApplicationId, ContractorId};
use crate::domain::mail::{Mail, Message};
use crate::domain::office::OfficeNotice;
use crate::domain::register_key;
use crate::domain::staff::{StaffMember, Task};
use crate::storage::applications::{self, Decision};
use crate::storage::{accounts, duplicates};

/// Who decides what, and from where.
#[derive(Debug, Clone, Copy)]
pub struct Deciding<'a> {
    pub by: &'a StaffMember,
    pub application: ApplicationId,
    /// Since when the application was in its state on the page that was decided on: whoever decides has seen what they
    /// decide. `None` decides nothing.
    pub seen: Option<Moment>,
    pub origin: &'a Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecisionAnswer {
    Done,
    /// There is none, or it is another office's: the two look alike.
    NotThere,
    /// It does not wait any more. Nothing was changed.
    StateIsNow(StateNow),
    Refused(Refusal),
}

/// What became of something in the meantime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateNow {
    /// Whose application it is.
    pub name: String,
    pub state: ApplicationState,
    pub since: Moment,
    /// The member of staff who decided, if it was one.
    pub by: Option<String>,
}

/// Why somebody may not decide, or not so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Who took it in does not approve it.
    OwnIntake,
    OwnApplication,
    /// None of the chosen contractors has a title that holds today, and only a supervisor may override that.
    NoTitle,
    /// The applicant has an account already, and only a supervisor gives them a second one, if they say so.
    HasAccount,
    /// No title, or a second account, for a supervisor: with a reason they may.
    OverrideNeedsReason,
    /// A chosen contractor is not among those found any more.
    RegisterChanged,
    /// The applicant must be told something.
    ReasonMissing,
    ReasonTooLong,
}

impl Refusal {
    pub const ALL: [Self; 8] = [
        Self::OwnIntake,
        Self::OwnApplication,
        Self::NoTitle,
        Self::HasAccount,
        Self::OverrideNeedsReason,
        Self::RegisterChanged,
        Self::ReasonMissing,
        Self::ReasonTooLong,
    ];

    /// As the audit record has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnIntake => "own_intake",
            Self::OwnApplication => "own_application",
            Self::NoTitle => "no_title",
            Self::HasAccount => "has_account",
            Self::OverrideNeedsReason => "override_needs_reason",
            Self::RegisterChanged => "register_changed",
            Self::ReasonMissing => "reason_missing",
            Self::ReasonTooLong => "reason_too_long",
        }
    }
}

/// What came of opening an application for a decision.
pub(super) enum Opened {
    /// It waits, its row is locked, and this member of staff may decide it.
    Waiting(Box<Application>),
    Answer(DecisionAnswer),
}

/// A decision that makes no account.
#[derive(Debug, Clone, Copy)]
enum Unfavourable {
    SentBack,
    Rejected,
}

impl Office {
    /// Asks the applicant to correct something; `what` is told to them.
    pub async fn send_back(&self, deciding: Deciding<'_>, what: &str) -> Result<DecisionAnswer, DbErr> {
        self.decide_against(deciding, what, Unfavourable::SentBack).await
    }

    /// Rejects; `reason` is told to the applicant.
    pub async fn reject(&self, deciding: Deciding<'_>, reason: &str) -> Result<DecisionAnswer, DbErr> {
        self.decide_against(deciding, reason, Unfavourable::Rejected).await
    }

    async fn decide_against(
        &self,
        deciding: Deciding<'_>,
        reason: &str,
        decision: Unfavourable,
    ) -> Result<DecisionAnswer, DbErr> {
        let transaction = self.database.begin().await?;
        let application = match self.open_for_decision(&transaction, deciding, &[]).await? {
            Opened::Waiting(application) => application,
            Opened::Answer(answer) => {
                transaction.commit().await?;
                return Ok(answer);
            }
        };
        let reason = match reason_of(reason).map_err(Refusal::from) {
            Ok(reason) => reason,
            Err(refusal) => {
                let answer = self.refuse(&transaction, deciding, refusal).await?;
                transaction.commit().await?;
                return Ok(answer);
            }
        };
        let (becomes, action) = match decision {
            Unfavourable::SentBack => {
                (application.state.after(ApplicationEvent::SentBack), Action::ApplicationSentBack)
            }
            Unfavourable::Rejected => {
                (application.state.after(ApplicationEvent::Rejected), Action::ApplicationRejected)
            }
        };
        let becomes = becomes.map_err(|error| DbErr::Custom(error.to_string()))?;
        let now = self.ambient.now();
        let decided = Decision {
            becomes,
            by: deciding.by.account,
            reason: Some(&reason),
            override_reason: None,
            at: now,
        };
        if !applications::decide(&transaction, application.id, decided).await? {
            let answer = self.not_waiting(&transaction, deciding).await?;
            transaction.commit().await?;
            return Ok(answer);
        }
        let record = deciding.record(action).reason(reason.as_str());
        self.journal.record(&transaction, &record).await?;
        let id = application.id;
        let address_confirmed = application.channel.confirms_addresses();
        self.tell_applicant(&transaction, &application, now, |office| match decision {
            Unfavourable::SentBack => Message::ApplicationNeedsCorrection {
                application: id,
                what: reason,
                office,
                address_confirmed,
            },
            Unfavourable::Rejected => Message::ApplicationRejected { application: id, reason, office },
        })
        .await?;
        transaction.commit().await?;
        Ok(DecisionAnswer::Done)
    }

    /// Locks the application, and says whether this member of staff may decide it now. What they may not is recorded:
    /// the caller commits. `chosen`: the contractors that it is to be linked with.
    pub(super) async fn open_for_decision(
        &self,
        transaction: &impl ConnectionTrait,
        deciding: Deciding<'_>,
        chosen: &[ContractorId],
    ) -> Result<Opened, DbErr> {
        // The door asks too; a use case that is called from elsewhere must not depend on it.
        if !deciding.by.may(Task::DecideApplications) {
            return Ok(Opened::Answer(DecisionAnswer::NotThere));
        }
        let Some(application) = applications::lock(transaction, deciding.application).await? else {
            return Ok(Opened::Answer(DecisionAnswer::NotThere));
        };
        if !is_seen_by(&application, deciding.by) {
            return Ok(Opened::Answer(DecisionAnswer::NotThere));
        }
        if application.state != ApplicationState::Submitted || Some(application.state_since) != deciding.seen
        {
            return Ok(Opened::Answer(self.not_waiting(transaction, deciding).await?));
        }
        if self.is_own(transaction, deciding.by.account, &application, chosen).await? {
            let answer = self.refuse(transaction, deciding, Refusal::OwnApplication).await?;
            return Ok(Opened::Answer(answer));
        }
        Ok(Opened::Waiting(Box::new(application)))
    }

    /// Somebody was faster: recorded, and told as it is now.
    pub(super) async fn not_waiting(
        &self,
        transaction: &impl ConnectionTrait,
        deciding: Deciding<'_>,
    ) -> Result<DecisionAnswer, DbErr> {
        let Some(application) = applications::find(transaction, deciding.application).await? else {
            return Ok(DecisionAnswer::NotThere);
        };
        let record = deciding.record(Action::ApplicationDecisionRefused).outcome(application.state.as_str());
        self.journal.record(transaction, &record).await?;
        let decided = matches!(
            application.state,
            ApplicationState::Approved | ApplicationState::Rejected | ApplicationState::NeedsCorrection
        );
        let by = application.decided_by.filter(|_| decided);
        Ok(DecisionAnswer::StateIsNow(StateNow {
            name: application.display_name(),
            state: application.state,
            since: application.state_since,
            by: Names::default().name(transaction, by).await?,
        }))
    }

    pub(super) async fn refuse(
        &self,
        transaction: &impl ConnectionTrait,
        deciding: Deciding<'_>,
        refusal: Refusal,
    ) -> Result<DecisionAnswer, DbErr> {
        let record = deciding.record(Action::ApplicationDecisionRefused).outcome(refusal.as_str());
        self.journal.record(transaction, &record).await?;
        Ok(DecisionAnswer::Refused(refusal))
    }

    /// Who typed it in from paper, or corrected it there, does not approve it.
    pub(super) fn may_approve(&self, clerk: AccountId, application: &Application) -> bool {
        [application.taken_in_by, application.corrected_by]
            .into_iter()
            .all(|typed_by| four_eyes::may_approve(self.rules.two_persons, clerk, typed_by))
    }

    /// Is it, as far as one can tell, this member of staff's own?
    pub(super) async fn is_own(
        &self,
        connection: &impl ConnectionTrait,
        clerk: AccountId,
        application: &Application,
        chosen: &[ContractorId],
    ) -> Result<bool, DbErr> {
        let Some(account) = accounts::find(connection, clerk).await? else {
            return Ok(false);
        };
        let clerks = duplicates::contractors_of(connection, clerk).await?;
        let applicants = contractors_meant(connection, &application.particulars, chosen).await?;
        let name = |given: &str, family: &str| register_key::of_person(given, family).unwrap_or_default();
        let email = |address: &Option<String>| address.as_deref().map(str::to_lowercase);
        let (profile, particulars) = (&account.profile, &application.particulars);
        let names = [
            name(&profile.given_name, &profile.family_name),
            name(&particulars.given_name, &particulars.family_name),
        ];
        let emails = [email(&profile.email), email(&particulars.email)];
        Ok(four_eyes::is_own_application(
            Likeness { name: &names[0], email: emails[0].as_deref(), contractors: &clerks },
            Likeness { name: &names[1], email: emails[1].as_deref(), contractors: &applicants },
        ))
    }

    /// Mails the applicant, if they have an address; the page tells the clerk to telephone those who have not.
    pub(super) async fn tell_applicant(
        &self,
        transaction: &impl ConnectionTrait,
        application: &Application,
        now: Moment,
        message: impl FnOnce(OfficeNotice) -> Message,
    ) -> Result<(), DbErr> {
        if application.particulars.email.is_none() {
            return Ok(());
        }
        let office =
            office_notice(transaction, &self.calendar, Some(application.particulars.office), now).await?;
        match Mail::to_applicant(application, message(office)) {
            Some(mail) => self.journal.mail(transaction, &mail).await,
            None => Ok(()),
        }
    }
}

impl Deciding<'_> {
    pub(super) fn record(&self, action: Action) -> AuditRecord {
        AuditRecord::new(action, Actor::Staff(self.by.account))
            .about_application(self.application)
            .from(self.origin)
    }
}

/// May this member of staff know of it? What was never submitted has not reached any office.
pub(super) fn is_seen_by(application: &Application, member: &StaffMember) -> bool {
    application.submitted_at.is_some() && member.sees_office(Some(application.particulars.office))
}

/// Does this member of staff look after its paper? Whoever filled theirs in on-line corrects it themselves.
pub(super) fn is_on_paper_desk(member: &StaffMember, application: &Application) -> bool {
    member.may(Task::TakeIn) && application.channel == Channel::Paper && is_seen_by(application, member)
}

/// Can this member of staff type a correction in now?
pub(super) fn may_correct(member: &StaffMember, application: &Application) -> bool {
    is_on_paper_desk(member, application) && application.state.after(ApplicationEvent::Corrected).is_ok()
}

impl From<ReasonProblem> for Refusal {
    fn from(problem: ReasonProblem) -> Self {
        match problem {
            ReasonProblem::Missing => Self::ReasonMissing,
            ReasonProblem::TooLong => Self::ReasonTooLong,
        }
    }
}
