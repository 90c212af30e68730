//! What discovery says: the Config plan, and the first modules of the two plans about logout.

use serde_json::{Value, json};

use super::suite::Suite;
use crate::helpers::provider::TestProvider;
use crate::oidc::discovery::REGISTERED;

/// The metadata of a provider that people reach over https.
async fn metadata() -> Value {
    const ISSUER: &str = "https://id.example.test";
    let settings = [("server.issuer", ISSUER), ("registration.mode", "open")];
    let provider = TestProvider::start_with(&settings).await;
    let answer = provider.visitor().get("/.well-known/openid-configuration").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("application/json"));
    let metadata = answer.json();
    assert_eq!(metadata["issuer"], ISSUER, "the address without /.well-known/openid-configuration");
    for (name, value) in metadata.as_object().unwrap() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            let is_https = value.as_str().is_some_and(|address| address.starts_with("https://"));
            assert!(is_https, "{name}: {value}");
        }
    }
    metadata
}

#[track_caller]
fn texts<'a>(metadata: &'a Value, name: &str) -> Vec<&'a str> {
    let list = metadata[name].as_array().unwrap_or_else(|| panic!("{name}: {}", metadata[name]));
    assert!(!list.is_empty(), "{name}");
    list.iter().map(|value| value.as_str().unwrap()).collect()
}

#[tokio::test]
async fn oidcc_discovery_endpoint_verification() {
    let metadata = metadata().await;
    for (name, value) in metadata.as_object().unwrap() {
        // The suite's schema knows what is registered.
        assert!(REGISTERED.contains(&name.as_str()), "{name} is unknown to the suite: a warning");
        let good = match name.as_str() {
            _ if name.ends_with("_supported") && value.is_array() => {
                value.as_array().unwrap().iter().all(Value::is_string)
            }
            _ if value.is_boolean() => name.starts_with("require_") || name.ends_with("_supported"),
            _ => value.as_str().is_some_and(|text| text.parse::<url::Url>().is_ok()),
        };
        assert!(good, "{name}: {value}");
    }
    assert!(texts(&metadata, "response_types_supported").contains(&"code"));
    assert!(texts(&metadata, "grant_types_supported").contains(&"authorization_code"));
    assert!(texts(&metadata, "scopes_supported").contains(&"openid"));
    assert!(texts(&metadata, "id_token_signing_alg_values_supported").contains(&"RS256"));
    assert!(texts(&metadata, "request_object_signing_alg_values_supported").contains(&"RS256"));
    for kind in texts(&metadata, "subject_types_supported") {
        assert!(["public", "pairwise"].contains(&kind), "{kind}");
    }
    // The method that nobody has to be told about, the one that is the default, and the others of the plan.
    let methods = texts(&metadata, "token_endpoint_auth_methods_supported");
    for method in ["client_secret_basic", "client_secret_post", "private_key_jwt"] {
        assert!(methods.contains(&method), "{method}");
    }
    texts(&metadata, "claims_supported");
    texts(&metadata, "code_challenge_methods_supported");
    for tag in texts(&metadata, "ui_locales_supported") {
        assert!(tag.len() == 2 && tag.bytes().all(|byte| byte.is_ascii_lowercase()), "BCP 47: {tag}");
    }
    assert_eq!(metadata["claims_parameter_supported"], true);
    assert!(metadata["registration_endpoint"].is_string() && metadata["userinfo_endpoint"].is_string());
}

/// What the suite checks of the keys before every module: nothing private, nothing it cannot use, a `kid` each.
#[tokio::test]
async fn the_published_keys_are_ones_that_the_suite_can_use() {
    let suite = Suite::start().await;
    suite.provider.rotate_keys().await;
    let jwks = suite.provider.jwks().await;
    let keys = jwks["keys"].as_array().unwrap();
    let mut kids: Vec<&str> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
    kids.sort_unstable();
    kids.dedup();
    assert_eq!(kids.len(), keys.len(), "no two of one name");
    for key in keys {
        let kind = [&key["kty"], &key["crv"], &key["alg"]].map(|member| member.as_str().unwrap_or_default());
        let usable = [
            ["EC", "P-256", "ES256"],
            ["RSA", "", "RS256"],
            ["RSA", "", "PS256"],
            ["OKP", "Ed25519", "EdDSA"],
        ];
        assert!(usable.contains(&kind), "{key}");
        assert_eq!(key["use"], "sig", "{key}");
        for private in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
            assert_eq!(key.get(private), None, "{private}");
        }
        for number in ["n", "e", "x", "y"].into_iter().filter_map(|name| key[name].as_str()) {
            let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            assert!(!number.is_empty() && number.bytes().all(alphabet), "base64url: {key}");
        }
    }
    assert!(keys.iter().any(|key| key["alg"] == json!("RS256")));
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_discovery_endpoint_verification() {
    assert!(metadata().await["end_session_endpoint"].is_string());
}

#[tokio::test]
async fn oidcc_backchannel_logout_discovery_endpoint_verification() {
    let metadata = metadata().await;
    assert_eq!(metadata["backchannel_logout_supported"], true);
    assert_eq!(metadata["backchannel_logout_session_supported"], true);
    assert!(metadata["end_session_endpoint"].is_string());
}
