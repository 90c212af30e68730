//! `/regulations/accept`: what stands between a sign-in and everything else when a new version has come into force.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sea_orm::DbErr;

use crate::accounts::regulations::{AcceptRegulations, AcceptanceAnswer};
use crate::domain::ids::RegulationsId;
use crate::domain::regulations::text;
use crate::domain::secret::BearerSecret;
use crate::domain::session::Owed;
use crate::http::continuation::Continue;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::pages::{HtmlPage, add_cookies, page, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::oidc::parameters::Parameters;
use crate::oidc::resume::Visited;
use crate::views::{ErrorKind, RegulationsAcceptPage, RegulationsAcceptProblem};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Query(query): Query,
) -> Result<Response, PageError> {
    let then = Continue::from_field(query.get("authorization"));
    match browser.session(&web).await? {
        None => Ok(see_other(&then.by_way_of("/sign-in"))),
        Some(session) if session.owed.first() != Some(&Owed::Regulations) => {
            Ok(see_other(&then.next(&session.owed)))
        }
        Some(_) => Ok(render(&web, &browser, then, None).await?.into_response()),
    }
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    form: OwnForm,
) -> Result<Response, PageError> {
    let OwnForm { fields, is_ours } = form;
    let then = Continue::from_field(fields.get("authorization"));
    let Some(secret) = &browser.session_secret else {
        return Ok(see_other(&then.by_way_of("/sign-in")));
    };
    let problem = match ticked(&fields) {
        _ if !is_ours => RegulationsAcceptProblem::FormExpired,
        None => RegulationsAcceptProblem::NotTicked,
        Some(read) => match accept(&web, &browser, secret, read).await? {
            AcceptanceAnswer::Accepted(session, device) => {
                let mut response = see_other(&then.next(&session.owed));
                add_cookies(&mut response, web.cookies.device(device.as_ref()));
                return Ok(response);
            }
            AcceptanceAnswer::NotYet(owed) => return Ok(see_other(&then.settling(owed))),
            AcceptanceAnswer::SignInFirst => return Ok(see_other(&then.by_way_of("/sign-in"))),
            AcceptanceAnswer::Outdated => RegulationsAcceptProblem::Outdated,
        },
    };
    match browser.session(&web).await? {
        None => Ok(see_other(&then.by_way_of("/sign-in"))),
        Some(session) if session.owed.first() != Some(&Owed::Regulations) => {
            Ok(see_other(&then.next(&session.owed)))
        }
        Some(_) => Ok(render(&web, &browser, then, Some(problem)).await?.into_response()),
    }
}

/// The version whose box was ticked.
fn ticked(fields: &Parameters) -> Option<RegulationsId> {
    fields.single("accept")?.parse().ok()
}

async fn accept(
    web: &State,
    browser: &Browser,
    secret: &BearerSecret,
    read: RegulationsId,
) -> Result<AcceptanceAnswer, DbErr> {
    let web = Arc::clone(web);
    let (secret, device) = (secret.clone(), browser.device.clone());
    let origin = browser.origin.clone();
    to_the_end(async move {
        let device = device.as_ref();
        let acceptance = AcceptRegulations { secret: &secret, read, device, origin: &origin };
        web.accounts.accept_regulations(acceptance).await
    })
    .await
}

async fn render(
    web: &Web,
    browser: &Browser,
    then: Continue,
    problem: Option<RegulationsAcceptProblem>,
) -> Result<HtmlPage, PageError> {
    let status = match problem {
        None => StatusCode::OK,
        Some(RegulationsAcceptProblem::NotTicked) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(RegulationsAcceptProblem::FormExpired) => StatusCode::FORBIDDEN,
        Some(RegulationsAcceptProblem::Outdated) => StatusCode::CONFLICT,
    };
    // The request that waits may have expired while somebody was reading: what is accepted still counts.
    let visited = browser.waiting(web, then).await;
    let asked = visited.as_ref().and_then(|visited| visited.authorization.parameters.locale());
    let locale = browser.languages.resolve(asked);
    let current = web.accounts.regulations().await?.ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
    let html = web.views.regulations_accept(
        locale,
        &RegulationsAcceptPage {
            csrf: browser.visit.csrf_token(),
            authorization: then.field(),
            id: current.edition.id.to_string(),
            version: current.edition.version.to_string(),
            published_on: web.calendar.day_of(current.edition.published_at),
            text: text::blocks(current.text(locale)),
            problem,
        },
    )?;
    Ok(page(html)
        .status(status)
        .form_may_end_at(visited.as_ref().map(Visited::redirect_uri))
        .cookies(browser.cookies(web)))
}
