//! Redirects back to clients. One can only be written down after the client proved to own the address.

use url::form_urlencoded;

use crate::domain::client::Client;

/// An address that a registered client owns, byte for byte as it was asked for (RFC 9700 §2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenRedirect(String);

impl ProvenRedirect {
    /// For the answer to an authorization request.
    pub fn of_client(client: &Client, presented: &str) -> Option<Self> {
        client.owns_redirect_uri(presented).then(|| Self(presented.to_owned()))
    }

    /// For the way back after signing out (OpenID Connect RP-Initiated Logout §3).
    pub fn after_logout(client: &Client, presented: &str) -> Option<Self> {
        client.owns_post_logout_redirect_uri(presented).then(|| Self(presented.to_owned()))
    }

    /// The address with these parameters appended; what it has already stays as it is (RFC 6749 §3.1.2).
    pub fn with<'a>(&self, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        if query.is_empty() {
            return self.0.clone();
        }
        let joint = match self.0.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some(_) => "&",
        };
        format!("{}{joint}{query}", self.0)
    }

    /// The same after a `#`: registered addresses have no fragment of their own.
    pub fn with_fragment<'a>(&self, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let fragment: String =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        format!("{}#{fragment}", self.0)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What `form-action` must allow so that a form can end at this address (CSP3 §6.4.2): its origin, or the scheme
/// where there is no origin.
pub fn form_action_source(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    match (url.scheme(), url.host()) {
        // CSP cannot name an IPv6 address.
        ("http" | "https", Some(url::Host::Ipv6(_))) => Some(format!("{}:", url.scheme())),
        ("http" | "https", Some(_)) => Some(url.origin().ascii_serialization()),
        (scheme, _) => Some(format!("{scheme}:")),
    }
}

/// The same for a form that is sent to this very address: the address without its query, which a policy cannot name
/// (CSP3 §2.3.1).
pub fn form_action_exactly(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    match (url.scheme(), url.host()) {
        ("http" | "https", Some(url::Host::Domain(_) | url::Host::Ipv4(_))) => {
            // These two end a source and a directive.
            let path = url.path().replace(';', "%3B").replace(',', "%2C");
            Some(format!("{}{path}", url.origin().ascii_serialization()))
        }
        _ => form_action_source(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appends_without_touching_what_is_there() {
        let plain = ProvenRedirect("https://rp.example/cb".into());
        assert_eq!(plain.with([("code", "a b&c")]), "https://rp.example/cb?code=a+b%26c");
        let queried = ProvenRedirect("https://rp.example/cb?x=%7e".into());
        assert_eq!(queried.with([("state", "ż")]), "https://rp.example/cb?x=%7e&state=%C5%BC");
        assert_eq!(queried.with([]), "https://rp.example/cb?x=%7e");
    }

    #[test]
    fn form_action_names_the_very_address_where_a_policy_can() {
        let exactly = |address| form_action_exactly(address).expect("a source");
        assert_eq!(exactly("https://rp.example:8443/a;b,c?d=1"), "https://rp.example:8443/a%3Bb%2Cc");
        assert_eq!(exactly("https://rp.example"), "https://rp.example/");
        assert_eq!(exactly("com.example.app:/cb"), "com.example.app:");
        assert_eq!(exactly("http://[::1]:1/cb"), "http:");
    }

    #[test]
    fn form_action_names_an_origin_or_a_scheme() {
        assert_eq!(
            form_action_source("https://rp.example:8443/cb?a"),
            Some("https://rp.example:8443".into())
        );
        assert_eq!(form_action_source("com.example.app:/cb"), Some("com.example.app:".into()));
        assert_eq!(form_action_source("http://[::1]:1/cb"), Some("http:".into()));
    }
}
