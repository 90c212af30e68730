//! What is wrong with an authorization request, and who is told: before the redirect URI is proven the
//! person, by a page; after that the client, at its address (RFC 6749 §4.1.2.1).

use reqwest::Method;
use serde_json::json;

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, encode};
use crate::helpers::visitor::Answer;

#[tokio::test]
async fn rfc_6749_4_1_2_1_an_unknown_client_gets_a_page_and_no_redirect() {
    let provider = TestProvider::start().await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    for client_id in
        ["", "billing2", "Billing", "billing ", "billing\u{0}", "' OR 1=1 --", "żyrafa", &"x".repeat(5000)]
    {
        let by_get = browser.get(&billing.authorization(&[("client_id", client_id)])).await;
        expect::error_page(&by_get, 400);
        let parameters = billing.authorization_parameters(&[("client_id", client_id)]);
        expect::error_page(&browser.post("/authorize", &parameters).await, 400);
    }
    expect::error_page(&browser.get("/authorize").await, 400);
    expect::error_page(&browser.post("/authorize", &[]).await, 400);
}

#[tokio::test]
async fn rfc_6749_3_1_a_repeated_client_id_or_redirect_uri_proves_nothing() {
    let provider = TestProvider::start().await;
    let billing = provider.relying_party("billing", json!({})).await;
    for (name, value) in [("client_id", "billing"), ("redirect_uri", RelyingParty::REDIRECT_URI)] {
        for second in [value, "https://evil.test/"] {
            let mut parameters = billing.authorization_parameters(&[]);
            parameters.push((name.to_owned(), second.to_owned()));
            let answer = provider.visitor().get(&format!("/authorize?{}", encode(&parameters))).await;
            expect::error_page(&answer, 400);
            expect::error_page(&provider.visitor().post("/authorize", &parameters).await, 400);
        }
    }
}

#[tokio::test]
async fn rfc_6749_3_1_any_other_repeated_parameter_is_an_invalid_request() {
    let provider = TestProvider::start().await;
    let billing = provider.relying_party("billing", json!({})).await;
    for name in
        ["response_type", "scope", "nonce", "code_challenge", "code_challenge_method", "prompt", "x\"y\u{e9}"]
    {
        let mut parameters = billing.authorization_parameters(&[("prompt", "login")]);
        parameters.push((name.to_owned(), "again".to_owned()));
        parameters.push((name.to_owned(), "again".to_owned()));
        for answer in [
            provider.visitor().get(&format!("/authorize?{}", encode(&parameters))).await,
            provider.visitor().post("/authorize", &parameters).await,
        ] {
            let to = RelyingParty::REDIRECT_URI;
            expect::redirect_error(&answer, to, "invalid_request", Some("state-1"), &provider.issuer);
        }
    }
    // Of two states neither is the client's.
    let mut parameters = billing.authorization_parameters(&[]);
    parameters.push(("state".to_owned(), "state-2".to_owned()));
    let answer = provider.visitor().get(&format!("/authorize?{}", encode(&parameters))).await;
    expect::redirect_error(&answer, RelyingParty::REDIRECT_URI, "invalid_request", None, &provider.issuer);
}

#[tokio::test]
async fn what_is_wrong_after_the_redirect_uri_is_proven_is_told_to_the_client() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let too_long = "x".repeat(2049);
    for (name, value, error) in [
        // OpenID Connect Core §3.1.2.6, RFC 6749 §4.1.2.1.
        ("response_type", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "code id_token", "unsupported_response_type"),
        ("response_type", "id_token", "unsupported_response_type"),
        ("response_type", "none", "unsupported_response_type"),
        ("response_type", "CODE", "unsupported_response_type"),
        ("response_mode", "nonsense", "invalid_request"),
        ("response_mode", "query.jwt", "invalid_request"),
        ("display", "page popup", "invalid_request"),
        ("claims", "name", "invalid_request"),
        ("claims", "{\"userinfo\": []}", "invalid_request"),
        ("claims", "{\"userinfo\": {\"name\\u0000\": null}}", "invalid_request"),
        ("id_token_hint", "nonsense", "invalid_request"),
        ("request", "eyJhbGciOiJub25lIn0.e30.", "invalid_request_object"),
        ("request_uri", "https://rp.example.test/request.jwt", "request_uri_not_supported"),
        ("request_uri", "http://169.254.169.254/latest/meta-data/", "request_uri_not_supported"),
        ("registration", "{}", "registration_not_supported"),
        ("scope", "", "invalid_scope"),
        ("scope", "nothing of ours", "invalid_scope"),
        ("scope", "openid \"quoted\"", "invalid_scope"),
        ("scope", "openid\u{0}", "invalid_request"),
        ("scope", "otwórz", "invalid_scope"),
        ("prompt", "maybe", "invalid_request"),
        ("prompt", "none login", "invalid_request"),
        ("prompt", "consent none", "invalid_request"),
        ("max_age", "soon", "invalid_request"),
        ("max_age", "-1", "invalid_request"),
        ("max_age", "1.5", "invalid_request"),
        ("nonce", &*too_long, "invalid_request"),
        ("login_hint", &*too_long, "invalid_request"),
        ("nonce", "a\u{0}b", "invalid_request"),
        ("login_hint", "a\u{0}b", "invalid_request"),
        ("ui_locales", "pl\u{0}", "invalid_request"),
        ("acr_values", &*too_long, "invalid_request"),
        ("claims_locales", &*too_long, "invalid_request"),
    ] {
        let to = RelyingParty::REDIRECT_URI;
        let by_get = browser.get(&billing.authorization(&[(name, value)])).await;
        expect::redirect_error(&by_get, to, error, Some("state-1"), &provider.issuer);
        let parameters = billing.authorization_parameters(&[(name, value)]);
        let by_post = Answer::to(provider.request(Method::POST, "/authorize").form(&parameters)).await;
        expect::redirect_error(&by_post, to, error, Some("state-1"), &provider.issuer);
    }
}

#[tokio::test]
async fn a_state_that_cannot_be_kept_is_refused_and_not_repeated_in_part() {
    let provider = TestProvider::start().await;
    let billing = provider.relying_party("billing", json!({})).await;
    let long = "x".repeat(2049);
    for (state, told) in [(&*long, Some(&*long)), ("a\u{0}b", None)] {
        let answer = provider.visitor().get(&billing.authorization(&[("state", state)])).await;
        let to = RelyingParty::REDIRECT_URI;
        expect::redirect_error(&answer, to, "invalid_request", told, &provider.issuer);
    }
}

#[tokio::test]
async fn rfc_6749_4_1_2_1_a_client_without_the_code_grant_is_an_unauthorized_client() {
    let provider = TestProvider::start().await;
    let service =
        provider.relying_party("service", json!({"grant_types": ["client_credentials"], "scope": "a"})).await;
    let answer = provider.visitor().get(&service.authorization(&[("scope", "a")])).await;
    expect::redirect_error(
        &answer,
        RelyingParty::REDIRECT_URI,
        "unauthorized_client",
        Some("state-1"),
        &provider.issuer,
    );
}
