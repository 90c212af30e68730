//! Letters of another system: login and initial password, once (the procedure's row 7).

use futures_util::future::join_all;
use iok_id::domain::mail::Message;

use crate::helpers::form;
use crate::helpers::people::{CHOSEN, INITIAL};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

const NEW: &str = "tR7#mKp2!x";

#[tokio::test]
async fn the_initial_password_recovers_once_and_the_office_is_asked_for_a_new_letter() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter_from_before("halina.wrona").await;
    assert_eq!(
        provider.open_browser().try_sign_in(&person.login, INITIAL).await.status,
        401,
        "it signs nobody in any more"
    );
    let mut browser = provider.open_browser();
    let answer = browser.try_recover_from_before(&person.login, INITIAL).await;
    assert_eq!(answer.location(), "/change-password");
    let change = browser.follow(answer).await;
    let left = form::text(&change.body, "#letter-left").unwrap();
    assert!(left.contains("Poprosiliśmy Administrację"), "{left}");
    assert_eq!(provider.open_browser().try_sign_in(&person.login, CHOSEN).await.status, 401);
    let open_order = "kind = 'reissue' AND state = 'awaiting_approval' AND requested_by IS NULL";
    assert_eq!(records::rows(&provider, "letter_order", open_order).await, 1);
    assert_eq!(records::count_of(&provider, "letter.ordered", "letter_from_before_used").await, 1);
    let mails = provider.mails().await;
    assert!(
        matches!(mails[0].message, Message::AccountRecovered { codes_left: 0, .. }),
        "{:?}",
        mails[0].message
    );

    // Used is used, also before the change.
    let again = provider.open_browser().try_recover_from_before(&person.login, INITIAL).await;
    assert_eq!(again.status, 401);
    let kept = browser.change_password_at(&change, INITIAL, INITIAL).await;
    assert_eq!(kept.status, 422, "a start secret does not become a permanent one");
    assert_eq!(browser.change_password_at(&kept, NEW, NEW).await.location(), "/");
    assert_eq!(provider.open_browser().try_sign_in(&person.login, NEW).await.location(), "/");
    assert_eq!(records::rows(&provider, "account", "initial_password_hash IS NOT NULL").await, 0);
}

#[tokio::test]
async fn the_letter_survives_the_first_change_for_recovery_only() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let mut browser = provider.open_browser();
    let answer = browser.try_sign_in(&person.login, INITIAL).await;
    let change = browser.follow(answer).await;
    assert_eq!(browser.change_password_at(&change, CHOSEN, CHOSEN).await.location(), "/");
    assert_eq!(provider.open_browser().try_sign_in(&person.login, INITIAL).await.status, 401);
    let mut elsewhere = provider.open_browser();
    let answer = elsewhere.try_recover_from_before(&person.login, INITIAL).await;
    assert_eq!(answer.location(), "/change-password");
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn guessing_draws_on_a_budget_of_its_own() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter_from_before("halina.wrona").await;
    for _ in 0..6 {
        provider.open_browser().try_sign_in(&person.login, "Wrong#pass1").await;
    }
    for _ in 0..4 {
        let refused = provider.open_browser().try_recover_from_before(&person.login, "Wrong#pass1").await;
        assert_eq!(refused.status, 401);
    }
    let answer = provider.open_browser().try_recover_from_before(&person.login, INITIAL).await;
    assert_eq!(answer.location(), "/change-password");
    assert_eq!(records::count_of(&provider, "recovery.verdict", "wrong").await, 4);
}

#[tokio::test]
async fn the_fifth_wrong_guess_closes_it_for_a_while() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter_from_before("halina.wrona").await;
    for _ in 0..5 {
        provider.open_browser().try_recover_from_before(&person.login, "Wrong#pass1").await;
    }
    assert_eq!(provider.open_browser().try_recover_from_before(&person.login, INITIAL).await.status, 401);
    assert_eq!(provider.open_browser().try_sign_in(&person.login, CHOSEN).await.location(), "/");
    provider.advance(chrono::TimeDelta::minutes(16));
    let answer = provider.open_browser().try_recover_from_before(&person.login, INITIAL).await;
    assert_eq!(answer.location(), "/change-password");
}

#[tokio::test]
async fn it_can_be_switched_off_and_then_the_hash_dies_at_the_first_change() {
    let provider = TestProvider::start_with(&[("recovery.letters_from_before", "false")]).await;
    let active = provider.person_with_letter_from_before("halina.wrona").await;
    let newcomer = provider.person_with_letter("jan.kowalski").await;
    let mut browser = provider.open_browser();
    let page = browser.get("/recover").await;
    assert!(!form::has(&page.body, "#recover-from-before") && form::has(&page.body, "#recover"));
    let mut fields = form::fields(&page.body, "#recover");
    fields.retain(|(name, _)| name == "csrf");
    for (name, value) in [("letter", "from-before"), ("login", &active.login), ("initial_password", INITIAL)]
    {
        fields.push((name.to_owned(), value.to_owned()));
    }
    assert_eq!(browser.post("/recover", &fields).await.status, 401);
    let answer = browser.try_sign_in(&newcomer.login, INITIAL).await;
    let change = browser.follow(answer).await;
    assert_eq!(browser.change_password_at(&change, CHOSEN, CHOSEN).await.location(), "/");
    let kept = "login = 'jan.kowalski' AND initial_password_hash IS NOT NULL";
    assert_eq!(records::rows(&provider, "account", kept).await, 0);
}

#[tokio::test]
async fn a_letter_that_was_printed_here_is_the_letter() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter_from_before("halina.wrona").await;
    provider.printed_letter_of(&person.login).await;
    assert_eq!(provider.open_browser().try_recover_from_before(&person.login, INITIAL).await.status, 401);
    assert_eq!(records::count_of(&provider, "recovery.refused", "newer_letter").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_simultaneous_uses_one_wins() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter_from_before("halina.wrona").await;
    let mut browser = provider.open_browser();
    let page = browser.get("/recover").await;
    let answers = join_all((0..6).map(|_| {
        let (mut browser, page, login) = (browser.clone(), page.clone(), person.login.clone());
        async move {
            let typed = [("login", login.as_str()), ("initial_password", INITIAL)];
            browser.submit(&page, "#recover-from-before", &typed).await.status
        }
    }))
    .await;
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
    assert_eq!(records::rows(&provider, "letter_order", "1 = 1").await, 1);
}
