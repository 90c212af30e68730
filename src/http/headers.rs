//! Headers on every answer, and the request id.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{Extensions, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::request_id::{MakeRequestId, RequestId};

use super::state::Web;
use crate::domain::ambient::Ambient;
use crate::domain::ids::{AuditId, TypedId};

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Seconds until it is worth trying again.
const TRY_AGAIN_IN: HeaderValue = HeaderValue::from_static("5");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Makes request ids from injected time and randomness. One that a caller sent is not believed.
#[derive(Debug, Clone)]
pub(super) struct FreshRequestId(pub Ambient);

impl MakeRequestId for FreshRequestId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id: AuditId = self.0.new_id();
        HeaderValue::from_str(&id.uuid().simple().to_string()).ok().map(RequestId::new)
    }
}

pub(super) fn request_id(extensions: &Extensions) -> String {
    extensions
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// Middleware: what every answer says, unless its handler said it already.
pub(super) async fn secure(State(web): State<Arc<Web>>, mut request: Request, next: Next) -> Response {
    // Whatever id a caller sent is dropped before ours is set.
    request.headers_mut().remove(&REQUEST_ID);
    let mut response = next.run(request).await;
    let unavailable = response.status() == StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // Addresses here carry ids of authorizations: nobody else learns them.
        (REFERRER_POLICY, "same-origin"),
        (PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if unavailable {
        headers.entry(RETRY_AFTER).or_insert(TRY_AGAIN_IN);
    }
    if web.cookies.is_secure() {
        headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    response
}
