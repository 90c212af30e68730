//! A relying party: its metadata (RFC 7591 §2, OpenID Connect Registration §2) and the policy that follows from it.

mod key_set;
mod localized;
mod metadata;
mod methods;
mod policy;
mod reading;
mod redirect_uri;
mod registration;
mod sector;
mod stranger;
mod validation;

pub use self::key_set::{ClientKeySet, KeySetError};
pub use self::metadata::ClientMetadata;
pub use self::methods::{ApplicationType, AssertionAudience, ClientAuthMethod, GrantType, SubjectType};
pub use self::reading::Members;
pub use self::registration::{RegistrationMode, SelfRegistration};
pub use self::sector::SectorError;
pub use self::stranger::StrangerRules;
pub use self::validation::MetadataError;
pub(crate) use self::validation::is_resource_identifier;
use url::Url;

use super::locale::Locale;
use super::scope::ScopeSet;
use super::secret::{BearerSecret, SecretDigest};

/// A registered client.
#[derive(Debug, Clone)]
pub struct Client {
    pub id: String,
    /// Absent for clients that sign, and for public ones.
    pub secret: Option<SecretDigest>,
    pub metadata: ClientMetadata,
    /// Absent for those that the operator registered.
    pub self_registration: Option<SelfRegistration>,
}

impl Client {
    pub fn name(&self, locale: Locale) -> String {
        self.metadata.name_in(locale).unwrap_or(&self.id).to_owned()
    }

    /// Where a person can begin anew with this client: its own place for that (OpenID Connect Core §4), or its page.
    pub fn way_back(&self, issuer: &str, locale: Locale) -> Option<String> {
        let initiate = self.metadata.initiate_login_uri.as_deref().and_then(|uri| Url::parse(uri).ok());
        match initiate {
            Some(mut uri) => {
                uri.query_pairs_mut().append_pair("iss", issuer);
                Some(uri.into())
            }
            None => self.metadata.client_uri_in(locale).map(str::to_owned),
        }
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

    /// The audience of its access tokens where it names none; `None`: the provider itself.
    pub fn default_resource(&self) -> Option<&str> {
        self.metadata.resource.as_deref()
    }

    /// May it ask for access tokens for this resource? Compared byte for byte.
    pub fn may_ask_for(&self, resource: &str) -> bool {
        self.default_resource() == Some(resource) || self.metadata.resources.iter().any(|own| own == resource)
    }

    /// May it be told about tokens for this audience?
    pub fn serves(&self, audience: &str) -> bool {
        self.metadata.resource_server_of.iter().any(|own| own == audience)
    }

    /// Is this presented redirect URI one of ours? Byte-exact, except the port of a native client's loopback
    /// redirect (RFC 8252 §7.3).
    pub fn owns_redirect_uri(&self, presented: &str) -> bool {
        self.metadata.redirect_uris.iter().any(|registered| {
            registered == presented
                || (self.metadata.application_type == ApplicationType::Native
                    && redirect_uri::same_but_for_loopback_port(registered, presented))
        })
    }

    pub fn owns_post_logout_redirect_uri(&self, presented: &str) -> bool {
        self.metadata.post_logout_redirect_uris.iter().any(|registered| registered == presented)
    }

    pub fn secret_matches(&self, presented: &BearerSecret) -> bool {
        self.secret.is_some_and(|digest| digest.matches(presented))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(metadata: serde_json::Value) -> Client {
        let metadata = serde_json::from_value(metadata).expect("metadata");
        Client { id: "c".into(), secret: None, metadata, self_registration: None }
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
