//! The newcomer's journey on the demo: one sign-in for billing and complaints.

use std::time::{Duration, Instant};

use crate::helpers::chromium::Browser;
use crate::helpers::demo::Demo;
use crate::helpers::people::CHOSEN;
use crate::helpers::process::PATIENCE;

const LOGIN: &str = "anna.nowak";
const NAME: &str = "Anna Nowak";

/// From billing's front page to billing signed in, by way of the letter and the forced change.
async fn sign_in_for_the_first_time(browser: &Browser, demo: &Demo, billing: &str) {
    let provider = demo.provider();

    browser.goto(billing).await;
    browser.click("#sign-in").await;
    browser.find("#password").await;
    assert!(
        browser.address().await.starts_with(&format!("{provider}/sign-in")),
        "{}",
        browser.address().await
    );

    browser.fill_in_sign_in(LOGIN, demo.initial_password(LOGIN)).await;
    browser.click("#sign-in").await;
    browser.find("#new-password").await;
    let address = browser.address().await;
    assert!(address.starts_with(&format!("{provider}/change-password")), "{address}");

    // The change is forced: neither the services nor the provider know anybody yet.
    browser.goto(billing).await;
    browser.click("#sign-in").await;
    browser.find("#new-password").await;
    browser.goto(&provider).await;
    browser.find("#sign-in-link").await;
    assert!(!browser.text("main").await.contains(NAME), "the provider's home knows who owes a change");
    browser.goto(&address).await;

    browser.fill_in_new_password(CHOSEN, CHOSEN).await;
    browser.click("#change-password").await;
    assert_eq!(browser.text("#who").await, NAME);
    assert_eq!(browser.address().await, format!("{billing}/"));
    // Something of billing's own world.
    assert!(!browser.text("#balance").await.is_empty());
}

#[tokio::test]
async fn a_newcomer_signs_in_once_for_both_services() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(&folder.path().join("demo")).await;
    let browser = Browser::open().await;
    let (provider, billing, complaints) = (demo.provider(), demo.billing(), demo.complaints());

    sign_in_for_the_first_time(&browser, &demo, &billing).await;

    // Complaints: signed in without a page.
    browser.goto(&complaints).await;
    browser.click("#sign-in").await;
    assert_eq!(browser.text("#who").await, NAME);
    assert_eq!(browser.address().await, format!("{complaints}/"));
    assert!(browser.has("#reports").await);

    // The provider says who is signed in, and where one can go.
    browser.goto(&provider).await;
    browser.find("#sign-out").await;
    let home = browser.text("main").await;
    assert!(home.contains(NAME) && home.contains(LOGIN), "{home}");
    for service in [&billing, &complaints] {
        assert!(browser.has(&format!("a[href^='{service}']")).await, "no link to {service}");
    }

    // Signed out at billing: billing asks again, and so does the provider.
    browser.goto(&billing).await;
    browser.click("#sign-out").await;
    browser.find("#sign-in").await;
    let address = browser.address().await;
    assert!(address.starts_with(&format!("{billing}/signed-out")), "{address}");
    browser.goto(&provider).await;
    browser.find("#sign-in-link").await;
    assert!(!browser.has("#sign-out").await, "the provider still knows somebody");
    browser.goto(&billing).await;
    browser.click("#sign-in").await;
    browser.find("#password").await;
    let address = browser.address().await;
    assert!(address.starts_with(&format!("{provider}/sign-in")), "{address}");

    // Complaints was told behind the browser's back, and asks again as well.
    let began = Instant::now();
    loop {
        browser.goto(&complaints).await;
        if browser.has("#sign-in").await {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "complaints still knows who is there");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(!browser.has("#who").await);
    browser.click("#sign-in").await;
    browser.find("#password").await;
    let address = browser.address().await;
    assert!(address.starts_with(&format!("{provider}/sign-in")), "{address}");

    // The letter has done its work; the new password has begun its own.
    browser.goto(&billing).await;
    browser.click("#sign-in").await;
    browser.fill_in_sign_in(LOGIN, demo.initial_password(LOGIN)).await;
    browser.click("#sign-in").await;
    browser.find("#error").await;
    assert!(browser.complaints().await.iter().all(|line| line.contains("401")), "only of the refusal");
    browser.fill_in_sign_in(LOGIN, CHOSEN).await;
    browser.click("#sign-in").await;
    assert_eq!(browser.text("#who").await, NAME);

    nothing_from_elsewhere(&browser, &[&provider, &billing, &complaints]).await;
}

/// `127.0.0.1` is cross-site to `localhost`, where the provider is: its cookies come along all the same, because the
/// browser is sent there, and nothing depends on a cookie that a foreign page would have to send.
#[tokio::test]
async fn billing_across_sites_signs_in_and_out() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(&folder.path().join("demo")).await;
    let browser = Browser::open().await;
    let provider = demo.provider();
    let billing = format!("http://127.0.0.1:{}", demo.port + 1);

    sign_in_for_the_first_time(&browser, &demo, &billing).await;

    // The other name of the same service is another site: its session is its own, the sign-in is one.
    browser.goto(&demo.billing()).await;
    browser.click("#sign-in").await;
    assert_eq!(browser.text("#who").await, NAME);
    assert_eq!(browser.address().await, format!("{}/", demo.billing()));

    browser.goto(&billing).await;
    browser.click("#sign-out").await;
    browser.find("#sign-in").await;
    let address = browser.address().await;
    assert!(address.starts_with(&format!("{billing}/signed-out")), "{address}");
    browser.goto(&provider).await;
    browser.find("#sign-in-link").await;

    nothing_from_elsewhere(&browser, &[&provider, &billing, &demo.billing()]).await;
}

/// Nobody else was asked for anything, and nothing was refused by a page's policy.
async fn nothing_from_elsewhere(browser: &Browser, ours: &[&str]) {
    let requested = browser.requested().await;
    assert!(requested.len() > 20, "the log of requests is not kept: {requested:?}");
    let foreign: Vec<_> = requested
        .iter()
        .filter(|address| !ours.iter().any(|origin| address.starts_with(&format!("{origin}/"))))
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:#?}");
}
