//! The authorization endpoint (OpenID Connect Core §3.1.2): a request comes in by GET or POST, is stored, and
//! goes on at its own address.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims};
use crate::helpers::visitor::Answer;

#[tokio::test]
async fn core_3_1_2_1_a_request_by_get_or_post_is_answered_at_its_own_address() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;

    let by_get = browser.get(&billing.authorization(&[])).await;
    let by_post = browser.post("/authorize", &billing.authorization_parameters(&[])).await;
    assert_ne!(by_get.location(), by_post.location(), "each request is its own");
    for stored in [by_get, by_post] {
        assert_eq!(stored.status, 303);
        let id = stored.location().strip_prefix("/authorize/").expect("an address of its own");
        assert!(!id.contains(['?', '&']), "nothing of the request is in it: {id}");
        let answer = browser.get(stored.location()).await;
        assert!(answer.location().starts_with(&format!("{}?code=", RelyingParty::REDIRECT_URI)));
        assert_eq!(answer.parameter("state").as_deref(), Some("state-1"));
        assert_eq!(answer.parameter("iss").as_deref(), Some(&*provider.issuer), "RFC 9207");
        let tokens = billing.redeem(&answer.parameter("code").unwrap()).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
    }
}

/// A form on another site: the browser sends no Lax cookie with it, but does with the GET that follows.
#[tokio::test]
async fn a_cross_site_post_without_cookies_finds_the_session_at_the_get_that_follows() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;

    let parameters = billing.authorization_parameters(&[("prompt", "none")]);
    let request = provider.request(Method::POST, "/authorize").header("sec-fetch-site", "cross-site");
    let stored = Answer::to(request.form(&parameters)).await;
    assert!(!stored.headers.contains_key("set-cookie"), "a new visit would replace the browser's own");
    let answer = browser.get(stored.location()).await;
    assert!(answer.parameter("code").is_some(), "{}", answer.location());
}

#[tokio::test]
async fn a_stored_request_belongs_to_the_browser_that_opened_it_first() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let stored = browser.get(&billing.authorization(&[])).await.location().to_owned();
    let page = browser.open(&stored).await;
    assert!(form::has(&page.body, "#sign-in"));
    let id = stored.strip_prefix("/authorize/").unwrap();

    let thief = provider.visitor();
    thief.sign_in(&person).await;
    let nobody = provider.visitor();
    for other in [&thief, &nobody] {
        for address in [stored.clone(), format!("/sign-in?authorization={id}")] {
            expect::error_page(&other.get(&address).await, 403);
        }
    }
    let consent = thief.get(&format!("/consent?authorization={id}")).await;
    expect::error_page(&consent, 403);

    let answer = browser.sign_in_at(&page, &person.login, &person.password).await;
    assert!(browser.follow(answer).await.parameter("code").is_some(), "its own browser goes on");
    expect::error_page(&thief.get(&stored).await, 403);
}

/// The same from the other side: whoever signs in with a foreign request's id ends at a page, not at the
/// client.
#[tokio::test]
async fn a_sign_in_with_a_foreign_requests_id_leads_to_no_code() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let attacker = provider.visitor();
    let stored = attacker.get(&billing.authorization(&[])).await.location().to_owned();
    attacker.open(&stored).await;

    let victim = provider.visitor();
    let page = victim.open("/sign-in").await;
    let id = stored.strip_prefix("/authorize/").unwrap();
    let typed = [("login", &*person.login), ("password", &*person.password), ("authorization", id)];
    let answer = victim.submit(&page, "#sign-in", &typed).await;
    expect::error_page(&victim.follow(answer).await, 403);
}

#[tokio::test]
async fn a_stored_request_ends_after_thirty_minutes() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let stored = browser.get(&billing.authorization(&[])).await.location().to_owned();
    browser.open(&stored).await;

    provider.advance(TimeDelta::minutes(30) - TimeDelta::seconds(1));
    let page = browser.open(&stored).await;
    assert!(form::has(&page.body, "#sign-in"), "{}", page.body);
    provider.advance(TimeDelta::seconds(1));
    expect::error_page(&browser.open(&stored).await, 410);
    // The form that was left open still signs in, but the request is over.
    let answer = browser.sign_in_at(&page, &person.login, &person.password).await;
    expect::error_page(&browser.follow(answer).await, 410);
}

