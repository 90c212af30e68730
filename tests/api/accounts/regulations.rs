//! A new version of the Regulations stands between a sign-in and everything else until it is accepted.
//!
//! That nothing at all comes out before: `invariant_1`.

use serde_json::json;

use crate::helpers::form;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::{CHOSEN, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::{Answer, Visitor};

const BUTTON: &str = "#accept-regulations";

/// Ticks the box of the page, and sends it.
async fn accept(browser: &Visitor, page: &Answer) -> Answer {
    browser.submit(page, BUTTON, &[("accept", &version_on(page))]).await
}

/// What the box stands for.
fn version_on(page: &Answer) -> String {
    form::attribute(&page.body, "#accept", "value").unwrap()
}

/// The same without ticking it, as a browser sends it then.
async fn send_unticked(browser: &Visitor, page: &Answer) -> Answer {
    let (action, mut fields) = form::filled_in(&page.body, BUTTON, &[]);
    fields.retain(|(name, _)| name != "accept");
    browser.post(&action, &fields).await
}

async fn acceptances(provider: &TestProvider) -> i64 {
    records::rows(provider, "regulations_acceptance", "1 = 1").await
}

#[tokio::test]
async fn a_new_version_is_accepted_once_and_one_goes_on_where_one_was_going() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    provider.publish_regulations("2026-2").await;

    let browser = provider.visitor();
    let sign_in = browser.open(&billing.authorization(&[])).await;
    let signed_in = browser.sign_in_at(&sign_in, &person.login, &person.password).await;
    assert!(signed_in.location().starts_with("/regulations/accept?authorization="), "{signed_in:?}");
    let page = browser.follow(signed_in).await;
    assert!(
        form::text(&page.body, "#regulations").unwrap().contains("Słowa wersji 2026-2."),
        "{}",
        page.body
    );
    let accepted = accept(&browser, &page).await;
    let at_billing = browser.follow(accepted).await;
    assert!(at_billing.parameter("code").is_some(), "{at_billing:?}");
    assert_eq!(records::count_of(&provider, "regulations.accepted", "new_version").await, 1);
    assert_eq!(acceptances(&provider).await, 1);

    // Never again for this version, and again for the next.
    let home = provider.visitor().sign_in(&person).await;
    assert!(form::has(&home.body, "#sign-out") && !form::has(&home.body, BUTTON), "{}", home.body);
    provider.publish_regulations("2026-3").await;
    let page = provider.visitor().sign_in(&person).await;
    assert!(form::has(&page.body, BUTTON), "{}", page.body);
    // Who is signed in already goes on until the next sign-in.
    assert!(form::has(&browser.open("/").await.body, "#sign-out"));
}

#[tokio::test]
async fn who_came_when_it_was_in_force_does_not_owe_it() {
    let provider = TestProvider::start().await;
    let before = provider.active_person("jan.przedtem").await;
    provider.publish_regulations("1").await;
    let after = provider.active_person("ewa.potem").await;
    assert!(form::has(&provider.visitor().sign_in(&before).await.body, BUTTON));
    let home = provider.visitor().sign_in(&after).await;
    assert!(form::has(&home.body, "#sign-out") && !form::has(&home.body, BUTTON), "{}", home.body);
}

#[tokio::test]
async fn the_initial_password_is_replaced_first() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    provider.publish_regulations("1").await;
    let browser = provider.visitor();
    let page = browser.sign_in(&person).await;
    assert!(form::has(&page.body, "#new-password"), "{}", page.body);
    assert_eq!(browser.get("/regulations/accept").await.location(), "/change-password");
    let changed = browser.change_password_at(&page, CHOSEN, CHOSEN).await;
    let page = browser.follow(changed).await;
    assert!(form::has(&page.body, BUTTON), "{}", page.body);
    let accepted = accept(&browser, &page).await;
    assert!(form::has(&browser.follow(accepted).await.body, "#sign-out"));
}

