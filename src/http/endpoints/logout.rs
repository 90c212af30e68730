//! `/logout`: a relying party asks to sign the person out (OpenID Connect RP-Initiated Logout §2).

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use crate::domain::audit::Origin;
use crate::domain::session::Session;
use crate::http::cookies::Kept;
use crate::http::errors::PageError;
use crate::http::extract::csrf;
use crate::http::extract::form::FormBody;
use crate::http::extract::language::Languages;
use crate::http::extract::origin::From;
use crate::http::extract::session::CurrentSession;
use crate::http::extract::visit::Visit;
use crate::http::pages::{add_cookies, page, see_other};
use crate::http::state::{State, Web};
use crate::oidc::logout::{LogoutError, LogoutRequest};
use crate::oidc::parameters::Parameters;
use crate::oidc::provider::paths;
use crate::views::{ErrorKind, Link, SignOutPage, SignedOutPage};

/// What the confirmation page carries on; the hint is not among them, it proved nothing.
const CARRIED: [&str; 3] = ["client_id", "post_logout_redirect_uri", "state"];

pub(in crate::http) async fn get(
    web: State,
    languages: Languages,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    From(origin): From,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    let request = read(&web, &parameters).await?;
    let Some(session) = session else {
        return signed_out(&web, languages, &request);
    };
    let Some(account) = web.accounts.account(session.account).await? else {
        return signed_out(&web, languages, &request);
    };
    if web.provider.hint_names(&request, &session, &account).await? {
        return sign_out(&web, languages, &session, &origin, &request).await;
    }
    let locale = languages.resolve(None);
    let question = SignOutPage {
        csrf: visit.csrf_token(),
        logout: Some(carried(&parameters, &request)),
        client_name: request.client.as_ref().map(|client| client.name(locale)),
        person_name: account.profile.display_name(),
    };
    Ok(page(web.views.sign_out(locale, &question)?)
        .form_may_end_at(request.way_back().as_deref())
        .cookies(visit.cookie(&web))
        .cookies(languages.remember(&web))
        .into_response())
}

/// A form from another site brings no Lax cookie, so it would sign nobody out: the GET that follows brings it.
pub(in crate::http) async fn post(FormBody(form): FormBody) -> Response {
    if form.repeated().is_some() {
        return PageError::new(ErrorKind::InvalidAuthorization).into_response();
    }
    let names =
        ["id_token_hint", "logout_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];
    let query: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(names.into_iter().filter_map(|name| Some((name, form.get(name)?))))
        .finish();
    see_other(&format!("{}?{query}", paths::LOGOUT))
}

/// The answer to the question.
pub(in crate::http) async fn confirm(
    web: State,
    languages: Languages,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    From(origin): From,
    headers: HeaderMap,
    FormBody(form): FormBody,
) -> Result<Response, PageError> {
    if !csrf::is_ours(&visit, &headers, &form) {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    match form.single("decision") {
        Some("stay") => return Ok(see_other("/")),
        Some("confirm") => {}
        _ => return Err(PageError::new(ErrorKind::BadForm)),
    }
    let request = read(&web, &Parameters::parse(form.get("logout").unwrap_or_default())).await?;
    match session {
        Some(session) => sign_out(&web, languages, &session, &origin, &request).await,
        None => signed_out(&web, languages, &request),
    }
}

async fn read(web: &Web, parameters: &Parameters) -> Result<LogoutRequest, PageError> {
    web.provider.read_logout(parameters).await.map_err(|error| match error {
        LogoutError::Invalid => PageError::new(ErrorKind::InvalidAuthorization),
        LogoutError::UnregisteredRedirect => PageError::new(ErrorKind::UnregisteredRedirect),
        LogoutError::Failure(failure) => failure.into(),
    })
}

/// The request without its hint, proven again when it comes back; a client known by its hint is named.
fn carried(parameters: &Parameters, request: &LogoutRequest) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in CARRIED {
        if let Some(value) = parameters.get(name) {
            query.append_pair(name, value);
        }
    }
    if parameters.get("client_id").is_none()
        && let Some(client) = &request.client
    {
        query.append_pair("client_id", &client.id);
    }
    query.finish()
}

async fn sign_out(
    web: &Web,
    languages: Languages,
    session: &Session,
    origin: &Origin,
    request: &LogoutRequest,
) -> Result<Response, PageError> {
    web.accounts.sign_out(session.id, session.account, origin).await?;
    let mut response = signed_out(web, languages, request)?;
    add_cookies(&mut response, [Kept::Session, Kept::Visit].map(|kept| web.cookies.forget(kept)));
    Ok(response)
}

fn signed_out(web: &Web, languages: Languages, request: &LogoutRequest) -> Result<Response, PageError> {
    if let Some(location) = request.way_back() {
        return Ok(see_other(&location));
    }
    let locale = languages.resolve(None);
    let back = request.client.as_ref().and_then(|client| {
        Some(Link { name: client.name(locale), url: client.metadata.client_uri.clone()? })
    });
    Ok(page(web.views.signed_out(locale, &SignedOutPage { back })?).into_response())
}
