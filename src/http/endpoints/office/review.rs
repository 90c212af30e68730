//! `/office/review`: a supervisor looks through what one person did alone.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::applications::path_of;
use super::desk::stamp;
use super::letters::grouped;
use crate::domain::staff::StaffMember;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, page, see_other};
use crate::http::state::{State, Web};
use crate::office::review::{HandledAlone, LoneWork};
use crate::oidc::parameters::Parameters;
use crate::views::office::{AloneRow, Frame, ReviewPage, ReviewProblem};

/// What a line is about, as its form says it.
const APPLICATION: &str = "application";
const ORDER: &str = "order";
const LETTER: &str = "letter";

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
        let reviewed = match looked_at(&fields) {
            Some(what) => web.office.review_lone_work(&member, what, &browser.origin).await?,
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

fn looked_at(fields: &Parameters) -> Option<LoneWork> {
    let id = fields.single("id")?;
    match fields.single("kind")? {
        APPLICATION => id.parse().ok().map(LoneWork::Application),
        ORDER => id.parse().ok().map(LoneWork::Order),
        LETTER => id.parse().ok().map(LoneWork::Letter),
        _ => None,
    }
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
    let lines = web.office.handled_alone(member).await?;
    let shown = ReviewPage {
        frame: Frame::new(member, browser.visit.csrf_token(), "/office/review"),
        rows: lines.into_iter().map(|line| row(web, line)).collect(),
        problem,
    };
    let html = web.views.office_review(browser.languages.resolve(None), &shown)?;
    Ok(page(html).status(status).cookies(browser.cookies(web)))
}

fn row(web: &Web, line: HandledAlone) -> AloneRow {
    let stamp = |at| stamp(web, at);
    let account = || format!("/office/accounts/{}", line.account);
    let (kind, id, href) = match line.what {
        LoneWork::Application(id) => (APPLICATION, id.to_string(), path_of(id)),
        LoneWork::Order(id) => (ORDER, id.to_string(), account()),
        LoneWork::Letter(id) => (LETTER, id.to_string(), account()),
    };
    AloneRow {
        kind,
        id,
        href,
        serial: line.serial.as_deref().map(grouped),
        name: line.name,
        login: line.login,
        office: line.office,
        by: line.by,
        first: stamp(line.first_at),
        then: stamp(line.then_at),
        is_own: line.is_own,
    }
}
