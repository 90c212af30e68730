//! `/consent`: the person's yes or no.

use axum::Extension;
use axum::response::{IntoResponse, Response};

use super::authorize::show;
use crate::domain::scope::OFFLINE_ACCESS;
use crate::domain::session::SignedIn;
use crate::http::asking_service::asking_service;
use crate::http::continuation::Continue;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::pages::{page, see_other};
use crate::http::state::{State, Web};
use crate::oidc::consent::Decision;
use crate::views::{ConsentLasts, ConsentPage, ErrorKind};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    Query(query): Query,
) -> Result<Response, PageError> {
    let Continue::Authorization(id) = Continue::from_field(query.get("authorization")) else {
        return Err(PageError::new(ErrorKind::NotFound));
    };
    let visited = web.provider.visit_bound(id, &browser.visit.secret).await?;
    if !web.provider.awaits_consent(&visited, &signed_in).await? {
        return Ok(see_other(&Continue::Authorization(id).path()));
    }
    let parameters = &visited.authorization.parameters;
    let locale = browser.languages.resolve(parameters.locale());
    let person = web.accounts.account(signed_in.account()).await?;
    let consent = ConsentPage {
        csrf: browser.visit.csrf_token(),
        authorization: id.to_string(),
        asked: signed_in.account().to_string(),
        service: asking_service(&visited, locale),
        person_name: person.map(|person| person.profile.display_name()).unwrap_or_default(),
        scopes: parameters.scope.iter().map(str::to_owned).collect(),
        claims: parameters.asks().claims.into_iter().collect(),
        lasts: lasts(&web, parameters.scope.contains(OFFLINE_ACCESS)),
    };
    let html = web.views.consent(locale, &consent)?;
    Ok(page(html)
        .form_may_end_at(Some(visited.redirect_uri()))
        .image_may_come_from(consent.service.logo_uri.as_deref())
        .cookies(browser.cookies(&web))
        .into_response())
}

/// What is granted ends with the session, unless the service may come while nobody is there: then with the last of its
/// refresh tokens (OpenID Connect Core §11).
fn lasts(web: &Web, is_offline: bool) -> ConsentLasts {
    if is_offline {
        ConsentLasts::UntilTakenBack { days: web.provider.lifetimes.refresh_family.num_days() }
    } else {
        ConsentLasts::WhileSignedIn
    }
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    OwnForm { fields, is_ours }: OwnForm,
) -> Result<Response, PageError> {
    let Continue::Authorization(id) = Continue::from_field(fields.get("authorization")) else {
        return Err(PageError::new(ErrorKind::BadForm));
    };
    if !is_ours {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    if fields.single("asked") != Some(&signed_in.account().to_string()) {
        // Somebody else signed in over the page: they are asked themselves.
        return Ok(see_other(&Continue::Authorization(id).path()));
    }
    let decision = match fields.single("decision") {
        Some("approve") => Decision::Approve,
        Some("deny") => Decision::Deny,
        _ => return Err(PageError::new(ErrorKind::BadForm)),
    };
    let visited = web.provider.visit_bound(id, &browser.visit.secret).await?;
    let next = web.provider.decide_consent(&visited, &signed_in, decision, &browser.origin).await?;
    show(&web, browser.languages, &visited, next)
}
