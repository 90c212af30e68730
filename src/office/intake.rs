//! Paper becomes an application: typed in by a clerk, with where the paper lies (the procedure's rows 1 and 2).

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};

use super::application_review::register_rows;
use super::context::Office;
use crate::accounts::apply::keys_of;
use crate::domain::application::form::{ApplicationForm, Field, FieldProblem, FormRules, check};
use crate::domain::application::{Application, ApplicationState, Channel, Particulars};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::ids::{ApplicationId, ContractorId, OfficeId, TypedId as _};
use crate::domain::locale::Locale;
use crate::domain::mail::Message;
use crate::domain::regulations::Edition;
use crate::domain::staff::{OfficeScope, StaffMember, Task};
use crate::storage::applications::{self, Keys};
use crate::storage::database::is_collision;
use crate::storage::duplicates::{self, LikeAccount, LikeApplication};
use crate::storage::{accounts, people, regulations};

/// Where a paper lies: a binder's name, a scan's number.
pub const LONGEST_SCAN_REFERENCE: usize = 100;

/// What the clerk chooses from.
#[derive(Debug, Clone)]
pub struct IntakeChoices {
    /// By name; their own one only, for whoever is bound to an office.
    pub offices: Vec<(OfficeId, String)>,
    /// The one in force first.
    pub editions: Vec<Edition>,
    /// The house's day.
    pub today: NaiveDate,
}

/// What lies on the clerk's desk, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    pub form: ApplicationForm,
    pub scan_reference: String,
    pub received_on: String,
    /// The language to write to the applicant in.
    pub locale: Locale,
    /// The same page sent twice is one application.
    pub id: Option<ApplicationId>,
    /// The clerk has seen who it may be already.
    pub is_no_duplicate: bool,
}

/// What is wrong with what is known about the paper itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperProblem {
    ScanReferenceMissing,
    ScanReferenceTooLong,
    ReceivedOnMissing,
    ReceivedOnUnreadable,
    ReceivedOnInFuture,
}

#[derive(Debug)]
pub enum IntakeAnswer {
    TakenIn(ApplicationId),
    Problems {
        fields: Vec<(Field, FieldProblem)>,
        paper: Vec<PaperProblem>,
    },
    /// It may be somebody's who is there already. Nothing was saved.
    MayBeDuplicate {
        applications: Vec<LikeApplication>,
        accounts: Vec<LikeAccount>,
    },
}

impl Office {
    pub async fn intake_choices(&self, member: &StaffMember) -> Result<IntakeChoices, DbErr> {
        let connection = self.database.read();
        let mut offices = people::offices(connection).await?;
        match member.office_scope() {
            OfficeScope::All => {}
            OfficeScope::Only(own) => offices.retain(|(office, _)| *office == own),
            OfficeScope::Nothing => offices.clear(),
        }
        Ok(IntakeChoices {
            offices,
            editions: regulations::editions(connection).await?,
            today: self.calendar.today(self.ambient.now()),
        })
    }

    pub fn new_application_id(&self) -> ApplicationId {
        self.ambient.new_id()
    }

    /// Takes a paper application in: it waits for a decision at once.
    pub async fn take_in(
        &self,
        member: &StaffMember,
        paper: &Paper,
        origin: &Origin,
    ) -> Result<IntakeAnswer, DbErr> {
        let choices = self.intake_choices(member).await?;
        let (particulars, received_on) = match read(paper, member, &choices) {
            Ok(read) => read,
            Err((fields, paper)) => return Ok(IntakeAnswer::Problems { fields, paper }),
        };
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let id = self.free_id(&transaction, paper.id).await?;
        if let Some(there) = applications::find(&transaction, id).await? {
            // A double click, or an answer that was lost. Somebody else's id was not given to this form.
            let is_this_one = there.taken_in_by == Some(member.account);
            return if is_this_one {
                Ok(IntakeAnswer::TakenIn(id))
            } else {
                Err(DbErr::Custom("the id of another application came with a form".to_owned()))
            };
        }
        let keys = keys_of(&particulars);
        if !paper.is_no_duplicate
            && let Some((applications, accounts)) =
                self.duplicates_of(&transaction, None, &particulars, &keys, choices.today).await?
        {
            return Ok(IntakeAnswer::MayBeDuplicate { applications, accounts });
        }
        let application = Application {
            id,
            state: ApplicationState::Submitted,
            state_since: now,
            channel: Channel::Paper,
            locale: paper.locale,
            particulars,
            regulations_version: paper.form.regulations_version.clone(),
            regulations_accepted_at: now,
            scan_reference: Some(line(&paper.scan_reference)),
            taken_in_by: Some(member.account),
            corrected_by: None,
            received_on: Some(received_on),
            created_at: now,
            link_sent_at: None,
            submitted_at: Some(now),
            decided_at: None,
            decided_by: None,
            decision_reason: None,
            override_reason: None,
        };
        match applications::insert(&transaction, application.clone(), keys).await {
            Ok(()) => {}
            // The other click of the same two was faster.
            Err(error) if is_collision(&error) => return Ok(IntakeAnswer::TakenIn(id)),
            Err(error) => return Err(error),
        }
        self.journal.make_person_key(&transaction, application.becomes(), now).await?;
        let record = AuditRecord::new(Action::ApplicationTakenIn, Actor::Staff(member.account))
            .about_application(id)
            .from(origin);
        self.journal.record(&transaction, &record).await?;
        self.tell_applicant(&transaction, &application, now, |office| Message::ApplicationReceived {
            application: id,
            office,
            address_confirmed: false,
        })
        .await?;
        transaction.commit().await?;
        Ok(IntakeAnswer::TakenIn(id))
    }

