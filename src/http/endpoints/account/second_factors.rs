//! `/account/second-factors`: what people prove themselves with beside the password.

use std::sync::Arc;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use zeroize::Zeroizing;

use crate::accounts::factors::{ConfirmAnswer, RemovalAnswer, RemovedFactor};
use crate::accounts::passkeys::{NewPasskeyForm, PasskeyEnrolment};
use crate::accounts::sign_in::StartedSession;
use crate::accounts::verdict::VerdictError;
use crate::domain::session::{Session, SignedIn};
use crate::http::continuation::Continue;
use crate::http::endpoints::second_factor::asking_step_up;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::pages::{HtmlPage, add_cookies, page, passkey_prompt, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::oidc::parameters::Parameters;
use crate::oidc::resume::Visited;
use crate::views::{
    AccountSecondFactorsPage, ErrorKind, SecondFactorsNotice, SecondFactorsProblem, ShownPasskey,
};

const PAGE: &str = "/account/second-factors";

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    Query(query): Query,
) -> Result<Response, PageError> {
    let then = Continue::from_field(query.get("authorization"));
    let notice = match query.get("notice") {
        Some("added") => Some(SecondFactorsNotice::Added),
        Some("removed") => Some(SecondFactorsNotice::Removed),
        _ => None,
    };
    show(&web, &browser, &signed_in, then, notice, None).await
}

/// What became of a form.
enum Outcome {
    Confirmed(StartedSession),
    Added(StartedSession),
    Removed,
    Problem(SecondFactorsProblem),
    SignInFirst,
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    OwnForm { fields, is_ours }: OwnForm,
) -> Result<Response, PageError> {
    let then = Continue::from_field(fields.get("authorization"));
    let outcome = if is_ours {
        match fields.single("do") {
            Some("confirm") => confirm(&web, &browser, &signed_in, &fields).await?,
            Some("add-passkey") => add_passkey(&web, &browser, &signed_in, &fields).await?,
            Some("remove-app") => remove(&web, &browser, &signed_in, RemovedFactor::App).await?,
            Some("remove-passkey") => {
                let id = fields.single("id").and_then(|id| id.parse().ok());
                let id = id.ok_or_else(|| PageError::new(ErrorKind::BadForm))?;
                remove(&web, &browser, &signed_in, RemovedFactor::Passkey(id)).await?
            }
            _ => return Err(PageError::new(ErrorKind::BadForm)),
        }
    } else {
        Outcome::Problem(SecondFactorsProblem::FormExpired)
    };
    match outcome {
        Outcome::Confirmed(started) => {
            let mut response = see_other(&own_page(then));
            add_cookies(&mut response, web.cookies.started(&started));
            Ok(response)
        }
        Outcome::Added(started) => {
            // The service that asked for one gets on.
            let next = match then.authorization() {
                Some(_) => then.path(),
                None => format!("{PAGE}?notice=added"),
            };
            let mut response = see_other(&next);
            add_cookies(&mut response, web.cookies.started(&started));
            Ok(response)
        }
        Outcome::Removed => Ok(see_other(&format!("{PAGE}?notice=removed"))),
        Outcome::SignInFirst => Ok(see_other(&then.by_way_of("/sign-in"))),
        Outcome::Problem(problem) => show(&web, &browser, &signed_in, then, None, Some(problem)).await,
    }
}

/// This page, with the request that waits for it.
fn own_page(then: Continue) -> String {
    match then {
        Continue::Authorization(_) => then.by_way_of(PAGE),
        _ => PAGE.to_owned(),
    }
}

async fn confirm(
    web: &State,
    browser: &Browser,
    signed_in: &SignedIn,
    fields: &Parameters,
) -> Result<Outcome, PageError> {
    let web = Arc::clone(web);
    let password = Zeroizing::new(fields.single("present_password").unwrap_or_default().to_owned());
    let Some(secret) = browser.session_secret.clone() else {
        return Ok(Outcome::SignInFirst);
    };
    let (signed_in, origin) = (signed_in.clone(), browser.origin.clone());
    let answer =
        to_the_end(
            async move { web.accounts.confirm_identity(&signed_in, &secret, &password, &origin).await },
        )
        .await;
    Ok(match answer {
        Ok(ConfirmAnswer::Confirmed(started)) => Outcome::Confirmed(started),
        Ok(ConfirmAnswer::Missing) => Outcome::Problem(SecondFactorsProblem::PasswordMissing),
        Ok(ConfirmAnswer::Wrong) => Outcome::Problem(SecondFactorsProblem::PasswordWrong),
        Ok(ConfirmAnswer::UsedUp) => Outcome::Problem(SecondFactorsProblem::UsedUp),
        Ok(ConfirmAnswer::SignInFirst) => Outcome::SignInFirst,
        Err(VerdictError::Overloaded) => Outcome::Problem(SecondFactorsProblem::Overloaded),
        Err(error) => return Err(error.into()),
    })
}

