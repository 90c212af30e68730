//! JSON bodies, as text: whoever reads them says what is wrong with them.

use axum::extract::Request;

use super::form::{self, BodyError};
use crate::http::state::Web;

/// A body of `application/json` that is not too long.
pub(in crate::http) async fn json_text(request: Request, web: &Web) -> Result<String, BodyError> {
    form::read_text(request, "application/json", web.limits).await
}
