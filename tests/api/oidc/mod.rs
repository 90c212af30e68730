//! The protocol, as relying parties see it.

mod access_token;
mod authorize;
mod back_button;
mod bad_input;
mod claims;
mod client_auth;
mod client_credentials;
mod code_flow;
mod consent;
mod discovery;
mod errors;
mod id_token;
mod keys;
mod logout;
mod native;
mod pkce;
mod prompt;
mod reauthentication;
mod redirect_uri;
mod refresh;
mod replay;
mod token;
mod userinfo;
