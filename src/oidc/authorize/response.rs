//! The answer to an authorization request, and the way it travels: in the address, or in a form that the browser posts
//! (OAuth 2.0 Multiple Response Type Encoding Practices §2.1, OAuth 2.0 Form Post Response Mode §2).

use crate::domain::authorization::ResponseMode;
use crate::oidc::error::ProtocolError;
use crate::oidc::parameters::Parameters;
use crate::oidc::redirect::ProvenRedirect;

/// Where an answer goes, and how: known as soon as the redirect URI is proven.
#[derive(Debug, Clone)]
pub(in crate::oidc) struct ReturnAddress<'a> {
    pub issuer: &'a str,
    pub redirect: &'a ProvenRedirect,
    pub mode: ResponseMode,
    /// Sent back as it came, also with an error (RFC 6749 §4.1.2.1).
    pub state: Option<&'a str>,
}

/// An answer on its way to the client.
#[derive(Debug, Clone)]
pub struct AuthorizationResponse {
    redirect: ProvenRedirect,
    mode: ResponseMode,
    parameters: Vec<(&'static str, String)>,
}

/// What the browser is given.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// An address to go to.
    Redirect(String),
    /// Fields to post to an address.
    Form { action: String, fields: Vec<(&'static str, String)> },
}

impl ReturnAddress<'_> {
    /// RFC 6749 §4.1.2.
    pub(in crate::oidc) fn code(&self, code: &str) -> AuthorizationResponse {
        self.answer([("code", code.to_owned())])
    }

    /// RFC 6749 §4.1.2.1.
    pub(in crate::oidc) fn error(&self, error: &ProtocolError) -> AuthorizationResponse {
        self.answer([
            ("error", error.code.as_str().to_owned()),
            ("error_description", error.description.clone().into_owned()),
        ])
    }

    /// With `state` and, against mix-up, `iss` (RFC 9207 §2).
    fn answer(&self, parameters: impl IntoIterator<Item = (&'static str, String)>) -> AuthorizationResponse {
        let parameters = parameters
            .into_iter()
            .chain(self.state.map(|state| ("state", state.to_owned())))
            .chain([("iss", self.issuer.to_owned())])
            .collect();
        AuthorizationResponse { redirect: self.redirect.clone(), mode: self.mode, parameters }
    }
}

impl AuthorizationResponse {
    pub fn deliver(self) -> Delivery {
        let pairs = self.parameters.iter().map(|(name, value)| (*name, value.as_str()));
        match self.mode {
            ResponseMode::Query => Delivery::Redirect(self.redirect.with(pairs)),
            ResponseMode::Fragment => Delivery::Redirect(self.redirect.with_fragment(pairs)),
            ResponseMode::FormPost => {
                Delivery::Form { action: self.redirect.as_str().to_owned(), fields: self.parameters }
            }
        }
    }
}

/// The mode that was asked for; `None` if nobody knows it.
pub(super) fn read_mode(parameters: &Parameters) -> Option<ResponseMode> {
    match parameters.get("response_mode") {
        None => Some(ResponseMode::default()),
        Some(name) => ResponseMode::from_name(name),
    }
}
