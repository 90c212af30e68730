//! `/token` (RFC 6749 §3.2).

use axum::http::header::{CONTENT_TYPE, PRAGMA};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::http::errors::ClientError;
use crate::http::extract::authorization::authorization;
use crate::http::extract::form::ClientBody;
use crate::http::extract::origin::From;
use crate::http::state::State;

pub(in crate::http) async fn post(
    web: State,
    From(origin): From,
    headers: HeaderMap,
    ClientBody(parameters): ClientBody,
) -> Result<Response, ClientError> {
    let authorization = authorization(&headers);
    let answer = web
        .provider
        .token(authorization, &parameters, &origin)
        .await
        .map_err(|failure| ClientError { failure, by_header: authorization.is_some() })?;
    // RFC 6749 §5.1 still asks for it, beside `Cache-Control: no-store`.
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (PRAGMA, HeaderValue::from_static("no-cache")),
    ];
    Ok((headers, answer.into_json()).into_response())
}