async fn add_passkey(
    web: &State,
    browser: &Browser,
    signed_in: &SignedIn,
    fields: &Parameters,
) -> Result<Outcome, PageError> {
    let web = Arc::clone(web);
    let field = |name| fields.single(name).unwrap_or_default().to_owned();
    let (ceremony, answer, name) = (field("ceremony"), field("passkey"), field("name"));
    let Some(secret) = browser.session_secret.clone() else {
        return Ok(Outcome::SignInFirst);
    };
    let (signed_in, visit) = (signed_in.clone(), browser.visit.secret.clone());
    let origin = browser.origin.clone();
    let enrolment = to_the_end(async move {
        let form = NewPasskeyForm {
            signed_in: &signed_in,
            secret: &secret,
            visit: &visit,
            ceremony: &ceremony,
            answer: &answer,
            name: &name,
            origin: &origin,
        };
        web.accounts.enrol_passkey(form).await
    })
    .await?;
    Ok(match enrolment {
        PasskeyEnrolment::Done(started) => Outcome::Added(started),
        PasskeyEnrolment::ConfirmFirst => Outcome::Problem(SecondFactorsProblem::ConfirmFirst),
        PasskeyEnrolment::Expired => Outcome::Problem(SecondFactorsProblem::FormExpired),
        PasskeyEnrolment::Refused => Outcome::Problem(SecondFactorsProblem::PasskeyRefused),
        PasskeyEnrolment::TooMany => Outcome::Problem(SecondFactorsProblem::TooManyPasskeys),
    })
}

async fn remove(
    web: &State,
    browser: &Browser,
    signed_in: &SignedIn,
    factor: RemovedFactor,
) -> Result<Outcome, PageError> {
    let web = Arc::clone(web);
    let (signed_in, origin) = (signed_in.clone(), browser.origin.clone());
    let removal =
        to_the_end(async move { web.accounts.remove_factor(&signed_in, factor, &origin).await }).await?;
    Ok(match removal {
        RemovalAnswer::Done => Outcome::Removed,
        RemovalAnswer::ConfirmFirst => Outcome::Problem(SecondFactorsProblem::ConfirmFirst),
        RemovalAnswer::LastOne => Outcome::Problem(SecondFactorsProblem::LastOne),
    })
}

async fn show(
    web: &Web,
    browser: &Browser,
    signed_in: &SignedIn,
    then: Continue,
    notice: Option<SecondFactorsNotice>,
    problem: Option<SecondFactorsProblem>,
) -> Result<Response, PageError> {
    let factors = web.accounts.factors(signed_in.account()).await?;
    if !factors.is_empty() && !signed_in.has_second_factor() {
        // A session from before there was one: it is proved before anything is changed.
        let then = if then.authorization().is_some() { then } else { Continue::SecondFactors };
        return Ok(see_other(&then.by_way_of("/second-factor")));
    }
    Ok(render(web, browser, signed_in, then, notice, problem).await?.into_response())
}

async fn render(
    web: &Web,
    browser: &Browser,
    signed_in: &SignedIn,
    then: Continue,
    notice: Option<SecondFactorsNotice>,
    problem: Option<SecondFactorsProblem>,
) -> Result<HtmlPage, PageError> {
    let status = match problem {
        None => StatusCode::OK,
        Some(SecondFactorsProblem::FormExpired | SecondFactorsProblem::ConfirmFirst) => StatusCode::FORBIDDEN,
        Some(SecondFactorsProblem::UsedUp) => StatusCode::TOO_MANY_REQUESTS,
        Some(SecondFactorsProblem::Overloaded) => StatusCode::SERVICE_UNAVAILABLE,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let factors = web.accounts.factors(signed_in.account()).await?;
    let visited = browser.waiting(web, then).await;
    let asked = visited.as_ref().and_then(|visited| visited.authorization.parameters.locale());
    let locale = browser.languages.resolve(asked);
    let session = Session::from(signed_in.clone());
    let asked_by = asking_step_up(web, visited.as_ref(), &session, locale).await?;
    let is_confirmed = signed_in.is_confirmed(web.ambient.now());
    let question = if is_confirmed {
        web.accounts.ask_for_new_passkey(signed_in, &browser.visit.secret).await?
    } else {
        None
    };
    let login = web.accounts.account(signed_in.account()).await?.map(|account| account.login.to_string());
    let shown = AccountSecondFactorsPage {
        csrf: browser.visit.csrf_token(),
        // Only one that still waits for this.
        authorization: asked_by.is_some().then(|| then.field()).flatten(),
        asked_by,
        login: login.unwrap_or_default(),
        is_confirmed,
        app: factors.app,
        passkeys: factors
            .passkeys
            .into_iter()
            .map(|passkey| ShownPasskey {
                id: passkey.id.to_string(),
                name: passkey.name,
                created_at: web.calendar.local(passkey.created_at),
                last_used_at: passkey.last_used_at.map(|at| web.calendar.local(at)),
            })
            .collect(),
        last_one_stays: factors.last_one_stays,
        prompt: question.map(passkey_prompt),
        notice,
        problem,
    };
    let html = web.views.account_second_factors(locale, &shown)?;
    Ok(page(html)
        .status(status)
        .form_may_end_at(visited.as_ref().map(Visited::redirect_uri))
        .cookies(browser.cookies(web)))
}