    /// The id that the form brought, unless an account has it already.
    async fn free_id(
        &self,
        transaction: &impl ConnectionTrait,
        brought: Option<ApplicationId>,
    ) -> Result<ApplicationId, DbErr> {
        match brought {
            Some(id) if accounts::find(transaction, id.uuid().into()).await?.is_none() => Ok(id),
            _ => Ok(self.ambient.new_id()),
        }
    }

    /// Who it may be already, if anybody; `besides`: the application itself.
    pub(super) async fn duplicates_of(
        &self,
        transaction: &impl ConnectionTrait,
        besides: Option<ApplicationId>,
        particulars: &Particulars,
        keys: &Keys,
        today: NaiveDate,
    ) -> Result<Option<(Vec<LikeApplication>, Vec<LikeAccount>)>, DbErr> {
        let rows = register_rows(transaction, particulars, today).await?;
        let contractors: Vec<ContractorId> = rows.iter().map(|row| row.contractor).collect();
        let wanted = duplicates::Wanted {
            keys,
            contractor_number: particulars.contractor_number.as_deref(),
            besides,
            contractors: &contractors,
        };
        let applications = duplicates::open_applications(transaction, &wanted).await?;
        let accounts = duplicates::accounts(transaction, &wanted).await?;
        let is_found = !applications.is_empty() || !accounts.is_empty();
        Ok(is_found.then_some((applications, accounts)))
    }
}

pub(super) type Problems = (Vec<(Field, FieldProblem)>, Vec<PaperProblem>);

/// Reads the form by the rules of the on-line one, and what is known about the paper.
pub(super) fn read(
    paper: &Paper,
    member: &StaffMember,
    choices: &IntakeChoices,
) -> Result<(Particulars, NaiveDate), Problems> {
    let offices: Vec<OfficeId> = if member.may(Task::TakeIn) {
        choices.offices.iter().map(|(office, _)| *office).collect()
    } else {
        Vec::new()
    };
    // Paper carries the version that was printed on it, which need not be the one in force now.
    let printed = choices
        .editions
        .iter()
        .find(|edition| edition.version.as_str() == paper.form.regulations_version)
        .or(choices.editions.first());
    let rules = FormRules {
        channel: Channel::Paper,
        offices: &offices,
        regulations: printed.map(|edition| edition.version.as_str()),
    };
    let mut problems = Vec::new();
    match line(&paper.scan_reference).chars().count() {
        0 => problems.push(PaperProblem::ScanReferenceMissing),
        1..=LONGEST_SCAN_REFERENCE => {}
        _ => problems.push(PaperProblem::ScanReferenceTooLong),
    }
    let received_on = match paper.received_on.trim() {
        "" => Err(PaperProblem::ReceivedOnMissing),
        typed => typed.parse::<NaiveDate>().map_err(|_| PaperProblem::ReceivedOnUnreadable),
    };
    let received_on = received_on
        .and_then(|day| if day > choices.today { Err(PaperProblem::ReceivedOnInFuture) } else { Ok(day) });
    if let Err(problem) = received_on {
        problems.push(problem);
    }
    match (check(&paper.form, rules), received_on) {
        (Ok(particulars), Ok(day)) if problems.is_empty() => Ok((particulars, day)),
        (checked, _) => Err((checked.err().unwrap_or_default(), problems)),
    }
}

/// One line: no ends of lines, one space where there were several, nothing that nobody sees.
pub(super) fn line(typed: &str) -> String {
    let visible: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}
