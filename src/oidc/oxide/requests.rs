//! Our requests in oxide-auth's terms. The client has proved itself before, so every adaptor presents it the same way.

use std::borrow::Cow;

use oxide_auth::code_grant::{accesstoken, authorization, client_credentials, refresh, resource};

use crate::domain::authorization::AuthorizationParameters;
use crate::domain::client::Client;
use crate::oidc::parameters::Parameters;

/// A stored authorization request.
pub(super) struct AuthorizationRequest<'a> {
    pub client: &'a Client,
    pub parameters: &'a AuthorizationParameters,
}

impl authorization::Request for AuthorizationRequest<'_> {
    fn valid(&self) -> bool {
        true
    }

    fn client_id(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(&self.client.id))
    }

    fn scope(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Owned(self.parameters.scope.to_string()))
    }

    fn redirect_uri(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(&self.parameters.redirect_uri))
    }

    fn state(&self) -> Option<Cow<'_, str>> {
        self.parameters.state.as_deref().map(Cow::Borrowed)
    }

    fn response_type(&self) -> Option<Cow<'_, str>> {
        // Nothing else is stored (`authorize::check_response_type`).
        Some(Cow::Borrowed("code"))
    }

    fn extension(&self, key: &str) -> Option<Cow<'_, str>> {
        match key {
            "code_challenge" => self.parameters.code_challenge.as_deref().map(Cow::Borrowed),
            "nonce" => self.parameters.nonce.as_deref().map(Cow::Borrowed),
            _ => None,
        }
    }
}

/// A token request of a client that has proved itself.
pub(super) struct TokenRequest<'a> {
    pub client: &'a Client,
    pub parameters: &'a Parameters,
}

impl TokenRequest<'_> {
    fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        self.parameters.get(name).map(Cow::Borrowed)
    }

    /// The body's credentials are hidden: they were checked, and beside a header oxide-auth would call them a
    /// second attempt.
    fn visible(&self, name: &str) -> Option<Cow<'_, str>> {
        let is_credential =
            matches!(name, "client_id" | "client_secret" | "client_assertion" | "client_assertion_type");
        if is_credential { None } else { self.parameter(name) }
    }
}

impl accesstoken::Request for TokenRequest<'_> {
    fn valid(&self) -> bool {
        true
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        self.parameter("code")
    }

    fn authorization(&self) -> accesstoken::Authorization<'_> {
        accesstoken::Authorization::Username(Cow::Borrowed(&self.client.id))
    }

    fn client_id(&self) -> Option<Cow<'_, str>> {
        None
    }

    fn redirect_uri(&self) -> Option<Cow<'_, str>> {
        self.parameter("redirect_uri")
    }

    fn grant_type(&self) -> Option<Cow<'_, str>> {
        self.parameter("grant_type")
    }

    fn extension(&self, key: &str) -> Option<Cow<'_, str>> {
        self.visible(key)
    }
}

impl refresh::Request for TokenRequest<'_> {
    fn valid(&self) -> bool {
        true
    }

    fn refresh_token(&self) -> Option<Cow<'_, str>> {
        self.parameter("refresh_token")
    }

    fn scope(&self) -> Option<Cow<'_, str>> {
        self.parameter("scope")
    }

    fn grant_type(&self) -> Option<Cow<'_, str>> {
        self.parameter("grant_type")
    }

    fn authorization(&self) -> Option<(Cow<'_, str>, Cow<'_, [u8]>)> {
        Some((Cow::Borrowed(&self.client.id), Cow::Borrowed(&[])))
    }

    fn extension(&self, key: &str) -> Option<Cow<'_, str>> {
        self.visible(key)
    }
}

impl client_credentials::Request for TokenRequest<'_> {
    fn valid(&self) -> bool {
        true
    }

    fn authorization(&self) -> Option<(Cow<'_, str>, Cow<'_, [u8]>)> {
        Some((Cow::Borrowed(&self.client.id), Cow::Borrowed(&[])))
    }

    fn scope(&self) -> Option<Cow<'_, str>> {
        self.parameter("scope")
    }

    fn grant_type(&self) -> Option<Cow<'_, str>> {
        self.parameter("grant_type")
    }

    fn extension(&self, key: &str) -> Option<Cow<'_, str>> {
        self.visible(key)
    }
}

/// A request to userinfo.
pub(super) struct BearerRequest<'a> {
    pub token: &'a str,
}

impl resource::Request for BearerRequest<'_> {
    fn valid(&self) -> bool {
        true
    }

    fn token(&self) -> Option<Cow<'_, str>> {
        // The machine wants the header's form, wherever the token came from (RFC 6750 §2.2 allows the body).
        Some(Cow::Owned(format!("Bearer {}", self.token)))
    }
}
