//! `/office/approvals`: the second person.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::desk::{answer, stamp};
use crate::domain::ids::TypedId as _;
use crate::domain::staff::StaffMember;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::office::helping::HelpRefusal;
use crate::office::second_person::{Decision, SecondAnswer, Seconding, Waiting};
use crate::oidc::parameters::Parameters;
use crate::views::office::{ApprovalLine, ApprovalProblem, ApprovalsPage, Frame};

const PLACE: &str = "/office/approvals";

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    let done =
        query.single("done").and_then(|done| ["agree", "refuse"].into_iter().find(|known| *known == done));
    render(&web, &browser, &member, None, done).await
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    let OwnForm { fields, is_ours } = form;
    let mut problem = ApprovalProblem {
        kind: "form-expired",
        id: fields.single("id").unwrap_or_default().to_owned(),
        reason: fields.single("reason").unwrap_or_default().to_owned(),
        at: None,
        by: None,
    };
    if is_ours {
        let (Some(what), Some((decision, name))) = (what(&fields), decision(&fields)) else {
            problem.kind = "undecided";
            return Ok(render(&web, &browser, &member, Some(problem), None).await?.into_response());
        };
        problem.kind = match second(&web, &browser, &member, what, decision, &problem.reason).await? {
            SecondAnswer::Done => return Ok(see_other(&format!("{PLACE}?done={name}"))),
            SecondAnswer::NotThere => "gone",
            SecondAnswer::OwnRequest => "own-request",
            SecondAnswer::OwnAccount => "own-account",
            SecondAnswer::Reason(HelpRefusal::ReasonTooLong) => "reason-too-long",
            SecondAnswer::Reason(_) => "reason-missing",
            SecondAnswer::Decided { at, by } => {
                problem.at = at.map(|at| stamp(&web, at));
                problem.by = by;
                "decided"
            }
        };
    }
    Ok(render(&web, &browser, &member, Some(problem), None).await?.into_response())
}

fn what(fields: &Parameters) -> Option<Waiting> {
    let id = fields.single("id")?;
    match fields.single("kind")? {
        "letter" => id.parse().ok().map(Waiting::Letter),
        "email" => id.parse().ok().map(Waiting::Email),
        _ => None,
    }
}

fn decision(fields: &Parameters) -> Option<(Decision, &'static str)> {
    match fields.single("decision")? {
        "agree" => Some((Decision::Agree, "agree")),
        "refuse" => Some((Decision::Refuse, "refuse")),
        _ => None,
    }
}

async fn second(
    web: &State,
    browser: &Browser,
    member: &StaffMember,
    what: Waiting,
    decision: Decision,
    reason: &str,
) -> Result<SecondAnswer, PageError> {
    let (web, by, origin) = (Arc::clone(web), member.clone(), browser.origin.clone());
    let reason = reason.to_owned();
    let done = to_the_end(async move {
        web.office.second(Seconding { by: &by, what, decision, reason: &reason, origin: &origin }).await
    });
    Ok(done.await?)
}

async fn render(
    web: &Web,
    browser: &Browser,
    member: &StaffMember,
    problem: Option<ApprovalProblem>,
    done: Option<&'static str>,
) -> Result<HtmlPage, PageError> {
    let status = match problem.as_ref().map(|problem| problem.kind) {
        None => StatusCode::OK,
        Some("form-expired" | "own-request" | "own-account") => StatusCode::FORBIDDEN,
        Some("decided") => StatusCode::CONFLICT,
        Some("gone") => StatusCode::NOT_FOUND,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let lines = web.office.waiting(member).await?;
    let lines = lines
        .into_iter()
        .map(|line| {
            let (kind, id) = match line.what {
                Waiting::Letter(id) => ("letter", id.to_string()),
                Waiting::Email(id) => ("email", id.to_string()),
            };
            let (old_email, new_email) = line.emails.unwrap_or_default();
            ApprovalLine {
                kind,
                id,
                account: line.about.account.uuid().to_string(),
                name: line.about.name,
                login: line.about.login,
                office: line.office,
                requested: stamp(web, line.requested_at),
                requested_by: line.requested_by,
                reason: line.reason,
                old_email,
                new_email,
                needs_a_colleague: line.needs_a_colleague,
            }
        })
        .collect();
    let frame = Frame::new(member, browser.visit.csrf_token(), PLACE);
    let shown = ApprovalsPage { frame, lines, problem, done };
    let html = web.views.office_approvals(browser.languages.resolve(None), &shown)?;
    Ok(answer(web, browser, html, status))
}
