//! The session's secret: new at every sign-in and change of privilege, never one that came with the request.

use chrono::TimeDelta;
use serde_json::json;

use crate::helpers::form;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::CHOSEN;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

/// Does this session cookie open anything, alone or as a debt to settle?
async fn opens_anything(provider: &TestProvider, secret: &str) -> bool {
    let mut browser = provider.open_browser().holding(OpenBrowser::SESSION, secret);
    let change = browser.get("/change-password").await;
    change.status == 200 || change.location() != "/sign-in" || browser.is_signed_in().await
}

#[tokio::test]
async fn the_secret_is_renewed_at_sign_in_and_at_the_change_and_the_old_ones_open_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let mut browser = provider.open_browser();
    let first = browser.try_sign_in(&person.login, &person.password).await;
    let owing = browser.session();
    assert!(opens_anything(&provider, &owing).await, "the change page, and that is how this test looks");
    let page = browser.follow(first).await;
    browser.change_password_at(&page, CHOSEN, CHOSEN).await;
    let settled = browser.session();
    assert_ne!(owing, settled);
    assert!(!opens_anything(&provider, &owing).await, "the secret from before the change");
    assert!(opens_anything(&provider, &settled).await);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn a_planted_session_cookie_is_not_adopted() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let planted = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let mut browser = provider.open_browser().holding(OpenBrowser::SESSION, planted);
    let answer = browser.try_sign_in(&person.login, &person.password).await;
    assert_eq!(answer.location(), "/");
    assert_ne!(browser.session(), planted);
    assert!(browser.is_signed_in().await);
    assert!(!opens_anything(&provider, planted).await);
}

#[tokio::test]
async fn a_stranger_who_plants_their_own_live_session_learns_nothing_of_the_next_person() {
    let provider = TestProvider::start().await;
    let stranger = provider.active_person("obcy.ktos").await;
    let person = provider.active_person("halina.wrona").await;
    let mut theirs = provider.open_browser();
    theirs.try_sign_in(&stranger.login, &stranger.password).await;
    let planted = theirs.session();

    // The page was open before the cookie was planted: with it, nobody is asked to sign in.
    let mut browser = provider.open_browser();
    let page = browser.get("/sign-in").await;
    browser = browser.holding(OpenBrowser::SESSION, &planted);
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    let answer = browser.submit(&page, "#sign-in", &typed).await;
    assert_eq!(answer.location(), "/");
    assert_ne!(browser.session(), planted);
    assert!(!opens_anything(&provider, &planted).await, "the session that was there before has ended");
    assert!(!theirs.is_signed_in().await);
    assert_eq!(records::count_of(&provider, "session.ended", "replaced").await, 1);
    let home = browser.get("/").await;
    assert!(home.body.contains(&person.login) && !home.body.contains(&stranger.login), "{}", home.body);
}

#[tokio::test]
async fn what_the_one_before_had_granted_ends_when_somebody_else_signs_in() {
    let provider = TestProvider::start().await;
    let before = provider.active_person("jan.przedtem").await;
    let after = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let page = browser.get("/sign-in").await;
    let tokens = billing.tokens(&browser, &before, &[]).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(billing.userinfo(access_token).await.status, 200);
    assert_eq!(browser.sign_in_at(&page, &after.login, &after.password).await.location(), "/");
    assert_eq!(billing.userinfo(access_token).await.status, 401);
    assert_ne!(billing.refresh(tokens["refresh_token"].as_str().unwrap()).await.status, 200);
}

#[tokio::test]
async fn the_same_person_signing_in_again_gets_a_new_secret_and_keeps_what_was_granted() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let mut browser = provider.open_browser();
    let page = browser.open(&billing.authorization(&[])).await;
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    let answer = browser.submit(&page, "#sign-in", &typed).await;
    let code = browser.follow(answer).await.parameter("code").unwrap();
    let tokens = billing.redeem(&code).await.json();
    let first = browser.session();

    provider.advance(TimeDelta::minutes(1));
    let again = browser.open(&billing.authorization(&[("prompt", "login")])).await;
    assert_eq!(form::attribute(&again.body, "#login", "value").as_deref(), Some("halina.wrona"));
    let answer = browser.submit(&again, "#sign-in", &typed).await;
    assert!(browser.follow(answer).await.parameter("code").is_some());
    assert_ne!(browser.session(), first);
    assert_eq!(records::count_of(&provider, "session.renewed", "password").await, 1);
    assert!(!opens_anything(&provider, &first).await, "the secret from before");
    assert!(browser.is_signed_in().await);
    assert_eq!(billing.userinfo(tokens["access_token"].as_str().unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_refused_sign_in_leaves_the_session_that_was_there() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = provider.open_browser();
    let page = browser.get("/sign-in").await;
    browser.submit(&page, "#sign-in", &[("login", &person.login), ("password", &person.password)]).await;
    let secret = browser.session();
    let refused =
        browser.submit(&page, "#sign-in", &[("login", &person.login), ("password", "Wrong#pass1")]).await;
    assert_eq!(refused.status, 401);
    assert_eq!(browser.session(), secret);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn sign_out_ends_the_session_and_what_hangs_on_it() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let mut browser = provider.open_browser();
    let page = browser.open(&billing.authorization(&[])).await;
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    let answer = browser.submit(&page, "#sign-in", &typed).await;
    let code = browser.follow(answer).await.parameter("code").unwrap();
    let tokens = billing.redeem(&code).await.json();
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(billing.userinfo(access_token).await.status, 200);

    let secret = browser.session();
    let home = browser.get("/").await;
    let out = browser.submit(&home, "#sign-out", &[]).await;
    assert_eq!(out.status, 200);
    assert!(form::has(&out.body, r#"a[href="/sign-in"]"#), "{}", out.body);
    assert!(!browser.cookies.contains_key(OpenBrowser::SESSION), "the browser forgets it");
    assert!(!opens_anything(&provider, &secret).await, "and so does the provider");
    assert_eq!(records::count_of(&provider, "session.ended", "signed_out").await, 1);
    assert_eq!(billing.userinfo(access_token).await.status, 401);
    let page = browser.open(&billing.authorization(&[])).await;
    assert!(form::has(&page.body, "#password"), "the next service asks again");
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_after_its_longest_life_whatever_is_done() {
    let provider =
        TestProvider::start_with(&[("session.idle_minutes", "30"), ("session.absolute_hours", "2")]).await;
    let person = provider.active_person("halina.wrona").await;
    let mut idle = provider.open_browser();
    idle.try_sign_in(&person.login, &person.password).await;
    let mut busy = idle.clone();
    provider.advance(TimeDelta::minutes(29));
    assert!(idle.is_signed_in().await);
    provider.advance(TimeDelta::minutes(31));
    assert!(!idle.is_signed_in().await, "30 minutes without a request");

    busy.cookies.clear();
    busy.try_sign_in(&person.login, &person.password).await;
    for _ in 0..5 {
        provider.advance(TimeDelta::minutes(20));
        assert!(busy.is_signed_in().await);
    }
    provider.advance(TimeDelta::minutes(20));
    assert!(!busy.is_signed_in().await, "two hours after it began");
}
