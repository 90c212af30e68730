//! `/office/accounts`: accounts looked up, and helped.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::desk::{answer, record_line, stamp};
use crate::domain::account::{AccountEvent, AccountState, SuspensionCause};
use crate::domain::attempt_budget::FOR_EVER;
use crate::domain::credential_letter::LetterSerial;
use crate::domain::ids::{AccountId, TypedId as _};
use crate::domain::staff::StaffMember;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::path::Path;
use crate::http::extract::query::Query;
use crate::http::extract::staff::Staff;
use crate::http::pages::{HtmlPage, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::office::helping::{Help, HelpAnswer, HelpRefusal, Helping};
use crate::office::sheet::{AccountSheet, Stance};
use crate::oidc::parameters::Parameters;
use crate::storage::account_search::Only;
use crate::views::ErrorKind;
use crate::views::office::{
    ACTIONS, AccountLine, AccountPage, AccountsPage, ChangeLine, ClosureLine, Frame, LetterLine, OrderLine,
    ProblemLine,
};

const PLACE: &str = "/office/accounts";
const VOID_LETTER: &str = "void-letter";
const VOID_LETTER_FROM_BEFORE: &str = "void-letter-from-before";

pub(in crate::http) async fn list(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    let only = query.single("only").and_then(|name| Only::ALL.into_iter().find(|only| only.as_str() == name));
    let mut shown = empty(&browser, &member);
    if only.is_some() {
        find(&web, &member, &mut shown, only).await?;
    }
    let html = web.views.office_accounts(browser.languages.resolve(None), &shown)?;
    Ok(answer(&web, &browser, html, StatusCode::OK))
}

/// What is looked for goes by `POST`: it names people, and addresses are remembered by browsers and proxies.
pub(in crate::http) async fn search(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    form: OwnForm,
) -> Result<HtmlPage, PageError> {
    let mut shown = empty(&browser, &member);
    form.fields.single("text").unwrap_or_default().trim().clone_into(&mut shown.text);
    shown.form_expired = !form.is_ours;
    let status = if form.is_ours {
        find(&web, &member, &mut shown, None).await?;
        StatusCode::OK
    } else {
        StatusCode::FORBIDDEN
    };
    let html = web.views.office_accounts(browser.languages.resolve(None), &shown)?;
    Ok(answer(&web, &browser, html, status))
}

fn empty(browser: &Browser, member: &StaffMember) -> AccountsPage {
    AccountsPage {
        frame: Frame::new(member, browser.visit.csrf_token(), PLACE),
        text: String::new(),
        only: None,
        filters: Only::ALL.map(Only::as_str).to_vec(),
        found: None,
        is_cut: false,
        form_expired: false,
    }
}

async fn find(
    web: &Web,
    member: &StaffMember,
    shown: &mut AccountsPage,
    only: Option<Only>,
) -> Result<(), PageError> {
    let found = web.office.find_accounts(member, Some(&shown.text), only).await?;
    shown.only = only.map(Only::as_str);
    shown.is_cut = found.is_cut;
    shown.found = Some(
        found
            .accounts
            .into_iter()
            .map(|found| AccountLine {
                id: found.id.uuid().to_string(),
                login: found.login,
                name: found.name,
                street: found.street,
                office: found.office,
                state: found.state.as_str(),
                is_locked: found.is_locked,
                asks_for_closure: found.asks_for_closure,
            })
            .collect(),
    );
    Ok(())
}

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    Path(id): Path,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    let done = query.single("done").and_then(action_named);
    render(&web, &browser, &member, account_of(&id)?, None, done).await
}

/// One step for an account. Afterwards the account is shown as it is now, whatever came of it.
pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Staff(member): Staff,
    Path(id): Path,
    form: OwnForm,
) -> Result<Response, PageError> {
    let id = account_of(&id)?;
    let OwnForm { fields, is_ours } = form;
    let Some((action, help)) = asked(&fields) else {
        return Err(PageError::new(ErrorKind::BadForm));
    };
    let kind = if is_ours {
        match help_with(&web, &browser, &member, id, &fields, help).await? {
            HelpAnswer::Done => return Ok(see_other(&format!("{PLACE}/{id}?done={action}"))),
            HelpAnswer::NotThere => return Err(PageError::new(ErrorKind::NotFound)),
            HelpAnswer::Refused(refusal) => problem_of(refusal),
        }
    } else {
        "form-expired"
    };
    let typed = |name| fields.single(name).unwrap_or_default().to_owned();
    let problem =
        ProblemLine { kind, action, letter: typed("letter"), reason: typed("reason"), value: typed("value") };
    Ok(render(&web, &browser, &member, id, Some(problem), None).await?.into_response())
}

