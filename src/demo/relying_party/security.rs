//! Headers on every answer.

use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::Response;

/// Nothing but our own style and icon; no code at all. Forms may end at the provider: the sign-out is a form whose
/// answer redirects there, and browsers hold redirects to `form-action` as well (CSP 3 §6.4.2).
pub(super) fn content_security_policy(provider_origin: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {provider_origin}; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

/// `policy` is the value of `Content-Security-Policy`.
pub(super) fn secure(mut response: Response, policy: &HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // The callback's address has a code in it. `no-referrer` would also take the `Origin` from our own forms.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    response
}
