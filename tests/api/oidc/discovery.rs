//! Discovery (OpenID Connect Discovery §3, RFC 8414): what it says is true.

use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims, header};
use crate::helpers::visitor::{Answer, Visitor};

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
        ["client_secret_basic", "client_secret_post", "private_key_jwt"]
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

/// IANA's registry of authorization server metadata, and what OpenID's specifications add. A name that nobody knows is a
/// slip of the pen.
pub(super) const REGISTERED: &[&str] = &[
    // RFC 8414 §2.
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "registration_endpoint",
    "scopes_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "service_documentation",
    "ui_locales_supported",
    "op_policy_uri",
    "op_tos_uri",
    "revocation_endpoint",
    "revocation_endpoint_auth_methods_supported",
    "revocation_endpoint_auth_signing_alg_values_supported",
    "introspection_endpoint",
    "introspection_endpoint_auth_methods_supported",
    "introspection_endpoint_auth_signing_alg_values_supported",
    "code_challenge_methods_supported",
    // OpenID Connect Discovery §3.
    "userinfo_endpoint",
    "acr_values_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "userinfo_signing_alg_values_supported",
    "request_object_signing_alg_values_supported",
    "display_values_supported",
    "claim_types_supported",
    "claims_supported",
    "claims_locales_supported",
    "claims_parameter_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "require_request_uri_registration",
    // RP-Initiated Logout §2.1, Back-Channel Logout §2.1, RFC 9207 §3, Prompt Create §4.
    "end_session_endpoint",
    "backchannel_logout_supported",
    "backchannel_logout_session_supported",
    "authorization_response_iss_parameter_supported",
    "prompt_values_supported",
];

#[tokio::test]
async fn rfc_8414_3_both_addresses_have_one_document_with_registered_names_alone() {
    let provider = TestProvider::start().await;
    let browser = provider.visitor();
    let openid = browser.get("/.well-known/openid-configuration").await;
    let oauth = browser.get("/.well-known/oauth-authorization-server").await;
    assert_eq!((oauth.status.as_u16(), oauth.header("content-type")), (200, "application/json"));
    assert_eq!(openid.body, oauth.body);
    let metadata = openid.json();
    assert_eq!(metadata["issuer"], *provider.issuer);
    for (name, value) in metadata.as_object().unwrap() {
        assert!(REGISTERED.contains(&name.as_str()), "{name} is registered nowhere");
        // RFC 8414 §3.2: claims with zero elements are left out; a null is no value at all.
        assert!(!value.is_null() && value != &json!([]), "{name}: {value}");
        if let Some(list) = value.as_array() {
            assert!(
                list.iter().enumerate().all(|(at, one)| !list[..at].contains(one)),
                "{name} twice: {value}"
            );
        }
    }
    // Required (Discovery §3), and what the Config profile looks for.
    for name in
        ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"]
    {
        assert!(metadata[name].as_str().unwrap().starts_with(&*provider.issuer), "{name}");
    }
    assert!(list(&metadata, "response_types_supported").contains(&"code"));
    assert!(list(&metadata, "id_token_signing_alg_values_supported").contains(&"RS256"));
    assert!(list(&metadata, "scopes_supported").contains(&"openid"));
    assert!(list(&metadata, "claims_supported").contains(&"sub"));
    assert_eq!(list(&metadata, "ui_locales_supported"), ["pl", "en"]);
}

#[tokio::test]
async fn rfc_8414_2_metadata_names_what_the_company_published_and_nothing_that_is_not_there() {
    let settings = [
        ("brand.service_documentation", "https://example.org/for-developers"),
        ("brand.client_policy", "https://example.org/what-applications-may-do"),
    ];
    let silent = TestProvider::start().await;
    let told = metadata(&silent).await;
    for name in ["service_documentation", "op_policy_uri", "op_tos_uri"] {
        assert!(told.get(name).is_none(), "{name}");
    }
    let provider = TestProvider::start_with(&settings).await;
    provider.publish_regulations("1").await;
    let told = metadata(&provider).await;
    assert_eq!(told["service_documentation"], "https://example.org/for-developers");
    assert_eq!(told["op_policy_uri"], "https://example.org/what-applications-may-do");
    let tos = told["op_tos_uri"].as_str().unwrap();
    assert_eq!(tos, provider.url("/regulations"));
    assert_eq!(provider.visitor().get(tos).await.status, 200);
}

/// RFC 9110 §13.1.2: who has a document already need not get it again.
#[tokio::test]
async fn discovery_documents_come_again_only_when_they_changed() {
    let provider = TestProvider::start().await;
    let ask = async |path: &str, known: &str| {
        Answer::to(provider.request(Method::GET, path).header("if-none-match", known)).await
    };
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/jwks"] {
        let answer = provider.visitor().get(path).await;
        let tag = answer.header("etag").to_owned();
        for known in [tag.clone(), format!("\"other\", {tag}"), "*".to_owned()] {
            let again = ask(path, &known).await;
            assert_eq!((again.status.as_u16(), &*again.body), (304, ""), "{path}");
            assert_eq!(again.header("etag"), tag);
            assert_eq!(again.header("cache-control"), answer.header("cache-control"));
        }
        assert_eq!(ask(path, "\"other\"").await.body, answer.body, "{path}");
    }
    let before = provider.visitor().get("/jwks").await.header("etag").to_owned();
    provider.rotate_keys().await;
    let replica = provider.replica().await;
    let request =
        Visitor::new(&replica.address).request(Method::GET, "/jwks").header("if-none-match", before);
    assert_eq!(Answer::to(request).await.status, 200, "the next keys are published");
}

/// RFC 7517 §4, and what the conformance suite checks of a server's keys.
#[tokio::test]
async fn jwks_has_public_keys_for_signatures_each_under_a_kid_of_its_own() {
    let provider = TestProvider::start().await;
    provider.rotate_keys().await;
    let replica = provider.replica().await;
    let keys = replica.jwks().await;
    let keys = keys["keys"].as_array().unwrap();
    assert!(keys.len() >= 4, "{keys:?}");
    let mut kids: Vec<&str> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
    kids.sort_unstable();
    kids.dedup();
    assert_eq!(kids.len(), keys.len(), "{keys:?}");
    for key in keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(key.get(private).is_none(), "{private} in {key}");
        }
        assert_eq!(key["use"], "sig", "{key}");
        assert!(key["alg"].is_string() && key["kty"].is_string(), "{key}");
    }
}
