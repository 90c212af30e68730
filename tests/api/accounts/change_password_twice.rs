//! The change, sent twice: a double click, a lost answer, the back button.

use futures_util::future::join_all;

use crate::helpers::form;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::{CHOSEN, INITIAL};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Answer;

const OTHER: &str = "tR7#mKp2!x";

/// A browser on the change page.
async fn about_to_change(provider: &TestProvider, login: &str) -> (OpenBrowser, Answer) {
    let person = provider.person_with_letter(login).await;
    let mut browser = provider.open_browser();
    let answer = browser.try_sign_in(&person.login, &person.password).await;
    let page = browser.follow(answer).await;
    assert!(form::has(&page.body, "#new-password"));
    (browser, page)
}

#[tokio::test]
async fn the_second_of_two_same_submits_is_signed_in_like_the_first() {
    let provider = TestProvider::start().await;
    let (mut first, page) = about_to_change(&provider, "halina.wrona").await;
    let mut second = first.clone();
    assert_eq!(first.change_password_at(&page, CHOSEN, CHOSEN).await.location(), "/");
    // With the cookie from before: the first answer never arrived.
    let answer = second.change_password_at(&page, CHOSEN, CHOSEN).await;
    assert_eq!(answer.location(), "/");
    assert!(second.is_signed_in().await);
    assert_eq!(records::count(&provider, "password.changed").await, 1);
}

#[tokio::test]
async fn the_second_submit_with_another_password_is_told_that_it_was_changed() {
    let provider = TestProvider::start().await;
    let (mut first, page) = about_to_change(&provider, "halina.wrona").await;
    let mut second = first.clone();
    first.change_password_at(&page, CHOSEN, CHOSEN).await;
    let answer = second.change_password_at(&page, OTHER, OTHER).await;
    let told = second.follow(answer).await;
    assert!(form::has(&told.body, "#sign-in"), "{}", told.body);
    assert!(form::text(&told.body, "#notice").unwrap().contains("Hasło jest już zmienione"));
    assert!(!second.is_signed_in().await);
    assert!(first.is_signed_in().await, "whoever changed it is not disturbed");
    assert_eq!(provider.open_browser().try_sign_in("halina.wrona", OTHER).await.status, 401);
    assert_eq!(provider.open_browser().try_sign_in("halina.wrona", CHOSEN).await.location(), "/");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_simultaneous_changes_one_counts_and_who_typed_the_same_is_signed_in() {
    let provider = TestProvider::start().await;
    let (browser, page) = about_to_change(&provider, "halina.wrona").await;
    let choices = [CHOSEN, OTHER, CHOSEN, OTHER];
    let answers = join_all(choices.map(|password| {
        let (mut browser, page) = (browser.clone(), page.clone());
        async move {
            let answer = browser.change_password_at(&page, password, password).await;
            (password, answer.location().to_owned(), browser)
        }
    }))
    .await;
    assert_eq!(records::count(&provider, "password.changed").await, 1);
    let right: Vec<&str> = {
        let mut right = Vec::new();
        for password in [CHOSEN, OTHER] {
            if provider.open_browser().try_sign_in("halina.wrona", password).await.status == 303 {
                right.push(password);
            }
        }
        right
    };
    assert_eq!(right.len(), 1, "exactly one of them opens the account");
    for (password, location, mut browser) in answers {
        assert_eq!(location == "/", password == right[0], "{password} went to {location}");
        assert_eq!(browser.is_signed_in().await, password == right[0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_slips_in_with_the_initial_password_while_it_is_replaced() {
    let provider = TestProvider::start().await;
    let (mut owner, page) = about_to_change(&provider, "halina.wrona").await;
    let change = owner.change_password_at(&page, CHOSEN, CHOSEN);
    let others = join_all((0..4).map(|_| {
        let mut browser = provider.open_browser();
        async move {
            browser.try_sign_in("halina.wrona", INITIAL).await;
            browser
        }
    }));
    let (changed, others) = tokio::join!(change, others);
    assert_eq!(changed.location(), "/");
    // Before the change they came in and were put out; after it they were refused.
    for mut other in others {
        assert_eq!(other.get("/change-password").await.location(), "/sign-in");
        assert!(!other.is_signed_in().await);
    }
    assert!(owner.is_signed_in().await);
    let live = "ended_at IS NULL";
    assert_eq!(records::rows(&provider, "session", live).await, 1, "the owner's, and no other");
}

#[tokio::test]
async fn the_old_cookie_is_no_way_to_guess_beyond_the_budget() {
    let provider = TestProvider::start().await;
    let (mut first, page) = about_to_change(&provider, "halina.wrona").await;
    let old = first.clone();
    first.change_password_at(&page, CHOSEN, CHOSEN).await;
    for number in 0..8 {
        let guess = format!("tR7#mKp2!x{number}");
        let answer = old.clone().change_password_at(&page, &guess, &guess).await;
        assert!(answer.location().starts_with("/sign-in"));
    }
    assert_eq!(records::count_of(&provider, "sign_in.verdict", "wrong").await, 5);
    let right = old.clone().change_password_at(&page, CHOSEN, CHOSEN).await;
    assert!(right.location().starts_with("/sign-in"), "locked, like every other sign-in");
    assert!(first.is_signed_in().await, "a lock ends no session");
}

#[tokio::test]
async fn after_signing_out_the_old_form_leads_to_the_sign_in_page() {
    let provider = TestProvider::start().await;
    let (mut browser, page) = about_to_change(&provider, "halina.wrona").await;
    let old = browser.clone();
    browser.change_password_at(&page, CHOSEN, CHOSEN).await;
    let home = browser.get("/").await;
    browser.submit(&home, "#sign-out", &[]).await;
    let answer = old.clone().change_password_at(&page, CHOSEN, CHOSEN).await;
    assert_eq!(answer.location(), "/sign-in", "the session that it belonged to is over");
    assert_eq!(
        records::count_of(&provider, "sign_in.verdict", "correct").await,
        1,
        "and nothing was compared"
    );
}
