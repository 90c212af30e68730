//! What an applicant does with the link to their application: see where it stands, withdraw it, correct it.

use sea_orm::DbErr;

use super::apply::{FormChoices, keys_of, visitors};
use super::context::Accounts;
use super::owner::office_notice;
use crate::domain::application::form::{ApplicationForm, Field, FieldProblem, FormRules, check};
use crate::domain::application::{Application, ApplicationEvent, ApplicationState};
use crate::domain::audit::{Action, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::ApplicationId;
use crate::domain::mail::Message;
use crate::domain::office::OfficeNotice;
use crate::storage::applications::{self, Correction};

/// An application, and the office that decides on it.
#[derive(Debug)]
pub struct FollowedApplication {
    pub application: Application,
    pub office: OfficeNotice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    Withdrawn,
    /// It was decided, or ended, before.
    Is(ApplicationState),
    Unknown,
}

#[derive(Debug)]
pub enum CorrectionAnswer {
    Submitted,
    Problems(Vec<(Field, FieldProblem)>),
    /// Nothing is to be corrected (any more).
    Is(ApplicationState),
    Unknown,
}

impl Accounts {
    /// Where an application stands; `None` once it can be followed no more, and for one that came on paper: its link
    /// would have gone to an address that nobody confirmed.
    pub async fn follow_application(&self, id: ApplicationId) -> Result<Option<FollowedApplication>, DbErr> {
        let connection = self.database.read();
        let now = self.ambient.now();
        let found = applications::find(connection, id).await?;
        let Some(application) = found.filter(|application| self.is_followed(application, now)) else {
            return Ok(None);
        };
        let office =
            office_notice(connection, &self.calendar, Some(application.particulars.office), now).await?;
        Ok(Some(FollowedApplication { application, office }))
    }

    fn is_followed(&self, application: &Application, now: Moment) -> bool {
        application.channel.confirms_addresses()
            && (application.state.is_open() || now < application.state_since + self.applications.rules.follow)
    }

    /// Withdraws it. Whoever presses the button twice has withdrawn it.
    pub async fn withdraw_application(
        &self,
        id: ApplicationId,
        origin: &Origin,
    ) -> Result<Withdrawal, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Some(application) = applications::lock(&transaction, id).await? else {
            return Ok(Withdrawal::Unknown);
        };
        if application.state == ApplicationState::Withdrawn {
            return Ok(Withdrawal::Withdrawn);
        }
        let Ok(becomes) = application.state.after(ApplicationEvent::Withdrawn) else {
            return Ok(Withdrawal::Is(application.state));
        };
        // Under the row's lock: nobody decides in between.
        if !applications::move_on(&transaction, id, application.state, becomes, now).await? {
            return Ok(Withdrawal::Is(application.state));
        }
        self.journal.record(&transaction, &visitors(Action::ApplicationWithdrawn, id, origin)).await?;
        self.mail_applicant(&transaction, &application, Message::ApplicationWithdrawn { application: id })
            .await?;
        transaction.commit().await?;
        Ok(Withdrawal::Withdrawn)
    }

    /// Takes what the applicant corrected. The e-mail address is not among it: it was confirmed, and another one would
    /// have to be.
    pub async fn correct_application(
        &self,
        id: ApplicationId,
        typed: &ApplicationForm,
        origin: &Origin,
    ) -> Result<CorrectionAnswer, DbErr> {
        let choices = self.form_choices().await?;
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Some(application) = applications::lock(&transaction, id).await? else {
            return Ok(CorrectionAnswer::Unknown);
        };
        if application.state.after(ApplicationEvent::Corrected).is_err() {
            return Ok(CorrectionAnswer::Is(application.state));
        }
        let form = with_sent_address(typed, &application);
        let to_accept = choices.still_to_accept(&application);
        let rules = FormRules {
            channel: application.channel,
            offices: &choices.office_ids(),
            regulations: to_accept,
        };
        let particulars = match check(&form, rules) {
            Ok(particulars) => particulars,
            Err(problems) => return Ok(CorrectionAnswer::Problems(problems)),
        };
        let (regulations_version, regulations_accepted_at) = match to_accept {
            Some(version) => (version.to_owned(), now),
            None => (application.regulations_version, application.regulations_accepted_at),
        };
        let keys = keys_of(&particulars);
        let correction = Correction {
            particulars,
            keys,
            regulations_version,
            regulations_accepted_at,
            paper: None,
            at: now,
        };
        if !applications::correct(&transaction, id, correction).await? {
            return Ok(CorrectionAnswer::Is(application.state));
        }
        self.journal.record(&transaction, &visitors(Action::ApplicationCorrected, id, origin)).await?;
        transaction.commit().await?;
        Ok(CorrectionAnswer::Submitted)
    }
}

impl FormChoices {
    /// The version in force, unless the applicant accepted it when the application was filed.
    pub fn still_to_accept(&self, application: &Application) -> Option<&str> {
        self.version().filter(|version| *version != application.regulations_version)
    }
}

fn with_sent_address(typed: &ApplicationForm, sent: &Application) -> ApplicationForm {
    let email = sent.particulars.email.clone();
    ApplicationForm { has_no_email: email.is_none(), email: email.unwrap_or_default(), ..typed.clone() }
}
