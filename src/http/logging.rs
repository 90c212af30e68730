//! One line a request: method, path, status, duration. Never the query: it carries codes, hints and states; nor the
//! token of a mailed link, which is a path's last segment.

use std::borrow::Cow;
use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use tracing::Span;

use super::headers::request_id;
use crate::domain::link::LinkPurpose;

pub(super) fn span(request: &Request) -> Span {
    tracing::info_span!(
        "request",
        method = %request.method(),
        path = &*without_token(request.uri().path()),
        request_id = request_id(request.extensions()),
    )
}

pub(super) fn answered(response: &Response, latency: Duration, _: &Span) {
    tracing::info!(status = response.status().as_u16(), milliseconds = latency.as_millis(), "answered");
}

/// A token is as good as a password until it runs out.
fn without_token(path: &str) -> Cow<'_, str> {
    match LinkPurpose::ALL.iter().find(|purpose| path.starts_with(purpose.page())) {
        Some(purpose) => Cow::Owned(format!("{}…", purpose.page())),
        None => Cow::Borrowed(path),
    }
}