#[tokio::test]
async fn an_address_that_was_never_stored_is_a_page() {
    let provider = TestProvider::start().await;
    let browser = provider.visitor();
    expect::error_page(&browser.get("/authorize/0198c0de-0000-7000-8000-000000000000").await, 410);
    for nonsense in
        ["/authorize/1", "/authorize/%2e%2e%2f", "/authorize/%00", "/authorize/%ff", "/authorize/a/b"]
    {
        let answer = browser.get(nonsense).await;
        assert!(answer.status.is_client_error(), "{nonsense}: {}", answer.status);
    }
}

#[tokio::test]
async fn rfc_6749_4_1_2_the_state_comes_back_exactly() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;

    let printable: String = (' '..='~').collect();
    let longest = "s".repeat(2048);
    let long = "0123456789abcdef".repeat(16);
    for state in [
        &*printable,
        &long,
        &longest,
        "a+b c%20d%2Be&f=g#h?i",
        "zażółć \u{1f511} \u{202e}",
        "\"><script>alert(1)</script>",
        "line\r\nLocation: https://evil.test/",
        " ",
    ] {
        let ok = browser.open(&billing.authorization(&[("state", state)])).await;
        assert!(ok.parameter("code").is_some());
        assert_eq!(ok.parameter("state").as_deref(), Some(state));
        let refused = browser.open(&billing.authorization(&[("state", state), ("scope", "nothing")])).await;
        expect::redirect_error(
            &refused,
            RelyingParty::REDIRECT_URI,
            "invalid_scope",
            Some(state),
            &provider.issuer,
        );
    }
}

#[tokio::test]
async fn rfc_6749_4_1_1_state_and_nonce_are_optional() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let answer = browser.open(&billing.authorization(&[("state", ""), ("nonce", "")])).await;
    assert_eq!(answer.parameter("state"), None);
    let tokens = billing.redeem(&answer.parameter("code").unwrap()).await.json();
    assert_eq!(claims(tokens["id_token"].as_str().unwrap()).get("nonce"), None);
}

/// OpenID Connect Core §15.1 and RFC 6749 §3.1: what is not understood is ignored.
#[tokio::test]
async fn core_15_1_unknown_and_optional_parameters_do_no_harm() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let extra = [
        ("claims_locales", "se"),
        ("acr_values", "urn:iok-id:acr:1 phr"),
        ("claims", "{\"id_token\":{\"pesel\":{\"essential\":true}},\"x\":7}"),
        ("x_unknown", "1"),
        ("response_mode", "query"),
    ];
    for display in ["page", "popup", "touch", "wap"] {
        let tokens = billing.tokens(&browser, &person, &[&extra[..], &[("display", display)]].concat()).await;
        let id_token = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!(id_token.get("pesel"), None, "{id_token}");
        assert_eq!(id_token["acr"], "urn:iok-id:acr:1");
    }
}

#[tokio::test]
async fn core_3_1_2_1_login_hint_and_ui_locales_shape_the_sign_in_page() {
    let provider = TestProvider::start().await;
    let billing = provider.relying_party("billing", json!({"client_name": "Rozliczenia"})).await;
    let hint = "halina.wrona\"><b>";
    let page = provider
        .visitor()
        .open(&billing.authorization(&[("login_hint", hint), ("ui_locales", "de en-GB pl")]))
        .await;
    assert_eq!(form::attribute(&page.body, "#login", "value").as_deref(), Some(hint));
    assert_eq!(form::attribute(&page.body, "html", "lang").as_deref(), Some("en"));
    assert!(form::text(&page.body, "main").unwrap().contains("Rozliczenia"), "it says for whom");
    let polish = provider.visitor().open(&billing.authorization(&[("ui_locales", "xx")])).await;
    assert_eq!(form::attribute(&polish.body, "html", "lang").as_deref(), Some("pl"));
    // A hint is no identity, and no reason to fail.
    let long = "x".repeat(2000);
    let page = provider.visitor().open(&billing.authorization(&[("login_hint", &long)])).await;
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn rfc_6749_3_3_scope_values_that_the_client_may_not_ask_for_are_left_out_and_said_so() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({"scope": "openid email"})).await;
    let tokens =
        billing.tokens(&provider.visitor(), &person, &[("scope", "openid profile email root")]).await;
    assert_eq!(tokens["scope"], "openid email");
    let access_token = claims(tokens["access_token"].as_str().unwrap());
    assert_eq!(access_token["scope"], "openid email");
}
