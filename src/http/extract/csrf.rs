//! Forms are answered only for the browser that was given the form: each carries a token made of the visit cookie,
//! which no other site can read. Beside it the browser itself says where a request comes from.

use axum::http::{HeaderMap, HeaderName};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::visit::Visit;
use crate::domain::secret::BearerSecret;
use crate::oidc::parameters::Parameters;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The token that belongs to a visit. It stays the same across signing in, so that a form that was open in a second
/// tab still works.
pub(super) fn token(visit: &BearerSecret) -> String {
    let mut hash = Sha256::new();
    hash.update(b"iok-id form token\0");
    hash.update(visit.expose().as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Was this form ours, given to this browser?
pub(in crate::http) fn is_ours(visit: &Visit, headers: &HeaderMap, form: &Parameters) -> bool {
    let from_elsewhere =
        headers.get(SEC_FETCH_SITE).is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"));
    let presented = form.single("csrf").unwrap_or_default();
    let expected = visit.csrf_token();
    !from_elsewhere && bool::from(presented.as_bytes().ct_eq(expected.as_bytes()))
}
