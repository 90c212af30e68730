//! `/office/collection`: handing a letter over at the counter.

use std::sync::Arc;

use axum::http::StatusCode;

use super::desk::stamp;
use crate::domain::credential_letter::LetterSerialError;
use crate::domain::credential_letter::collection::IdentityDocument;
use crate::domain::staff::StaffMember;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, page};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::office::collection::{Collection, CounterLetter, Receipt, Refusal, Search, VoidReason};
use crate::oidc::parameters::Parameters;
use crate::views::office::{CollectionPage, CollectionProblem, Frame, Handed, ShownLetter, ShownRefusal};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
) -> Result<HtmlPage, PageError> {
    render(&web, &browser, &empty(&browser, &member, ""), StatusCode::OK)
}

/// The first form asks for a letter, the second one records its collection. A serial goes by `POST`, since it is half
/// of what recovers an account, and addresses are remembered by browsers.
pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<HtmlPage, PageError> {
    let OwnForm { fields, is_ours } = form;
    let typed = fields.single("serial").unwrap_or_default().trim();
    let mut shown = empty(&browser, &member, typed);
    if !is_ours {
        shown.problem = Some(CollectionProblem::FormExpired);
        return render(&web, &browser, &shown, StatusCode::FORBIDDEN);
    }
    let search = web.office.find_letter(&member, typed).await?;
    let (mut shown, status) = found(&web, shown, search);
    let collects = fields.single("what") == Some("collect");
    let Some(letter) = shown.letter.as_mut().filter(|letter| collects && letter.refusal.is_none()) else {
        return render(&web, &browser, &shown, status);
    };
    let document = fields.single("document").and_then(|name| name.parse::<IdentityDocument>().ok());
    letter.chosen = document.map(IdentityDocument::as_str);
    letter.signed = is_signed(&fields);
    let (Some(document), true) = (document, letter.signed) else {
        shown.problem = Some(CollectionProblem::Incomplete {
            no_document: document.is_none(),
            not_signed: !letter.signed,
        });
        return render(&web, &browser, &shown, StatusCode::UNPROCESSABLE_ENTITY);
    };
    match collect(&web, &browser, &member, typed, Receipt { document }).await? {
        Collection::Recorded(letter) => {
            let mut done = empty(&browser, &member, "");
            done.done = Some(Handed { name: letter.name, login: letter.login });
            render(&web, &browser, &done, StatusCode::OK)
        }
        Collection::Refused(search) => {
            let (shown, _) = found(&web, empty(&browser, &member, typed), search);
            render(&web, &browser, &shown, StatusCode::CONFLICT)
        }
    }
}

fn is_signed(fields: &Parameters) -> bool {
    fields.single("signed") == Some("yes")
}

/// A second press must find the first one's work done, not half of it.
async fn collect(
    web: &State,
    browser: &Browser,
    member: &StaffMember,
    typed: &str,
    receipt: Receipt,
) -> Result<Collection, PageError> {
    let Ok(serial) = typed.parse() else {
        return Ok(Collection::Refused(web.office.find_letter(member, typed).await?));
    };
    let (web, member, origin) = (Arc::clone(web), member.clone(), browser.origin.clone());
    Ok(to_the_end(async move { web.office.collect(&member, &serial, receipt, &origin).await }).await?)
}

fn empty(browser: &Browser, member: &StaffMember, typed: &str) -> CollectionPage {
    let frame = Frame::new(member, browser.visit.csrf_token(), "/office/collection");
    CollectionPage::new(frame, typed.to_owned())
}

fn render(
    web: &Web,
    browser: &Browser,
    shown: &CollectionPage,
    status: StatusCode,
) -> Result<HtmlPage, PageError> {
    let html = web.views.office_collection(browser.languages.resolve(None), shown)?;
    Ok(page(html).status(status).cookies(browser.cookies(web)))
}

/// What was found, on the page.
fn found(web: &Web, mut shown: CollectionPage, search: Search) -> (CollectionPage, StatusCode) {
    let (problem, status) = match search {
        Search::Found(letter) => {
            let status = if letter.refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
            shown.letter = Some(shown_letter(web, *letter));
            return (shown, status);
        }
        Search::Mistyped(error) => (mistyped(error), StatusCode::UNPROCESSABLE_ENTITY),
        Search::Unknown => (CollectionProblem::Unknown, StatusCode::NOT_FOUND),
        Search::OtherOffice { office: Some(office) } => {
            (CollectionProblem::OtherOffice { office }, StatusCode::FORBIDDEN)
        }
        Search::OtherOffice { office: None } => (CollectionProblem::NoOffice, StatusCode::FORBIDDEN),
    };
    shown.problem = Some(problem);
    (shown, status)
}

fn mistyped(error: LetterSerialError) -> CollectionProblem {
    match error {
        LetterSerialError::Length { found } => CollectionProblem::Length { found },
        LetterSerialError::Character(c) => CollectionProblem::Character { character: c.to_string() },
        LetterSerialError::Check => CollectionProblem::Check,
    }
}

fn shown_letter(web: &Web, letter: CounterLetter) -> ShownLetter {
    ShownLetter {
        serial: letter.serial.as_str().to_owned(),
        printed_serial: letter.serial.to_string(),
        name: letter.name,
        login: letter.login,
        office: letter.office,
        printed: stamp(web, letter.printed_at),
        printed_by: letter.printed_by,
        is_reissue: letter.is_reissue,
        refusal: letter.refusal.map(|refusal| shown_refusal(web, refusal)),
        chosen: None,
        signed: false,
    }
}

fn shown_refusal(web: &Web, refusal: Refusal) -> ShownRefusal {
    match refusal {
        Refusal::Voided { at, reason } => {
            let at = stamp(web, at);
            match reason {
                VoidReason::Replaced => ShownRefusal::VoidedReplaced { at },
                VoidReason::Lapsed => ShownRefusal::VoidedLapsed { at },
                VoidReason::AccountClosed => ShownRefusal::VoidedClosed { at },
                VoidReason::Other => ShownRefusal::Voided { at },
            }
        }
        Refusal::Collected { at, by } => ShownRefusal::Collected { at: stamp(web, at), by },
        Refusal::PrintedByYourself => ShownRefusal::PrintedByYourself,
        Refusal::OwnAccount => ShownRefusal::OwnAccount,
        Refusal::Suspended => ShownRefusal::Suspended,
        Refusal::AccountEnded => ShownRefusal::AccountEnded,
        Refusal::NoOrder => ShownRefusal::NoOrder,
    }
}
