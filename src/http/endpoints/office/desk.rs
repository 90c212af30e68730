//! What the console's desks share: the house's clock, records in lines.

use axum::http::StatusCode;

use crate::domain::clock::Moment;
use crate::domain::ids::TypedId as _;
use crate::http::extract::browser::Browser;
use crate::http::pages::{HtmlPage, page};
use crate::http::state::Web;
use crate::office::told::ToldRecord;
use crate::views::office::{AboutLine, RecordLine, Stamp};

/// A moment by the house's clock.
pub(super) fn stamp(web: &Web, at: Moment) -> Stamp {
    Stamp::of_moment(web.calendar.local(at))
}

pub(super) fn answer(web: &Web, browser: &Browser, html: String, status: StatusCode) -> HtmlPage {
    page(html).status(status).cookies(browser.cookies(web))
}

pub(super) fn record_line(web: &Web, told: ToldRecord, with_about: bool) -> RecordLine {
    let personal = told.personal.unwrap_or_default();
    let mut line = RecordLine::new(stamp(web, told.at), told.action, told.actor_kind);
    line.outcome = told.outcome;
    line.by = told.by;
    line.by_login = told.by_login;
    line.about = told.about.filter(|_| with_about).map(|about| AboutLine {
        id: about.account.uuid().to_string(),
        name: about.name,
        login: about.login,
    });
    line.client = told.client;
    line.reason = personal.reason;
    line.address = personal.origin.address.map(|address| address.to_string());
    line.user_agent = personal.origin.user_agent;
    line
}
