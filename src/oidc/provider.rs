//! What the protocol's steps share.

use std::sync::Arc;

use chrono::TimeDelta;

use super::keys::Keys;
use super::registration::RegistrationRules;
use super::remote_keys::RemoteKeys;
use crate::domain::ambient::Ambient;
use crate::domain::calendar::Calendar;
use crate::domain::client::Client;
use crate::outbound::Outbound;
use crate::storage::database::Database;
use crate::storage::journal::Journal;

/// How long what is issued lives.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    pub authorization: TimeDelta,
    pub code: TimeDelta,
    pub access_token: TimeDelta,
    pub id_token: TimeDelta,
    /// From its last use.
    pub refresh_token: TimeDelta,
    /// From the code that it began with, however often it is used.
    pub refresh_family: TimeDelta,
}

impl Lifetimes {
    /// What this client gets: as long as its registration says, and never longer than the provider's own.
    #[must_use]
    pub fn of(self, client: &Client) -> Self {
        let shorter = |own: TimeDelta, registered: Option<u32>| {
            registered.map_or(own, |seconds| own.min(TimeDelta::seconds(seconds.into())))
        };
        let metadata = &client.metadata;
        Self {
            access_token: shorter(self.access_token, metadata.access_token_seconds),
            id_token: shorter(self.id_token, metadata.id_token_seconds),
            refresh_token: shorter(self.refresh_token, metadata.refresh_token_seconds),
            ..self
        }
    }
}

/// The room's own view of the world. One for each process.
#[derive(Debug)]
pub struct Provider {
    /// Without a trailing slash; every address below it is made by appending.
    pub issuer: String,
    pub database: Database,
    pub ambient: Ambient,
    pub journal: Journal,
    pub calendar: Arc<Calendar>,
    pub keys: Keys,
    pub lifetimes: Lifetimes,
    /// The way to what clients registered.
    pub outbound: Outbound,
    /// What came from their `jwks_uri`.
    pub remote_keys: RemoteKeys,
    pub registration: RegistrationRules,
    pub publications: Publications,
}

/// Addresses of what the operator published for those who build clients.
#[derive(Debug, Clone, Default)]
pub struct Publications {
    pub service_documentation: Option<String>,
    /// What clients may do with what they learn of people.
    pub client_policy: Option<String>,
}

impl Provider {
    /// The address of a path of ours.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }
}

/// The addresses that discovery publishes; the router serves them (`http::router`).
pub mod paths {
    pub const AUTHORIZATION: &str = "/authorize";
    pub const TOKEN: &str = "/token";
    pub const USERINFO: &str = "/userinfo";
    pub const INTROSPECTION: &str = "/introspect";
    pub const REVOCATION: &str = "/revoke";
    pub const JWKS: &str = "/jwks";
    pub const LOGOUT: &str = "/logout";
    pub const REGISTRATION: &str = "/register";
    pub const DISCOVERY: &str = "/.well-known/openid-configuration";
    /// RFC 8414 §3; the same document.
    pub const OAUTH_METADATA: &str = "/.well-known/oauth-authorization-server";
    /// A page for people; metadata names it as well.
    pub const REGULATIONS: &str = "/regulations";
}
