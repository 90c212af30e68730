//! Client metadata by its registered names (RFC 7591 §2, OpenID Connect Registration §2), and this provider's own policy
//! beside them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::key_set::ClientKeySet;
use super::methods::{ApplicationType, AssertionAudience, ClientAuthMethod, GrantType, SubjectType};
use crate::domain::scope::ScopeSet;
use crate::domain::token::SigningAlgorithm;

/// Client metadata by its registered names. What the standards call `client_name#pl` lands in `other` (`localized`).
#[allow(clippy::struct_excessive_bools, reason = "their names and types are the standards'")]
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
    pub logo_uri: Option<String>,
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
    /// Absent: userinfo is JSON (OpenID Connect Core §5.3.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
    /// What its request objects must be signed with; absent: anything that is supported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_object_signing_alg: Option<SigningAlgorithm>,
    /// What its assertions must be signed with; absent: anything that is supported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<SigningAlgorithm>,
    /// Its public keys; never beside `jwks_uri` (RFC 7591 §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<ClientKeySet>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    #[serde(default)]
    pub subject_type: SubjectType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector_identifier_uri: Option<String>,
    /// Seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u32>,
    #[serde(default)]
    pub require_auth_time: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub default_acr_values: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<String>,
    /// Where it is told that a session ended (OpenID Connect Back-Channel Logout §2.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    #[serde(default)]
    pub backchannel_logout_session_required: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_version: Option<String>,

    // This provider's own policy, beside the registered names.
    /// Signature of access tokens (RFC 9068).
    #[serde(default = "es256")]
    pub access_token_signed_response_alg: SigningAlgorithm,
    /// The `aud` of this client's access tokens; the issuer, where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// What else it may ask access tokens for (RFC 8707).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// The audiences that it is the resource server of: it may introspect tokens for them (RFC 7662 §2.1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_server_of: Vec<String>,
    /// The company's own service: asks for no consent.
    #[serde(default)]
    pub first_party: bool,
    /// Public clients always need PKCE; a confidential one may say that it cannot.
    #[serde(default = "yes")]
    pub require_pkce: bool,

    /// Whom its assertions must be addressed to.
    #[serde(default)]
    pub assertion_audience: AssertionAudience,
    /// How long what it gets lives, in seconds; absent or longer than the provider's own: as configured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token_seconds: Option<u32>,

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