fn account_of(id: &str) -> Result<AccountId, PageError> {
    id.parse().map_err(|_| PageError::new(ErrorKind::NotFound))
}

fn action_named(name: &str) -> Option<&'static str> {
    ACTIONS.into_iter().chain([VOID_LETTER, VOID_LETTER_FROM_BEFORE]).find(|known| *known == name)
}

fn asked(fields: &Parameters) -> Option<(&'static str, Help)> {
    let action = action_named(fields.single("action")?)?;
    let value = || fields.single("value").map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned);
    let help = match action {
        "unlock" => Help::Unlock,
        "order-letter" => Help::OrderLetter,
        "change-phone" => Help::ChangePhone(value()),
        "change-email" => Help::ChangeEmail(value()),
        "end-sessions" => Help::EndSessions { devices: fields.single("devices").is_some() },
        "remove-second-factors" => {
            Help::RemoveSecondFactors(value().and_then(|document| document.parse().ok()))
        }
        "suspend" => Help::Suspend,
        "resume" => Help::Resume,
        "close" => Help::Close,
        VOID_LETTER_FROM_BEFORE => Help::VoidLetterFromBefore,
        _ => Help::VoidLetter(fields.single("letter")?.parse().ok()?),
    };
    Some((action, help))
}

/// A second press must find the first one's work done, not half of it.
async fn help_with(
    web: &State,
    browser: &Browser,
    member: &StaffMember,
    account: AccountId,
    fields: &Parameters,
    help: Help,
) -> Result<HelpAnswer, PageError> {
    let (web, by, origin) = (Arc::clone(web), member.clone(), browser.origin.clone());
    let reason = fields.single("reason").unwrap_or_default().to_owned();
    let done = to_the_end(async move {
        let helping = Helping { by: &by, account, reason: &reason, origin: &origin };
        web.office.help(helping, &help).await
    });
    Ok(done.await?)
}

const fn problem_of(refusal: HelpRefusal) -> &'static str {
    match refusal {
        HelpRefusal::OwnAccount => "own-account",
        HelpRefusal::StaffAccount => "staff-account",
        HelpRefusal::ReasonMissing => "reason-missing",
        HelpRefusal::ReasonTooLong => "reason-too-long",
        HelpRefusal::NotNow => "not-now",
        HelpRefusal::OrderOpen => "order-open",
        HelpRefusal::NoSuchLetter => "no-such-letter",
        HelpRefusal::ChangeWaits => "change-waits",
        HelpRefusal::SameValue => "same-value",
        HelpRefusal::NotAnEmail => "not-an-email",
        HelpRefusal::NotAPhone => "not-a-phone",
        HelpRefusal::NoDocument => "no-document",
    }
}

