//! A client acts for itself (RFC 6749 §4.4).

use serde_json::json;

use crate::helpers::expect;
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;
use crate::helpers::tables;

#[tokio::test]
async fn rfc_6749_4_4_3_a_client_gets_a_token_for_itself_and_nothing_else() {
    let provider = TestProvider::start().await;
    let metadata = json!({
        "redirect_uris": [], "grant_types": ["client_credentials"], "scope": "charges:read reports:read"
    });
    let meter = provider.relying_party("meter", metadata).await;
    let answer = meter.token(&[("grant_type", "client_credentials")]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert_eq!(expect::members(&body), ["access_token", "expires_in", "scope", "token_type"]);
    assert_eq!(body["scope"], "charges:read reports:read");
    let token = jose::verify_access_token(&provider.jwks().await, body["access_token"].as_str().unwrap());
    assert_eq!(token["sub"], "meter");
    assert_eq!(token["client_id"], "meter");
    for personal in ["grant_id", "auth_time", "acr", "amr"] {
        assert_eq!(token.get(personal), None, "{token}");
    }

    let narrow = meter.token(&[("grant_type", "client_credentials"), ("scope", "reports:read")]).await.json();
    assert_eq!(narrow["scope"], "reports:read");
}

#[tokio::test]
async fn rfc_6749_5_2_a_scope_that_the_client_may_not_have_is_an_invalid_scope() {
    let provider = TestProvider::start().await;
    let metadata = json!({"grant_types": ["client_credentials"], "scope": "charges:read"});
    let meter = provider.relying_party("meter", metadata).await;
    for scope in ["charges:write", "charges:read charges:write", "openid", "zażółć", "\"x\""] {
        let refused = meter.token(&[("grant_type", "client_credentials"), ("scope", scope)]).await;
        expect::token_error(&refused, 400, "invalid_scope");
    }
}

#[tokio::test]
async fn a_client_without_any_scope_gets_a_token_that_says_so() {
    let provider = TestProvider::start().await;
    let meter = provider.relying_party("meter", json!({"grant_types": ["client_credentials"]})).await;
    let body = meter.token(&[("grant_type", "client_credentials")]).await.json();
    assert_eq!(expect::members(&body), ["access_token", "expires_in", "token_type"]);
    let refused = meter.token(&[("grant_type", "client_credentials"), ("scope", "openid")]).await;
    expect::token_error(&refused, 400, "invalid_scope");
}

#[tokio::test]
async fn a_clients_own_token_leaves_no_trace_in_the_database() {
    let provider = TestProvider::start().await;
    let metadata = json!({"grant_types": ["client_credentials"], "scope": "charges:read"});
    let meter = provider.relying_party("meter", metadata).await;
    let before = tables::row_counts(&provider.database).await;
    for _ in 0..3 {
        assert_eq!(meter.token(&[("grant_type", "client_credentials")]).await.status, 200);
    }
    assert_eq!(tables::row_counts(&provider.database).await, before);
}

#[tokio::test]
async fn userinfo_has_nobody_to_tell_about_for_a_clients_own_token() {
    let provider = TestProvider::start().await;
    let metadata = json!({"grant_types": ["client_credentials"], "scope": "openid profile"});
    let meter = provider.relying_party("meter", metadata).await;
    let body = meter.token(&[("grant_type", "client_credentials"), ("scope", "openid profile")]).await.json();
    assert_eq!(body.get("id_token"), None, "{body}");
    let userinfo = meter.userinfo(body["access_token"].as_str().unwrap()).await;
    expect::bearer_error(&userinfo, 401, "invalid_token");
}
