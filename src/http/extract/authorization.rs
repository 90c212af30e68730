//! The header `Authorization`.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// Its value. One that is no text, or that is there twice, is as good as one that says nothing: whichever of two counted
/// here, something in between may have looked at the other (RFC 9110 §5.3 allows no list of credentials).
pub(in crate::http) fn authorization(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => None,
        (Some(value), None) => Some(value.to_str().unwrap_or_default()),
        (Some(_), Some(_)) => Some(""),
    }
}
