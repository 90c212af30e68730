//! One line a request: method, path, status, duration. Never the query: it carries codes, hints and states.

use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use tracing::Span;

use super::headers::request_id;

pub(super) fn span(request: &Request) -> Span {
    tracing::info_span!(
        "request",
        method = %request.method(),
        path = request.uri().path(),
        request_id = request_id(request.extensions()),
    )
}

pub(super) fn answered(response: &Response, latency: Duration, _: &Span) {
    tracing::info!(status = response.status().as_u16(), milliseconds = latency.as_millis(), "answered");
}
