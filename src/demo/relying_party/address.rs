//! The two addresses a relying party answers at.
//!
//! `127.0.0.1` is another site than `localhost`, where the provider lives: the demo shows that sign-in works across
//! sites too. The redirect URI follows the address in use, because the cookie of one is not sent to the other.

use axum::http::header::HOST;
use axum::http::request::Parts;

pub(super) const CALLBACK_PATH: &str = "/callback";
pub(super) const SIGNED_OUT_PATH: &str = "/signed-out";
pub(super) const BACKCHANNEL_LOGOUT_PATH: &str = "/backchannel-logout";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    Localhost,
    Ipv4Loopback,
}

impl Address {
    pub(super) const ALL: [Self; 2] = [Self::Localhost, Self::Ipv4Loopback];

    const fn host(self) -> &'static str {
        match self {
            Self::Localhost => "localhost",
            Self::Ipv4Loopback => "127.0.0.1",
        }
    }

    /// `None` for every other host: what a request says about where it went is not to be trusted further than these
    /// two (a rebound DNS name would come in with a name of its own).
    pub(super) fn of(request: &Parts, port: u16) -> Option<Self> {
        let host = match request.headers.get(HOST) {
            Some(host) => host.to_str().ok()?,
            // HTTP/2 has `:authority` instead.
            None => request.uri.authority()?.as_str(),
        };
        Self::ALL.into_iter().find(|address| host.eq_ignore_ascii_case(&format!("{}:{port}", address.host())))
    }

    pub(super) fn origin(self, port: u16) -> String {
        format!("http://{}:{port}", self.host())
    }

    pub(super) fn redirect_uri(self, port: u16) -> String {
        format!("{}{CALLBACK_PATH}", self.origin(port))
    }

    pub(super) fn backchannel_logout_uri(self, port: u16) -> String {
        format!("{}{BACKCHANNEL_LOGOUT_PATH}", self.origin(port))
    }

    pub(super) fn post_logout_redirect_uri(self, port: u16) -> String {
        format!("{}{SIGNED_OUT_PATH}", self.origin(port))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn address_of(host: &str) -> Option<Address> {
        let (parts, ()) = Request::builder().header(HOST, host).body(()).ok()?.into_parts();
        Address::of(&parts, 8081)
    }

    #[test]
    fn only_the_two_exact_hosts_are_ours() {
        assert_eq!(address_of("localhost:8081"), Some(Address::Localhost));
        assert_eq!(address_of("127.0.0.1:8081"), Some(Address::Ipv4Loopback));
        for stranger in [
            "localhost",
            "localhost:8082",
            "localhost:8081.evil.example",
            "evil.example:8081",
            "localhost:8081@evil",
            "",
        ] {
            assert_eq!(address_of(stranger), None, "{stranger}");
        }
    }
}
