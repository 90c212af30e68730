//! Who is meant, and how they are to prove themselves: `id_token_hint`, `sub` and `acr` among the claims, `acr_values`
//! (OpenID Connect Core §3.1.2.1, §3.1.2.2, §5.5.1).

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims};
use crate::helpers::visitor::Answer;

fn id_token(tokens: &Value) -> &str {
    tokens["id_token"].as_str().unwrap()
}

#[track_caller]
fn refused(answer: &Answer, error: &str, provider: &TestProvider) {
    expect::redirect_error(answer, RelyingParty::REDIRECT_URI, error, Some("state-1"), &provider.issuer);
}

#[tokio::test]
async fn core_3_1_2_1_a_hint_that_names_who_is_signed_in_succeeds_however_old_it_is() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let first = billing.tokens(&browser, &person, &[]).await;
    provider.advance(TimeDelta::days(40));
    provider.rotate_keys().await;
    browser.sign_in(&person).await;
    let silently = [("prompt", "none"), ("id_token_hint", id_token(&first))];
    let second = billing.tokens(&browser, &person, &silently).await;
    assert_eq!(claims(id_token(&second))["sub"], claims(id_token(&first))["sub"]);
}

#[tokio::test]
async fn core_3_1_2_2_nobody_but_the_person_that_the_request_names_is_answered_for() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let other = provider.active_person("adam.kos").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let hint = billing.tokens(&provider.visitor(), &person, &[]).await;
    let hint = id_token(&hint);
    let subject = claims(hint)["sub"].as_str().unwrap().to_owned();
    let by_claim = |member: &str| json!({member: {"sub": {"value": subject}}}).to_string();

    for named in
        [("id_token_hint", hint), ("claims", &*by_claim("id_token")), ("claims", &*by_claim("userinfo"))]
    {
        let browser = provider.visitor();
        browser.sign_in(&other).await;
        provider.advance(TimeDelta::seconds(1));
        refused(
            &browser.open(&billing.authorization(&[named, ("prompt", "none")])).await,
            "login_required",
            &provider,
        );

        // They may sign in, and the form does not propose the other one's login.
        let page = browser.open(&billing.authorization(&[named])).await;
        assert!(form::has(&page.body, "#sign-in"), "{}", page.body);
        assert_eq!(form::attribute(&page.body, "#login", "value").unwrap_or_default(), "");
        let answer = browser.sign_in_at(&page, &person.login, &person.password).await;
        let tokens = billing.redeem(&browser.follow(answer).await.parameter("code").unwrap()).await.json();
        assert_eq!(claims(id_token(&tokens))["sub"], *subject);

        // Somebody else who signs in on purpose ends the request.
        let elsewhere = provider.visitor();
        let page = elsewhere.open(&billing.authorization(&[named])).await;
        let answer = elsewhere.sign_in_at(&page, &other.login, &other.password).await;
        refused(&elsewhere.follow(answer).await, "login_required", &provider);
    }
}

#[tokio::test]
async fn core_3_1_2_1_what_is_no_id_token_of_this_client_is_an_invalid_hint() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let theirs = complaints.tokens(&browser, &person, &[]).await;
    let good = id_token(&tokens);
    let other_sub = json!({"id_token": {"sub": {"value": "somebody"}}}).to_string();
    for wrong in [
        "",
        "x",
        "a.b.c",
        tokens["access_token"].as_str().unwrap(),
        tokens["refresh_token"].as_str().unwrap(),
        id_token(&theirs),
        &jose::tampered(good, "sub", "somebody".into()),
        &jose::forge(&json!({"alg": "none"}), &claims(good), None),
    ] {
        let answer =
            browser.open(&billing.authorization(&[("id_token_hint", wrong), ("prompt", "none")])).await;
        if wrong.is_empty() {
            assert!(answer.parameter("code").is_some(), "an empty one is none");
        } else {
            refused(&answer, "invalid_request", &provider);
        }
    }
    let two = [("id_token_hint", good), ("claims", &*other_sub)];
    refused(&browser.open(&billing.authorization(&two)).await, "invalid_request", &provider);
}

#[tokio::test]
async fn core_5_5_1_1_an_essential_acr_is_met_or_there_is_no_answer() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let acr = |values: Value, essential: bool| {
        json!({"id_token": {"acr": {"values": values, "essential": essential}}}).to_string()
    };
    let (one, two) = ("urn:iok-id:acr:1", "urn:iok-id:acr:2");

    // Nobody can have it: said before anybody signs in.
    for values in [json!(["phr"]), json!([7])] {
        let request = billing.authorization(&[("claims", &acr(values, true))]);
        refused(&browser.open(&request).await, "unmet_authentication_requirements", &provider);
    }
    browser.sign_in(&person).await;
    // A person could have this one; without a page nobody comes to it (more in step_up.rs).
    let request = billing.authorization(&[("claims", &acr(json!([two]), true)), ("prompt", "none")]);
    refused(&browser.open(&request).await, "interaction_required", &provider);
    for (values, essential) in [(json!([two, one]), true), (json!([two]), false), (json!(["phr"]), false)] {
        let tokens = billing.tokens(&browser, &person, &[("claims", &acr(values.clone(), essential))]).await;
        assert_eq!(claims(id_token(&tokens))["acr"], one, "{values}");
    }
    let essential_alone = json!({"id_token": {"acr": {"essential": true}}}).to_string();
    let tokens = billing.tokens(&browser, &person, &[("claims", &essential_alone)]).await;
    assert_eq!(claims(id_token(&tokens))["acr"], one);
}

#[tokio::test]
async fn core_3_1_2_1_acr_values_name_what_is_told_of_a_stronger_sign_in() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("zofia.mazur", "Administracja nr 1").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let weak = provider.relying_party("weak", json!({"default_acr_values": ["urn:iok-id:acr:1"]})).await;
    for (party, acr_values, told) in [
        (&billing, "", "urn:iok-id:acr:2"),
        (&billing, "phr urn:iok-id:acr:1", "urn:iok-id:acr:1"),
        (&billing, "urn:iok-id:acr:1 urn:iok-id:acr:2", "urn:iok-id:acr:2"),
        (&weak, "", "urn:iok-id:acr:1"),
        (&weak, "urn:iok-id:acr:2", "urn:iok-id:acr:2"),
    ] {
        let answer = clerk.browser.open(&party.authorization(&[("acr_values", acr_values)])).await;
        let tokens = party.redeem(&answer.parameter("code").unwrap()).await.json();
        assert_eq!(claims(id_token(&tokens))["acr"], told, "{acr_values}");
    }
}
