//! `/office/letters`: the desk at the printer.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::desk::stamp;
use super::letters_stream;
use crate::domain::credential_letter::LetterSerial;
use crate::domain::credential_letter::order::OrderKind;
use crate::domain::ids::OfficeId;
use crate::domain::staff::StaffMember;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, page};
use crate::http::state::{State, Web};
use crate::office::letters::{AT_MOST, WaitingLetter};
use crate::office::printing::PrintRequest;
use crate::oidc::parameters::Parameters;
use crate::storage::letter_queue::QueuedOrder;
use crate::views::office::{Frame, LettersPage, LettersProblem, OfficeChoice, OrderRow, Stamp, WaitingRow};

/// A ticked box of the list to print says this; one of the list that waits says the letter's serial.
const NOT_PRINTED_YET: &str = "new";

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    render(&web, &browser, &member, office_of(&query), None).await
}

/// Answers with the letters themselves: there is no second request that could ask for them.
pub(in crate::http) async fn print(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<Response, PageError> {
    let OwnForm { fields, is_ours } = form;
    let only = office_of(&fields);
    let problem = if is_ours {
        let chosen = match fields.single("what") {
            Some("today") => web.office.ordered_today(&member, only).await?,
            _ => chosen(&fields),
        };
        match chosen.len() {
            0 => LettersProblem::NothingChosen,
            1..=AT_MOST => return letters_stream::answer(web, browser, member, chosen),
            _ => LettersProblem::TooMany,
        }
    } else {
        LettersProblem::FormExpired
    };
    Ok(render(&web, &browser, &member, only, Some(problem)).await?.into_response())
}

fn office_of(fields: &Parameters) -> Option<OfficeId> {
    fields.single("office")?.parse().ok()
}

/// What was ticked, in the order in which it was asked for: ids begin with their time.
fn chosen(fields: &Parameters) -> Vec<PrintRequest> {
    fields
        .beginning_with("order-")
        .filter_map(|(order, seen)| {
            let seen = (seen != NOT_PRINTED_YET).then(|| seen.to_owned());
            Some(PrintRequest { order: order.parse().ok()?, seen })
        })
        .collect()
}

async fn render(
    web: &Web,
    browser: &Browser,
    member: &StaffMember,
    only: Option<OfficeId>,
    problem: Option<LettersProblem>,
) -> Result<HtmlPage, PageError> {
    let status = match problem {
        None => StatusCode::OK,
        Some(LettersProblem::NothingChosen | LettersProblem::TooMany) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(LettersProblem::FormExpired) => StatusCode::FORBIDDEN,
    };
    let desk = web.office.letter_desk(member, only).await?;
    let shown = LettersPage {
        frame: Frame::new(member, browser.visit.csrf_token(), "/office/letters"),
        office: only.filter(|only| desk.offices.iter().any(|(id, _)| id == only)).map(|id| id.to_string()),
        offices: desk
            .offices
            .into_iter()
            .map(|(id, name)| OfficeChoice { id: id.to_string(), name, is_shown: only == Some(id) })
            .collect(),
        to_print: desk.to_print.into_iter().map(|queued| order_row(web, queued)).collect(),
        waiting: desk.waiting.into_iter().filter_map(|waiting| waiting_row(web, waiting)).collect(),
        is_cut: desk.is_cut,
        at_most: AT_MOST,
        problem,
    };
    let html = web.views.office_letters(browser.languages.resolve(None), &shown)?;
    Ok(page(html).status(status).cookies(browser.cookies(web)))
}

fn order_row(web: &Web, queued: QueuedOrder) -> OrderRow {
    let QueuedOrder { order, addressee } = queued;
    OrderRow {
        order: order.id.to_string(),
        name: addressee.name,
        login: addressee.login,
        office: addressee.office_name,
        is_reissue: order.kind == OrderKind::Reissue,
        ordered: stamp(web, order.requested_at),
    }
}

fn waiting_row(web: &Web, waiting: WaitingLetter) -> Option<WaitingRow> {
    let letter = waiting.queued.letter;
    let addressee = waiting.queued.addressee;
    Some(WaitingRow {
        order: letter.order?.to_string(),
        serial: grouped(&letter.serial),
        seen: letter.serial,
        name: addressee.name,
        login: addressee.login,
        office: addressee.office_name,
        printed_by: waiting.printed_by,
        printed: stamp(web, letter.printed_at),
        collect_until: Stamp::of_day(waiting.collect_until),
        days_left: (waiting.days_left >= 0).then_some(waiting.days_left),
    })
}

/// A stored serial as it is printed.
pub(super) fn grouped(serial: &str) -> String {
    LetterSerial::of_any_system(serial).map_or_else(|_| serial.to_owned(), |serial| serial.to_string())
}
