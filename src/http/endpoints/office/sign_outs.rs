//! `/office/sign-outs`: which services were told that a session ended, and which were not.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::desk::{answer, stamp};
use crate::domain::client::Client;
use crate::domain::locale::Locale;
use crate::domain::staff::{StaffMember, Task};
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, see_other};
use crate::http::state::{State, Web};
use crate::office::sign_outs::NoticeRetry;
use crate::views::ErrorKind;
use crate::views::office::{Frame, NoticeLine, SignOutsPage, ToldClientLine};

const PLACE: &str = "/office/sign-outs";

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    let notice = (query.single("notice") == Some("due")).then_some("due");
    render(&web, &browser, &member, notice, StatusCode::OK).await
}

/// Tells one service again.
pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    let (notice, status) = if form.is_ours {
        let Some(id) = form.fields.single("sign_out").and_then(|id| id.parse().ok()) else {
            return Err(PageError::new(ErrorKind::BadForm));
        };
        match web.office.retry_sign_out_notice(&member, id, &browser.origin).await? {
            NoticeRetry::Due => return Ok(see_other(&format!("{PLACE}?notice=due"))),
            NoticeRetry::NotWaiting => ("not-waiting", StatusCode::CONFLICT),
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
        notice,
    };
    let html = web.views.office_sign_outs(locale, &shown)?;
    Ok(answer(web, browser, html, status))
}

fn name_of(clients: &HashMap<String, Client>, id: &str, locale: Locale) -> String {
    clients.get(id).map_or_else(|| id.to_owned(), |client| client.name(locale))
}
