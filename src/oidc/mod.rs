//! The protocol: OAuth 2.0 and OpenID Connect, one named step a file. `oxide` is the one room that speaks oxide-auth.
//!
//! Where a request comes in: [`authorize`]. Where it is answered: [`resume`]. Where a code is redeemed:
//! [`token::authorization_code`]. No HTML here, and no cookies.

pub mod access_token;
pub mod authorize;
pub mod backchannel_logout;
pub mod claims;
pub mod client_auth;
mod client_keys;
pub mod client_upkeep;
pub mod consent;
pub mod discovery;
pub mod error;
pub mod id_token;
pub(crate) mod id_token_hint;
pub mod introspection;
pub mod keys;
mod liveness;
pub mod logout;
mod offline_access;
mod oxide;
pub mod parameters;
pub mod pkce;
pub mod provider;
pub mod redirect;
pub mod registration;
pub mod remote_keys;
mod resource;
pub mod resume;
pub mod revocation;
pub mod sector;
mod subject;
pub mod token;
pub mod userinfo;
