//! Passwords that an account had before, and how hard a new one is to guess.

use chrono::TimeDelta;
use iok_id::app::AgedAccounts;
use iok_id::domain::clock::Clock as _;

use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::{CHOSEN, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Answer;

/// One after the other, each unlike the others.
const CHAIN: [&str; 4] = ["Zielony@Mo2t", "Wq8$zbLn", "tR7#mKp2!x", "p4ra$0l&NIEB"];

async fn replace(browser: &mut OpenBrowser, present: &str, new: &str) -> Answer {
    let page = browser.open("/account/password").await;
    let typed = [("present_password", present), ("new_password", new), ("new_password_repeat", new)];
    browser.submit(&page, "#replace-password", &typed).await
}

async fn signed_in(provider: &TestProvider, person: &Person) -> OpenBrowser {
    let mut browser = provider.open_browser();
    browser.try_sign_in(&person.login, &person.password).await;
    browser
}

/// Through the whole chain. Returns the browser, whose person now has the last one.
async fn after_the_chain(provider: &TestProvider, person: &Person) -> OpenBrowser {
    let mut browser = signed_in(provider, person).await;
    let mut present = person.password.as_str();
    for new in CHAIN {
        assert_eq!(replace(&mut browser, present, new).await.status, 303, "{new}");
        present = new;
    }
    browser
}

#[tokio::test]
async fn the_last_three_passwords_are_not_taken_again_and_an_older_one_is() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = after_the_chain(&provider, &person).await;
    let present = CHAIN[3];
    for former in &CHAIN[..3] {
        let answer = replace(&mut browser, present, former).await;
        assert_eq!(answer.status, 422, "{former}: {}", answer.body);
        let said = answer.error().unwrap();
        assert!(said.contains("było już używane na tym koncie"), "{said}");
        assert!(form::text(&answer.body, "#new-password-problem").is_some(), "{}", answer.body);
        assert!(!answer.body.contains(former), "no password is on a page");
    }
    assert_eq!(records::count_of(&provider, "sign_in.verdict", "former_password").await, 3);
    assert_eq!(replace(&mut browser, present, CHOSEN).await.status, 303, "four passwords ago");
    // Nothing is kept beyond what counts.
    assert_eq!(records::rows(&provider, "password_history", "TRUE").await, 5);
    provider.server.sweep().await.unwrap();
    assert_eq!(records::rows(&provider, "password_history", "TRUE").await, 3);
    assert_eq!(replace(&mut browser, CHOSEN, CHAIN[3]).await.status, 422, "the latest are those that stay");
    assert_eq!(replace(&mut browser, CHOSEN, CHAIN[0]).await.status, 303);
    let readable = records::rows(&provider, "password_history", "hash NOT LIKE '$argon2id$%'").await;
    assert_eq!(readable, 0);
}

#[tokio::test]
async fn whoever_cannot_tell_the_present_password_learns_nothing_of_former_ones() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = after_the_chain(&provider, &person).await;
    let former = replace(&mut browser, "Wrong#pass1", CHAIN[0]).await;
    let never = replace(&mut browser, "Wrong#pass2", "Moja$zupa7").await;
    for answer in [&former, &never] {
        assert_eq!(answer.status, 422);
        assert!(form::has(&answer.body, "#present-password-problem"), "{}", answer.body);
        assert!(!form::has(&answer.body, "#new-password-problem"), "{}", answer.body);
    }
    assert_eq!(former.error(), never.error());
    assert_eq!(records::count_of(&provider, "sign_in.verdict", "former_password").await, 0);
}

/// Whoever was only locked may keep the password that nobody else knows, and none of those before it.
#[tokio::test]
async fn a_recovery_keeps_the_last_password_for_those_who_were_only_locked_and_no_older_one() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let letter = provider.letter_of(&person.login).await;
    after_the_chain(&provider, &person).await;
    let mut browser = provider.open_browser();
    // Twice: the first change was lost with its browser.
    provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    let answer = browser.try_recover(&person.login, &letter.serial, CODES[1]).await;
    let change = browser.follow(answer).await;
    let answer = browser.change_password_at(&change, CHAIN[2], CHAIN[2]).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert!(answer.error().unwrap().contains("było już używane"), "{}", answer.body);
    assert_eq!(browser.change_password_at(&answer, CHAIN[3], CHAIN[3]).await.location(), "/");
}

#[tokio::test]
async fn an_operator_who_remembers_nothing_keeps_nothing() {
    let provider = TestProvider::start_with(&[("password_policy.remembered", "0")]).await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = after_the_chain(&provider, &person).await;
    assert_eq!(replace(&mut browser, CHAIN[3], CHAIN[2]).await.status, 303);
    provider.server.sweep().await.unwrap();
    assert_eq!(records::rows(&provider, "password_history", "TRUE").await, 0);
}

#[tokio::test]
async fn an_erased_account_leaves_no_former_passwords() {
    let provider = TestProvider::start().await;
    let ends = (provider.clock.now() + TimeDelta::days(10)).date_naive();
    let mut person = Person::active("halina.wrona");
    person.row.premises = format!("P-halina:owner:residential:{ends}");
    provider.import(&[&person]).await;
    after_the_chain(&provider, &person).await;
    provider.advance(TimeDelta::days(101));
    assert_eq!(provider.server.age_accounts().await.unwrap(), AgedAccounts { closed: 1, erased: 0 });
    assert!(records::rows(&provider, "password_history", "TRUE").await > 0);
    provider.advance(TimeDelta::days(740));
    assert_eq!(provider.server.age_accounts().await.unwrap(), AgedAccounts { closed: 0, erased: 1 });
    assert_eq!(records::rows(&provider, "password_history", "TRUE").await, 0);
}

#[tokio::test]
async fn a_page_that_refuses_a_password_says_how_strong_it_is_and_what_would_help() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let mut browser = signed_in(&provider, &person).await;
    let page = browser.open("/change-password").await;
    assert!(!form::has(&page.body, "#strength"), "nothing was typed yet");
    let answer = browser.change_password_at(&page, "Aaaaaaa1!", "Aaaaaaa1!").await;
    let said = form::text(&answer.body, "#strength").unwrap();
    assert!(said.contains("z 4") && said.contains("Jest podobne do hasła"), "{said}");
    assert!(answer.body.contains("aria-describedby=\"error strength rules\""), "{}", answer.body);
    // What only lacks a digit is told that it is good otherwise.
    let answer = browser.change_password_at(&answer, "tRb#mKpw!x", "tRb#mKpw!x").await;
    assert!(form::text(&answer.body, "#strength").unwrap().contains("3 z 4"), "{}", answer.body);
    let english = browser.get("/change-password?ui_locales=en").await;
    let answer = browser.change_password_at(&english, "Qwerty123!", "Qwerty123!").await;
    let said = form::text(&answer.body, "#strength").unwrap();
    assert!(said.contains("out of 4"), "{said}");
    assert!(answer.error().unwrap().contains("side by side"), "{}", answer.body);
    // The person's own street, and what every Pole thinks of.
    for password in ["Wisniowa34!", "Polska123!"] {
        let answer = browser.change_password_at(&english, password, password).await;
        assert_eq!(answer.status, 422, "{password}");
        let said = form::text(&answer.body, "#strength").unwrap();
        assert!(said.contains("1 out of 4"), "{password}: {said}");
    }
}
