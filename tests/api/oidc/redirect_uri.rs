//! Redirects go only to a proven address, byte for byte (RFC 9700 §2.1).

use serde_json::json;

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;

#[tokio::test]
async fn rfc_9700_2_1_a_near_miss_of_a_registered_redirect_uri_is_a_page() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider
        .relying_party(
            "billing",
            json!({"redirect_uris": ["https://rp.example.test/callback", "http://127.0.0.1:4567/cb"]}),
        )
        .await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let good =
        browser.open(&billing.authorization(&[("redirect_uri", "https://rp.example.test/callback")])).await;
    assert!(good.parameter("code").is_some());
    for near in [
        "",
        "https://rp.example.test/callback/",
        "https://rp.example.test/callback?",
        "https://rp.example.test/callback?x=1",
        "https://rp.example.test/callback#",
        "https://rp.example.test/callback#x",
        "https://rp.example.test/callback ",
        " https://rp.example.test/callback",
        "https://rp.example.test/callback\u{0}",
        "https://rp.example.test/callback%00",
        "https://rp.example.test/Callback",
        "https://RP.example.test/callback",
        "HTTPS://rp.example.test/callback",
        "https://rp.example.test:443/callback",
        "http://rp.example.test/callback",
        "https://rp.example.test./callback",
        "https://rp.example.test/./callback",
        "https://rp.example.test/x/../callback",
        "https://rp.example.test//callback",
        "https://rp.example.test/call%62ack",
        "https://rp.example.test\\callback",
        "https://rp.example.test@evil.test/callback",
        "https://evil.test@rp.example.test/callback",
        "https://rp.example.test.evil.test/callback",
        "https://evil.test/callback",
        "https://rp.example.test/callback\r\nSet-Cookie: a=b",
        "//rp.example.test/callback",
        "/callback",
        "javascript:alert(1)",
        "data:text/html,x",
        // A web client's loopback address has the port that was registered.
        "http://127.0.0.1:4568/cb",
        "http://127.0.0.1/cb",
        "http://localhost:4567/cb",
        "http://127.1:4567/cb",
        "http://2130706433:4567/cb",
        "http://[::1]:4567/cb",
    ] {
        let answer = browser.get(&billing.authorization(&[("redirect_uri", near)])).await;
        expect::error_page(&answer, 400);
        assert!(!answer.body.contains("evil.test"), "the page does not lead there either: {}", answer.body);
    }
}

#[tokio::test]
async fn another_clients_redirect_uri_is_not_ones_own() {
    let provider = TestProvider::start().await;
    let billing = provider.relying_party("billing", json!({})).await;
    let theirs = "https://complaints.example.test/callback";
    provider.relying_party("complaints", json!({"redirect_uris": [theirs]})).await;
    let answer = provider.visitor().get(&billing.authorization(&[("redirect_uri", theirs)])).await;
    expect::error_page(&answer, 400);
}

#[tokio::test]
async fn rfc_6749_3_1_2_the_query_of_a_redirect_uri_is_kept_byte_for_byte() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let registered = "https://rp.example.test/cb?tenant=%7eA&empty=&plus=a+b";
    let billing = provider.relying_party("billing", json!({"redirect_uris": [registered]})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let answer = browser.open(&billing.authorization(&[("redirect_uri", registered)])).await;
    assert!(answer.location().starts_with(&format!("{registered}&code=")), "{}", answer.location());
    let code = answer.parameter("code").unwrap();
    let tokens = billing.redeem_with(&code, &[("redirect_uri", registered)]).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
}

/// A browser follows a form's redirects only to where `form-action` allows: the sign-in form ends at the
/// client.
#[tokio::test]
async fn csp_form_action_names_the_proven_redirects_origin_and_no_other() {
    let provider = TestProvider::start().await;
    let redirect_uri = "https://rp.example.test:8443/callback";
    let billing = provider.relying_party("billing", json!({"redirect_uris": [redirect_uri]})).await;
    let browser = provider.visitor();
    let page = browser.open(&billing.authorization(&[("redirect_uri", redirect_uri)])).await;
    assert!(form::has(&page.body, "#sign-in"));
    let policy = page.header("content-security-policy");
    let form_action = policy.split("; ").find(|directive| directive.starts_with("form-action")).unwrap();
    assert_eq!(form_action, "form-action 'self' https://rp.example.test:8443");
    let alone = browser.open("/sign-in").await;
    assert!(alone.header("content-security-policy").ends_with("form-action 'self'"));
}

/// A registration that changes takes effect on requests that are under way.
#[tokio::test]
async fn a_stored_request_whose_redirect_uri_was_withdrawn_goes_nowhere() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let page = browser.open(&billing.authorization(&[])).await;
    provider.relying_party("billing", json!({"redirect_uris": ["https://new.example.test/callback"]})).await;
    let answer = browser.sign_in_at(&page, &person.login, &person.password).await;
    expect::error_page(&browser.follow(answer).await, 410);
}
