//! Asking for the account to be closed, by its owner, who knows the password; and thinking better of it.

use crate::helpers::form;
use crate::helpers::people::CHOSEN;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::staff::Clerk;
use crate::helpers::visitor::{Answer, Visitor};
use crate::office::support::sheet;

const BUTTON: &str = "#request-closure";

async fn ask(browser: &Visitor, reason: &str, password: &str) -> Answer {
    let page = browser.open("/account/closure").await;
    browser.submit(&page, BUTTON, &[("reason", reason), ("present_password", password)]).await
}

/// Who asks, as the office sees it.
async fn at_the_office(clerk: &Clerk) -> Vec<String> {
    let page = clerk.open("/office/accounts?only=closure-requested").await;
    assert_eq!(page.status, 200, "{}", page.body);
    form::texts(&page.body, "#found td code")
}

/// What the account's page says of it there.
async fn said_at_the_office(clerk: &Clerk, login: &str) -> String {
    let (_, page) = sheet(clerk, login).await;
    form::text(&page.body, "#closure").unwrap_or_else(|| panic!("nobody asks: {}", page.body))
}

#[tokio::test]
async fn the_owner_asks_and_the_office_is_told_and_the_account_still_works() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let page = browser.open("/account/closure").await;
    assert!(form::text(&page.body, "main").unwrap().contains("24 miesiące"), "{}", page.body);

    let answer = ask(&browser, " Wyprowadzam się. ", CHOSEN).await;
    let page = browser.follow(answer).await;
    assert!(form::has(&page.body, "#requested") && !form::has(&page.body, BUTTON), "{}", page.body);
    assert!(form::text(&page.body, "main").unwrap().contains("24 miesiące"), "{}", page.body);
    let supervisor = provider.supervisor("irena.lis").await;
    assert_eq!(at_the_office(&supervisor).await, ["halina.wrona"]);
    assert!(said_at_the_office(&supervisor, "halina.wrona").await.ends_with("Wyprowadzam się."));
    assert_eq!(records::count_of(&provider, "closure.requested", "asked").await, 1);
    assert!(form::has(&provider.visitor().sign_in(&person).await.body, "#sign-out"));

    let answer = browser.submit(&page, "#take-back-closure", &[]).await;
    let page = browser.follow(answer).await;
    assert!(form::has(&page.body, BUTTON), "{}", page.body);
    assert!(at_the_office(&supervisor).await.is_empty());
    assert_eq!(records::count_of(&provider, "closure.requested", "taken_back").await, 1);
}

#[tokio::test]
async fn asking_twice_is_the_same_as_once() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let page = browser.open("/account/closure").await;
    for reason in ["pierwszy", "drugi"] {
        let typed = [("reason", reason), ("present_password", CHOSEN)];
        assert_eq!(browser.submit(&page, BUTTON, &typed).await.location(), "/account/closure");
    }
    let supervisor = provider.supervisor("irena.lis").await;
    assert!(said_at_the_office(&supervisor, "halina.wrona").await.ends_with("pierwszy"));
    assert_eq!(records::count(&provider, "closure.requested").await, 1);
}

#[tokio::test]
async fn a_wrong_password_asks_nothing_keeps_what_was_typed_and_draws_on_the_budget() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;

    let answer = ask(&browser, "Bo tak <b>", "").await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert_eq!(form::text(&answer.body, "#reason").as_deref(), Some("Bo tak <b>"));
    let answer = ask(&browser, &"a".repeat(1001), CHOSEN).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert!(form::has(&answer.body, "#reason-problem"), "{}", answer.body);
    for _ in 0..5 {
        let answer = ask(&browser, "Bo tak", "Nie-to-has1o").await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert!(form::has(&answer.body, "#present-password-problem"), "{}", answer.body);
    }
    let answer = ask(&browser, "Bo tak", CHOSEN).await;
    assert_eq!(answer.status, 429, "{}", answer.body);
    assert!(at_the_office(&provider.supervisor("irena.lis").await).await.is_empty());
    assert_eq!(records::count(&provider, "closure.requested").await, 0);
}

#[tokio::test]
async fn a_foreign_form_asks_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let page = browser.open("/account/closure").await;
    let typed = [("reason", ""), ("present_password", CHOSEN)];
    let (action, mut fields) = form::filled_in(&page.body, BUTTON, &typed);
    fields.retain(|(name, _)| name != "csrf");
    assert_eq!(browser.post(&action, &fields).await.status, 403);
    assert!(at_the_office(&provider.supervisor("irena.lis").await).await.is_empty());
}
