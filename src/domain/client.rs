//! A relying party: its metadata (RFC 7591 §2, OpenID Connect Registration §2) and the policy that follows from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::locale::Locale;
use super::scope::ScopeSet;
use super::secret::{BearerSecret, SecretDigest};
use super::token::SigningAlgorithm;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthMethod {
    #[default]
    ClientSecretBasic,
    ClientSecretPost,
    None,
}

impl ClientAuthMethod {
    pub const ALL: [Self; 3] = [Self::ClientSecretBasic, Self::ClientSecretPost, Self::None];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::None => "none",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    AuthorizationCode,
    RefreshToken,
    ClientCredentials,
}

impl GrantType {
    pub const ALL: [Self; 3] = [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant_type| grant_type.as_str() == name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationType {
    #[default]
    Web,
    Native,
}

/// Client metadata by its registered names. What the standards call `client_name#pl` lands in `other`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientMetadata {
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    #[serde(default)]
    pub token_endpoint_auth_method: ClientAuthMethod,
    #[serde(default = "default_grant_types")]
    pub grant_types: Vec<GrantType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_types: Option<Vec<String>>,
    #[serde(default)]
    pub application_type: ApplicationType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// The scope values this client may ask for. Absent: every identity scope for a client with the code grant,
    /// nothing for one without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeSet>,
    /// RS256 for clients that say nothing (OpenID Connect Registration §2).
    #[serde(default = "rs256")]
    pub id_token_signed_response_alg: SigningAlgorithm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u32>,

    // This provider's own policy, beside the registered names.
    /// Signature of access tokens (RFC 9068).
    #[serde(default = "es256")]
    pub access_token_signed_response_alg: SigningAlgorithm,
    /// The `aud` of this client's access tokens; the issuer, where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The company's own service: asks for no consent.
    #[serde(default)]
    pub first_party: bool,
    /// Public clients always need PKCE; a confidential one may say that it cannot.
    #[serde(default = "yes")]
    pub require_pkce: bool,

    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

fn default_grant_types() -> Vec<GrantType> {
    vec![GrantType::AuthorizationCode]
}

const fn rs256() -> SigningAlgorithm {
    SigningAlgorithm::RS256
}

const fn es256() -> SigningAlgorithm {
    SigningAlgorithm::ES256
}

const fn yes() -> bool {
    true
}

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
                self.check_redirect_uri(uri).map_err(|reason| MetadataError::RedirectUri {
                    field,
                    uri: uri.clone(),
                    reason,
                })?;
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
        Ok(())
    }

    fn check_redirect_uri(&self, uri: &str) -> Result<(), &'static str> {
        if !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("contains spaces or characters outside ASCII");
        }
        let url = Url::parse(uri).map_err(|_| "is not an absolute URI")?;
        if uri.contains('#') {
            return Err("has a fragment (RFC 6749 §3.1.2)");
        }
        match (self.application_type, url.scheme()) {
            (_, "http" | "https") if url.host_str().is_none_or(str::is_empty) => Err("has no host"),
            (_, "http" | "https") if !url.username().is_empty() || url.password().is_some() => {
                Err("carries credentials")
            }
            (_, "https") | (ApplicationType::Web, "http") => Ok(()),
            (ApplicationType::Native, "http") if is_loopback(&url) => Ok(()),
            (ApplicationType::Native, "http") => Err("is http, but not on loopback (RFC 8252 §7.3)"),
            (ApplicationType::Native, scheme) if scheme.contains('.') => Ok(()),
            (ApplicationType::Native, _) => Err("has a private-use scheme without a period (RFC 8252 §7.1)"),
            (ApplicationType::Web, _) => Err("is neither http nor https"),
        }
    }

    /// Names that mean nothing to this provider; registered names with a language tag are understood.
    pub fn unknown_names(&self) -> impl Iterator<Item = &str> {
        self.other.keys().map(String::as_str).filter(|name| !name.starts_with("client_name#"))
    }
}

fn is_web_page(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}

/// The loopback addresses of RFC 8252 §7.3. The name `localhost` is not one of them (§8.3).
fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "[::1]"))
}

/// A registered client.
#[derive(Debug, Clone)]
pub struct Client {
    pub id: String,
    /// Absent for public clients.
    pub secret: Option<SecretDigest>,
    pub metadata: ClientMetadata,
}

impl Client {
    pub fn name(&self, locale: Locale) -> String {
        self.metadata
            .other
            .get(&format!("client_name#{}", locale.tag()))
            .and_then(serde_json::Value::as_str)
            .or(self.metadata.client_name.as_deref())
            .unwrap_or(&self.id)
            .to_owned()
    }

    pub fn is_public(&self) -> bool {
        self.metadata.token_endpoint_auth_method == ClientAuthMethod::None
    }

    pub fn needs_pkce(&self) -> bool {
        self.is_public() || self.metadata.require_pkce
    }

    pub fn may_use(&self, grant_type: GrantType) -> bool {
        self.metadata.grant_types.contains(&grant_type)
    }

