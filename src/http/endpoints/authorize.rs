//! `/authorize`: a request comes in, is stored, and goes on at `/authorize/{id}`.
//!
//! The first answer is always a redirect to our own address: a POST from another site brings no Lax cookie, the GET
//! that follows it does.

use axum::response::{IntoResponse, Response};

use crate::domain::audit::Origin;
use crate::domain::authorization::StepUp;
use crate::domain::client::Client;
use crate::domain::ids::AuthorizationId;
use crate::domain::locale::Locale;
use crate::http::continuation::Continue;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::ForeignForm;
use crate::http::extract::language::Languages;
use crate::http::extract::origin::From;
use crate::http::extract::path::Path;
use crate::http::extract::query::Query;
use crate::http::pages::{add_cookies, page, see_other};
use crate::http::state::{State, Web};
use crate::oidc::authorize::{AuthorizationResponse, AuthorizeError, Delivery};
use crate::oidc::parameters::Parameters;
use crate::oidc::resume::{Next, Visited};
use crate::views::{ContinuePage, ErrorKind, FormPostPage};

pub(in crate::http) async fn get(
    web: State,
    From(origin): From,
    languages: Languages,
    Query(query): Query,
) -> Result<Response, PageError> {
    begin(&web, &query, &origin, languages).await
}

pub(in crate::http) async fn post(
    web: State,
    From(origin): From,
    languages: Languages,
    ForeignForm(form): ForeignForm,
) -> Result<Response, PageError> {
    begin(&web, &form, &origin, languages).await
}

async fn begin(
    web: &Web,
    parameters: &Parameters,
    origin: &Origin,
    languages: Languages,
) -> Result<Response, PageError> {
    match web.provider.authorize(parameters, origin).await {
        Ok(id) => Ok(see_other(&Continue::Authorization(id).path())),
        Err(AuthorizeError::Answered(refused)) => {
            let asked = parameters.get("ui_locales").and_then(Locale::from_preferences);
            answer(web, languages.resolve(asked), &refused.client, refused.response)
        }
        Err(AuthorizeError::Unproven(unproven)) => Err(unproven.into()),
        Err(AuthorizeError::Failure(failure)) => Err(failure.into()),
    }
}

/// The request goes on.
pub(in crate::http) async fn resume(
    web: State,
    browser: Browser,
    Path(id): Path,
) -> Result<Response, PageError> {
    let id: AuthorizationId = id.parse().map_err(|_| PageError::new(ErrorKind::NotFound))?;
    let visited = web.provider.visit(id, &browser.visit.secret).await?;
    let session = browser.session(&web).await?;
    let next = web.provider.resume(&visited, session, &browser.origin).await?;
    let mut response = show(&web, browser.languages, &visited, next)?;
    add_cookies(&mut response, browser.cookies(&web));
    Ok(response)
}

/// Goes where the request goes next.
pub(super) fn show(
    web: &Web,
    languages: Languages,
    visited: &Visited,
    next: Next,
) -> Result<Response, PageError> {
    let then = Continue::Authorization(visited.authorization.id);
    let locale = languages.resolve(visited.authorization.parameters.locale());
    Ok(match next {
        Next::SignIn => see_other(&then.by_way_of("/sign-in")),
        Next::Settle(owed) => see_other(&then.settling(owed)),
        Next::StepUp(StepUp::Prove) => see_other(&then.by_way_of("/second-factor")),
        Next::StepUp(StepUp::SetUp) => see_other(&then.by_way_of("/account/second-factors")),
        Next::Consent => see_other(&then.by_way_of("/consent")),
        Next::Answer(response) => answer(web, locale, &visited.client, response)?,
        Next::AlreadyAnswered => {
            let answered = ContinuePage {
                path: then.path(),
                client_name: visited.client.name(locale),
                url: visited.client.way_back(&web.provider.issuer, locale),
            };
            page(web.views.continue_page(locale, &answered)?).into_response()
        }
    })
}

/// Sends the browser to the client with its answer, or gives it a form that does.
fn answer(
    web: &Web,
    locale: Locale,
    client: &Client,
    response: AuthorizationResponse,
) -> Result<Response, PageError> {
    Ok(match response.deliver() {
        Delivery::Redirect(location) => see_other(&location),
        Delivery::Form { action, fields } => {
            let form = FormPostPage { client_name: client.name(locale), action, fields };
            let html = web.views.form_post(locale, &form)?;
            page(html).form_ends_only_at(&form.action).into_response()
        }
    })
}
