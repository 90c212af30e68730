//! The token endpoint and the code grant (RFC 6749 §4.1.3, §5).

use chrono::TimeDelta;
use serde_json::json;

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::VERIFIER;

#[tokio::test]
async fn rfc_6749_5_1_a_good_answer_is_json_that_nobody_keeps() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let code = billing.code(&provider.visitor(), &person, &[("scope", "openid profile")]).await;
    let answer = billing.redeem(&code).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let body = answer.json();
    assert_eq!(
        expect::members(&body),
        ["access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"]
    );
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 300);
    assert_eq!(body["scope"], "openid profile");
}

#[tokio::test]
async fn an_answer_has_only_what_was_granted() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let plain = provider.relying_party("plain", json!({"grant_types": ["authorization_code"]})).await;
    // OAuth without OpenID: no ID token; no refresh token for a client that is not registered for it.
    let tokens = plain.tokens(&provider.visitor(), &person, &[("scope", "profile")]).await;
    assert_eq!(expect::members(&tokens), ["access_token", "expires_in", "scope", "token_type"]);
}

#[tokio::test]
async fn rfc_6749_5_2_a_code_that_is_not_good_is_an_invalid_grant() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let browser = provider.visitor();

    let code = billing.code(&browser, &person, &[]).await;
    let halved = &code[..code.len() / 2];
    let padded = format!("{code} ");
    for unknown in ["x", halved, &*padded, &"A".repeat(43), &"x".repeat(10_000)] {
        expect::token_error(&billing.redeem(unknown).await, 400, "invalid_grant");
    }
    // Somebody else's, which costs its owner nothing.
    expect::token_error(&complaints.redeem(&code).await, 400, "invalid_grant");
    for near in [
        "http://rp.example.test/callback/",
        "http://rp.example.test:80/callback",
        "http://RP.example.test/callback",
        "http://rp.example.test/callback?",
        "not an address",
    ] {
        let refused = billing.redeem_with(&code, &[("redirect_uri", near)]).await;
        expect::token_error(&refused, 400, "invalid_grant");
    }
    let redeemed = billing.redeem(&code).await;
    assert_eq!(redeemed.status, 200, "none of that was its use: {}", redeemed.body);
}

#[tokio::test]
async fn rfc_6749_4_1_2_a_code_is_good_for_a_minute() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let in_time = billing.code(&browser, &person, &[]).await;
    let too_late = billing.code(&browser, &person, &[]).await;
    provider.advance(TimeDelta::seconds(59));
    assert_eq!(billing.redeem(&in_time).await.status, 200);
    provider.advance(TimeDelta::seconds(1));
    expect::token_error(&billing.redeem(&too_late).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_code_of_an_account_that_was_suspended_meanwhile_gives_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let code = billing.code(&provider.visitor(), &person, &[]).await;
    provider.execute("UPDATE account SET state = 'suspended' WHERE login = 'halina.wrona'").await;
    expect::token_error(&billing.redeem(&code).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_code_that_was_not_redeemed_before_a_sign_out_gives_nothing_after_it() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let code = billing.code(&browser, &person, &[]).await;
    let home = browser.open("/").await;
    browser.submit(&home, "#sign-out", &[]).await;
    expect::token_error(&billing.redeem(&code).await, 400, "invalid_grant");
}

#[tokio::test]
async fn rfc_6749_5_2_requests_that_make_no_sense() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({"grant_types": ["authorization_code"]})).await;
    let code = billing.code(&provider.visitor(), &person, &[]).await;
    for (changes, error) in [
        (&[("grant_type", "")][..], "invalid_request"),
        (&[("code", "")], "invalid_request"),
        (&[("code", "a\u{0}b")], "invalid_request"),
        (&[("scope", "a\u{0}b")], "invalid_request"),
        (&[("client_id", "a\u{0}b")], "invalid_request"),
        (&[("redirect_uri", "")], "invalid_request"),
        (&[("grant_type", "password")], "unsupported_grant_type"),
        (&[("grant_type", "implicit")], "unsupported_grant_type"),
        (&[("grant_type", "AUTHORIZATION_CODE")], "unsupported_grant_type"),
        (&[("grant_type", "urn:ietf:params:oauth:grant-type:device_code")], "unsupported_grant_type"),
        (&[("grant_type", "x\u{0}")], "invalid_request"),
        // Known, but not this client's.
        (&[("grant_type", "client_credentials")], "unauthorized_client"),
        (&[("grant_type", "refresh_token"), ("refresh_token", "x")], "unauthorized_client"),
    ] {
        expect::token_error(&billing.redeem_with(&code, changes).await, 400, error);
    }
    let good = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", "http://rp.example.test/callback"),
        ("code_verifier", VERIFIER),
    ];
    for repeated in good {
        let twice: Vec<_> = good.iter().copied().chain([repeated]).collect();
        expect::token_error(&billing.token(&twice).await, 400, "invalid_request");
    }
    assert_eq!(billing.redeem(&code).await.status, 200);
}
