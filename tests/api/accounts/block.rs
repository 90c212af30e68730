//! "It was not me": the link of an e-mail that blocks the account.

use chrono::TimeDelta;
use futures_util::future::join_all;
use iok_id::domain::mail::Message;
use serde_json::json;

use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::people::{CHOSEN, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

#[tokio::test]
async fn opening_the_link_does_nothing_and_its_button_blocks() {
    let provider = TestProvider::start().await;
    let billing = provider.relying_party("billing", json!({})).await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let at_billing = provider.visitor();
    let tokens = billing.tokens(&at_billing, &person, &[("scope", "openid offline_access")]).await;
    let link = provider.block_link(&person.login).await;

    // A mail scanner opens it, again and again.
    let mut browser = provider.open_browser();
    for _ in 0..3 {
        let page = browser.get(&link).await;
        assert_eq!(page.status, 200);
        assert!(form::has(&page.body, "#block") && !page.body.contains(&person.login), "{}", page.body);
    }
    assert_eq!(records::count(&provider, "account.suspended").await, 0);

    let page = browser.get(&link).await;
    let done = browser.submit(&page, "#block", &[]).await;
    assert_eq!(form::text(&done.body, "h1").as_deref(), Some("Konto jest zablokowane"));
    assert!(form::text(&done.body, "#office").unwrap().contains("Administracja nr 1"));
    assert_eq!(provider.open_browser().try_sign_in(&person.login, CHOSEN).await.status, 401);
    let recovered = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(recovered.status, 401, "a letter lifts no suspension");
    assert_eq!(billing.userinfo(tokens["access_token"].as_str().unwrap()).await.status, 401);
    assert_eq!(
        billing.refresh(tokens["refresh_token"].as_str().unwrap()).await.json()["error"],
        "invalid_grant"
    );
    assert_eq!(records::count_of(&provider, "account.suspended", "blocked_by_link").await, 1);
    let mails = provider.mails().await;
    assert!(
        matches!(&mails[0].message, Message::AccountSuspended { office } if office.name == "Administracja nr 1")
    );

    // Once more, with the page of before and with a new one.
    let again = browser.submit(&page, "#block", &[]).await;
    assert_eq!(form::text(&again.body, "h1").as_deref(), Some("Konto było już zablokowane"));
    let again = browser.get(&link).await;
    assert!(again.body.contains("Konto było już zablokowane") && !form::has(&again.body, "#block"));
    assert_eq!(records::count(&provider, "account.suspended").await, 1);
    assert_eq!(provider.mails().await.len(), 1);
}

#[tokio::test]
async fn whoever_comes_in_with_a_stolen_letter_is_put_out_by_the_owners_link() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let mut thief = provider.open_browser();
    let answer = thief.try_recover(&person.login, &letter.serial, CODES[0]).await;
    let change = thief.follow(answer).await;
    let mut owner = provider.open_browser();
    let page = owner.get(&provider.block_link(&person.login).await).await;
    owner.submit(&page, "#block", &[]).await;
    assert_eq!(thief.change_password_at(&change, CHOSEN, CHOSEN).await.location(), "/sign-in");
    assert_eq!(provider.open_browser().try_sign_in(&person.login, CHOSEN).await.status, 401);
}

#[tokio::test]
async fn an_account_before_its_first_change_can_be_blocked_too() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let mut browser = provider.open_browser();
    let page = browser.get(&provider.block_link(&person.login).await).await;
    browser.submit(&page, "#block", &[]).await;
    assert_eq!(provider.open_browser().try_sign_in(&person.login, &person.password).await.status, 401);
}

#[tokio::test]
async fn other_states_are_told_kindly_and_stay_what_they_are() {
    let provider = TestProvider::start().await;
    for (login, state) in [("konto.zamkniete", "closed"), ("konto.wygasle", "lapsed")] {
        let mut person = if state == "lapsed" { Person::with_letter(login) } else { Person::active(login) };
        state.clone_into(&mut person.row.state);
        provider.import(&[&person]).await;
        let page = provider.open_browser().get(&provider.block_link(login).await).await;
        assert_eq!(form::text(&page.body, "h1").as_deref(), Some("Tego konta nie trzeba blokować"));
        assert!(!form::has(&page.body, "#block"));
        let there = format!("login = '{login}' AND state = '{state}'");
        assert_eq!(records::rows(&provider, "account", &there).await, 1);
    }
}

#[tokio::test]
async fn a_link_is_good_for_fourteen_days_and_only_whole() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let link = provider.block_link(&person.login).await;
    let mut browser = provider.open_browser();
    let page = browser.get(&link).await;
    for broken in [&link[..link.len() - 1], "/block/x", "/block/%00", "/block/%F0%9F%90%AD"] {
        let answer = browser.get(broken).await;
        assert_eq!(answer.status, 404, "{broken}");
        assert!(!form::has(&answer.body, "#block"));
    }
    provider.advance(TimeDelta::days(14) - TimeDelta::minutes(1));
    assert_eq!(browser.get(&link).await.status, 200);
    provider.advance(TimeDelta::minutes(1));
    let over = browser.get(&link).await;
    assert_eq!(over.status, 410);
    assert_eq!(form::text(&over.body, "h1").as_deref(), Some("Ten link stracił ważność"));
    let late = browser.submit(&page, "#block", &[]).await;
    assert_eq!(late.status, 410, "a page that was open since then does nothing");
    assert_eq!(records::count(&provider, "account.suspended").await, 0);
}

#[tokio::test]
async fn a_forged_form_blocks_nobody() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let link = provider.block_link(&person.login).await;
    let page = provider.open_browser().get(&link).await;
    let mut other = provider.open_browser();
    other.get("/sign-in").await;
    assert_eq!(other.submit(&page, "#block", &[]).await.status, 403);
    assert_eq!(provider.open_browser().try_sign_in(&person.login, CHOSEN).await.location(), "/");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_simultaneous_presses_one_blocks() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = provider.open_browser();
    let page = browser.get(&provider.block_link(&person.login).await).await;
    join_all((0..6).map(|_| {
        let (mut browser, page) = (browser.clone(), page.clone());
        async move { assert_eq!(browser.submit(&page, "#block", &[]).await.status, 200) }
    }))
    .await;
    assert_eq!(records::count(&provider, "account.suspended").await, 1);
    assert_eq!(provider.mails().await.len(), 1);
}
