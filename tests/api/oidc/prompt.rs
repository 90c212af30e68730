//! `prompt` and `max_age` (OpenID Connect Core §3.1.2.1).

use chrono::TimeDelta;
use serde_json::json;

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims};

fn auth_time(tokens: &serde_json::Value) -> i64 {
    claims(tokens["id_token"].as_str().unwrap())["auth_time"].as_i64().unwrap()
}

#[tokio::test]
async fn prompt_none_shows_no_page_and_says_what_is_missing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let newcomer = provider.person_with_letter("adam.nowy").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let silently = [("prompt", "none")];
    let refused = |answer: &crate::helpers::visitor::Answer, error: &str| {
        expect::redirect_error(answer, RelyingParty::REDIRECT_URI, error, Some("state-1"), &provider.issuer);
    };

    let browser = provider.visitor();
    refused(&browser.open(&billing.authorization(&silently)).await, "login_required");
    browser.sign_in(&person).await;
    let answer = browser.open(&billing.authorization(&silently)).await;
    assert!(answer.parameter("code").is_some(), "{}", answer.location());
    refused(&browser.open(&partner.authorization(&silently)).await, "consent_required");

    let owing = provider.visitor();
    let page = owing.sign_in(&newcomer).await;
    assert!(form::has(&page.body, "#change-password"), "{}", page.body);
    refused(&owing.open(&billing.authorization(&silently)).await, "interaction_required");
}

/// An answer that was given is given: signing in afterwards does not change it into a code.
#[tokio::test]
async fn a_request_that_was_answered_with_an_error_gives_no_code_later() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider
        .relying_party(
            "billing",
            json!({"client_uri": "https://billing.example.test/", "client_name": "Billing"}),
        )
        .await;
    let browser = provider.visitor();
    let stored = browser.get(&billing.authorization(&[("prompt", "none")])).await;
    let refused = browser.get(stored.location()).await;
    assert_eq!(refused.parameter("error").as_deref(), Some("login_required"));
    browser.sign_in(&person).await;
    let page = browser.get(stored.location()).await;
    assert_eq!(page.status, 200, "{:?}", page.headers);
    let back = form::attribute(&page.body, "#continue", "href");
    assert_eq!(back.as_deref(), Some("https://billing.example.test/"));
}

#[tokio::test]
async fn prompt_login_asks_again_and_moves_auth_time() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let first = billing.tokens(&browser, &person, &[]).await;
    assert_eq!(auth_time(&first), provider.now());

    provider.advance(TimeDelta::minutes(5));
    let again = billing.tokens(&browser, &person, &[]).await;
    assert_eq!(auth_time(&again), auth_time(&first), "single sign-on does not pretend to be a sign-in");

    for prompt in ["login", "select_account", "login consent"] {
        provider.advance(TimeDelta::minutes(5));
        let page = browser.open(&billing.authorization(&[("prompt", prompt)])).await;
        assert!(form::has(&page.body, "#sign-in"), "{prompt}: {}", page.body);
        assert_eq!(form::attribute(&page.body, "#login", "value").as_deref(), Some("halina.wrona"));
        // Typing nothing does not get past it.
        let around = browser.open(&format!("/authorize/{}", authorization_of(&page.body))).await;
        assert!(form::has(&around.body, "#sign-in"), "{prompt}");

        let answer = browser.sign_in_at(&page, &person.login, &person.password).await;
        let mut answer = browser.follow(answer).await;
        if prompt.contains("consent") {
            answer = browser.submit(&answer, "#approve", &[]).await;
        }
        let tokens = billing.redeem(&answer.parameter("code").unwrap()).await.json();
        assert_eq!(auth_time(&tokens), provider.now(), "{prompt}");
    }
}

fn authorization_of(page: &str) -> String {
    form::attribute(page, "input[name=authorization]", "value").unwrap()
}

#[tokio::test]
async fn a_wrong_password_at_prompt_login_gives_nothing_although_somebody_is_signed_in() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    provider.advance(TimeDelta::seconds(1));
    let page = browser.open(&billing.authorization(&[("prompt", "login")])).await;
    let refused = browser.sign_in_at(&page, &person.login, "Niedobre#1x").await;
    assert_eq!(refused.status, 401);
    let again = browser.open(&format!("/authorize/{}", authorization_of(&refused.body))).await;
    assert!(form::has(&again.body, "#sign-in"), "{}", again.body);
}

#[tokio::test]
async fn max_age_asks_again_when_the_sign_in_is_too_old() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let strict = provider.relying_party("strict", json!({"default_max_age": 60})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    provider.advance(TimeDelta::seconds(59));

    for (party, max_age, asks) in [
        (&billing, "60", false),
        (&billing, "59", true),
        (&billing, "1", true),
        (&billing, "0", true),
        (&billing, "100000", false),
        (&billing, "4294967295", false),
        (&strict, "", false),
    ] {
        let answer = browser.open(&party.authorization(&[("max_age", max_age)])).await;
        assert_eq!(form::has(&answer.body, "#sign-in"), asks, "max_age={max_age}");
        let silent = browser.open(&party.authorization(&[("max_age", max_age), ("prompt", "none")])).await;
        let expected = asks.then_some("login_required");
        assert_eq!(silent.parameter("error").as_deref(), expected, "max_age={max_age}");
    }
    provider.advance(TimeDelta::seconds(1));
    let page = browser.open(&strict.authorization(&[])).await;
    assert!(form::has(&page.body, "#sign-in"), "default_max_age of the client's registration");

    // max_age=0 is met by signing in for this request, once.
    let tokens = billing.tokens(&provider.visitor(), &person, &[("max_age", "0")]).await;
    assert_eq!(auth_time(&tokens), provider.now());
}

/// OpenID Connect Core §3.1.2.3: the answer to `max_age` carries `auth_time`, so that the client can check
/// it.
#[tokio::test]
async fn a_refreshed_id_token_keeps_the_auth_time_of_the_sign_in() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[("max_age", "100")]).await;
    provider.advance(TimeDelta::minutes(4));
    let refreshed = billing.refresh(tokens["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!(auth_time(&refreshed), auth_time(&tokens));
}
