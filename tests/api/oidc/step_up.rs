//! A client that asks for more than a password: step-up at the authorization endpoint (OpenID Connect Core §3.1.2.1 and
//! §5.5.1.1, RFC 9470 §5, Unmet Authentication Requirements 1.0).

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::helpers::form;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims};
use crate::helpers::staff::Authenticator;
use crate::helpers::visitor::{Answer, Visitor};

const TWO: &str = "urn:iok-id:acr:2";

/// `claims` with an essential `acr`.
fn essential() -> String {
    json!({"id_token": {"acr": {"value": TWO, "essential": true}}}).to_string()
}

async fn id_token(party: &RelyingParty, answer: &Answer) -> Value {
    let code = answer.parameter("code").unwrap_or_else(|| panic!("no code: {}", answer.location()));
    claims(party.redeem(&code).await.json()["id_token"].as_str().unwrap())
}

/// On the page that a service led to: adds an app, keeps its codes, and goes on.
async fn set_up_app(provider: &TestProvider, browser: &Visitor, page: &Answer) -> (Authenticator, Answer) {
    let link = form::attribute(&page.body, "#add-app", "href").unwrap();
    let set_up = browser.open(&link).await;
    let authenticator = Authenticator::reading(&set_up);
    let proved = browser.submit(&set_up, "#prove", &[("code", &authenticator.code(provider))]).await;
    let codes = browser.follow(proved).await;
    let kept = browser.submit(&codes, "#codes-kept", &[]).await;
    (authenticator, browser.follow(kept).await)
}

struct Scene {
    provider: TestProvider,
    billing: RelyingParty,
    person: Person,
    browser: Visitor,
}

/// Whoever takes a scene apart keeps the provider: its database goes with it.
impl Scene {
    async fn set() -> Self {
        let provider = TestProvider::start().await;
        let billing = provider.relying_party("billing", json!({})).await;
        let person = provider.active_person("halina.wrona").await;
        let browser = provider.visitor();
        browser.sign_in(&person).await;
        Self { provider, billing, person, browser }
    }
}

#[tokio::test]
async fn core_5_5_1_1_who_has_no_second_factor_sets_one_up_and_the_request_goes_on() {
    let Scene { provider, billing, browser, .. } = Scene::set().await;
    let page = browser.open(&billing.authorization(&[("claims", &essential())])).await;
    assert!(form::text(&page.body, "#asked-by").unwrap().contains("billing"), "{}", page.body);
    let before = provider.now();
    let (_, answer) = set_up_app(&provider, &browser, &page).await;
    assert_eq!(answer.parameter("state").as_deref(), Some("state-1"));
    let token = id_token(&billing, &answer).await;
    assert_eq!((&token["acr"], &token["amr"]), (&json!(TWO), &json!(["pwd", "otp", "mfa"])));
    assert!(token["auth_time"].as_i64().unwrap() >= before);
}

#[tokio::test]
async fn rfc_9470_5_a_session_from_before_the_first_factor_is_over_and_the_next_one_proves_it() {
    let Scene { provider, billing, person, browser } = Scene::set().await;
    let other = provider.visitor();
    other.sign_in(&person).await;
    let page = other.open("/account/second-factors").await;
    let (authenticator, _) = set_up_app(&provider, &other, &page).await;
    let silent = browser.open(&billing.authorization(&[("claims", &essential()), ("prompt", "none")])).await;
    assert_eq!(silent.parameter("error").as_deref(), Some("login_required"));

    provider.advance(TimeDelta::seconds(60));
    let page = browser.open(&billing.authorization(&[("acr_values", TWO)])).await;
    let owing = browser.sign_in_at(&page, &person.login, &person.password).await;
    let page = browser.follow(owing).await;
    assert!(form::has(&page.body, "#code"), "{}", page.body);
    let proved = browser.submit(&page, "#prove", &[("code", &authenticator.code(&provider))]).await;
    let answer = browser.follow(proved).await;
    let token = id_token(&billing, &answer).await;
    assert_eq!((&token["acr"], &token["amr"]), (&json!(TWO), &json!(["pwd", "otp", "mfa"])));
    assert_eq!(token["auth_time"].as_i64().unwrap(), provider.now());
    let again = browser.open(&billing.authorization(&[("claims", &essential()), ("prompt", "none")])).await;
    assert_eq!(id_token(&billing, &again).await["acr"], TWO, "proved once, it stays proved");
}

#[tokio::test]
async fn core_3_1_2_1_a_wish_is_not_pressed_on_those_who_have_no_second_factor() {
    let Scene { provider: _provider, billing, browser, .. } = Scene::set().await;
    let answer = browser.open(&billing.authorization(&[("acr_values", TWO)])).await;
    assert_eq!(id_token(&billing, &answer).await["acr"], "urn:iok-id:acr:1");
}

#[tokio::test]
async fn unmet_requirements_2_who_cannot_goes_back_with_an_error_and_the_request_is_over() {
    let Scene { provider, billing, browser, .. } = Scene::set().await;
    let page = browser.open(&billing.authorization(&[("claims", &essential())])).await;
    let declined = browser.submit(&page, "#decline", &[]).await;
    assert_eq!(declined.parameter("error").as_deref(), Some("unmet_authentication_requirements"));
    assert_eq!(declined.parameter("state").as_deref(), Some("state-1"));
    assert_eq!(declined.parameter("iss").as_deref(), Some(provider.issuer.as_str()));
    let again = browser.submit(&page, "#decline", &[]).await;
    assert!(form::has(&again.body, "#continue"), "pressed twice: {}", again.body);
    assert_eq!(browser.get("/account").await.status, 200, "the session goes on");
}

#[tokio::test]
async fn a_request_that_asks_for_nothing_cannot_be_declined() {
    let Scene { provider: _provider, billing, browser, .. } = Scene::set().await;
    let page = browser.open(&billing.authorization(&[("claims", &essential())])).await;
    let plain = billing.authorization(&[("prompt", "consent")]);
    let consent = browser.open(&plain).await;
    let id = form::attribute(&consent.body, "input[name=authorization]", "value").unwrap();
    let declined = browser.submit(&page, "#decline", &[("authorization", &id)]).await;
    assert_eq!(declined.location(), format!("/authorize/{id}"));
}
