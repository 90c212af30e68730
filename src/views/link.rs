//! Links whose address comes from a registration.

use serde::Serialize;
use url::Url;

/// A link to a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    pub name: String,
    pub url: String,
}

/// True for an absolute `http` or `https` address. Registered addresses may carry any scheme, and escaping does not make a
/// `javascript:` link harmless: templates ask this (`is web_link`) and show no link otherwise.
pub(super) fn is_web_link(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
