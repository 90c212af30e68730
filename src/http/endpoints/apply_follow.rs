//! The pages behind the links in an applicant's mail. Opening one does nothing, since mail scanners open links; the
//! buttons act.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::apply::{office_choices, on_the_clock, read_form, retry_after, status_of};
use crate::accounts::apply::{Confirmation, NewLink};
use crate::accounts::follow_application::{CorrectionAnswer, FollowedApplication, Withdrawal};
use crate::crypto::links::OpenedLink;
use crate::domain::application::form::ApplicationForm;
use crate::domain::application::{Application, ApplicationState};
use crate::domain::ids::{ApplicationId, TypedId as _};
use crate::domain::link::LinkPurpose;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::path::Path;
use crate::http::extract::query::Query;
use crate::http::pages::{HtmlPage, page, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::views::{
    ApplyConfirmPage, ApplyConfirmProblem, ApplyNotice, ApplyPage, ApplyProblem, ApplyPurpose,
    ApplyStatusPage, ErrorKind,
};

/// A link's application and when the link was made.
struct Followed {
    link: OpenedLink,
    id: ApplicationId,
    found: FollowedApplication,
}

impl Followed {
    fn state(&self) -> ApplicationState {
        self.found.application.state
    }
}

/// `GET /apply/confirm/{token}`.
pub(in crate::http) async fn confirm_page(
    web: State,
    browser: Browser,
    Path(token): Path,
) -> Result<Response, PageError> {
    let followed = follow(&web, LinkPurpose::ConfirmApplication, &token).await?;
    if followed.state() != ApplicationState::EmailPending {
        return Ok(to_status(&web, followed.id, past_confirming(followed.state())));
    }
    Ok(render_confirm(&web, &browser, &token, &followed, None)?.into_response())
}

/// `POST /apply/confirm/{token}`: submits the application, or sends a new link.
pub(in crate::http) async fn confirm(
    web: State,
    browser: Browser,
    Path(token): Path,
    form: OwnForm,
) -> Result<Response, PageError> {
    let followed = follow(&web, LinkPurpose::ConfirmApplication, &token).await?;
    if !form.is_ours {
        let problem = Some(ApplyConfirmProblem::FormExpired);
        let html = render_confirm(&web, &browser, &token, &followed, problem)?;
        return Ok(html.status(StatusCode::FORBIDDEN).into_response());
    }
    if form.fields.single("do") == Some("new-link") {
        return new_link(&web, &browser, &token, &followed).await;
    }
    let (id, made_at) = (followed.id, followed.link.made_at);
    let answer = {
        let (web, origin) = (Arc::clone(&web), browser.origin.clone());
        to_the_end(async move { web.accounts.confirm_application(id, made_at, &origin).await }).await?
    };
    match answer {
        Confirmation::Submitted => Ok(to_status(&web, id, Some(ApplyNotice::Confirmed))),
        Confirmation::Is(state) => Ok(to_status(&web, id, past_confirming(state))),
        // It grew old between the page and the button: the page offers a new one now.
        Confirmation::LinkExpired => {
            let html = render_confirm(&web, &browser, &token, &followed, None)?;
            Ok(html.status(StatusCode::GONE).into_response())
        }
        Confirmation::Unknown => Err(dead_link()),
    }
}

async fn new_link(
    web: &State,
    browser: &Browser,
    token: &str,
    followed: &Followed,
) -> Result<Response, PageError> {
    let id = followed.id;
    let answer = {
        let (web, origin) = (Arc::clone(web), browser.origin.clone());
        to_the_end(async move { web.accounts.send_new_link(id, &origin).await }).await?
    };
    match answer {
        NewLink::Sent => Ok(see_other("/apply/sent")),
        NewLink::Is(state) => Ok(to_status(web, id, past_confirming(state))),
        NewLink::TooMany { again_at } => {
            let problem = ApplyConfirmProblem::TooMany { again_at: on_the_clock(web, again_at) };
            let html = render_confirm(web, browser, token, followed, Some(problem))?;
            let mut response = html.status(StatusCode::TOO_MANY_REQUESTS).into_response();
            retry_after(&mut response, web, again_at);
            Ok(response)
        }
        NewLink::Unknown => Err(dead_link()),
    }
}

/// `GET /apply/status/{token}`.
pub(in crate::http) async fn status_page(
    web: State,
    browser: Browser,
    Path(token): Path,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    let followed = follow(&web, LinkPurpose::FollowApplication, &token).await?;
    let shown = Shown {
        is_withdrawing: query.get("withdraw").is_some(),
        notice: query.get("notice").and_then(ApplyNotice::from_name),
        form_expired: false,
    };
    render_status(&web, &browser, &token, &followed, shown)
}

/// `POST /apply/withdraw/{token}`.
pub(in crate::http) async fn withdraw(
    web: State,
    browser: Browser,
    Path(token): Path,
    form: OwnForm,
) -> Result<Response, PageError> {
    let followed = follow(&web, LinkPurpose::FollowApplication, &token).await?;
    if !form.is_ours {
        let shown = Shown { is_withdrawing: true, notice: None, form_expired: true };
        let html = render_status(&web, &browser, &token, &followed, shown)?;
        return Ok(html.status(StatusCode::FORBIDDEN).into_response());
    }
    let id = followed.id;
    let answer = {
        let (web, origin) = (Arc::clone(&web), browser.origin.clone());
        to_the_end(async move { web.accounts.withdraw_application(id, &origin).await }).await?
    };
    match answer {
        // The page itself says that it is withdrawn.
        Withdrawal::Withdrawn => Ok(to_status(&web, id, None)),
        Withdrawal::Is(_) => Ok(to_status(&web, id, Some(ApplyNotice::NotWithdrawn))),
        Withdrawal::Unknown => Err(dead_link()),
    }
}

/// `GET /apply/correct/{token}`: the form with what was sent.
pub(in crate::http) async fn correct_page(
    web: State,
    browser: Browser,
    Path(token): Path,
) -> Result<Response, PageError> {
    let followed = follow(&web, LinkPurpose::CorrectApplication, &token).await?;
    if followed.state() != ApplicationState::NeedsCorrection {
        return Ok(to_status(&web, followed.id, Some(ApplyNotice::NothingToCorrect)));
    }
    let sent = ApplicationForm::from(&followed.found.application.particulars);
    Ok(render_correction(&web, &browser, &token, &followed, sent, None).await?.into_response())
}

/// `POST /apply/correct/{token}`.
pub(in crate::http) async fn correct(
    web: State,
    browser: Browser,
    Path(token): Path,
    form: OwnForm,
) -> Result<Response, PageError> {
    let followed = follow(&web, LinkPurpose::CorrectApplication, &token).await?;
    let id = followed.id;
    let typed = read_form(&form.fields);
    let problem = if form.is_ours {
        let answer = {
            let (web, origin, typed) = (Arc::clone(&web), browser.origin.clone(), typed.clone());
            to_the_end(async move { web.accounts.correct_application(id, &typed, &origin).await }).await?
        };
        match answer {
            CorrectionAnswer::Submitted => {
                return Ok(to_status(&web, id, Some(ApplyNotice::Corrected)));
            }
            CorrectionAnswer::Is(_) => {
                return Ok(to_status(&web, id, Some(ApplyNotice::NothingToCorrect)));
            }
            CorrectionAnswer::Unknown => return Err(dead_link()),
            CorrectionAnswer::Problems(problems) => ApplyProblem::Fields(problems),
        }
    } else {
        ApplyProblem::FormExpired
    };
    Ok(render_correction(&web, &browser, &token, &followed, typed, Some(problem)).await?.into_response())
}

/// # Errors
/// [`ErrorKind::DeadLink`] for a link that is not ours, or whose application can be followed no more. Nobody can tell
/// which.
async fn follow(web: &Web, purpose: LinkPurpose, token: &str) -> Result<Followed, PageError> {
    let link = web.links.open(purpose, token).ok_or_else(dead_link)?;
    let id = ApplicationId::from(link.about);
    let found = web.accounts.follow_application(id).await?.ok_or_else(dead_link)?;
    Ok(Followed { link, id, found })
}

fn dead_link() -> PageError {
    PageError::new(ErrorKind::DeadLink)
}

/// What to say to whoever comes with a link that has done its work.
fn past_confirming(state: ApplicationState) -> Option<ApplyNotice> {
    // An application that ended without it was never confirmed: its own words say enough.
    let was_confirmed = !matches!(
        state,
        ApplicationState::EmailPending | ApplicationState::Expired | ApplicationState::Withdrawn
    );
    was_confirmed.then_some(ApplyNotice::AlreadyConfirmed)
}

fn path_to(web: &Web, purpose: LinkPurpose, id: ApplicationId) -> String {
    let token = web.links.token(purpose, id.uuid(), web.ambient.now());
    format!("{}{token}", purpose.page())
}

/// To the page that says where the application stands.
fn to_status(web: &Web, id: ApplicationId, notice: Option<ApplyNotice>) -> Response {
    let path = path_to(web, LinkPurpose::FollowApplication, id);
    match notice {
        Some(notice) => see_other(&format!("{path}?notice={}", notice.name())),
        None => see_other(&path),
    }
}

fn render_confirm(
    web: &Web,
    browser: &Browser,
    token: &str,
    followed: &Followed,
    problem: Option<ApplyConfirmProblem>,
) -> Result<HtmlPage, PageError> {
    let confirm = ApplyConfirmPage {
        csrf: browser.visit.csrf_token(),
        path: format!("{}{token}", LinkPurpose::ConfirmApplication.page()),
        filed_on: web.calendar.day_of(followed.found.application.created_at),
        link_is_old: !web.accounts.link_still_confirms(followed.link.made_at, web.ambient.now()),
        problem,
    };
    let html = web.views.apply_confirm(browser.languages.resolve(Some(locale_of(followed))), &confirm)?;
    Ok(page(html).cookies(browser.cookies(web)))
}

/// What the status page shows beside the application itself.
#[derive(Clone, Copy)]
struct Shown {
    is_withdrawing: bool,
    notice: Option<ApplyNotice>,
    form_expired: bool,
}

fn render_status(
    web: &Web,
    browser: &Browser,
    token: &str,
    followed: &Followed,
    shown: Shown,
) -> Result<HtmlPage, PageError> {
    let Application { state, created_at, submitted_at, state_since, decision_reason, .. } =
        &followed.found.application;
    let day = |moment| web.calendar.day_of(moment);
    let has_reason = matches!(state, ApplicationState::NeedsCorrection | ApplicationState::Rejected);
    let status = ApplyStatusPage {
        csrf: browser.visit.csrf_token(),
        path: format!("{}{token}", LinkPurpose::FollowApplication.page()),
        state: *state,
        filed_on: day(*created_at),
        submitted_on: submitted_at.map(day),
        state_since: day(*state_since),
        reason: decision_reason.clone().filter(|_| has_reason),
        office: followed.found.office.clone(),
        withdraw: state.is_open().then(|| format!("/apply/withdraw/{token}")),
        is_withdrawing: shown.is_withdrawing,
        correct: (*state == ApplicationState::NeedsCorrection)
            .then(|| path_to(web, LinkPurpose::CorrectApplication, followed.id)),
        notice: shown.notice,
        form_expired: shown.form_expired,
    };
    let html = web.views.apply_status(browser.languages.resolve(Some(locale_of(followed))), &status)?;
    Ok(page(html).cookies(browser.cookies(web)))
}

async fn render_correction(
    web: &Web,
    browser: &Browser,
    token: &str,
    followed: &Followed,
    form: ApplicationForm,
    problem: Option<ApplyProblem>,
) -> Result<HtmlPage, PageError> {
    let choices = web.accounts.form_choices().await?;
    let application = &followed.found.application;
    let status = status_of(problem.as_ref());
    let correction = ApplyPage {
        csrf: browser.visit.csrf_token(),
        purpose: ApplyPurpose::Correction {
            path: format!("{}{token}", LinkPurpose::CorrectApplication.page()),
            asked: application.decision_reason.clone().unwrap_or_default(),
            email: application.particulars.email.clone(),
        },
        form,
        offices: office_choices(&choices),
        regulations: choices.still_to_accept(application).map(str::to_owned),
        problem,
    };
    let html = web.views.apply(browser.languages.resolve(Some(locale_of(followed))), &correction)?;
    Ok(page(html).status(status).cookies(browser.cookies(web)))
}

/// The language that the application was filed in: the mail with the link is in it, too.
fn locale_of(followed: &Followed) -> crate::domain::locale::Locale {
    followed.found.application.locale
}