#[tokio::test]
async fn without_the_tick_or_from_elsewhere_nothing_is_accepted() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    provider.publish_regulations("1").await;
    let browser = provider.visitor();
    let page = browser.sign_in(&person).await;

    let refused = send_unticked(&browser, &page).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.error().is_some(), "{}", refused.body);
    assert_eq!(form::attribute(&refused.body, "#accept", "aria-invalid").as_deref(), Some("true"));
    assert_eq!(form::attribute(&refused.body, "#accept", "aria-describedby").as_deref(), Some("error"));

    let (action, mut fields) = form::filled_in(&page.body, BUTTON, &[]);
    fields.iter_mut().filter(|(name, _)| name == "csrf").for_each(|(_, value)| "x".clone_into(value));
    let refused = browser.post(&action, &fields).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(acceptances(&provider).await, 0);
    assert_eq!(records::count(&provider, "regulations.accepted").await, 0);

    // Nor by somebody who is not signed in.
    let stranger = provider.visitor();
    assert_eq!(stranger.get("/regulations/accept").await.location(), "/sign-in");
    assert_eq!(stranger.post(&action, &fields).await.location(), "/sign-in");
}

#[tokio::test]
async fn what_was_read_is_what_is_accepted() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    provider.publish_regulations("1").await;
    let browser = provider.visitor();
    let page = browser.sign_in(&person).await;
    provider.publish_regulations("2").await;
    let outdated = accept(&browser, &page).await;
    assert_eq!(outdated.status, 409, "{}", outdated.body);
    assert_eq!(acceptances(&provider).await, 0);
    assert!(form::text(&outdated.body, "#regulations").unwrap().contains("Słowa wersji 2."));
    assert!(form::has(&accept_and_follow(&browser, &outdated).await.body, "#sign-out"));
}

async fn accept_and_follow(browser: &Visitor, page: &Answer) -> Answer {
    let accepted = accept(browser, page).await;
    browser.follow(accepted).await
}

#[tokio::test]
async fn of_a_double_click_both_go_on_and_one_is_recorded() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    provider.publish_regulations("1").await;
    let mut browser = provider.open_browser();
    let first = browser.try_sign_in(&person.login, &person.password).await;
    let page = browser.follow(first).await;
    let secret = browser.session();
    let clicks = (0..5).map(|_| {
        let mut browser = browser.clone();
        let page = page.clone();
        async move { browser.submit(&page, BUTTON, &[("accept", version_on(&page).as_str())]).await }
    });
    for answer in futures_util::future::join_all(clicks).await {
        assert_eq!(answer.location(), "/");
    }
    assert_eq!(records::count(&provider, "regulations.accepted").await, 1);
    assert_eq!(acceptances(&provider).await, 1);
    // The session is the one it was: whichever answer was lost, the browser is signed in.
    assert_eq!(browser.session(), secret);
    assert!(provider.open_browser().holding(OpenBrowser::SESSION, &secret).is_signed_in().await);
}

#[tokio::test]
async fn signing_in_again_over_an_open_session_owes_the_new_version_too() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    provider.publish_regulations("1").await;
    let again = browser.open(&billing.authorization(&[("prompt", "login")])).await;
    let signed_in = browser.sign_in_at(&again, &person.login, &person.password).await;
    let page = browser.follow(signed_in).await;
    assert!(form::has(&page.body, BUTTON), "{}", page.body);
    assert!(accept_and_follow(&browser, &page).await.parameter("code").is_some());
}

#[tokio::test]
async fn who_does_not_accept_signs_out_and_still_owes_it() {
    let provider = TestProvider::start().await;
    let person: Person = provider.active_person("halina.wrona").await;
    provider.publish_regulations("1").await;
    let browser = provider.visitor();
    let page = browser.sign_in(&person).await;
    let signed_out = browser.submit(&page, "#sign-out", &[]).await;
    assert_eq!(signed_out.status, 200, "{}", signed_out.body);
    assert_eq!(browser.get("/regulations/accept").await.location(), "/sign-in");
    assert!(form::has(&browser.sign_in(&person).await.body, BUTTON));
    assert_eq!(acceptances(&provider).await, 0);
}
