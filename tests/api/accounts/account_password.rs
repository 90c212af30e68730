//! Changing a password that was chosen before: by the one that opens the account now, on a budget.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use crate::helpers::form;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::{CHOSEN, INITIAL, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Answer;

const BUTTON: &str = "#replace-password";
const NEW: &str = "Zielony@Mo2t";

async fn signed_in(provider: &TestProvider, person: &Person) -> OpenBrowser {
    let mut browser = provider.open_browser();
    let answer = browser.try_sign_in(&person.login, &person.password).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser
}

async fn replace(browser: &mut OpenBrowser, present: &str, new: &str, repeat: &str) -> Answer {
    let page = browser.open("/account/password").await;
    let typed = [("present_password", present), ("new_password", new), ("new_password_repeat", repeat)];
    browser.submit(&page, BUTTON, &typed).await
}

async fn opens(provider: &TestProvider, person: &Person, password: &str) -> bool {
    let mut browser = provider.open_browser();
    browser.try_sign_in(&person.login, password).await;
    browser.is_signed_in().await
}

#[tokio::test]
async fn the_new_password_counts_and_everybody_else_is_out() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let elsewhere = provider.visitor();
    let offline = [("scope", "openid offline_access"), ("prompt", "consent")];
    let page = elsewhere.open(&billing.authorization(&offline)).await;
    let answer = elsewhere.sign_in_at(&page, &person.login, &person.password).await;
    let page = elsewhere.follow(answer).await;
    let code = elsewhere.submit(&page, "#approve", &[]).await.parameter("code").unwrap();
    let there = billing.redeem(&code).await.json();
    let mut here = signed_in(&provider, &person).await;
    let before = here.session();

    provider.advance(TimeDelta::minutes(1));
    let answer = replace(&mut here, CHOSEN, NEW, NEW).await;
    let page = here.follow(answer).await;
    assert!(form::has(&page.body, "#notice"), "{}", page.body);
    assert_ne!(here.session(), before, "the secret is renewed");
    assert!(!provider.open_browser().holding(OpenBrowser::SESSION, &before).is_signed_in().await);
    assert!(!form::has(&elsewhere.get("/").await.body, "#sign-out"), "the other device is out");
    let refreshed = billing.refresh(there["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.json()["error"], "invalid_grant", "what was to outlive its session does not");

    assert!(!opens(&provider, &person, CHOSEN).await);
    assert!(opens(&provider, &person, NEW).await);
    assert_eq!(records::count_of(&provider, "password.changed", "replaced").await, 1);
    let mails = provider.mails().await;
    let kinds: Vec<&str> = mails.iter().map(|mail| mail.message.kind()).collect();
    assert_eq!(kinds, ["new_device", "password_changed"], "the first is of the browser elsewhere");
    assert_eq!(mails[0].to, person.row.email);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_at_its_field() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = signed_in(&provider, &person).await;

    let answer = replace(&mut browser, "Nie-to-has1o", "abc", "abd").await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    let present = form::text(&answer.body, "#present-password-problem").unwrap();
    assert!(present.starts_with("To nie jest obecne hasło"), "{present}");
    assert_eq!(
        form::attribute(&answer.body, "#present-password", "aria-describedby").as_deref(),
        Some("present-password-problem")
    );
    let rules = form::texts(&answer.body, "#new-password-problem p");
    assert!(rules.len() > 3, "{rules:?}");
    assert!(form::has(&answer.body, "#new-password-repeat-problem"), "{}", answer.body);
    assert_eq!(form::texts(&answer.body, "#error li").len(), rules.len() + 2);

    let answer = replace(&mut browser, "", NEW, NEW).await;
    assert_eq!(form::text(&answer.body, "#present-password-problem").unwrap(), "Proszę wpisać obecne hasło.");
    let answer = replace(&mut browser, CHOSEN, CHOSEN, CHOSEN).await;
    let same = form::texts(&answer.body, "#error li");
    assert_eq!(same.len(), 1, "{same:?}");
    assert!(same[0].starts_with("Nowe hasło jest takie samo"), "{same:?}");
    assert!(!answer.body.contains(CHOSEN), "a password is never put back");
    assert_eq!(records::count(&provider, "password.changed").await, 0);
    assert!(provider.mails().await.is_empty());
}

#[tokio::test]
async fn who_finds_a_session_open_cannot_guess_without_end() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut found = signed_in(&provider, &person).await;
    for _ in 0..5 {
        let answer = replace(&mut found, "Nie-to-has1o", NEW, NEW).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
    }
    // Right and wrong look alike now, and neither is looked at.
    for guess in [CHOSEN, "Nie-to-has1o"] {
        let answer = replace(&mut found, guess, NEW, NEW).await;
        assert_eq!(answer.status, 429, "{}", answer.body);
        assert!(answer.error().unwrap().contains("z listem"), "{:?}", answer.error());
    }
    assert_eq!(records::count(&provider, "password.changed").await, 0);
    // The budget is this session's: the owner is not locked out anywhere else.
    let mut owner = signed_in(&provider, &person).await;
    assert_eq!(replace(&mut owner, CHOSEN, NEW, NEW).await.location(), "/account/password?notice=changed");
    assert!(!found.is_signed_in().await);
}

