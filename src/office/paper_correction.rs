//! A paper application that was sent back is corrected by a clerk, from what the applicant brought: no link went to an
//! address that nobody confirmed, so there is nobody else who could.

use sea_orm::DbErr;

use super::context::Office;
use super::decision::{Deciding, DecisionAnswer, StateNow, is_on_paper_desk, may_correct};
use super::intake::{Paper, PaperProblem, line, read};
use crate::accounts::apply::keys_of;
use crate::domain::application::Application;
use crate::domain::application::form::{ApplicationForm, Field, FieldProblem};
use crate::domain::audit::Action;
use crate::domain::ids::ApplicationId;
use crate::domain::staff::StaffMember;
use crate::storage::applications::{self, CorrectedPaper, Correction};
use crate::storage::duplicates::{LikeAccount, LikeApplication};

#[derive(Debug)]
pub enum PaperCorrection {
    /// It waits for a decision again.
    Submitted,
    /// There is none, it is another office's, or it did not come on paper.
    NotThere,
    /// It does not wait for this correction any more. Nothing was changed.
    StateIsNow(StateNow),
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
    /// The application as it was typed in, for whoever corrects it. `None`: there is none that they could.
    pub async fn paper_application(
        &self,
        member: &StaffMember,
        id: ApplicationId,
    ) -> Result<Option<Application>, DbErr> {
        let found = applications::find(self.database.read(), id).await?;
        Ok(found.filter(|application| is_on_paper_desk(member, application)))
    }

    /// Takes what a clerk corrected, if it still waits for the correction that their page showed: it waits for a decision
    /// at once, by somebody else than who took it in and who corrected it.
    pub async fn correct_paper(
        &self,
        correcting: Deciding<'_>,
        paper: &Paper,
    ) -> Result<PaperCorrection, DbErr> {
        let Deciding { by, application: id, seen, .. } = correcting;
        let choices = self.intake_choices(by).await?;
        let transaction = self.database.begin().await?;
        let locked = applications::lock(&transaction, id).await?;
        let Some(application) = locked.filter(|application| is_on_paper_desk(by, application)) else {
            return Ok(PaperCorrection::NotThere);
        };
        if !may_correct(by, &application) || Some(application.state_since) != seen {
            let answer = self.not_waiting(&transaction, correcting).await?;
            transaction.commit().await?;
            return Ok(match answer {
                DecisionAnswer::StateIsNow(now) => PaperCorrection::StateIsNow(now),
                _ => PaperCorrection::NotThere,
            });
        }
        let (particulars, received_on) = match read(paper, by, &choices) {
            Ok(read) => read,
            Err((fields, paper)) => return Ok(PaperCorrection::Problems { fields, paper }),
        };
        let keys = keys_of(&particulars);
        if !paper.is_no_duplicate
            && let Some((applications, accounts)) =
                self.duplicates_of(&transaction, Some(id), &particulars, &keys, choices.today).await?
        {
            return Ok(PaperCorrection::MayBeDuplicate { applications, accounts });
        }
        let now = self.ambient.now();
        let same_version = paper.form.regulations_version == application.regulations_version;
        let corrected = CorrectedPaper {
            email: particulars.email.clone(),
            locale: paper.locale,
            scan_reference: line(&paper.scan_reference),
            received_on,
            by: by.account,
        };
        let correction = Correction {
            particulars,
            keys,
            regulations_version: paper.form.regulations_version.clone(),
            regulations_accepted_at: if same_version { application.regulations_accepted_at } else { now },
            paper: Some(corrected),
            at: now,
        };
        if !applications::correct(&transaction, id, correction).await? {
            return Ok(PaperCorrection::NotThere);
        }
        let record = correcting.record(Action::ApplicationCorrected);
        self.journal.record(&transaction, &record).await?;
        transaction.commit().await?;
        Ok(PaperCorrection::Submitted)
    }
}

impl Paper {
    /// As it was typed in.
    pub fn of(application: &Application) -> Self {
        Self {
            form: ApplicationForm {
                regulations_version: application.regulations_version.clone(),
                accepts_regulations: true,
                ..ApplicationForm::from(&application.particulars)
            },
            scan_reference: application.scan_reference.clone().unwrap_or_default(),
            received_on: application.received_on.map(|day| day.to_string()).unwrap_or_default(),
            locale: application.locale,
            id: None,
            is_no_duplicate: false,
        }
    }
}
