//! Discovery (OpenID Connect Discovery §3, RFC 8414): what it says is true.

use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims, header};
use crate::helpers::visitor::Answer;

async fn metadata(provider: &TestProvider) -> Value {
    let answer = provider.visitor().get("/.well-known/openid-configuration").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

fn list<'a>(metadata: &'a Value, name: &str) -> Vec<&'a str> {
    metadata[name]
        .as_array()
        .unwrap_or_else(|| panic!("{name}"))
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn discovery_3_every_endpoint_that_is_listed_answers() {
    let provider = TestProvider::start().await;
    let metadata = metadata(&provider).await;
    assert_eq!(metadata["issuer"], *provider.issuer);
    let mut listed = 0;
    for (name, address) in metadata.as_object().unwrap() {
        if !name.ends_with("_endpoint") && name != "jwks_uri" {
            continue;
        }
        listed += 1;
        let address = address.as_str().unwrap();
        let path = address.strip_prefix(&*provider.issuer).expect("below the issuer");
        // Empty requests: each endpoint refuses them in its own way, and none is missing or broken.
        let (method, status) = match name.as_str() {
            "authorization_endpoint" => (Method::GET, 400),
            "token_endpoint" | "introspection_endpoint" | "revocation_endpoint" => (Method::POST, 415),
            "userinfo_endpoint" => (Method::GET, 401),
            "end_session_endpoint" | "jwks_uri" => (Method::GET, 200),
            unknown => panic!("{unknown} is new here: say how it answers an empty request"),
        };
        let answer = Answer::to(provider.request(method, path)).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
    }
    assert_eq!(listed, 7);
}

#[tokio::test]
async fn discovery_3_the_lists_match_what_works_at_the_authorization_endpoint() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let metadata = metadata(&provider).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let error = async |changes: &[(&str, &str)]| -> Option<String> {
        let answer = browser.get(&billing.authorization(changes)).await;
        if answer.status.is_redirection() { answer.parameter("error") } else { Some(answer.body) }
    };

    for (list_name, parameter, unlisted) in [
        ("response_types_supported", "response_type", &["token", "id_token", "code token"][..]),
        ("response_modes_supported", "response_mode", &["jwt", "web_message"]),
        ("display_values_supported", "display", &["tv"]),
        ("code_challenge_methods_supported", "code_challenge_method", &["plain"]),
        ("prompt_values_supported", "prompt", &["create"]),
    ] {
        let listed = list(&metadata, list_name);
        assert!(!listed.is_empty());
        for value in listed {
            assert_eq!(error(&[(parameter, value)]).await, None, "{parameter}={value} is listed");
        }
        for value in unlisted {
            assert!(error(&[(parameter, value)]).await.is_some(), "{parameter}={value} is not listed");
        }
    }
    for (parameter, supported) in [("request", true), ("request_uri", false), ("claims", true)] {
        assert_eq!(metadata[format!("{parameter}_parameter_supported")], supported);
    }
    // Each of them signs a request in `request_object.rs`.
    let algorithms = list(&metadata, "request_object_signing_alg_values_supported");
    assert_eq!(algorithms, ["ES256", "RS256", "PS256", "EdDSA"]);
    assert_eq!(list(&metadata, "acr_values_supported"), ["urn:iok-id:acr:1", "urn:iok-id:acr:2"]);
    for backchannel in ["backchannel_logout_supported", "backchannel_logout_session_supported"] {
        assert_eq!(metadata[backchannel], true, "oidc/backchannel_logout.rs sees both");
    }
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    let scopes = list(&metadata, "scopes_supported").join(" ");
    let tokens = billing.tokens(&browser, &person, &[("scope", &scopes)]).await;
    assert_eq!(tokens["scope"], *scopes, "every scope that is listed is granted");
    let id_token = claims(tokens["id_token"].as_str().unwrap());
    assert!(list(&metadata, "acr_values_supported").contains(&id_token["acr"].as_str().unwrap()));
    assert_eq!(list(&metadata, "subject_types_supported"), ["public", "pairwise"]);
    let listed = list(&metadata, "claims_supported");
    for name in id_token.as_object().unwrap().keys().filter(|name| *name != "at_hash") {
        assert!(listed.contains(&name.as_str()), "{name}");
    }
    for locale in list(&metadata, "ui_locales_supported") {
        let page = provider.visitor().open(&billing.authorization(&[("ui_locales", locale)])).await;
        assert_eq!(form::attribute(&page.body, "html", "lang").as_deref(), Some(locale));
    }
}