#[tokio::test]
async fn right_passwords_use_nothing_up() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = signed_in(&provider, &person).await;
    for _ in 0..7 {
        let answer = replace(&mut browser, CHOSEN, "za", "za").await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert!(!form::has(&answer.body, "#present-password-problem"), "{}", answer.body);
    }
    assert_eq!(replace(&mut browser, CHOSEN, NEW, NEW).await.status, 303);
}

#[tokio::test]
async fn of_a_double_click_every_answer_leads_on_and_one_changed_it() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = signed_in(&provider, &person).await;
    let page = browser.open("/account/password").await;
    let clicks = (0..3).map(|_| {
        let (mut browser, page) = (browser.clone(), page.clone());
        async move {
            let typed = [("present_password", CHOSEN), ("new_password", NEW), ("new_password_repeat", NEW)];
            let answer = browser.submit(&page, BUTTON, &typed).await;
            (answer, browser)
        }
    });
    for (answer, mut browser) in join_all(clicks).await {
        assert_eq!(answer.location(), "/account/password?notice=changed");
        assert!(browser.is_signed_in().await, "whichever answer the browser kept");
    }
    assert_eq!(records::count_of(&provider, "password.changed", "replaced").await, 1);
    assert_eq!(provider.mails().await.len(), 1);
}

#[tokio::test]
async fn a_session_that_owes_a_change_settles_that_and_a_foreign_form_changes_nothing() {
    let provider = TestProvider::start().await;
    let newcomer = provider.person_with_letter("nowa.osoba").await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = signed_in(&provider, &person).await;
    let page = browser.open("/account/password").await;
    let typed = [("present_password", CHOSEN), ("new_password", NEW), ("new_password_repeat", NEW)];
    let (action, fields) = form::filled_in(&page.body, BUTTON, &typed);
    let mut foreign = fields.clone();
    foreign.retain(|(name, _)| name != "csrf");
    assert_eq!(browser.post(&action, &foreign).await.status, 403);

    let mut owing = signed_in(&provider, &newcomer).await;
    let csrf = form::fields(&owing.open("/change-password").await.body, "#change-password").remove(0);
    let mut fields: Vec<_> = fields.into_iter().filter(|(name, _)| name.contains("password")).collect();
    fields
        .iter_mut()
        .filter(|(name, _)| name == "present_password")
        .for_each(|field| field.1 = INITIAL.into());
    fields.push(csrf);
    assert_eq!(owing.post(&action, &fields).await.location(), "/change-password");
    assert_eq!(provider.visitor().post(&action, &fields).await.location(), "/sign-in");
    assert_eq!(records::count(&provider, "password.changed").await, 0);
    assert!(opens(&provider, &person, CHOSEN).await);
}
