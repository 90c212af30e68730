//! `/change-password`: the one page that an initial password, or a letter, opens.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use zeroize::Zeroizing;

use crate::accounts::change_password::{PasswordChange, PasswordChangeAnswer};
use crate::accounts::recover::LetterLeft;
use crate::accounts::verdict::VerdictError;
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
use crate::views::{ChangePasswordPage, ChangePasswordProblem, ChangeReason};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Query(query): Query,
) -> Result<Response, PageError> {
    let then = Continue::from_field(query.get("authorization"));
    match browser.session(&web).await? {
        None => Ok(see_other(&then.by_way_of("/sign-in"))),
        Some(session) if !session.owed.contains(&Owed::PasswordChange) => {
            Ok(see_other(&then.next(&session.owed)))
        }
        Some(session) => Ok(render(&web, &browser, then, &session, None).await?.into_response()),
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
    let problem = if is_ours {
        match attempt(&web, &browser, secret, &fields).await {
            Ok(PasswordChangeAnswer::Changed(started)) => {
                let mut response = see_other(&then.next(&started.session.owed));
                add_cookies(&mut response, web.cookies.started(&started));
                return Ok(response);
            }
            Ok(PasswordChangeAnswer::NotOwed) => return Ok(see_other(&then.path())),
            Ok(PasswordChangeAnswer::SignInFirst) => return Ok(see_other(&then.by_way_of("/sign-in"))),
            Ok(PasswordChangeAnswer::AlreadyChanged) => return Ok(see_other(&already_changed(then))),
            Ok(PasswordChangeAnswer::Broken { assessment, repeat_differs }) => {
                ChangePasswordProblem::Rules { assessment, repeat_differs }
            }
            Ok(PasswordChangeAnswer::Refused) => ChangePasswordProblem::Refused,
            Err(VerdictError::Overloaded) => ChangePasswordProblem::Overloaded,
            Err(error) => return Err(error.into()),
        }
    } else {
        ChangePasswordProblem::FormExpired
    };
    match browser.session(&web).await? {
        None => Ok(see_other(&then.by_way_of("/sign-in"))),
        Some(session) => Ok(render(&web, &browser, then, &session, Some(problem)).await?.into_response()),
    }
}

async fn attempt(
    web: &State,
    browser: &Browser,
    secret: &BearerSecret,
    fields: &Parameters,
) -> Result<PasswordChangeAnswer, VerdictError> {
    let web = Arc::clone(web);
    let typed = |name| Zeroizing::new(fields.single(name).unwrap_or_default().to_owned());
    let (new_password, repeated) = (typed("new_password"), typed("new_password_repeat"));
    let (secret, device) = (secret.clone(), browser.device.clone());
    let origin = browser.origin.clone();
    to_the_end(async move {
        let change = PasswordChange {
            secret: &secret,
            new_password: &new_password,
            repeated: &repeated,
            device: device.as_ref(),
            origin: &origin,
        };
        web.accounts.change_password(change).await
    })
    .await
}

fn already_changed(then: Continue) -> String {
    let sign_in = then.by_way_of("/sign-in");
    let joint = if sign_in.contains('?') { '&' } else { '?' };
    format!("{sign_in}{joint}notice=password-changed")
}

async fn render(
    web: &Web,
    browser: &Browser,
    then: Continue,
    session: &Session,
    problem: Option<ChangePasswordProblem>,
) -> Result<HtmlPage, PageError> {
    let status = match &problem {
        None => StatusCode::OK,
        Some(ChangePasswordProblem::Rules { .. }) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(ChangePasswordProblem::FormExpired) => StatusCode::FORBIDDEN,
        Some(ChangePasswordProblem::Refused) => StatusCode::TOO_MANY_REQUESTS,
        Some(ChangePasswordProblem::Overloaded) => StatusCode::SERVICE_UNAVAILABLE,
    };
    // The request that waits may have expired while somebody thought about a password: the change still counts.
    let visited = browser.waiting(web, then).await;
    let asked = visited.as_ref().and_then(|visited| visited.authorization.parameters.locale());
    let login = web.accounts.account(session.account).await?.map(|account| account.login.to_string());
    let reason = match web.accounts.letter_left(session).await? {
        None => ChangeReason::InitialPassword,
        Some(LetterLeft::Codes(codes_left)) => ChangeReason::Recovered { codes_left },
        Some(LetterLeft::NoCodes) => ChangeReason::Recovered { codes_left: 0 },
        Some(LetterLeft::NewLetterOrdered) => ChangeReason::RecoveredFromBefore,
    };
    let html = web.views.change_password(
        browser.languages.resolve(asked),
        &ChangePasswordPage {
            csrf: browser.visit.csrf_token(),
            authorization: then.field(),
            login: login.unwrap_or_default(),
            reason,
            policy: web.accounts.policy().summary(),
            problem,
        },
    )?;
    Ok(page(html)
        .status(status)
        .form_may_end_at(visited.as_ref().map(Visited::redirect_uri))
        .cookies(browser.cookies(web)))
}
