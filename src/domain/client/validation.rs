//! Which metadata can work, whoever registers it (RFC 7591 §3.2.2). What a client that registers itself must heed
//! besides: [`super::stranger`].

use url::Url;

use super::key_set::ClientKeySet;
use super::metadata::ClientMetadata;
use super::methods::{ClientAuthMethod, GrantType};
use super::redirect_uri;

/// What is wrong with metadata, in RFC 7591 §3.2.2's two kinds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    #[error("invalid_redirect_uri: {0}")]
    RedirectUri(String),
    #[error("invalid_client_metadata: {0}")]
    Field(String),
}

impl MetadataError {
    /// About one member.
    pub fn of(field: &str, reason: impl std::fmt::Display) -> Self {
        Self::Field(format!("{field}: {reason}"))
    }

    /// The registered error code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RedirectUri(_) => "invalid_redirect_uri",
            Self::Field(_) => "invalid_client_metadata",
        }
    }

    /// What is wrong, beginning with the member's name.
    pub fn description(&self) -> &str {
        match self {
            Self::RedirectUri(what) | Self::Field(what) => what,
        }
    }
}

impl ClientMetadata {
    /// # Errors
    /// What the metadata breaks first.
    pub fn validate(&self) -> Result<(), MetadataError> {
        self.check_grant_types()?;
        self.check_response_types()?;
        self.check_redirect_uris()?;
        self.check_web_addresses()?;
        self.check_keys()?;
        self.check_sector()?;
        self.check_resource()?;
        self.check_policy()
    }

    fn has_code_grant(&self) -> bool {
        self.grant_types.contains(&GrantType::AuthorizationCode)
    }

    fn check_grant_types(&self) -> Result<(), MetadataError> {
        if self.grant_types.is_empty() {
            return Err(MetadataError::Field("grant_types may not be empty".into()));
        }
        if self.grant_types.contains(&GrantType::RefreshToken) && !self.has_code_grant() {
            return Err(MetadataError::Field(
                "grant_types: refresh_token comes from authorization_code, which is missing".into(),
            ));
        }
        if self.grant_types.contains(&GrantType::ClientCredentials)
            && self.token_endpoint_auth_method == ClientAuthMethod::None
        {
            return Err(MetadataError::Field(
                "grant_types: client_credentials needs a client that can authenticate (RFC 6749 §4.4)".into(),
            ));
        }
        Ok(())
    }

    /// Response types and grant types belong together (RFC 7591 §2.1).
    fn check_response_types(&self) -> Result<(), MetadataError> {
        let Some(types) = &self.response_types else {
            return Ok(());
        };
        if types.iter().any(|one| one != "code") {
            return Err(MetadataError::Field("response_types: only `code` is supported".into()));
        }
        match (types.is_empty(), self.has_code_grant()) {
            (true, true) => Err(MetadataError::Field(
                "response_types: the grant type authorization_code needs `code` (RFC 7591 §2.1)".into(),
            )),
            (false, false) => Err(MetadataError::Field(
                "response_types: `code` needs the grant type authorization_code (RFC 7591 §2.1)".into(),
            )),
            _ => Ok(()),
        }
    }

    fn check_redirect_uris(&self) -> Result<(), MetadataError> {
        if self.has_code_grant() && self.redirect_uris.is_empty() {
            return Err(MetadataError::RedirectUri(
                "redirect_uris is needed for the grant type authorization_code".into(),
            ));
        }
        for uri in &self.redirect_uris {
            redirect_uri::check(self.application_type, uri)
                .map_err(|reason| MetadataError::RedirectUri(format!("redirect_uris: `{uri}` {reason}")))?;
        }
        for uri in &self.post_logout_redirect_uris {
            redirect_uri::check(self.application_type, uri).map_err(|reason| {
                MetadataError::of("post_logout_redirect_uris", format!("`{uri}` {reason}"))
            })?;
        }
        Ok(())
    }

    fn check_web_addresses(&self) -> Result<(), MetadataError> {
        if let Some(name) = self.badly_tagged() {
            return Err(MetadataError::of(name, "is no text with a language tag"));
        }
        for (field, address) in self.pages().chain(self.endpoints()) {
            if !is_web_page(address) {
                return Err(MetadataError::of(field, format!("`{address}` is not an http(s) address")));
            }
        }
        if self.backchannel_logout_uri.as_deref().is_some_and(|uri| uri.contains('#')) {
            // OpenID Connect Back-Channel Logout §2.2.
            return Err(MetadataError::of("backchannel_logout_uri", "has a fragment"));
        }
        Ok(())
    }

    /// What people are shown, in every language.
    pub(super) fn pages(&self) -> impl Iterator<Item = (&str, &str)> {
        let pages = [
            ("client_uri", &self.client_uri),
            ("logo_uri", &self.logo_uri),
            ("policy_uri", &self.policy_uri),
            ("tos_uri", &self.tos_uri),
        ];
        pages.into_iter().flat_map(|(name, page)| self.every_language(name, page.as_deref()))
    }

    /// What this server, or a browser that it sends, asks by itself.
    pub(super) fn endpoints(&self) -> impl Iterator<Item = (&str, &str)> {
        let endpoints = [
            ("jwks_uri", &self.jwks_uri),
            ("sector_identifier_uri", &self.sector_identifier_uri),
            ("backchannel_logout_uri", &self.backchannel_logout_uri),
            ("initiate_login_uri", &self.initiate_login_uri),
        ];
        endpoints.into_iter().filter_map(|(name, address)| Some((name, address.as_deref()?)))
    }

    fn check_keys(&self) -> Result<(), MetadataError> {
        match (&self.jwks, &self.jwks_uri) {
            (Some(_), Some(_)) => {
                Err(MetadataError::of("jwks", "may not stand beside jwks_uri (RFC 7591 §2)"))
            }
            (keys, None)
                if self.token_endpoint_auth_method == ClientAuthMethod::PrivateKeyJwt
                    && keys.as_ref().is_none_or(ClientKeySet::is_empty) =>
            {
                Err(MetadataError::of(
                    "token_endpoint_auth_method",
                    "private_key_jwt needs keys, in jwks or at jwks_uri",
                ))
            }
            _ => Ok(()),
        }
    }

    /// Several hosts are one sector only where something says so (OpenID Connect Core §8.1).
    fn check_sector(&self) -> Result<(), MetadataError> {
        self.sector().map(drop).map_err(|error| MetadataError::of("sector_identifier_uri", error))
    }

    fn check_resource(&self) -> Result<(), MetadataError> {
        let named = self.resource.iter().map(|resource| ("resource", resource));
        let further = self.resources.iter().map(|resource| ("resources", resource));
        let served = self.resource_server_of.iter().map(|resource| ("resource_server_of", resource));
        for (field, resource) in named.chain(further).chain(served) {
            if !is_resource_identifier(resource) {
                return Err(MetadataError::Field(format!(
                    "{field}: `{resource}` is not an absolute URI without fragment (RFC 8707 §2)"
                )));
            }
        }
        Ok(())
    }
}

/// RFC 8707 §2: absolute, and without a fragment.
pub(crate) fn is_resource_identifier(text: &str) -> bool {
    !text.contains('#') && Url::parse(text).is_ok()
}

fn is_web_page(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}
