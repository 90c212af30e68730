//! `/office/audit`: what happened, on a page or as a file.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, NaiveDate};
use serde::Serialize;

use super::desk::{answer, record_line, stamp};
use crate::domain::ids::AuditId;
use crate::domain::spreadsheet::harmless;
use crate::domain::staff::StaffMember;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::staff::Staff;
use crate::http::pages::HtmlPage;
use crate::http::state::{State, Web};
use crate::office::audit_desk::{AuditProblem, AuditQuestion, LONGEST_FILE};
use crate::office::told::ToldRecord;
use crate::oidc::parameters::Parameters;
use crate::storage::audit_search::AuditKey;
use crate::trail::Standing;
use crate::views::ErrorKind;
use crate::views::office::{AuditPage, ChainLine, CheckpointLine, Frame, TypedQuestion};

/// The newest, of everybody and with nothing opened.
pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
) -> Result<HtmlPage, PageError> {
    show(&web, &browser, &member, TypedQuestion::default(), &AuditQuestion::default()).await
}

/// A question goes by `POST`: it names people, and what it opens is recorded.
pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    let OwnForm { fields, is_ours } = form;
    let typed = typed(&fields);
    if !is_ours {
        let page = refuse(&web, &browser, &member, typed, "form-expired", StatusCode::FORBIDDEN)?;
        return Ok(page.into_response());
    }
    let Some(question) = question(&typed, &fields) else {
        let page = refuse(&web, &browser, &member, typed, "bad-day", StatusCode::UNPROCESSABLE_ENTITY)?;
        return Ok(page.into_response());
    };
    let as_file: fn(&[FileLine<'_>]) -> Result<Response, PageError> = match fields.single("as") {
        Some("csv") => csv_file,
        Some("json") => json_file,
        _ => return Ok(show(&web, &browser, &member, typed, &question).await?.into_response()),
    };
    match web.office.audit_file(&member, &question, &browser.origin).await? {
        Ok(found) => as_file(&found.records.iter().map(FileLine::of).collect::<Vec<_>>()),
        Err(problem) => {
            let (kind, status) = told(problem);
            Ok(refuse(&web, &browser, &member, typed, kind, status)?.into_response())
        }
    }
}

fn typed(fields: &Parameters) -> TypedQuestion {
    let typed = |name| fields.single(name).unwrap_or_default().trim().to_owned();
    TypedQuestion {
        action: typed("action"),
        outcome: typed("outcome"),
        actor: typed("actor"),
        account: typed("account"),
        from: typed("from"),
        until: typed("until"),
        opened: fields.single("opened") == Some("yes"),
        asked: true,
    }
}

/// `None`: a day that is none.
fn question(typed: &TypedQuestion, fields: &Parameters) -> Option<AuditQuestion> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let day = |text: &str| match text {
        "" => Some(None),
        text => text.parse::<NaiveDate>().ok().map(Some),
    };
    Some(AuditQuestion {
        action: typed.action.parse().ok(),
        outcome: some(&typed.outcome),
        actor: some(&typed.actor),
        account: some(&typed.account),
        from: day(&typed.from)?,
        until: day(&typed.until)?,
        before: fields.single("before").and_then(key_of),
        opened: typed.opened,
    })
}

/// `1764000000000000.0197f3a0-…`: microseconds and the record's id.
fn key_of(text: &str) -> Option<AuditKey> {
    let (at, id) = text.split_once('.')?;
    let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
    Some(AuditKey { at, id: id.parse::<AuditId>().ok()? })
}

const fn told(problem: AuditProblem) -> (&'static str, StatusCode) {
    match problem {
        AuditProblem::UnknownActor => ("unknown-actor", StatusCode::NOT_FOUND),
        AuditProblem::UnknownAccount => ("unknown-account", StatusCode::NOT_FOUND),
        AuditProblem::OpensEverybody => ("opens-everybody", StatusCode::UNPROCESSABLE_ENTITY),
    }
}

async fn show(
    web: &Web,
    browser: &Browser,
    member: &StaffMember,
    typed: TypedQuestion,
    question: &AuditQuestion,
) -> Result<HtmlPage, PageError> {
    let found = match web.office.audit_page(member, question, &browser.origin).await? {
        Ok(found) => found,
        Err(problem) => {
            let (kind, status) = told(problem);
            return refuse(web, browser, member, typed, kind, status);
        }
    };
    let mut shown = empty(browser, member, typed);
    shown.chain = web.office.audit_standing(member).await?.map(|standing| chain_line(web, standing));
    shown.next = found.next.map(|key| format!("{}.{}", key.at.timestamp_micros(), key.id));
    shown.records = found.records.into_iter().map(|told| record_line(web, told, true)).collect();
    let html = web.views.office_audit(browser.languages.resolve(None), &shown)?;
    Ok(answer(web, browser, html, StatusCode::OK))
}

