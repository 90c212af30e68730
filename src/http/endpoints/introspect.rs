//! `/introspect` (RFC 7662 §2).

use axum::Json;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::response::{IntoResponse, Response};

use crate::http::errors::ClientError;
use crate::http::extract::form::ClientBody;
use crate::http::state::State;

pub(in crate::http) async fn post(
    web: State,
    headers: HeaderMap,
    ClientBody(parameters): ClientBody,
) -> Result<Response, ClientError> {
    let authorization = headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    let answer = web
        .provider
        .introspect(authorization, &parameters)
        .await
        .map_err(|failure| ClientError { failure, by_header: authorization.is_some() })?;
    Ok(Json(answer).into_response())
}
