//! `/account/export`: a copy of everything, as a file. By a form of ours, since it is recorded: no link on another page
//! should make it look as if somebody took their data.

use axum::Extension;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::domain::session::SignedIn;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::state::State;
use crate::views::ErrorKind;

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    form: OwnForm,
) -> Result<Response, PageError> {
    if !form.is_ours {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    let export = web.accounts.export(&signed_in, &browser.origin).await?;
    let export = export.ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
    let today = web.calendar.today(web.ambient.now());
    let body = serde_json::to_vec_pretty(&export).map_err(PageError::internal)?;
    // A date is ASCII: the header can be written.
    let name = HeaderValue::from_str(&format!("attachment; filename=\"iok-id-{today}.json\""))
        .map_err(PageError::internal)?;
    let json = HeaderValue::from_static("application/json");
    Ok((StatusCode::OK, [(CONTENT_TYPE, json), (CONTENT_DISPOSITION, name)], body).into_response())
}
