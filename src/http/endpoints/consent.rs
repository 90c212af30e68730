//! `/consent`: the person's yes or no.

use axum::Extension;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::authorize::show;
use crate::domain::session::SignedIn;
use crate::http::continuation::Continue;
use crate::http::errors::PageError;
use crate::http::extract::csrf;
use crate::http::extract::form::FormBody;
use crate::http::extract::language::Languages;
use crate::http::extract::origin::From;
use crate::http::extract::visit::Visit;
use crate::http::pages::{page, see_other};
use crate::http::state::State;
use crate::oidc::consent::Decision;
use crate::oidc::parameters::Parameters;
use crate::views::{ConsentPage, ErrorKind};

pub(in crate::http) async fn get(
    web: State,
    languages: Languages,
    visit: Visit,
    Extension(signed_in): Extension<SignedIn>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let query = Parameters::parse(query.as_deref().unwrap_or_default());
    let Continue::Authorization(id) = Continue::from_field(query.get("authorization")) else {
        return Err(PageError::new(ErrorKind::NotFound));
    };
    let visited = web.provider.visit_bound(id, &visit.secret).await?;
    if !web.provider.awaits_consent(&visited, &signed_in).await? {
        return Ok(see_other(&Continue::Authorization(id).path()));
    }
    let parameters = &visited.authorization.parameters;
    let locale = languages.resolve(parameters.locale());
    let metadata = &visited.client.metadata;
    let person = web.accounts.account(signed_in.account()).await?;
    let consent = ConsentPage {
        csrf: visit.csrf_token(),
        authorization: id.to_string(),
        client_name: visited.client.name(locale),
        client_uri: metadata.client_uri.clone(),
        policy_uri: metadata.policy_uri.clone(),
        tos_uri: metadata.tos_uri.clone(),
        person_name: person.map(|person| person.profile.display_name()).unwrap_or_default(),
        scopes: parameters.scope.iter().map(str::to_owned).collect(),
    };
    let html = web.views.consent(locale, &consent)?;
    Ok(page(html)
        .form_may_end_at(Some(visited.redirect_uri()))
        .cookies(languages.remember(&web))
        .into_response())
}

pub(in crate::http) async fn post(
    web: State,
    languages: Languages,
    visit: Visit,
    Extension(signed_in): Extension<SignedIn>,
    From(origin): From,
    headers: HeaderMap,
    FormBody(form): FormBody,
) -> Result<Response, PageError> {
    let Continue::Authorization(id) = Continue::from_field(form.get("authorization")) else {
        return Err(PageError::new(ErrorKind::BadForm));
    };
    if !csrf::is_ours(&visit, &headers, &form) {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    let decision = match form.single("decision") {
        Some("approve") => Decision::Approve,
        Some("deny") => Decision::Deny,
        _ => return Err(PageError::new(ErrorKind::BadForm)),
    };
    let visited = web.provider.visit_bound(id, &visit.secret).await?;
    let next = web.provider.decide_consent(&visited, &signed_in, decision, &origin).await?;
    show(&web, languages, &visited, next)
}
