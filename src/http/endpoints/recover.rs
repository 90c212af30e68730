//! `/recover`: back in with the letter, when the password is lost or the account locked.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use zeroize::Zeroizing;

use crate::accounts::recover::{Recovery, RecoveryAnswer};
use crate::accounts::verdict::{TypedLetter, VerdictError};
use crate::http::beat::Beat;
use crate::http::continuation::Continue;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::pages::{HtmlPage, add_cookies, page, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::oidc::parameters::Parameters;
use crate::views::{LetterKind, RecoverPage, RecoverProblem};

/// More than any login or serial has; what is longer was not typed by a person.
const LONGEST_KEPT: usize = 256;

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Query(query): Query,
) -> Result<Response, PageError> {
    let then = Continue::from_field(query.get("authorization"));
    Ok(render(&web, &browser, then, Typed::default(), None).await?.into_response())
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    form: OwnForm,
) -> Result<Response, PageError> {
    let beat = Beat::begin(&web);
    let OwnForm { fields, is_ours } = form;
    let then = Continue::from_field(fields.get("authorization"));
    let problem = if is_ours {
        match attempt(&web, &browser, &fields).await {
            Ok(RecoveryAnswer::Recovered(started)) => {
                let mut response = see_other(&then.next(&started.session.owed));
                add_cookies(&mut response, web.cookies.started(&started));
                return Ok(response);
            }
            Ok(RecoveryAnswer::Refused) => {
                beat.wait().await;
                RecoverProblem::Refused
            }
            Err(VerdictError::Overloaded) => RecoverProblem::Overloaded,
            Err(error) => return Err(error.into()),
        }
    } else {
        RecoverProblem::FormExpired
    };
    Ok(render(&web, &browser, then, Typed::of(&fields), Some(problem)).await?.into_response())
}

async fn attempt(
    web: &State,
    browser: &Browser,
    fields: &Parameters,
) -> Result<RecoveryAnswer, VerdictError> {
    let web = Arc::clone(web);
    let typed = |name| Zeroizing::new(fields.single(name).unwrap_or_default().to_owned());
    let kind = kind_of(fields);
    let (login, serial) = (typed("login"), typed("serial"));
    let (code, initial_password) = (typed("code"), typed("initial_password"));
    let (replaces, origin) = (browser.session_secret.clone(), browser.origin.clone());
    to_the_end(async move {
        let letter = match kind {
            LetterKind::WithCodes => TypedLetter::WithCodes { login: &login, serial: &serial, code: &code },
            LetterKind::FromBefore => {
                TypedLetter::FromBefore { login: &login, initial_password: &initial_password }
            }
        };
        web.accounts.recover(Recovery { letter, replaces: replaces.as_ref(), origin: &origin }).await
    })
    .await
}

fn kind_of(fields: &Parameters) -> LetterKind {
    match fields.get("letter") {
        Some("from-before") => LetterKind::FromBefore,
        _ => LetterKind::WithCodes,
    }
}

/// What was typed and may be shown again: never a code, never a password.
#[derive(Debug, Default)]
struct Typed {
    kind: LetterKind,
    login: String,
    serial: String,
}

impl Typed {
    fn of(fields: &Parameters) -> Self {
        let kept =
            |name| -> String { fields.single(name).unwrap_or_default().chars().take(LONGEST_KEPT).collect() };
        Self { kind: kind_of(fields), login: kept("login"), serial: kept("serial") }
    }
}

async fn render(
    web: &Web,
    browser: &Browser,
    then: Continue,
    typed: Typed,
    problem: Option<RecoverProblem>,
) -> Result<HtmlPage, PageError> {
    let status = match problem {
        None => StatusCode::OK,
        Some(RecoverProblem::Refused) => StatusCode::UNAUTHORIZED,
        Some(RecoverProblem::FormExpired) => StatusCode::FORBIDDEN,
        Some(RecoverProblem::Overloaded) => StatusCode::SERVICE_UNAVAILABLE,
    };
    // The request that waits may have expired while somebody looked for the letter: coming back in still counts.
    let visited = browser.waiting(web, then).await;
    let asked = visited.as_ref().and_then(|visited| visited.authorization.parameters.locale());
    let Typed { kind, login, serial } = typed;
    let html = web.views.recover(
        browser.languages.resolve(asked),
        &RecoverPage {
            csrf: browser.visit.csrf_token(),
            authorization: then.field(),
            kind,
            from_before: web.accounts.recovery_rules().letters_from_before,
            login,
            serial,
            problem,
        },
    )?;
    Ok(page(html).status(status).cookies(browser.cookies(web)))
}
