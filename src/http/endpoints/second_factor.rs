//! `/second-factor`: what is proved after the password, or for a service that asks for it; codes of an app are set up here.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sea_orm::DbErr;
use zeroize::Zeroizing;

use super::authorize;
use crate::accounts::passkeys::PasskeyProof;
use crate::accounts::second_factor::{CodesAnswer, SecondFactorAnswer, SecondFactorProof, SecondFactorStage};
use crate::accounts::verdict::VerdictError;
use crate::domain::locale::Locale;
use crate::domain::secret::BearerSecret;
use crate::domain::session::Session;
use crate::http::continuation::Continue;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::pages::{HtmlPage, add_cookies, page, passkey_prompt, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::oidc::parameters::Parameters;
use crate::oidc::resume::Visited;
use crate::views::{ErrorKind, QrDrawing, SecondFactorForm, SecondFactorPage, SecondFactorProblem};

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
        return match keep_codes(&web, &browser, secret).await? {
            CodesAnswer::Kept(session, device) => {
                let mut response = go_on(&web, then, &session).await?;
                add_cookies(&mut response, web.cookies.device(device.as_ref()));
                Ok(response)
            }
            CodesAnswer::NotAsked(session) => go_on(&web, then, &session).await,
            CodesAnswer::SignInFirst => Ok(see_other(&then.by_way_of("/sign-in"))),
        };
    } else {
        let answer = if fields.single("passkey").is_some() {
            prove_by_passkey(&web, &browser, secret, &fields).await?
        } else {
            prove(&web, &browser, secret, &fields).await?
        };
        match answer {
            SecondFactorAnswer::Proved(started) => {
                let mut response = after_proof(&web, then, &started.session).await?;
                add_cookies(&mut response, web.cookies.started(&started));
                return Ok(response);
            }
            SecondFactorAnswer::NotAsked(session) => return go_on(&web, then, &session).await,
            SecondFactorAnswer::WrongPasskey | SecondFactorAnswer::Expired => {
                SecondFactorProblem::PasskeyRefused
            }
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
) -> Result<SecondFactorAnswer, VerdictError> {
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

async fn prove_by_passkey(
    web: &State,
    browser: &Browser,
    secret: &BearerSecret,
    fields: &Parameters,
) -> Result<SecondFactorAnswer, DbErr> {
    let web = Arc::clone(web);
    let field = |name| fields.single(name).unwrap_or_default().to_owned();
    let (ceremony, answer) = (field("ceremony"), field("passkey"));
    let (secret, visit, origin) = (secret.clone(), browser.visit.secret.clone(), browser.origin.clone());
    let device = browser.device.clone();
    to_the_end(async move {
        let (ceremony, answer, device) = (&ceremony, &answer, device.as_ref());
        let proof =
            PasskeyProof { secret: &secret, visit: &visit, ceremony, answer, device, origin: &origin };
        web.accounts.prove_by_passkey(proof).await
    })
    .await
}

/// The person cannot prove a second factor now: the service that asked for one is told.
pub(in crate::http) async fn decline(
    web: State,
    browser: Browser,
    form: OwnForm,
) -> Result<Response, PageError> {
    let OwnForm { fields, is_ours } = form;
    if !is_ours {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    let then = Continue::from_field(fields.get("authorization"));
    let Continue::Authorization(id) = then else {
        return Err(PageError::new(ErrorKind::BadForm));
    };
    let visited = web.provider.visit_bound(id, &browser.visit.secret).await?;
    let session = browser.session(&web).await?;
    match web.provider.decline_step_up(&visited, session).await? {
        Some(next) => authorize::show(&web, browser.languages, &visited, next),
        None => Ok(see_other(&then.path())),
    }
}

async fn keep_codes(web: &State, browser: &Browser, secret: &BearerSecret) -> Result<CodesAnswer, DbErr> {
    let web = Arc::clone(web);
    let (secret, device) = (secret.clone(), browser.device.clone());
    let origin = browser.origin.clone();
    to_the_end(async move { web.accounts.keep_recovery_codes(&secret, device.as_ref(), &origin).await }).await
}

/// New recovery codes are shown before anything else; whoever owes nothing would not come by them otherwise.
async fn after_proof(web: &Web, then: Continue, session: &Session) -> Result<Response, PageError> {
    if session.owed.is_empty() && web.accounts.has_codes_to_keep(session.account).await? {
        return Ok(see_other(&then.by_way_of("/second-factor")));
    }
    go_on(web, then, session).await
}

/// To what the session owes next, or to where the person was going: staff, to the office.
async fn go_on(web: &Web, then: Continue, session: &Session) -> Result<Response, PageError> {
    Ok(see_other(&then.at_home(web, session).await?.next(&session.owed)))
}

async fn show(
    web: &Web,
    browser: &Browser,
    then: Continue,
    session: &Session,
    problem: Option<SecondFactorProblem>,
) -> Result<Response, PageError> {
    let login = web.accounts.account(session.account).await?.map(|account| account.login.to_string());
    let login = login.unwrap_or_default();
    let visited = browser.waiting(web, then).await;
    let asked = visited.as_ref().and_then(|visited| visited.authorization.parameters.locale());
    let asked_by = asking_step_up(web, visited.as_ref(), session, browser.languages.resolve(asked)).await?;
    let wants_one = then == Continue::SecondFactors || asked_by.is_some();
    match web.accounts.second_factor_stage(session, &login, wants_one).await? {
        Some(stage) => Ok(render(web, browser, then, session, login, stage, problem).await?.into_response()),
        None => go_on(web, then, session).await,
    }
}

async fn render(
    web: &Web,
    browser: &Browser,
    then: Continue,
    session: &Session,
    login: String,
    stage: SecondFactorStage,
    problem: Option<SecondFactorProblem>,
) -> Result<HtmlPage, PageError> {
    let status = match problem {
        None => StatusCode::OK,
        Some(SecondFactorProblem::Wrong | SecondFactorProblem::PasskeyRefused) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Some(SecondFactorProblem::FormExpired) => StatusCode::FORBIDDEN,
        Some(SecondFactorProblem::Refused) => StatusCode::TOO_MANY_REQUESTS,
    };
    let visited = browser.waiting(web, then).await;
    let asked = visited.as_ref().and_then(|visited| visited.authorization.parameters.locale());
    let locale = browser.languages.resolve(asked);
    let asked_by = asking_step_up(web, visited.as_ref(), session, locale).await?;
    let stage = match stage {
        SecondFactorStage::SetUp { seed, otpauth } => {
            SecondFactorForm::SetUp { seed: seed.to_string(), qr: QrDrawing::of(&otpauth) }
        }
        SecondFactorStage::Prove { by_app, by_passkey } => {
            let question = if by_passkey {
                web.accounts.ask_for_passkey(session, &browser.visit.secret).await?
            } else {
                None
            };
            SecondFactorForm::Prove { by_app, passkey: question.map(passkey_prompt) }
        }
        SecondFactorStage::KeepCodes(codes) => {
            SecondFactorForm::KeepCodes { codes: codes.iter().map(|code| code.to_string()).collect() }
        }
    };
    let shown = SecondFactorPage {
        csrf: browser.visit.csrf_token(),
        authorization: then.field(),
        login,
        is_staff: web.accounts.staff_member(session.account).await?.is_some(),
        asked_by,
        stage,
        problem,
    };
    let html = web.views.second_factor(locale, &shown)?;
    Ok(page(html)
        .status(status)
        .form_may_end_at(visited.as_ref().map(Visited::redirect_uri))
        .cookies(browser.cookies(web)))
}

/// The service that asks somebody who is signed in for more than the password.
pub(super) async fn asking_step_up(
    web: &Web,
    visited: Option<&Visited>,
    session: &Session,
    locale: Locale,
) -> Result<Option<String>, PageError> {
    let Some(visited) = visited else {
        return Ok(None);
    };
    let step_up = web.provider.needs_step_up(visited, session.clone()).await?;
    Ok(step_up.map(|_| visited.client.name(locale)))
}