#[tokio::test]
async fn discovery_3_the_lists_match_what_works_at_the_token_endpoint() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let metadata = metadata(&provider).await;

    assert_eq!(
        list(&metadata, "token_endpoint_auth_methods_supported"),
        ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]
    );
    for method in list(&metadata, "token_endpoint_auth_methods_supported") {
        let party = provider.relying_party(method, json!({"token_endpoint_auth_method": method})).await;
        party.tokens(&provider.visitor(), &person, &[]).await;
    }
    let algorithms = list(&metadata, "token_endpoint_auth_signing_alg_values_supported");
    assert_eq!(algorithms, ["ES256", "RS256", "PS256", "EdDSA"]);
    assert_eq!(
        list(&metadata, "id_token_signing_alg_values_supported"),
        ["ES256", "RS256", "PS256", "EdDSA"]
    );
    for algorithm in list(&metadata, "id_token_signing_alg_values_supported") {
        let party =
            provider.relying_party(algorithm, json!({"id_token_signed_response_alg": algorithm})).await;
        let tokens = party.tokens(&provider.visitor(), &person, &[]).await;
        assert_eq!(header(tokens["id_token"].as_str().unwrap())["alg"], algorithm);
    }
    for algorithm in list(&metadata, "userinfo_signing_alg_values_supported") {
        let client_id = format!("userinfo-{algorithm}");
        let party =
            provider.relying_party(&client_id, json!({"userinfo_signed_response_alg": algorithm})).await;
        let tokens = party.tokens(&provider.visitor(), &person, &[]).await;
        let answer = party.userinfo(tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(header(&answer.body)["alg"], algorithm);
    }
    assert_eq!(
        list(&metadata, "introspection_endpoint_auth_methods_supported"),
        ["client_secret_basic", "client_secret_post"]
    );
    assert_eq!(
        list(&metadata, "revocation_endpoint_auth_methods_supported"),
        list(&metadata, "token_endpoint_auth_methods_supported")
    );
    for method in list(&metadata, "revocation_endpoint_auth_methods_supported") {
        let client_id = format!("revoking-{method}");
        let party = provider.relying_party(&client_id, json!({"token_endpoint_auth_method": method})).await;
        assert_eq!(party.revoke("x").await.status, 200, "{method}");
        assert_eq!(party.introspect("x").await.status, if method == "none" { 401 } else { 200 }, "{method}");
    }
    let every = list(&metadata, "grant_types_supported");
    assert_eq!(every, ["authorization_code", "refresh_token", "client_credentials"]);
    let party = provider.relying_party("every", json!({"grant_types": every})).await;
    for grant_type in every {
        let answer = party.token(&[("grant_type", grant_type)]).await;
        let error = answer.json()["error"].clone();
        assert!(error != "unsupported_grant_type" && error != "unauthorized_client", "{grant_type}: {error}");
    }
    for unlisted in ["password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer"] {
        let answer = party.token(&[("grant_type", unlisted)]).await;
        assert_eq!(answer.json()["error"], "unsupported_grant_type");
    }
    let tokens = party.redeem(&party.code(&provider.visitor(), &person, &[]).await).await;
    assert_eq!(tokens.status, 200, "{}", RelyingParty::REDIRECT_URI);
}

/// A new key is published for a minute before it signs: whoever keeps the list must ask again in time.
#[tokio::test]
async fn discovery_documents_may_be_kept_for_less_than_a_keys_lead() {
    let provider = TestProvider::start().await;
    for path in ["/.well-known/openid-configuration", "/jwks"] {
        let answer = provider.visitor().get(path).await;
        let kept: u32 = answer.header("cache-control").split("max-age=").nth(1).unwrap().parse().unwrap();
        assert!(kept < 60, "{path}: {kept}");
    }
}
