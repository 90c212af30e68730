//! Which services have access to an account, and taking it back.

use serde_json::json;

use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

#[tokio::test]
async fn access_is_shown_in_words_and_what_is_taken_back_is_gone() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({"client_name": "Rozliczenia"})).await;
    let partner =
        provider.relying_party("partner", json!({"first_party": false, "client_name": "Kasa <b>"})).await;
    let browser = provider.visitor();
    let own = billing.tokens(&browser, &person, &[("scope", "openid iok")]).await;
    let wanted = [("scope", "openid email offline_access"), ("prompt", "consent")];
    let consent = browser.open(&partner.authorization(&wanted)).await;
    assert!(form::text(&consent.body, "main").unwrap().contains("„Serwisy z dostępem”"), "{}", consent.body);
    let code = browser.submit(&consent, "#approve", &[]).await.parameter("code").unwrap();
    let tokens = partner.redeem(&code).await.json();

    let page = browser.get("/account/access").await;
    let clients = form::texts(&page.body, "#clients > li");
    assert_eq!(clients.len(), 2, "{clients:?}");
    assert!(clients[0].starts_with("Rozliczenia") && clients[0].contains("nie pyta o zgodę"), "{clients:?}");
    assert!(clients[1].starts_with("Kasa <b>") && clients[1].contains("adres e-mail"), "{clients:?}");
    assert!(clients[1].contains("Za Pana/Pani zgodą"), "{clients:?}");

    let button = "#clients > li:nth-child(2) .take-back";
    let answer = browser.submit(&page, button, &[]).await;
    let after = browser.follow(answer).await;
    assert!(form::has(&after.body, "#notice"), "{}", after.body);
    assert_eq!(form::texts(&after.body, "#clients > li").len(), 1, "{}", after.body);
    let refreshed = partner.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.json()["error"], "invalid_grant", "{}", refreshed.body);
    let userinfo = partner.userinfo(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(userinfo.status, 401, "{}", userinfo.body);
    assert_eq!(records::count(&provider, "consent.withdrawn").await, 1);
    assert_eq!(records::count_of(&provider, "grant.revoked", "taken_back").await, 1);
    assert_eq!(records::rows(&provider, "consent", "1 = 1").await, 0);

    // A double click changes nothing more; the other service keeps what it has; this one has to ask again.
    browser.submit(&page, button, &[]).await;
    assert_eq!(records::count(&provider, "consent.withdrawn").await, 1);
    assert_eq!(billing.refresh(own["refresh_token"].as_str().unwrap()).await.status, 200);
    let again = browser.open(&partner.authorization(&[("scope", "openid email")])).await;
    assert!(form::has(&again.body, "#approve"), "{}", again.body);
}

#[tokio::test]
async fn without_any_access_the_page_says_so_and_foreign_forms_take_nothing_back() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    assert!(form::has(&browser.get("/account/access").await.body, "#no-clients"));

    let own = billing.tokens(&browser, &person, &[]).await;
    let page = browser.get("/account/access").await;
    let (action, mut fields) = form::filled_in(&page.body, ".take-back", &[]);
    fields.retain(|(name, _)| name != "csrf");
    assert_eq!(browser.post(&action, &fields).await.status, 403);
    assert_eq!(billing.refresh(own["refresh_token"].as_str().unwrap()).await.status, 200);
}
