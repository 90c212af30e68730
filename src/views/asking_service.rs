//! What people are shown about a service before they trust it with anything.

use serde::Serialize;

/// A service as it describes itself, in the person's language.
#[derive(Debug, Clone, Serialize)]
pub struct AskingService {
    pub name: String,
    /// The service's own page. Like the next three it is shown only if it is a web address.
    pub client_uri: Option<String>,
    /// An image. The browser fetches it, and this provider never does.
    pub logo_uri: Option<String>,
    /// How the service treats personal data.
    pub policy_uri: Option<String>,
    /// The service's terms.
    pub tos_uri: Option<String>,
    /// Where it takes people afterwards, if it registered itself: the one thing about it that is certain
    /// (RFC 7591 §5).
    pub unverified_at: Option<String>,
}

impl AskingService {
    /// A service with nothing but a name.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            client_uri: None,
            logo_uri: None,
            policy_uri: None,
            tos_uri: None,
            unverified_at: None,
        }
    }

    /// A service that says all it can, and that nobody has looked at.
    pub(super) fn sample() -> Self {
        let page = |path: &str| Some(format!("https://ogloszenia.example/{path}"));
        Self {
            name: "Sąsiedzki portal ogłoszeń".to_owned(),
            client_uri: page(""),
            logo_uri: page("logo.png"),
            policy_uri: page("prywatnosc"),
            tos_uri: page("regulamin"),
            unverified_at: Some("ogloszenia.example".to_owned()),
        }
    }
}