fn chain_line(web: &Web, standing: Standing) -> ChainLine {
    let newest = standing.newest.map(|newest| CheckpointLine {
        number: newest.number,
        seq: newest.seq,
        at: stamp(web, newest.at),
        holds: newest.holds,
    });
    ChainLine { sealed: standing.sealed, waiting: standing.waiting, newest }
}

fn refuse(
    web: &Web,
    browser: &Browser,
    member: &StaffMember,
    typed: TypedQuestion,
    problem: &'static str,
    status: StatusCode,
) -> Result<HtmlPage, PageError> {
    let mut shown = empty(browser, member, typed);
    shown.problem = Some(problem);
    let html = web.views.office_audit(browser.languages.resolve(None), &shown)?;
    Ok(answer(web, browser, html, status))
}

fn empty(browser: &Browser, member: &StaffMember, typed: TypedQuestion) -> AuditPage {
    let frame = Frame::new(member, browser.visit.csrf_token(), "/office/audit");
    AuditPage::new(frame, typed, LONGEST_FILE)
}

/// A line of a file: codes, for whoever counts with them. Times are UTC (RFC 3339).
#[derive(Debug, Serialize)]
struct FileLine<'a> {
    at: String,
    action: &'a str,
    outcome: Option<&'a str>,
    actor_kind: &'a str,
    actor: Option<&'a str>,
    actor_login: Option<&'a str>,
    account: Option<String>,
    account_login: Option<&'a str>,
    client: Option<&'a str>,
    reason: Option<&'a str>,
    address: Option<String>,
    user_agent: Option<&'a str>,
}

impl<'a> FileLine<'a> {
    fn of(told: &'a ToldRecord) -> Self {
        let personal = told.personal.as_ref();
        let origin = personal.map(|personal| &personal.origin);
        Self {
            at: told.at.to_rfc3339(),
            action: &told.action,
            outcome: told.outcome.as_deref(),
            actor_kind: &told.actor_kind,
            actor: told.by.as_deref(),
            actor_login: told.by_login.as_deref(),
            account: told.about.as_ref().map(|about| about.account.to_string()),
            account_login: told.about.as_ref().map(|about| about.login.as_str()),
            client: told.client.as_deref(),
            reason: personal.and_then(|personal| personal.reason.as_deref()),
            address: origin.and_then(|origin| origin.address).map(|address| address.to_string()),
            user_agent: origin.and_then(|origin| origin.user_agent.as_deref()),
        }
    }
}

fn json_file(lines: &[FileLine<'_>]) -> Result<Response, PageError> {
    let body = serde_json::to_vec(lines).map_err(|_| PageError::new(ErrorKind::Internal))?;
    Ok(file("application/json", "attachment; filename=\"audit.json\"", body))
}

fn csv_file(lines: &[FileLine<'_>]) -> Result<Response, PageError> {
    let broken = || PageError::new(ErrorKind::Internal);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(|_| broken())?;
    for line in lines {
        let cells = [
            Some(line.at.as_str()),
            Some(line.action),
            line.outcome,
            Some(line.actor_kind),
            line.actor,
            line.actor_login,
            line.account.as_deref(),
            line.account_login,
            line.client,
            line.reason,
            line.address.as_deref(),
            line.user_agent,
        ];
        writer
            .write_record(cells.map(|cell| harmless(cell.unwrap_or_default()).into_owned()))
            .map_err(|_| broken())?;
    }
    let body = writer.into_inner().map_err(|_| broken())?;
    Ok(file("text/csv; charset=utf-8", "attachment; filename=\"audit.csv\"", body))
}

const COLUMNS: [&str; 12] = [
    "at",
    "action",
    "outcome",
    "actor_kind",
    "actor",
    "actor_login",
    "account",
    "account_login",
    "client",
    "reason",
    "address",
    "user_agent",
];

fn file(content_type: &'static str, disposition: &'static str, body: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, content_type), (CONTENT_DISPOSITION, disposition)], body).into_response()
}
