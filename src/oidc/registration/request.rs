//! What a client says about itself, out of the body of its request (RFC 7591 §2, RFC 7592 §2.2).
//!
//! What is not understood is ignored and not kept (RFC 7591 §2), and so is this provider's own policy: a client does not
//! decide for itself that it is the company's, or how long its tokens live. But what it would rely on, and would not get,
//! is refused.

use serde_json::{Map, Value};

use crate::domain::client::{ClientMetadata, Members, MetadataError, StrangerRules};

/// What a client may say about itself. A name that is not here is as good as unknown, and so is a
/// `software_statement`: by the answer its sender sees that it did not count (RFC 7591 §3.1.1).
const OWN_MEMBERS: [&str; 29] = [
    "redirect_uris",
    "post_logout_redirect_uris",
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "grant_types",
    "response_types",
    "application_type",
    "client_name",
    "client_uri",
    "logo_uri",
    "policy_uri",
    "tos_uri",
    "scope",
    "contacts",
    "id_token_signed_response_alg",
    "userinfo_signed_response_alg",
    "request_object_signing_alg",
    "jwks",
    "jwks_uri",
    "subject_type",
    "sector_identifier_uri",
    "default_max_age",
    "require_auth_time",
    "default_acr_values",
    "initiate_login_uri",
    "backchannel_logout_uri",
    "backchannel_logout_session_required",
    "software_id",
    "software_version",
];

/// Members that ask for encryption: ignored, they would leave in the clear what a client expects to be secret.
const ENCRYPTION: [&str; 6] = [
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
];

/// Members that ask for tokens which are worth nothing to a thief: ignored, they would promise what is not so.
const BINDING: [&str; 2] = ["tls_client_certificate_bound_access_tokens", "dpop_bound_access_tokens"];

/// May a client that registers itself say this?
pub(super) fn is_own_member(name: &str) -> bool {
    let base = name.split_once('#').map_or(name, |(base, _)| base);
    OWN_MEMBERS.contains(&base)
}

/// The members of a request's body, as they came.
///
/// # Errors
/// If it is no JSON object, or names something twice.
pub(super) fn read_members(body: &str) -> Result<Map<String, Value>, MetadataError> {
    let Members(members) = serde_json::from_str(body)
        .map_err(|error| MetadataError::Field(format!("the body is not client metadata in JSON: {error}")))?;
    Ok(members)
}

/// Metadata that may be registered, complete. `policy` is what the operator decided about this very client.
///
/// # Errors
/// What is wrong with it first.
pub(super) fn read_metadata(
    members: Map<String, Value>,
    rules: &StrangerRules,
    policy: Map<String, Value>,
) -> Result<ClientMetadata, MetadataError> {
    refuse_unsupported(&members)?;
    let mut understood: Map<String, Value> =
        members.into_iter().filter(|(name, _)| is_own_member(name)).collect();
    understood.extend(policy);
    let metadata = ClientMetadata::from_members(understood)?;
    metadata.validate_as_stranger(rules)?;
    Ok(metadata.completed_as_stranger(rules))
}

/// The policy of a client that registers itself now.
pub(super) fn policy_of_newcomers(rules: &StrangerRules) -> Map<String, Value> {
    Map::from_iter([("require_pkce".to_owned(), rules.require_pkce.into())])
}

fn refuse_unsupported(members: &Map<String, Value>) -> Result<(), MetadataError> {
    let asked = |name: &str| members.get(name).is_some_and(|value| !value.is_null());
    if let Some(name) = ENCRYPTION.into_iter().find(|name| asked(name)) {
        return Err(MetadataError::of(name, "encryption is not supported"));
    }
    if let Some(name) = BINDING.into_iter().find(|name| members.get(*name) == Some(&Value::Bool(true))) {
        return Err(MetadataError::of(name, "tokens are bearer tokens here"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_does_not_decide_the_providers_policy() {
        for name in ["first_party", "require_pkce", "resource", "access_token_seconds", "assertion_audience"]
        {
            assert!(!is_own_member(name), "{name}");
        }
        assert!(is_own_member("client_name#pl") && is_own_member("jwks"));
        assert!(!is_own_member("software_statement"));
    }
}
