//! `/office/review`: a supervisor looks through what one person did alone.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::letters::grouped;
use crate::domain::staff::StaffMember;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, page, see_other};
use crate::http::state::{State, Web};
use crate::office::review::HandledAlone;
use crate::views::office::{AloneRow, Frame, ReviewPage, ReviewProblem, Stamp};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
) -> Result<HtmlPage, PageError> {
    render(&web, &browser, &member, None).await
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    let OwnForm { fields, is_ours } = form;
    let problem = if is_ours {
        let letter = fields.single("letter").and_then(|id| id.parse().ok());
        let reviewed = match letter {
            Some(letter) => web.office.review_letter(&member, letter, &browser.origin).await?,
            None => false,
        };
        if reviewed {
            return Ok(see_other("/office/review"));
        }
        ReviewProblem::NotWaiting
    } else {
        ReviewProblem::FormExpired
    };
    Ok(render(&web, &browser, &member, Some(problem)).await?.into_response())
}

async fn render(
    web: &Web,
    browser: &Browser,
    member: &StaffMember,
    problem: Option<ReviewProblem>,
) -> Result<HtmlPage, PageError> {
    let status = match problem {
        None => StatusCode::OK,
        Some(ReviewProblem::FormExpired) => StatusCode::FORBIDDEN,
        Some(ReviewProblem::NotWaiting) => StatusCode::CONFLICT,
    };
    let letters = web.office.handled_alone(member).await?;
    let shown = ReviewPage {
        frame: Frame::new(member, browser.visit.csrf_token(), "/office/review"),
        letters: letters.into_iter().map(|letter| row(web, letter)).collect(),
        problem,
    };
    let html = web.views.office_review(browser.languages.resolve(None), &shown)?;
    Ok(page(html).status(status).cookies(browser.cookies(web)))
}

fn row(web: &Web, letter: HandledAlone) -> AloneRow {
    let stamp = |at| Stamp::of_moment(web.calendar.local(at));
    AloneRow {
        id: letter.id.to_string(),
        serial: grouped(&letter.serial),
        name: letter.addressee.name,
        login: letter.addressee.login,
        office: letter.addressee.office_name,
        by: letter.by,
        printed: stamp(letter.printed_at),
        collected: stamp(letter.collected_at),
        is_own: letter.is_own,
    }
}
