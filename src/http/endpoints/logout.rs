//! `/logout`: a relying party asks to sign the person out (OpenID Connect RP-Initiated Logout §2).

use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use crate::domain::session::{Session, SignedIn};
use crate::http::cookies::Kept;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::{ForeignForm, OwnForm};
use crate::http::extract::query::Query;
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
    browser: Browser,
    Query(parameters): Query,
) -> Result<Response, PageError> {
    let request = read(&web, &parameters).await?;
    let carried = carried(&parameters, &request);
    let Some(session) = browser.session(&web).await? else {
        return nobody_signed_in(&web, &browser, &request, &carried);
    };
    let Some(account) = web.accounts.account(session.account).await? else {
        return nobody_signed_in(&web, &browser, &request, &carried);
    };
    if web.provider.hint_names(&request, &session, &account).await? {
        return sign_out(&web, &browser, &session, &request, &carried).await;
    }
    let locale = browser.languages.resolve(None);
    // Whoever owes a change is not told whose account it is.
    let person_name = SignedIn::try_from(session).ok().map(|_| account.profile.display_name());
    let question = SignOutPage {
        path: address(&carried),
        csrf: browser.visit.csrf_token(),
        logout: Some(carried),
        client_name: request.client.as_ref().map(|client| client.name(locale)),
        person_name,
    };
    Ok(page(web.views.sign_out(locale, &question)?)
        .form_may_end_at(request.way_back().as_deref())
        .cookies(browser.cookies(&web))
        .into_response())
}

/// A form from another site brings no Lax cookie, so it would sign nobody out: the GET that follows brings it.
pub(in crate::http) async fn post(ForeignForm(form): ForeignForm) -> Response {
    if form.fault().is_some() {
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
    browser: Browser,
    OwnForm { fields, is_ours }: OwnForm,
) -> Result<Response, PageError> {
    if !is_ours {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    match fields.single("decision") {
        Some("stay") => return Ok(see_other("/")),
        Some("confirm") => {}
        _ => return Err(PageError::new(ErrorKind::BadForm)),
    }
    let parameters = Parameters::parse(fields.get("logout").unwrap_or_default());
    let request = read(&web, &parameters).await?;
    let carried = carried(&parameters, &request);
    match browser.session(&web).await? {
        Some(session) => sign_out(&web, &browser, &session, &request, &carried).await,
        None => signed_out(&web, &browser, &request, &carried),
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

/// Where the same is asked, or told, once more: in the other language.
fn address(carried: &str) -> String {
    if carried.is_empty() { paths::LOGOUT.to_owned() } else { format!("{}?{carried}", paths::LOGOUT) }
}

async fn sign_out(
    web: &Web,
    browser: &Browser,
    session: &Session,
    request: &LogoutRequest,
    carried: &str,
) -> Result<Response, PageError> {
    web.accounts.sign_out(session.id, session.account, &browser.origin).await?;
    let mut response = signed_out(web, browser, request, carried)?;
    add_cookies(&mut response, [Kept::Session, Kept::Visit].map(|kept| web.cookies.forget(kept)));
    Ok(response)
}

/// There is nothing to ask. Whoever came by a link that anybody may have written is told, and goes on by a click of
/// their own (§3: no redirect without a hint or the person's word).
fn nobody_signed_in(
    web: &Web,
    browser: &Browser,
    request: &LogoutRequest,
    carried: &str,
) -> Result<Response, PageError> {
    match request.way_back() {
        Some(location) if !request.is_proven() => {
            signed_out_page(web, browser, request, carried, Some(location))
        }
        _ => signed_out(web, browser, request, carried),
    }
}

fn signed_out(
    web: &Web,
    browser: &Browser,
    request: &LogoutRequest,
    carried: &str,
) -> Result<Response, PageError> {
    if let Some(location) = request.way_back() {
        return Ok(see_other(&location));
    }
    let home = request.client.as_ref().and_then(|client| client.metadata.client_uri.clone());
    signed_out_page(web, browser, request, carried, home)
}

fn signed_out_page(
    web: &Web,
    browser: &Browser,
    request: &LogoutRequest,
    carried: &str,
    back: Option<String>,
) -> Result<Response, PageError> {
    let locale = browser.languages.resolve(None);
    let name = request.client.as_ref().map(|client| client.name(locale));
    let back = name.zip(back).map(|(name, url)| Link { name, url });
    let signed_out = SignedOutPage { path: address(carried), back };
    Ok(page(web.views.signed_out(locale, &signed_out)?)
        .cookies(browser.languages.remember(web))
        .into_response())
}
