//! Two tabs, the back button, a double submit: what people do must work, and must not give a code twice.

use serde_json::json;

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::claims;

#[tokio::test]
async fn two_requests_in_two_tabs_of_one_browser_both_finish() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let browser = provider.visitor();
    let first = browser.open(&billing.authorization(&[("state", "tab-1"), ("nonce", "n-1")])).await;
    let second = browser.open(&complaints.authorization(&[("state", "tab-2"), ("nonce", "n-2")])).await;

    // The tab that was opened last signs in first, and the other one's form is still good.
    for (party, page, state, nonce) in
        [(&complaints, &second, "tab-2", "n-2"), (&billing, &first, "tab-1", "n-1")]
    {
        let answer = browser.sign_in_at(page, &person.login, &person.password).await;
        let answer = browser.follow(answer).await;
        assert_eq!(answer.parameter("state").as_deref(), Some(state));
        let tokens = party.redeem(&answer.parameter("code").unwrap()).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
        assert_eq!(claims(tokens.json()["id_token"].as_str().unwrap())["nonce"], nonce);
    }
}

#[tokio::test]
async fn the_other_tab_goes_on_by_itself_when_somebody_has_signed_in() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let waiting = browser.get(&billing.authorization(&[])).await.location().to_owned();
    let sign_in = browser.get(&waiting).await.location().to_owned();
    browser.sign_in(&person).await;
    for address in [sign_in, waiting] {
        let answer = browser.open(&address).await;
        assert!(answer.parameter("code").is_some(), "{address}");
    }
}

#[tokio::test]
async fn a_sign_in_form_that_is_sent_twice_still_leads_to_a_code_that_works() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let page = browser.open(&billing.authorization(&[])).await;

    // A double click: the browser shows only the second answer.
    browser.sign_in_at(&page, &person.login, &person.password).await;
    let second = browser.sign_in_at(&page, &person.login, &person.password).await;
    let answer = browser.follow(second).await;
    let tokens = billing.redeem(&answer.parameter("code").unwrap()).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);

    // The back button, and the form once more: it was answered, and says so.
    let third = browser.sign_in_at(&page, &person.login, &person.password).await;
    let answer = browser.follow(third).await;
    assert_eq!(answer.status, 200, "{:?}", answer.headers);
    assert!(form::has(&answer.body, "#continue"), "{}", answer.body);
}

#[tokio::test]
async fn a_second_visit_before_the_code_was_redeemed_gets_a_fresh_code_that_works() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let stored = browser.get(&billing.authorization(&[])).await.location().to_owned();
    let lost = browser.get(&stored).await.parameter("code").unwrap();
    let answer = browser.get(&stored).await;
    let fresh = answer.parameter("code").unwrap();
    assert_ne!(lost, fresh);
    assert_eq!(answer.parameter("state").as_deref(), Some("state-1"));
    // One request, one code: the one before is worth nothing any more.
    expect::token_error(&billing.redeem(&lost).await, 400, "invalid_grant");
    assert_eq!(billing.redeem(&fresh).await.status, 200);
}

#[tokio::test]
async fn after_redemption_the_requests_address_shows_the_way_to_the_service_and_no_code() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider
        .relying_party(
            "billing",
            json!({"client_name": "Rozliczenia", "client_uri": "https://billing.test/"}),
        )
        .await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let stored = browser.get(&billing.authorization(&[])).await.location().to_owned();
    let code = browser.get(&stored).await.parameter("code").unwrap();
    let tokens = billing.redeem(&code).await;
    assert_eq!(tokens.status, 200);

    let id = stored.strip_prefix("/authorize/").unwrap();
    for address in
        [stored.clone(), format!("/sign-in?authorization={id}"), format!("/consent?authorization={id}")]
    {
        let page = browser.open(&address).await;
        assert_eq!(page.status, 200, "{address}: {:?}", page.headers);
        assert_eq!(
            form::attribute(&page.body, "#continue", "href").as_deref(),
            Some("https://billing.test/")
        );
        assert!(form::text(&page.body, "main").unwrap().contains("Rozliczenia"));
        assert!(!page.body.contains("code="), "{}", page.body);
    }
    // Looking was harmless.
    let userinfo = billing.userinfo(tokens.json()["access_token"].as_str().unwrap()).await;
    assert_eq!(userinfo.status, 200);
}

#[tokio::test]
async fn signing_out_in_one_tab_makes_the_other_ask_again() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let home = browser.sign_in(&person).await;
    let stored = browser.get(&billing.authorization(&[])).await.location().to_owned();
    browser.submit(&home, "#sign-out", &[]).await;
    let page = browser.open(&stored).await;
    assert!(form::has(&page.body, "#sign-in"), "{}", page.body);
}
