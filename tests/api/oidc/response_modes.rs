//! How the answer travels (OAuth 2.0 Multiple Response Type Encoding Practices §2.1, Form Post Response Mode).

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::json;

use crate::helpers::form;
use crate::helpers::people::CHOSEN;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::RelyingParty;
use crate::helpers::visitor::Answer;

const MODES: [&str; 3] = ["query", "fragment", "form_post"];

/// The answer's parameters, wherever they are; none of them anywhere else.
#[track_caller]
fn answered(answer: &Answer, mode: &str) -> BTreeMap<String, String> {
    let read = |text: &str| url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    if mode == "form_post" {
        assert_eq!(answer.status, 200, "{:?}", answer.headers);
        assert_eq!(answer.header("cache-control"), "no-store", "Form Post Response Mode §2");
        assert_eq!(form::attribute(&answer.body, "form#answer", "method").as_deref(), Some("post"));
        assert_eq!(form::action(&answer.body, "#continue"), RelyingParty::REDIRECT_URI);
        return form::fields(&answer.body, "#continue").into_iter().collect();
    }
    let location = answer.location();
    let (address, answer) = location.split_once(if mode == "query" { '?' } else { '#' }).expect(location);
    assert_eq!(address, RelyingParty::REDIRECT_URI);
    read(answer)
}

#[tokio::test]
async fn a_128_character_state_comes_back_on_every_way_with_code_and_issuer() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let newcomer = provider.person_with_letter("adam.nowy").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let state = &"aB3-._~+/=\"<>&'%20 #?ż\\".repeat(6).chars().take(128).collect::<String>();
    let checked = async |party: &RelyingParty, answer: &Answer, mode: &str| {
        let answer = answered(answer, mode);
        assert_eq!(answer.keys().collect::<Vec<_>>(), ["code", "iss", "state"], "{mode}");
        assert_eq!(&answer["state"], state, "{mode}");
        assert_eq!(answer["iss"], provider.issuer, "RFC 9207 §2: {mode}");
        assert_eq!(party.redeem(&answer["code"]).await.status, 200, "{mode}");
    };

    for mode in MODES {
        let changes = [("state", &**state), ("response_mode", mode)];
        // By a sign-in, and without one.
        let browser = provider.visitor();
        let page = browser.open(&billing.authorization(&changes)).await;
        let answer = browser.sign_in_at(&page, &person.login, &person.password).await;
        checked(&billing, &browser.follow(answer).await, mode).await;
        checked(&billing, &browser.open(&billing.authorization(&changes)).await, mode).await;
        // By a question.
        let asked =
            browser.open(&partner.authorization(&[changes[0], changes[1], ("prompt", "consent")])).await;
        checked(&partner, &browser.submit(&asked, "#approve", &[]).await, mode).await;
    }
    // By a forced change of password.
    let browser = provider.visitor();
    let changes = [("state", &**state), ("response_mode", "form_post")];
    let page = browser.open(&billing.authorization(&changes)).await;
    let answer = browser.sign_in_at(&page, &newcomer.login, &newcomer.password).await;
    let page = browser.follow(answer).await;
    let answer = browser.change_password_at(&page, CHOSEN, CHOSEN).await;
    checked(&billing, &browser.follow(answer).await, "form_post").await;
}

#[tokio::test]
async fn errors_travel_as_the_answer_would_have() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let state = &"s".repeat(128);
    let refused = |answer: &Answer, mode: &str, error: &str| {
        let answer = answered(answer, mode);
        assert_eq!(
            answer.keys().collect::<Vec<_>>(),
            ["error", "error_description", "iss", "state"],
            "{mode}"
        );
        assert_eq!((&*answer["error"], &*answer["state"]), (error, &**state), "{mode}");
        assert_eq!(answer["iss"], provider.issuer, "{mode}");
    };
    for mode in MODES {
        let with = |change| [("state", &**state), ("response_mode", mode), change];
        let browser = provider.visitor();
        // At once, before a page, and after one.
        refused(&browser.get(&billing.authorization(&with(("scope", "root")))).await, mode, "invalid_scope");
        let by_post = billing.authorization_parameters(&with(("max_age", "x")));
        refused(&browser.post("/authorize", &by_post).await, mode, "invalid_request");
        refused(
            &browser.open(&billing.authorization(&with(("prompt", "none")))).await,
            mode,
            "login_required",
        );
        browser.sign_in(&person).await;
        let asked = browser.open(&partner.authorization(&with(("display", "page")))).await;
        refused(&browser.submit(&asked, "#deny", &[]).await, mode, "access_denied");
    }
}

/// The form ends there and nowhere else, has a button for those without scripts, and no code inline.
#[tokio::test]
async fn form_post_the_page_lets_the_form_go_to_the_proven_address_only() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({"client_name": "Rozliczenia"})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let page = browser.open(&billing.authorization(&[("response_mode", "form_post")])).await;
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with("; form-action http://rp.example.test/callback"), "{policy}");
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(form::text(&page.body, "#continue").unwrap().contains("Rozliczenia"), "{}", page.body);
    assert!(form::has(&page.body, "form[data-send-at-once]"), "page.js sends it");
}

/// A lost answer is given again, a taken one is not.
#[tokio::test]
async fn form_post_the_back_button_does_not_post_a_used_code_again() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let request = billing.authorization(&[("response_mode", "form_post")]);
    let stored = browser.get(&request).await.location().to_owned();
    let first = answered(&browser.get(&stored).await, "form_post");
    let second = answered(&browser.get(&stored).await, "form_post");
    assert_ne!(first["code"], second["code"]);
    assert_eq!(billing.redeem(&second["code"]).await.status, 200);
    provider.advance(TimeDelta::seconds(1));
    let after = browser.get(&stored).await;
    assert!(!form::has(&after.body, "form#answer"), "{}", after.body);
}