    /// What this client may ask for.
    pub fn allowed_scope(&self) -> ScopeSet {
        match &self.metadata.scope {
            Some(scope) => scope.clone(),
            None if self.may_use(GrantType::AuthorizationCode) => ScopeSet::identity(),
            None => ScopeSet::default(),
        }
    }

    /// Is this presented redirect URI one of ours? Byte-exact, except the port of a native client's loopback
    /// redirect (RFC 8252 §7.3).
    pub fn owns_redirect_uri(&self, presented: &str) -> bool {
        self.metadata.redirect_uris.iter().any(|registered| {
            registered == presented
                || (self.metadata.application_type == ApplicationType::Native
                    && same_but_for_loopback_port(registered, presented))
        })
    }

    pub fn owns_post_logout_redirect_uri(&self, presented: &str) -> bool {
        self.metadata.post_logout_redirect_uris.iter().any(|registered| registered == presented)
    }

    pub fn secret_matches(&self, presented: &BearerSecret) -> bool {
        self.secret.is_some_and(|digest| digest.matches(presented))
    }
}

fn same_but_for_loopback_port(registered: &str, presented: &str) -> bool {
    /// Splits `http://127.0.0.1:1234/path` into origin without port, and the rest, without normalising anything.
    fn without_port(uri: &str) -> Option<(&str, &str)> {
        let host = ["http://127.0.0.1", "http://[::1]"].into_iter().find(|host| uri.starts_with(host))?;
        let rest = &uri[host.len()..];
        let path = match rest.strip_prefix(':') {
            Some(after) => {
                let digits = after.bytes().take_while(u8::is_ascii_digit).count();
                after[..digits].parse::<u16>().ok()?;
                &after[digits..]
            }
            None => rest,
        };
        (path.is_empty() || path.starts_with(['/', '?'])).then_some((host, path))
    }
    match (without_port(registered), without_port(presented)) {
        (Some(registered), Some(presented)) => registered == presented,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(metadata: serde_json::Value) -> Client {
        Client { id: "c".into(), secret: None, metadata: serde_json::from_value(metadata).expect("metadata") }
    }

    #[test]
    fn redirect_uris_match_byte_for_byte() {
        let web =
            client(serde_json::json!({"redirect_uris": ["https://rp.example/cb", "http://127.0.0.1:1/cb"]}));
        assert!(web.owns_redirect_uri("https://rp.example/cb"));
        for other in [
            "https://rp.example/cb/",
            "https://rp.example/CB",
            "https://RP.example/cb",
            "https://rp.example:443/cb",
            "https://rp.example/cb?x=1",
            "https://rp.example/./cb",
            "http://127.0.0.1:2/cb",
        ] {
            assert!(!web.owns_redirect_uri(other), "{other}");
        }
    }

    #[test]
    fn rfc_8252_7_3_a_native_client_may_use_any_loopback_port() {
        let native = client(serde_json::json!({
            "application_type": "native", "token_endpoint_auth_method": "none",
            "redirect_uris": ["http://127.0.0.1/cb", "com.example.app:/cb"]
        }));
        assert!(native.metadata.validate().is_ok());
        assert!(native.owns_redirect_uri("http://127.0.0.1:49152/cb"));
        for other in [
            "http://127.0.0.1:49152/other",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:80@evil.example/cb",
            "http://127.0.0.1:99999/cb",
            "http://localhost:49152/cb",
            "https://127.0.0.1:49152/cb",
            "http://[::1]:49152/cb",
        ] {
            assert!(!native.owns_redirect_uri(other), "{other}");
        }
    }

    #[test]
    fn metadata_that_cannot_work_is_refused() {
        for (metadata, wrong) in [
            (serde_json::json!({}), "redirect_uris"),
            (serde_json::json!({"redirect_uris": ["javascript:alert(1)"]}), "neither http nor https"),
            (serde_json::json!({"redirect_uris": ["https://rp.example/#x"]}), "fragment"),
            (serde_json::json!({"redirect_uris": ["https://a:b@rp.example/"]}), "credentials"),
            (serde_json::json!({"redirect_uris": ["https://rp.example/\r\nx"]}), "spaces"),
            (
                serde_json::json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"}),
                "authenticate",
            ),
            (
                serde_json::json!({"redirect_uris": ["https://rp.example/"], "response_types": ["token"]}),
                "code",
            ),
            (
                serde_json::json!({"redirect_uris": ["https://rp.example/"], "client_uri": "ftp://x"}),
                "client_uri",
            ),
        ] {
            let error = client(metadata).metadata.validate().expect_err(wrong).to_string();
            assert!(error.contains(wrong), "{error}");
        }
    }

    #[test]
    fn a_client_for_client_credentials_needs_no_redirect_uri() {
        let service = client(serde_json::json!({"grant_types": ["client_credentials"]}));
        assert_eq!(service.metadata.validate(), Ok(()));
        assert!(service.allowed_scope().is_empty());
    }
}
