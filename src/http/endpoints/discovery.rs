//! What a relying party reads first: metadata and keys.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::http::errors::ClientError;
use crate::http::state::State;

/// Metadata changes with the configuration, which is seldom. In seconds.
const METADATA_IS_GOOD_FOR: i64 = 30;

/// OpenID Connect Discovery §4.2 and RFC 8414 §3.2, at the addresses of both.
pub(in crate::http) async fn metadata(web: State, headers: HeaderMap) -> Result<Response, ClientError> {
    let metadata = web.provider.discovery().await;
    let metadata = metadata.map_err(|failure| ClientError { failure, by_header: false })?;
    Ok(document(&headers, &metadata, METADATA_IS_GOOD_FOR))
}

pub(in crate::http) async fn jwks(web: State, headers: HeaderMap) -> Response {
    // A copy is dropped before a key signs that is not in it.
    let seconds = web.provider.keys.copy_is_good_for().num_seconds();
    document(&headers, &web.provider.keys.published(web.ambient.now()), seconds)
}

/// A document that changes seldom and is asked for often: whoever has it already is told so (RFC 9110 §13.1.2). The tag
/// is a weak one, as the same document may go out compressed.
fn document(asked: &HeaderMap, document: &serde_json::Value, good_for: i64) -> Response {
    let body = document.to_string();
    let tag = format!("W/\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(&body)[..12]));
    let is_known = asked
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|tags| tags.to_str().ok())
        .flat_map(|tags| tags.split(','))
        .any(|known| matches!(known.trim(), "*") || known.trim() == tag);
    let status = if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut response = (status, [(CACHE_CONTROL, format!("public, max-age={good_for}"))]).into_response();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    if !is_known {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *response.body_mut() = body.into();
    }
    response
}
