//! Headers on every answer, and the request id.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
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

/// What every answer says, unless its handler said it already. Errors, redirects, JSON and assets too: none of them is a
/// page today, and nothing that is sent here is to become one.
const ON_EVERY_ANSWER: [(HeaderName, &str); 8] = [
    // Pages say more ([`super::pages`]). What is none runs nothing, loads nothing and stands in no frame.
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (CACHE_CONTROL, "no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    // Addresses here carry ids of authorizations: nobody else learns them.
    (REFERRER_POLICY, "same-origin"),
    // A window of ours is nobody else's. Who opened it could otherwise lead the sign-in page away to a copy while the
    // person types, and learn from its frames and history who signs in. The price: a client that signs people in by a
    // popup cannot ask for its `opener` when it is back on its own page (docs/RELYING-PARTIES.md says what to do). It is
    // on redirects too, so that such a client finds out at once, and not only when somebody has to type a password.
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    // No other site's page shows or loads what is here. What clients' scripts may read they ask for by CORS
    // ([`super::cors`]), which this does not touch.
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // Passkeys are for this origin; the rest of a device is not for us.
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), \
         publickey-credentials-create=(self), publickey-credentials-get=(self)",
    ),
];

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
    for (name, value) in ON_EVERY_ANSWER {
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
