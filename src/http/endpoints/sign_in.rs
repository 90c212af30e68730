//! `/sign-in`.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sea_orm::DbErr;
use zeroize::Zeroizing;

use crate::accounts::passkeys::PasskeySignIn;
use crate::accounts::sign_in::{SignIn, SignInAnswer};
use crate::accounts::verdict::VerdictError;
use crate::domain::account::Account;
use crate::domain::session::Session;
use crate::http::asking_service::asking_service;
use crate::http::beat::Beat;
use crate::http::continuation::Continue;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::extract::visit::Visit;
use crate::http::pages::{HtmlPage, add_cookies, page, passkey_prompt, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::oidc::parameters::Parameters;
use crate::oidc::resume::Visited;
use crate::views::{SignInNotice, SignInPage, SignInProblem};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Query(query): Query,
) -> Result<Response, PageError> {
    let then = Continue::from_field(query.get("authorization"));
    let session = browser.session(&web).await?;
    let visited = visited(&web, then, &browser.visit).await?;
    if let Some(elsewhere) = already_in(&web, then, visited.as_ref(), session.clone()).await? {
        return Ok(see_other(&elsewhere));
    }
    let known = known_person(&web, visited.as_ref(), session.as_ref()).await?;
    let form = Form {
        then,
        reauthentication: known.is_some(),
        login: known.map_or_else(|| login_hint(visited.as_ref()), |known| known.login.to_string()),
        visited,
        problem: None,
        notice: (query.get("notice") == Some("password-changed"))
            .then_some(SignInNotice::PasswordAlreadyChanged),
    };
    Ok(form.render(&web, &browser)?.into_response())
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    form: OwnForm,
) -> Result<Response, PageError> {
    let beat = Beat::begin(&web);
    let OwnForm { fields, is_ours } = form;
    let then = Continue::from_field(fields.get("authorization"));
    let login = fields.single("login").unwrap_or_default();
    let problem = if is_ours {
        match attempt(&web, &browser, &fields).await {
            Ok(SignInAnswer::SignedIn(started)) => {
                let mut response = see_other(&then.next(&started.session.owed));
                add_cookies(&mut response, web.cookies.started(&started));
                return Ok(response);
            }
            Ok(SignInAnswer::Refused | SignInAnswer::Expired) => {
                beat.wait().await;
                SignInProblem::Refused
            }
            Err(VerdictError::Overloaded) => SignInProblem::Overloaded,
            Err(error) => return Err(error.into()),
        }
    } else {
        SignInProblem::FormExpired
    };
    let form = Form {
        then,
        // Whatever became of the request it belongs to, the form comes back with what was typed.
        visited: visited(&web, then, &browser.visit).await.ok().flatten(),
        login: login.chars().take(LONGEST_LOGIN).collect(),
        reauthentication: false,
        problem: Some(problem),
        notice: None,
    };
    Ok(form.render(&web, &browser)?.into_response())
}

/// By a passkey alone.
pub(in crate::http) async fn by_passkey(
    web: State,
    browser: Browser,
    form: OwnForm,
) -> Result<Response, PageError> {
    let OwnForm { fields, is_ours } = form;
    let then = Continue::from_field(fields.get("authorization"));
    let problem = if is_ours {
        match attempt_by_passkey(&web, &browser, &fields).await? {
            SignInAnswer::SignedIn(started) => {
                let then = then.at_home(&web, &started.session).await?;
                let mut response = see_other(&then.next(&started.session.owed));
                add_cookies(&mut response, web.cookies.started(&started));
                return Ok(response);
            }
            SignInAnswer::Refused | SignInAnswer::Expired => SignInProblem::PasskeyRefused,
        }
    } else {
        SignInProblem::FormExpired
    };
    let visited = visited(&web, then, &browser.visit).await.ok().flatten();
    let login = login_hint(visited.as_ref());
    let problem = Some(problem);
    let form = Form { then, visited, login, reauthentication: false, problem, notice: None };
    Ok(form.render(&web, &browser)?.into_response())
}

async fn attempt_by_passkey(
    web: &State,
    browser: &Browser,
    fields: &Parameters,
) -> Result<SignInAnswer, DbErr> {
    let web = Arc::clone(web);
    let field = |name| fields.single(name).unwrap_or_default().to_owned();
    let (ceremony, answer) = (field("ceremony"), field("passkey"));
    let (visit, replaces) = (browser.visit.secret.clone(), browser.session_secret.clone());
    let (device, origin) = (browser.device.clone(), browser.origin.clone());
    to_the_end(async move {
        let attempt = PasskeySignIn {
            visit: &visit,
            ceremony: &ceremony,
            answer: &answer,
            replaces: replaces.as_ref(),
            device: device.as_ref(),
            origin: &origin,
        };
        web.accounts.sign_in_by_passkey(attempt).await
    })
    .await
}

