//! `/introspect` (RFC 7662 §2).

use axum::Json;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use crate::http::errors::ClientError;
use crate::http::extract::authorization::authorization;
use crate::http::extract::form::ClientBody;
use crate::http::state::State;

pub(in crate::http) async fn post(
    web: State,
    headers: HeaderMap,
    ClientBody(parameters): ClientBody,
) -> Result<Response, ClientError> {
    let authorization = authorization(&headers);
    let answer = web
        .provider
        .introspect(authorization, &parameters)
        .await
        .map_err(|failure| ClientError { failure, by_header: authorization.is_some() })?;
    Ok(Json(answer).into_response())
}
