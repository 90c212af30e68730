//! `/office/applications/{id}/correct`: what an applicant corrected on paper is typed in.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::applications::{path_of, read_id, seen, state_now};
use super::intake::{Said, Sheet, read, render};
use crate::domain::application::{Application, ApplicationEvent};
use crate::domain::clock::Moment;
use crate::domain::ids::ApplicationId;
use crate::domain::staff::StaffMember;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::path::Path;
use crate::http::extract::staff::Staff;
use crate::http::pages::see_other;
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::office::decision::Deciding;
use crate::office::intake::Paper;
use crate::office::paper_correction::PaperCorrection;
use crate::views::ErrorKind;
use crate::views::office::PaperToCorrect;

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Path(id): Path,
    Staff(member): Staff,
) -> Result<Response, PageError> {
    let application = application(&web, &member, read_id(&id)?).await?;
    if application.state.after(ApplicationEvent::Corrected).is_err() {
        // Its own page says what became of it.
        return Ok(see_other(&path_of(application.id)));
    }
    let paper = Paper::of(&application);
    let sheet = Sheet { paper: &paper, correcting: Some(to_correct(&application, application.state_since)) };
    Ok(render(&web, &browser, &member, sheet, StatusCode::OK, Said::default()).await?.into_response())
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Path(id): Path,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    let id = read_id(&id)?;
    let OwnForm { fields, is_ours } = form;
    let (paper, seen) = (read(&fields), seen(&fields));
    let (status, said) = if is_ours {
        match correct(&web, &browser, &member, id, seen, &paper).await? {
            PaperCorrection::Submitted => return Ok(see_other(&path_of(id))),
            PaperCorrection::NotThere => return Err(PageError::new(ErrorKind::NotFound)),
            PaperCorrection::StateIsNow(now) => {
                return Ok(state_now(&web, &browser, &member, id, now)?.into_response());
            }
            PaperCorrection::Problems { fields, paper } => {
                (StatusCode::UNPROCESSABLE_ENTITY, Said::problems(fields, paper))
            }
            PaperCorrection::MayBeDuplicate { applications, accounts } => {
                (StatusCode::CONFLICT, Said::duplicates(&member, applications, accounts))
            }
        }
    } else {
        (StatusCode::FORBIDDEN, Said::expired())
    };
    let application = application(&web, &member, id).await?;
    // What was seen stays what was seen: typing something else does not make it newer.
    let correcting = to_correct(&application, seen.unwrap_or(application.state_since));
    let sheet = Sheet { paper: &paper, correcting: Some(correcting) };
    Ok(render(&web, &browser, &member, sheet, status, said).await?.into_response())
}

async fn application(web: &Web, member: &StaffMember, id: ApplicationId) -> Result<Application, PageError> {
    let found = web.office.paper_application(member, id).await?;
    found.ok_or_else(|| PageError::new(ErrorKind::NotFound))
}

async fn correct(
    web: &State,
    browser: &Browser,
    member: &StaffMember,
    application: ApplicationId,
    seen: Option<Moment>,
    paper: &Paper,
) -> Result<PaperCorrection, PageError> {
    let (web, member, paper) = (Arc::clone(web), member.clone(), paper.clone());
    let origin = browser.origin.clone();
    let answer = to_the_end(async move {
        let correcting = Deciding { by: &member, application, seen, origin: &origin };
        web.office.correct_paper(correcting, &paper).await
    });
    Ok(answer.await?)
}

fn to_correct(application: &Application, seen: Moment) -> PaperToCorrect {
    PaperToCorrect {
        back: path_of(application.id),
        seen: seen.timestamp_micros().to_string(),
        name: application.display_name(),
        asked: application.decision_reason.clone().unwrap_or_default(),
    }
}
