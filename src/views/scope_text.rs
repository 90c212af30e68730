//! Scopes in words.

use serde::Serialize;

/// What a scope releases, in a sentence; a scope that this program does not know is shown by its name.
#[derive(Debug, Serialize)]
pub(super) struct ScopeText<'a> {
    name: &'a str,
    key: Option<&'static str>,
}

impl<'a> From<&'a String> for ScopeText<'a> {
    fn from(name: &'a String) -> Self {
        let key = match name.as_str() {
            "openid" => Some("scope-openid"),
            "profile" => Some("scope-profile"),
            "email" => Some("scope-email"),
            "phone" => Some("scope-phone"),
            "address" => Some("scope-address"),
            "iok" => Some("scope-iok"),
            "offline_access" => Some("scope-offline-access"),
            _ => None,
        };
        Self { name, key }
    }
}
