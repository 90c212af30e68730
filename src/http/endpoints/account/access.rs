//! `/account/access`: which services have access, and taking it back.

use axum::Extension;
use axum::response::Response;

use crate::accounts::access::Access;
use crate::domain::locale::Locale;
use crate::domain::session::SignedIn;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::pages::{HtmlPage, page, see_other};
use crate::http::state::{State, Web};
use crate::views::{AccountAccessPage, ClientAccess, ErrorKind};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    let locale = browser.languages.resolve(None);
    let mut clients = Vec::new();
    for access in web.accounts.access(signed_in.account()).await? {
        clients.push(shown(&web, locale, access).await?);
    }
    let shown = AccountAccessPage {
        csrf: browser.visit.csrf_token(),
        clients,
        was_taken_back: query.get("notice") == Some("taken-back"),
    };
    Ok(page(web.views.account_access(locale, &shown)?).cookies(browser.cookies(&web)))
}

/// What was taken back already stays so: a double click gets the same answer.
pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    OwnForm { fields, is_ours }: OwnForm,
) -> Result<Response, PageError> {
    if !is_ours {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    let client = fields.single("client").ok_or_else(|| PageError::new(ErrorKind::BadForm))?;
    web.accounts.take_back_access(signed_in.account(), client, &browser.origin).await?;
    Ok(see_other("/account/access?notice=taken-back"))
}

async fn shown(web: &Web, locale: Locale, access: Access) -> Result<ClientAccess, PageError> {
    let client = web.provider.client(&access.client_id).await?;
    Ok(ClientAccess {
        // One that is no longer registered is known by its id alone.
        name: client.map_or_else(|| access.client_id.clone(), |client| client.name(locale)),
        scopes: access.scope.iter().map(str::to_owned).collect(),
        claims: access.claims.into_iter().collect(),
        since: web.calendar.local(access.since),
        by_consent: access.by_consent,
        client_id: access.client_id,
    })
}
