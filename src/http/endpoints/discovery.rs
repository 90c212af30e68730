//! What a relying party reads first: metadata and keys.

use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use crate::http::errors::ClientError;
use crate::http::state::State;

const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=30");

pub(in crate::http) async fn metadata(web: State) -> Result<Response, ClientError> {
    let metadata = web.provider.discovery().map_err(|failure| ClientError { failure, by_header: false })?;
    Ok(([(CACHE_CONTROL, KEEP)], Json(metadata)).into_response())
}

pub(in crate::http) async fn jwks(web: State) -> Response {
    let keys = web.provider.keys.published(web.ambient.now());
    // A copy is dropped before a key signs that is not in it.
    let seconds = web.provider.keys.copy_is_good_for().num_seconds();
    ([(CACHE_CONTROL, format!("public, max-age={seconds}"))], Json(keys)).into_response()
}
