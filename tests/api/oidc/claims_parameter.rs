//! Claims one by one (OpenID Connect Core §5.5).

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims};
use crate::helpers::tables;

async fn userinfo(party: &RelyingParty, tokens: &Value) -> Value {
    let answer = party.userinfo(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

#[tokio::test]
async fn core_5_5_each_claim_comes_where_it_was_asked_for_and_nowhere_else() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let asked = json!({
        "userinfo": {"name": {"essential": true}, "nickname": {"essential": true}, "pesel": null},
        "id_token": {"email": null, "email_verified": null, "premises": null, "auth_time": {"essential": true}},
    })
    .to_string();
    let tokens = billing.tokens(&provider.visitor(), &person, &[("claims", &asked)]).await;
    assert_eq!(tokens["scope"], "openid", "a claim grants no scope");
    let told = userinfo(&billing, &tokens).await;
    assert_eq!(expect::members(&told), ["name", "sub"], "an essential claim that is not there is no error");
    assert_eq!(told["name"], "Halina Wrona");
    let id_token = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(id_token["email"], "halina.wrona@example.test");
    assert_eq!(id_token["email_verified"], true);
    assert_eq!(id_token["premises"][0]["role"], "owner");
    assert_eq!(id_token.get("name"), None);

    // The grant remembers it: after a refresh, too.
    provider.advance(TimeDelta::minutes(6));
    let refreshed = billing.refresh(tokens["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!(userinfo(&billing, &refreshed).await["name"], "Halina Wrona");
    assert_eq!(claims(refreshed["id_token"].as_str().unwrap())["email"], "halina.wrona@example.test");
    // And another grant knows nothing of it.
    let tokens = billing.tokens(&provider.visitor(), &person, &[]).await;
    assert_eq!(expect::members(&userinfo(&billing, &tokens).await), ["sub"]);
}

#[tokio::test]
async fn core_5_5_1_a_claim_is_told_with_the_value_that_was_asked_for_or_not_at_all() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    for (request, told) in [
        (json!({"value": "Halina"}), true),
        (json!({"values": ["Anna", "Halina"]}), true),
        (json!({"value": "Anna"}), false),
        (json!({"value": "Anna", "essential": true}), false),
    ] {
        let asked = json!({"userinfo": {"given_name": request}}).to_string();
        let tokens = billing.tokens(&provider.visitor(), &person, &[("claims", &asked)]).await;
        assert_eq!(userinfo(&billing, &tokens).await.get("given_name").is_some(), told, "{asked}");
    }
}

#[tokio::test]
async fn a_claim_is_no_way_around_the_scope_that_a_client_is_registered_with() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let narrow = provider.relying_party("narrow", json!({"scope": "openid email"})).await;
    let asked =
        json!({"userinfo": {"address": {"essential": true}, "email": null}, "id_token": {"premises": null}});
    let tokens = narrow.tokens(&provider.visitor(), &person, &[("claims", &asked.to_string())]).await;
    assert_eq!(expect::members(&userinfo(&narrow, &tokens).await), ["email", "sub"]);
    assert_eq!(claims(tokens["id_token"].as_str().unwrap()).get("premises"), None);
}

#[tokio::test]
async fn without_openid_the_parameter_means_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let plain = [("scope", "profile"), ("claims", "no JSON at all")];
    let tokens = billing.tokens(&provider.visitor(), &person, &plain).await;
    assert_eq!(tokens.get("id_token"), None);
}

#[tokio::test]
async fn single_claims_are_asked_about_in_words_and_remembered() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let partner =
        provider.relying_party("partner", json!({"first_party": false, "client_name": "Partner"})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let asks = |body: &str| form::has(body, "#approve");
    let birthdate = json!({"userinfo": {"birthdate": null, "email": null}}).to_string();
    let request = [("scope", "openid email"), ("claims", &*birthdate)];

    for (language, words) in [("pl", "data urodzenia"), ("en", "your date of birth")] {
        let page =
            browser.open(&partner.authorization(&[request[0], request[1], ("ui_locales", language)])).await;
        let items = form::texts(&page.body, ".data li");
        assert_eq!(items.len(), 3, "the e-mail address comes with its scope, and once: {items:?}");
        assert_eq!(items[2], words);
    }
    let page = browser.open(&partner.authorization(&request)).await;
    let answer = browser.submit(&page, "#approve", &[]).await;
    let tokens = partner.redeem(&answer.parameter("code").unwrap()).await.json();
    assert_eq!(expect::members(&userinfo(&partner, &tokens).await), ["email", "email_verified", "sub"]);

    // Not again, silently too; and again for more.
    for known in [&*birthdate, r#"{"id_token": {"birthdate": {"essential": true}}}"#] {
        let silently = [("scope", "openid"), ("claims", known), ("prompt", "none")];
        let answer = browser.open(&partner.authorization(&silently)).await;
        assert!(answer.parameter("code").is_some(), "{}", answer.location());
    }
    let more = json!({"userinfo": {"birthdate": null, "gender": null}}).to_string();
    assert!(asks(&browser.open(&partner.authorization(&[("claims", &more)])).await.body));
    let scope = browser.open(&partner.authorization(&[("scope", "openid profile")])).await;
    assert!(asks(&scope.body), "one claim of a scope is not the scope");

    // The person sees it among the services with access, and takes it back.
    let access = browser.open("/account/access").await;
    assert!(form::text(&access.body, "#clients").unwrap().contains("data urodzenia"), "{}", access.body);
    let export = browser.open("/account").await;
    assert_eq!(export.status, 200);
    browser.submit(&access, ".take-back", &[]).await;
    assert!(asks(&browser.open(&partner.authorization(&request)).await.body));
    assert_eq!(tables::row_counts(&provider.database).await["consent"], 0);
}

/// What a person allowed as a scope covers its claims.
#[tokio::test]
async fn a_consented_scope_covers_its_claims() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let page = browser.open(&partner.authorization(&[("scope", "openid profile")])).await;
    browser.submit(&page, "#approve", &[]).await;
    let name = json!({"id_token": {"given_name": null}}).to_string();
    let answer = browser.open(&partner.authorization(&[("claims", &name)])).await;
    let tokens = partner.redeem(&answer.parameter("code").unwrap()).await.json();
    assert_eq!(claims(tokens["id_token"].as_str().unwrap())["given_name"], "Halina");
}
