//! What pages of other origins may ask: a client that lives in a browser reads the metadata and the keys, redeems its
//! code and asks who signed in, by scripts on a page of its own (Fetch, the CORS protocol).
//!
//! Everybody may, and nobody with cookies: these endpoints go by what a request carries, not by who sits at the browser,
//! so that an origin has nothing to gain that a program of its own would not get. No page is among them, nor
//! `/authorize`, which a browser visits.

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::oidc::provider::paths;

/// Open to pages of every origin.
pub const OPEN: &[&str] =
    &[paths::DISCOVERY, paths::OAUTH_METADATA, paths::JWKS, paths::TOKEN, paths::USERINFO, paths::REVOCATION];

const ANY: HeaderValue = HeaderValue::from_static("*");
/// What a client's requests carry that a form's would not.
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static("authorization, content-type");
/// What a client may want to read beside the body: why its token was refused, when to come back, what to tell us.
const ANSWER_HEADERS: HeaderValue = HeaderValue::from_static("www-authenticate, retry-after, x-request-id");
/// How long a browser need not ask again, in seconds.
const KEEP: HeaderValue = HeaderValue::from_static("600");

/// The methods that the URL map has for a path.
pub(super) type MethodsOf = fn(&str) -> Vec<&'static str>;

/// Middleware: answers a browser that asks first, and lets a page read what came of its request. Errors too: a client
/// that cannot read `invalid_grant` cannot know what to do.
pub(super) async fn share(State(methods): State<MethodsOf>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !OPEN.contains(&path) {
        return next.run(request).await;
    }
    let asks_first = request.method() == Method::OPTIONS
        && request.headers().contains_key(ORIGIN)
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks_first {
        let headers = [
            (ACCESS_CONTROL_ALLOW_METHODS, listed(&methods(path))),
            (ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS),
            (ACCESS_CONTROL_MAX_AGE, KEEP),
        ];
        (StatusCode::NO_CONTENT, headers).into_response()
    } else {
        let mut response = next.run(request).await;
        response.headers_mut().insert(ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
        response
    };
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    response
}

fn listed(methods: &[&str]) -> HeaderValue {
    HeaderValue::from_str(&methods.join(", ")).unwrap_or(ANY)
}
