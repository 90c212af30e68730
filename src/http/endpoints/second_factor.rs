//! `/second-factor`: what staff prove after the password, and set up the first time.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sea_orm::DbErr;
use zeroize::Zeroizing;

use crate::accounts::second_factor::{CodesAnswer, SecondFactorAnswer, SecondFactorProof, SecondFactorStage};
use crate::domain::secret::BearerSecret;
use crate::domain::session::{Owed, Session};
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
use crate::views::{QrDrawing, SecondFactorForm, SecondFactorPage, SecondFactorProblem};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Query(query): Query,
) -> Result<Response, PageError> {
    let then = Continue::from_field(query.get("authorization"));
    match browser.session(&web).await? {
        None => Ok(see_other(&then.by_way_of("/sign-in"))),
        Some(session) => show(&web, &browser, then, &session, None).await,
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
    let problem = if !is_ours {
        SecondFactorProblem::FormExpired
    } else if fields.single("kept").is_some() {
        return Ok(match keep_codes(&web, &browser, secret).await? {
            CodesAnswer::Kept(session, device) => {
                let mut response = go_on(then, &session);
                add_cookies(&mut response, web.cookies.device(device.as_ref()));
                response
            }
            CodesAnswer::NotAsked(session) => go_on(then, &session),
            CodesAnswer::SignInFirst => see_other(&then.by_way_of("/sign-in")),
        });
    } else {
        match prove(&web, &browser, secret, &fields).await? {
            SecondFactorAnswer::Proved(started) => {
                let mut response = go_on(then, &started.session);
                add_cookies(&mut response, web.cookies.started(&started));
                return Ok(response);
            }
            SecondFactorAnswer::NotAsked(session) => return Ok(go_on(then, &session)),
            SecondFactorAnswer::SignInFirst => return Ok(see_other(&then.by_way_of("/sign-in"))),
            SecondFactorAnswer::Wrong => SecondFactorProblem::Wrong,
            SecondFactorAnswer::Refused => SecondFactorProblem::Refused,
        }
    };
    match browser.session(&web).await? {
        None => Ok(see_other(&then.by_way_of("/sign-in"))),
        Some(session) => show(&web, &browser, then, &session, Some(problem)).await,
    }
}

async fn prove(
    web: &State,
    browser: &Browser,
    secret: &BearerSecret,
    fields: &Parameters,
) -> Result<SecondFactorAnswer, DbErr> {
    let web = Arc::clone(web);
    let code = Zeroizing::new(fields.single("code").unwrap_or_default().to_owned());
    let (secret, device) = (secret.clone(), browser.device.clone());
    let origin = browser.origin.clone();
    to_the_end(async move {
        let device = device.as_ref();
        let proof = SecondFactorProof { secret: &secret, code: &code, device, origin: &origin };
        web.accounts.prove_second_factor(proof).await
    })
    .await
}

async fn keep_codes(web: &State, browser: &Browser, secret: &BearerSecret) -> Result<CodesAnswer, DbErr> {
    let web = Arc::clone(web);
    let (secret, device) = (secret.clone(), browser.device.clone());
    let origin = browser.origin.clone();
    to_the_end(async move { web.accounts.keep_recovery_codes(&secret, device.as_ref(), &origin).await }).await
}

/// To what the session owes next, or to where the person was going: staff, to the office.
fn go_on(then: Continue, session: &Session) -> Response {
    let then = if session.has_second_factor() { then.of_staff() } else { then };
    see_other(&then.next(&session.owed))
}

async fn show(
    web: &Web,
    browser: &Browser,
    then: Continue,
    session: &Session,
    problem: Option<SecondFactorProblem>,
) -> Result<Response, PageError> {
    if session.owed.first() != Some(&Owed::SecondFactor) {
        return Ok(go_on(then, session));
    }
    Ok(render(web, browser, then, session, problem).await?.into_response())
}

async fn render(
    web: &Web,
    browser: &Browser,
    then: Continue,
    session: &Session,
    problem: Option<SecondFactorProblem>,
) -> Result<HtmlPage, PageError> {
    let status = match problem {
        None => StatusCode::OK,
        Some(SecondFactorProblem::Wrong) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(SecondFactorProblem::FormExpired) => StatusCode::FORBIDDEN,
        Some(SecondFactorProblem::Refused) => StatusCode::TOO_MANY_REQUESTS,
    };
    let visited = browser.waiting(web, then).await;
    let asked = visited.as_ref().and_then(|visited| visited.authorization.parameters.locale());
    let login = web.accounts.account(session.account).await?.map(|account| account.login.to_string());
    let login = login.unwrap_or_default();
    let stage = match web.accounts.second_factor_stage(session, &login).await? {
        SecondFactorStage::SetUp { seed, otpauth } => {
            SecondFactorForm::SetUp { seed: seed.to_string(), qr: QrDrawing::of(&otpauth) }
        }
        SecondFactorStage::Prove => SecondFactorForm::Prove,
        SecondFactorStage::KeepCodes(codes) => {
            SecondFactorForm::KeepCodes { codes: codes.iter().map(|code| code.to_string()).collect() }
        }
    };
    let html = web.views.second_factor(
        browser.languages.resolve(asked),
        &SecondFactorPage {
            csrf: browser.visit.csrf_token(),
            authorization: then.field(),
            login,
            stage,
            problem,
        },
    )?;
    Ok(page(html)
        .status(status)
        .form_may_end_at(visited.as_ref().map(Visited::redirect_uri))
        .cookies(browser.cookies(web)))
}