async fn attempt(web: &State, browser: &Browser, fields: &Parameters) -> Result<SignInAnswer, VerdictError> {
    let web = Arc::clone(web);
    let typed = |name| fields.single(name).unwrap_or_default().to_owned();
    let (login, password) = (typed("login"), Zeroizing::new(typed("password")));
    let (replaces, device) = (browser.session_secret.clone(), browser.device.clone());
    let origin = browser.origin.clone();
    to_the_end(async move {
        let attempt = SignIn {
            login: &login,
            password: &password,
            replaces: replaces.as_ref(),
            device: device.as_ref(),
            origin: &origin,
        };
        web.accounts.sign_in(attempt).await
    })
    .await
}

/// More than any login has; what is longer was not typed by a person.
const LONGEST_LOGIN: usize = 256;

/// The form with everything that is known.
struct Form {
    then: Continue,
    visited: Option<Visited>,
    login: String,
    reauthentication: bool,
    problem: Option<SignInProblem>,
    notice: Option<SignInNotice>,
}

impl Form {
    fn render(self, web: &Web, browser: &Browser) -> Result<HtmlPage, PageError> {
        let visited = self.visited.as_ref();
        let asked = visited.and_then(|visited| visited.authorization.parameters.locale());
        let locale = browser.languages.resolve(asked);
        let service = visited.map(|visited| asking_service(visited, locale));
        // Every question is another: the answers to a wrong password and to a lock would not be the same bytes.
        let passkey = match self.problem {
            None | Some(SignInProblem::PasskeyRefused) => {
                web.accounts.ask_for_any_passkey(&browser.visit.secret)?
            }
            Some(_) => None,
        };
        let html = web.views.sign_in(
            locale,
            &SignInPage {
                csrf: browser.visit.csrf_token(),
                authorization: self.then.field(),
                login: self.login,
                service: service.clone(),
                reauthentication: self.reauthentication,
                has_passkeys: web.accounts.has_passkeys(),
                passkey: passkey.map(passkey_prompt),
                problem: self.problem,
                notice: self.notice,
            },
        )?;
        let status = match self.problem {
            None => StatusCode::OK,
            Some(SignInProblem::Refused | SignInProblem::PasskeyRefused) => StatusCode::UNAUTHORIZED,
            Some(SignInProblem::FormExpired) => StatusCode::FORBIDDEN,
            Some(SignInProblem::Overloaded) => StatusCode::SERVICE_UNAVAILABLE,
        };
        Ok(page(html)
            .status(status)
            .form_may_end_at(visited.map(Visited::redirect_uri))
            .image_may_come_from(service.as_ref().and_then(|service| service.logo_uri.as_deref()))
            .cookies(browser.cookies(web)))
    }
}

async fn visited(web: &Web, then: Continue, visit: &Visit) -> Result<Option<Visited>, PageError> {
    match then {
        Continue::Authorization(id) => Ok(Some(web.provider.visit_bound(id, &visit.secret).await?)),
        Continue::Office | Continue::SecondFactors | Continue::Home => Ok(None),
    }
}

/// Where somebody who need not sign in goes instead.
async fn already_in(
    web: &Web,
    then: Continue,
    visited: Option<&Visited>,
    session: Option<Session>,
) -> Result<Option<String>, PageError> {
    let Some(session) = session else {
        return Ok(None);
    };
    if let Some(visited) = visited {
        let wanted = web.provider.needs_sign_in(visited, session).await?;
        return Ok((!wanted).then(|| then.path()));
    }
    Ok(Some(then.at_home(web, &session).await?.next(&session.owed)))
}

/// Who is signed in already and signs in once more, unless the request is for somebody else.
async fn known_person(
    web: &Web,
    visited: Option<&Visited>,
    session: Option<&Session>,
) -> Result<Option<Account>, PageError> {
    let Some(session) = session else {
        return Ok(None);
    };
    let account = web.accounts.account(session.account).await?;
    Ok(match (account, visited) {
        (Some(account), Some(visited)) if !web.provider.may_be_for(visited, &account).await? => None,
        (account, _) => account,
    })
}

/// Whom the service expects.
fn login_hint(visited: Option<&Visited>) -> String {
    let hint = visited.and_then(|visited| visited.authorization.parameters.login_hint.as_deref());
    hint.unwrap_or_default().chars().take(LONGEST_LOGIN).collect()
}