async fn render(
    web: &Web,
    browser: &Browser,
    member: &StaffMember,
    id: AccountId,
    problem: Option<ProblemLine>,
    done: Option<&'static str>,
) -> Result<HtmlPage, PageError> {
    let Some(sheet) = web.office.account_sheet(member, id).await? else {
        return Err(PageError::new(ErrorKind::NotFound));
    };
    let status = match problem.as_ref().map(|problem| problem.kind) {
        None => StatusCode::OK,
        Some("form-expired" | "own-account") => StatusCode::FORBIDDEN,
        Some("not-now" | "order-open" | "no-such-letter" | "change-waits") => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut shown = shown(web, sheet, Frame::new(member, browser.visit.csrf_token(), PLACE));
    // A form that was refused is shown again, even if what it asked for cannot be done any more.
    if let Some(problem) = &problem
        && shown.stance == "help"
        && ![VOID_LETTER, VOID_LETTER_FROM_BEFORE].contains(&problem.action)
        && !shown.actions.contains(&problem.action)
        && problem.kind == "form-expired"
    {
        shown.actions.push(problem.action);
    }
    shown.problem = problem;
    shown.done = done;
    let html = web.views.office_account(browser.languages.resolve(None), &shown)?;
    Ok(answer(web, browser, html, status))
}

fn shown(web: &Web, sheet: AccountSheet, frame: Frame) -> AccountPage {
    let actions = actions_for(&sheet);
    let AccountSheet { account, standing, .. } = sheet;
    let name = account.profile.display_name();
    let profile = account.profile;
    let town = [profile.postal_code, profile.city].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let address: Vec<String> =
        profile.street.clone().into_iter().chain((!town.is_empty()).then_some(town)).collect();
    let at = |moment| stamp(web, moment);
    AccountPage {
        frame,
        path: format!("{PLACE}/{}", account.id),
        name,
        login: account.login.to_string(),
        state: account.state.as_str(),
        state_since: standing.state_since.map(at),
        created: at(standing.created_at),
        locked_until: sheet.locked_until.map(at),
        locked_for_ever: sheet.locked_until == Some(FOR_EVER),
        office: sheet.office,
        email: profile.email,
        phone: profile.phone_number,
        address: (!address.is_empty()).then(|| address.join(", ")),
        contractor_numbers: sheet.contractor_numbers,
        premises: sheet.titles.into_iter().map(|title| title.premises_code).collect(),
        letters: sheet
            .letters
            .into_iter()
            .map(|letter| LetterLine {
                id: letter.id.to_string(),
                serial: LetterSerial::of_any_system(&letter.serial)
                    .map_or(letter.serial, |serial| serial.to_string()),
                printed: at(letter.printed_at),
                printed_by: letter.printed_by,
                collected: letter.collected.as_ref().map(|(moment, _)| at(*moment)),
                collected_by: letter.collected.and_then(|(_, by)| by),
                voided: letter.voided.as_ref().map(|(moment, _)| at(*moment)),
                void_reason: letter.voided.and_then(|(_, why)| why),
            })
            .collect(),
        has_letter_from_before: sheet.has_letter_from_before,
        order: sheet.order.map(|order| OrderLine {
            state: order.order.state.as_str(),
            requested: at(order.order.requested_at),
            requested_by: order.requested_by,
        }),
        sessions: sheet.sessions,
        devices: sheet.devices,
        needs_letter: sheet.needs_letter,
        was_not_them: standing.suspended_by == Some(SuspensionCause::OwnersLink)
            && account.state == AccountState::Suspended,
        change: sheet.change.map(|change| ChangeLine {
            email: change.email,
            requested: at(change.requested_at),
            requested_by: change.requested_by,
        }),
        closure: standing
            .closure_requested_at
            .map(|moment| ClosureLine { at: at(moment), reason: standing.closure_reason }),
        history: sheet.history.into_iter().map(|told| record_line(web, told, false)).collect(),
        stance: match sheet.stance {
            Stance::Help => "help",
            Stance::OwnAccount => "own-account",
            Stance::Read => "read",
        },
        actions,
        problem: None,
        done: None,
    }
}

/// What makes sense now. The use case decides; here nobody is offered what it would refuse.
fn actions_for(sheet: &AccountSheet) -> Vec<&'static str> {
    if sheet.stance != Stance::Help {
        return Vec::new();
    }
    let state = sheet.account.state;
    let is_kept = !matches!(state, AccountState::Closed | AccountState::Erased);
    let no_order = sheet.order.as_ref().is_none_or(|order| !order.order.state.is_open());
    ACTIONS
        .into_iter()
        .filter(|action| match *action {
            "unlock" => state.password_kind().is_some(),
            "order-letter" => no_order && state.after(AccountEvent::LetterCollected).is_ok(),
            "change-phone" => is_kept,
            "change-email" => is_kept && sheet.change.is_none(),
            "end-sessions" => sheet.sessions > 0 || sheet.devices > 0,
            "remove-second-factors" => sheet.has_second_factor,
            "suspend" => state.after(AccountEvent::Suspended).is_ok(),
            "resume" => state.after(AccountEvent::Resumed { has_chosen_password: true }).is_ok(),
            "close" => state.after(AccountEvent::Closed).is_ok(),
            _ => false,
        })
        .collect()
}
