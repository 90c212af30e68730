//! `/office/mail`: what has not gone out.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::desk::{answer, stamp};
use crate::domain::staff::{StaffMember, Task};
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, see_other};
use crate::http::state::{State, Web};
use crate::office::mail::MailRetry;
use crate::views::ErrorKind;
use crate::views::office::{Frame, MailLine, MailPage};

const PLACE: &str = "/office/mail";

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    let notice = (query.single("notice") == Some("due")).then_some("due");
    render(&web, &browser, &member, notice, StatusCode::OK).await
}

/// Sends one message again.
pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    let (notice, status) = if form.is_ours {
        let Some(id) = form.fields.single("mail").and_then(|id| id.parse().ok()) else {
            return Err(PageError::new(ErrorKind::BadForm));
        };
        match web.office.retry_mail(&member, id, &browser.origin).await? {
            MailRetry::Due => return Ok(see_other(&format!("{PLACE}?notice=due"))),
            MailRetry::NotWaiting => ("not-waiting", StatusCode::CONFLICT),
        }
    } else {
        ("form-expired", StatusCode::FORBIDDEN)
    };
    Ok(render(&web, &browser, &member, Some(notice), status).await?.into_response())
}

async fn render(
    web: &Web,
    browser: &Browser,
    member: &StaffMember,
    notice: Option<&'static str>,
    status: StatusCode,
) -> Result<HtmlPage, PageError> {
    let Some((queue, sent_today)) = web.office.mail_queue(member).await? else {
        return Err(PageError::new(ErrorKind::NotForYou));
    };
    let mails = queue.mails.into_iter().map(|mail| MailLine {
        id: mail.id.to_string(),
        kind: mail.kind,
        written: stamp(web, mail.created_at),
        attempts: mail.attempts,
        next: mail.given_up_at.is_none().then(|| stamp(web, mail.next_attempt_at)),
        given_up: mail.given_up_at.map(|at| stamp(web, at)),
        error: mail.last_error,
    });
    let shown = MailPage {
        frame: Frame::new(member, browser.visit.csrf_token(), PLACE),
        waiting: queue.counts.waiting,
        sent_today,
        given_up: queue.counts.given_up,
        mails: mails.collect(),
        may_retry: member.may(Task::RetryMail),
        notice,
    };
    let html = web.views.office_mail(browser.languages.resolve(None), &shown)?;
    Ok(answer(web, browser, html, status))
}
