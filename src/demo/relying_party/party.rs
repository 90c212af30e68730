//! What makes a relying party this one.

use std::fmt;

use super::address::Address;
use crate::demo::service::Service;

/// What one relying party needs to know to run.
#[derive(Clone)]
pub struct RelyingParty {
    pub service: Service,
    /// The provider's issuer, byte for byte as it names itself.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    /// The port in its own addresses, `http://localhost:PORT` and `http://127.0.0.1:PORT`.
    pub port: u16,
}

impl RelyingParty {
    /// Both addresses: what the provider has to know as `redirect_uris`.
    pub fn redirect_uris(port: u16) -> Vec<String> {
        Address::ALL.iter().map(|address| address.redirect_uri(port)).collect()
    }

    /// Both addresses: what the provider has to know as `post_logout_redirect_uris`.
    pub fn post_logout_redirect_uris(port: u16) -> Vec<String> {
        Address::ALL.iter().map(|address| address.post_logout_redirect_uri(port)).collect()
    }

    /// One is enough: sessions of both addresses are kept together.
    pub fn backchannel_logout_uri(port: u16) -> String {
        Address::Localhost.backchannel_logout_uri(port)
    }

    /// The page that people start from.
    pub fn home_uri(port: u16) -> String {
        format!("{}/", Address::Localhost.origin(port))
    }
}

impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelyingParty")
            .field("service", &self.service)
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}
