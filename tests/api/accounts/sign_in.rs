//! Signing in at `/sign-in`.

use unicode_normalization::UnicodeNormalization as _;

use crate::helpers::form;
use crate::helpers::people::{CHOSEN, Person, hash_of};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

#[tokio::test]
async fn an_initial_password_opens_the_change_page_and_a_chosen_one_the_home_page() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let browser = provider.visitor();

    let change = browser.sign_in(&person).await;
    assert!(form::has(&change.body, "#new-password"), "{}", change.body);
    let changed = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
    let home = browser.follow(changed).await;
    assert!(form::has(&home.body, "#sign-out"), "{}", home.body);

    let again = provider.visitor();
    let refused = again.sign_in(&person).await;
    assert_eq!(refused.status, 401, "the initial password is dead");
    let mut person = person;
    person.password = CHOSEN.to_owned();
    let home = again.sign_in(&person).await;
    assert!(form::has(&home.body, "#sign-out"), "{}", home.body);
}

/// Written with combining marks, as some keyboards and systems do.
fn decomposed(text: &str) -> String {
    text.nfd().collect()
}

#[tokio::test]
async fn a_login_is_trimmed_lower_cased_and_composed() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("żaneta.łoś").await;
    for typed in
        ["żaneta.łoś", "  żaneta.łoś\t", "ŻANETA.ŁOŚ", &decomposed("Żaneta.Łoś"), "\u{a0}ŻAneta.łoŚ "]
    {
        let answer = provider.open_browser().try_sign_in(typed, &person.password).await;
        assert_eq!(answer.status, 303, "{typed:?}");
    }
    for typed in ["zaneta.los", "żaneta łoś", "żaneta.łoś.", "\"żaneta.łoś\"", ""] {
        let answer = provider.open_browser().try_sign_in(typed, &person.password).await;
        assert_eq!(answer.status, 401, "{typed:?}");
    }
}

#[tokio::test]
async fn a_password_opens_in_either_unicode_form_but_is_otherwise_taken_as_typed() {
    let provider = TestProvider::start().await;
    let mut person = Person::active("halina.wrona");
    person.row.password_hash = hash_of("Zażółć#7gęŚ");
    provider.import(&[&person]).await;
    for (typed, status) in [
        ("Zażółć#7gęŚ".to_owned(), 303),
        (decomposed("Zażółć#7gęŚ"), 303),
        ("zażółć#7gęś".to_owned(), 401),
        (" Zażółć#7gęŚ".to_owned(), 401),
        ("Zazolc#7geS".to_owned(), 401),
    ] {
        let answer = provider.open_browser().try_sign_in(&person.login, &typed).await;
        assert_eq!(answer.status, status, "{typed:?}");
    }
}

#[tokio::test]
async fn impossible_input_is_refused_like_a_wrong_password() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let long = "x".repeat(30_000);
    for (login, password) in [
        ("", ""),
        (person.login.as_str(), ""),
        ("", person.password.as_str()),
        (long.as_str(), person.password.as_str()),
        ("nul\0login", "nul\0password"),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("<script>alert(1)</script>", "\u{feff}\u{202e}"),
        ("nobody.here", long.as_str()),
    ] {
        let answer = provider.open_browser().try_sign_in(login, password).await;
        assert_eq!(answer.status, 401, "{login:.20} {password:.20}: {}", answer.body);
        assert!(!answer.body.contains("<script>"), "{}", answer.body);
    }
    let mut browser = provider.open_browser();
    let page = browser.get("/sign-in").await;
    let (action, mut fields) = form::filled_in(&page.body, "#sign-in", &[("login", &person.login)]);
    fields.retain(|(name, _)| name != "password");
    for _ in 0..2 {
        fields.push(("password".to_owned(), person.password.clone()));
    }
    assert_eq!(browser.post(&action, &fields).await.status, 401, "two passwords are none");
}

#[tokio::test]
async fn a_weaker_hash_is_made_anew_at_the_next_sign_in() {
    let provider = TestProvider::start_with(&[("password_hashing.iterations", "3")]).await;
    let person = provider.active_person("halina.wrona").await;
    let cost = "password_hash LIKE '$argon2id$v=19$m=19456,t=3,%'";
    assert_eq!(records::rows(&provider, "account", cost).await, 0);
    assert_eq!(provider.open_browser().try_sign_in(&person.login, "Wrong#pass1").await.status, 401);
    assert_eq!(records::rows(&provider, "account", cost).await, 0, "not by a wrong guess");
    for _ in 0..2 {
        assert_eq!(provider.open_browser().try_sign_in(&person.login, &person.password).await.status, 303);
        assert_eq!(records::rows(&provider, "account", cost).await, 1);
    }
    assert_eq!(records::count(&provider, "password.rehashed").await, 1);
}
