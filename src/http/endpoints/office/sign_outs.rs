//! `/office/sign-outs`: which services were told that a session ended, and which were not.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::deliveries::{self, Notice};
use super::desk::{answer, stamp};
use crate::domain::client::Client;
use crate::domain::locale::Locale;
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
use crate::views::office::{Frame, NoticeLine, SignOutsPage, ToldClientLine};

const PLACE: &str = "/office/sign-outs";

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    render(&web, &browser, &member, Notice::asked_for(&query)).await
}

/// Tells one service again.
pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    let notice = match deliveries::chosen(&form, "sign_out")? {
        None => Notice::FormExpired,
        Some(id) => match web.office.retry_sign_out_notice(&member, id, &browser.origin).await? {
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
    let Some(told) = web.office.sign_out_notices(member).await? else {
        return Err(PageError::new(ErrorKind::NotForYou));
    };
    let locale = browser.languages.resolve(None);
    let clients = told.counts.into_iter().map(|counts| ToldClientLine {
        name: name_of(&told.clients, &counts.client_id, locale),
        id: counts.client_id,
        waiting: counts.waiting,
        delivered: counts.delivered,
        given_up: counts.given_up,
    });
    let notices = told.notices.into_iter().map(|notice| NoticeLine {
        id: notice.id.to_string(),
        client: name_of(&told.clients, &notice.client_id, locale),
        why: notice.why,
        since: stamp(web, notice.created_at),
        attempts: notice.attempts,
        next: notice.given_up_at.is_none().then(|| stamp(web, notice.next_attempt_at)),
        given_up: notice.given_up_at.map(|at| stamp(web, at)),
        error: notice.last_error,
    });
    let shown = SignOutsPage {
        frame: Frame::new(member, browser.visit.csrf_token(), PLACE),
        clients: clients.collect(),
        notices: notices.collect(),
        may_retry: member.may(Task::RetrySignOuts),
        notice: notice.map(Notice::as_str),
    };
    let html = web.views.office_sign_outs(locale, &shown)?;
    Ok(answer(web, browser, html, notice.map_or(StatusCode::OK, Notice::status)))
}

fn name_of(clients: &HashMap<String, Client>, id: &str, locale: Locale) -> String {
    clients.get(id).map_or_else(|| id.to_owned(), |client| client.name(locale))
}
