//! Which metadata can work (RFC 7591 §3.2.2).

use url::Url;

use super::metadata::ClientMetadata;
use super::methods::{ClientAuthMethod, GrantType};
use super::redirect_uri;

/// What is wrong with metadata, in RFC 7591 §3.2.2's two kinds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    #[error("invalid_redirect_uri: {field}: `{uri}` {reason}")]
    RedirectUri { field: &'static str, uri: String, reason: &'static str },
    #[error("invalid_client_metadata: {0}")]
    Field(String),
}

impl ClientMetadata {
    /// # Errors
    /// What the metadata breaks first.
    pub fn validate(&self) -> Result<(), MetadataError> {
        let has_code = self.grant_types.contains(&GrantType::AuthorizationCode);
        if self.grant_types.is_empty() {
            return Err(MetadataError::Field("grant_types may not be empty".into()));
        }
        if has_code && self.redirect_uris.is_empty() {
            return Err(MetadataError::Field(
                "redirect_uris is needed for the grant type authorization_code".into(),
            ));
        }
        if self.grant_types.contains(&GrantType::RefreshToken) && !has_code {
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
        if let Some(types) = &self.response_types
            && types.iter().any(|one| one != "code")
        {
            return Err(MetadataError::Field("response_types: only `code` is supported".into()));
        }
        let redirects = [
            ("redirect_uris", &self.redirect_uris),
            ("post_logout_redirect_uris", &self.post_logout_redirect_uris),
        ];
        for (field, uris) in redirects {
            for uri in uris {
                redirect_uri::check(self.application_type, uri)
                    .map_err(|reason| MetadataError::RedirectUri { field, uri: uri.clone(), reason })?;
            }
        }
        let pages =
            [("client_uri", &self.client_uri), ("policy_uri", &self.policy_uri), ("tos_uri", &self.tos_uri)];
        for (field, page) in pages {
            if let Some(page) = page
                && !is_web_page(page)
            {
                return Err(MetadataError::Field(format!("{field}: `{page}` is not an http(s) address")));
            }
        }
        if let Some(resource) = &self.resource
            && (Url::parse(resource).is_err() || resource.contains('#'))
        {
            return Err(MetadataError::Field(format!(
                "resource: `{resource}` is not an absolute URI without fragment (RFC 8707 §2)"
            )));
        }
        self.check_policy()
    }
}

fn is_web_page(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}
