//! `/office/mail`: what has not gone out.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::deliveries::{self, Notice};
use super::desk::{answer, stamp};
use crate::domain::staff::{StaffMember, Task};
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::extract::staff::Staff;
use crate::http::pages::HtmlPage;
use crate::http::state::{State, Web};
use crate::office::deliveries::Retried;
use crate::views::ErrorKind;
use crate::views::office::{Frame, MailLine, MailPage};

const PLACE: &str = "/office/mail";

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    render(&web, &browser, &member, Notice::asked_for(&query)).await
}

/// Sends one message again.
pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    let notice = match deliveries::chosen(&form, "mail")? {
        None => Notice::FormExpired,
        Some(id) => match web.office.retry_mail(&member, id, &browser.origin).await? {
            Retried::Due => return Ok(deliveries::due(PLACE)),
            Retried::NotWaiting => Notice::NotWaiting,
        },
    };
    Ok(render(&web, &browser, &member, Some(notice)).await?.into_response())
}

async fn render(
    web: &Web,
    browser: &Browser,
    member: &StaffMember,
    notice: Option<Notice>,
) -> Result<HtmlPage, PageError> {
    let Some(queue) = web.office.mail_queue(member).await? else {
        return Err(PageError::new(ErrorKind::NotForYou));
    };
    let mails = queue.mails.into_iter().map(|mail| MailLine {
        attempts: mail.attempts,
        next: mail.given_up_at.is_none().then(|| stamp(web, mail.next_attempt_at)),
        given_up: mail.given_up_at.map(|at| stamp(web, at)),
        error: mail.last_error,
        ..MailLine::new(mail.id.to_string(), mail.kind, stamp(web, mail.created_at))
    });
    let shown = MailPage {
        frame: Frame::new(member, browser.visit.csrf_token(), PLACE),
        waiting: queue.counts.waiting,
        sent_today: queue.sent_today,
        given_up: queue.counts.given_up,
        mails: mails.collect(),
        may_retry: member.may(Task::RetryMail),
        notice: notice.map(Notice::as_str),
    };
    let html = web.views.office_mail(browser.languages.resolve(None), &shown)?;
    Ok(answer(web, browser, html, notice.map_or(StatusCode::OK, Notice::status)))
}
