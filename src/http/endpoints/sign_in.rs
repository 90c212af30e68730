//! `/sign-in`.

use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::accounts::sign_in::{SignIn, SignInAnswer};
use crate::accounts::verdict::VerdictError;
use crate::domain::session::{Session, SignedIn};
use crate::http::continuation::Continue;
use crate::http::errors::PageError;
use crate::http::extract::csrf;
use crate::http::extract::form::FormBody;
use crate::http::extract::language::Languages;
use crate::http::extract::origin::From;
use crate::http::extract::session::{CurrentSession, SessionSecret};
use crate::http::extract::visit::Visit;
use crate::http::pages::{HtmlPage, add_cookies, page, see_other};
use crate::http::state::{State, Web};
use crate::oidc::parameters::Parameters;
use crate::oidc::resume::Visited;
use crate::views::{SignInNotice, SignInPage, SignInProblem};

pub(in crate::http) async fn get(
    web: State,
    languages: Languages,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let query = Parameters::parse(query.as_deref().unwrap_or_default());
    let then = Continue::from_field(query.get("authorization"));
    let visited = visited(&web, then, &visit).await?;
    if let Some(elsewhere) = already_in(&web, then, visited.as_ref(), session.clone()).await? {
        return Ok(see_other(&elsewhere));
    }
    let login = login_hint(&web, visited.as_ref(), session.as_ref()).await?;
    let notice =
        (query.get("notice") == Some("password-changed")).then_some(SignInNotice::PasswordAlreadyChanged);
    let form = Form { then, visited: visited.as_ref(), login, reauthentication: session.is_some(), notice };
    Ok(form.render(&web, languages, &visit, None)?.into_response())
}

pub(in crate::http) async fn post(
    web: State,
    languages: Languages,
    visit: Visit,
    SessionSecret(session): SessionSecret,
    From(origin): From,
    headers: HeaderMap,
    FormBody(form): FormBody,
) -> Result<Response, PageError> {
    let then = Continue::from_field(form.get("authorization"));
    let login = form.single("login").unwrap_or_default();
    let problem = if csrf::is_ours(&visit, &headers, &form) {
        let attempt = SignIn {
            login,
            password: form.single("password").unwrap_or_default(),
            replaces: session.as_ref(),
            origin: &origin,
        };
        match web.accounts.sign_in(attempt).await {
            Ok(SignInAnswer::SignedIn(started)) => {
                let next = match started.session.owed.first() {
                    Some(owed) => then.settling(*owed),
                    None => then.path(),
                };
                let mut response = see_other(&next);
                add_cookies(&mut response, [web.cookies.session(&started.secret)]);
                return Ok(response);
            }
            Ok(SignInAnswer::Refused) => SignInProblem::Refused,
            Err(VerdictError::Overloaded) => SignInProblem::Overloaded,
            Err(error) => return Err(error.into()),
        }
    } else {
        SignInProblem::FormExpired
    };
    // Whatever became of the request it belongs to, the form comes back with what was typed.
    let visited = visited(&web, then, &visit).await.ok().flatten();
    let form = Form {
        then,
        visited: visited.as_ref(),
        login: login.chars().take(256).collect(),
        reauthentication: false,
        notice: None,
    };
    Ok(form.render(&web, languages, &visit, Some(problem))?.into_response())
}

/// The form with everything that is known.
struct Form<'a> {
    then: Continue,
    visited: Option<&'a Visited>,
    login: String,
    reauthentication: bool,
    notice: Option<SignInNotice>,
}

impl Form<'_> {
    fn render(
        self,
        web: &Web,
        languages: Languages,
        visit: &Visit,
        problem: Option<SignInProblem>,
    ) -> Result<HtmlPage, PageError> {
        let asked = self.visited.and_then(|visited| visited.authorization.parameters.locale());
        let locale = languages.resolve(asked);
        let html = web.views.sign_in(
            locale,
            &SignInPage {
                csrf: visit.csrf_token(),
                authorization: self.then.field(),
                login: self.login,
                client_name: self.visited.map(|visited| visited.client.name(locale)),
                reauthentication: self.reauthentication,
                problem,
                notice: self.notice,
            },
        )?;
        let status = match problem {
            None => StatusCode::OK,
            Some(SignInProblem::Refused) => StatusCode::UNAUTHORIZED,
            Some(SignInProblem::FormExpired) => StatusCode::FORBIDDEN,
            Some(SignInProblem::Overloaded) => StatusCode::SERVICE_UNAVAILABLE,
        };
        Ok(page(html)
            .status(status)
            .form_may_end_at(self.visited.map(Visited::redirect_uri))
            .cookies(visit.cookie(web))
            .cookies(languages.remember(web)))
    }
}

async fn visited(web: &Web, then: Continue, visit: &Visit) -> Result<Option<Visited>, PageError> {
    match then {
        Continue::Authorization(id) => Ok(Some(web.provider.visit_bound(id, &visit.secret).await?)),
        Continue::Home => Ok(None),
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
    Ok(Some(match SignedIn::try_from(session) {
        Ok(_) => then.path(),
        Err(owing) => then.settling(owing.first),
    }))
}

/// What the login field holds at first: who is signed in already, or whom the service expects.
async fn login_hint(
    web: &Web,
    visited: Option<&Visited>,
    session: Option<&Session>,
) -> Result<String, PageError> {
    if let Some(session) = session
        && let Some(account) = web.accounts.account(session.account).await?
    {
        return Ok(account.login.to_string());
    }
    let hint = visited.and_then(|visited| visited.authorization.parameters.login_hint.clone());
    Ok(hint.unwrap_or_default().chars().take(256).collect())
}
