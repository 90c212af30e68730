//! What answers have in common, checked in one place.

use serde_json::Value;

use super::form;
use super::visitor::Answer;

/// A token endpoint's error (RFC 6749 §5.2): JSON, never kept by a cache, and nothing else in it.
#[track_caller]
pub(crate) fn token_error(answer: &Answer, status: u16, error: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert_eq!(body["error"], error, "{body}");
    let members: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["error", "error_description"]);
    let allowed = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    assert!(body["error_description"].as_str().unwrap().bytes().all(allowed), "RFC 6749 section 5.2: {body}");
}

/// An error at the client's address (RFC 6749 §4.1.2.1), with `iss` (RFC 9207 §2).
#[track_caller]
pub(crate) fn redirect_error(answer: &Answer, to: &str, error: &str, state: Option<&str>, issuer: &str) {
    let location = answer.location();
    assert!(location.starts_with(&format!("{to}?")), "{location}");
    assert_eq!(answer.parameter("error").as_deref(), Some(error), "{location}");
    assert!(answer.parameter("error_description").is_some(), "{location}");
    assert_eq!(answer.parameter("state").as_deref(), state, "{location}");
    assert_eq!(answer.parameter("iss").as_deref(), Some(issuer), "{location}");
    assert_eq!(answer.parameter("code"), None, "{location}");
}

/// A page that tells a person what went wrong, and leads nowhere.
#[track_caller]
pub(crate) fn error_page(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(!answer.headers.contains_key("location"), "{:?}", answer.headers);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.error().is_some(), "{}", answer.body);
    assert!(form::text(&answer.body, "#request-id").is_some(), "{}", answer.body);
}

/// A protected resource's refusal (RFC 6750 §3): the error is in the header.
#[track_caller]
pub(crate) fn bearer_error(answer: &Answer, status: u16, error: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    let challenge = answer.header("www-authenticate");
    assert!(challenge.starts_with("Bearer "), "{challenge}");
    assert!(challenge.contains(&format!("error=\"{error}\"")), "{challenge}");
    assert_eq!(answer.json()["error"], error);
    assert_eq!(answer.json().get("sub"), None);
}

/// The names of an object's members, in order.
#[track_caller]
pub(crate) fn members(object: &Value) -> Vec<&str> {
    let mut names: Vec<&str> =
        object.as_object().unwrap_or_else(|| panic!("{object}")).keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}
