//! Two tabs sign in at once, by an impatient person: double clicks, the back button, the same form twice.

use crate::helpers::chromium::{Browser, Habits};
use crate::helpers::demo::Demo;
use crate::helpers::people::CHOSEN;

const LOGIN: &str = "piotr.wisniewski";
const NAME: &str = "Piotr Wiśniewski";

#[tokio::test]
async fn two_tabs_with_the_back_button_and_double_clicks_both_end_signed_in() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(&folder.path().join("demo")).await;
    // The same service twice: its own cookie has to remember two sign-ins as well.
    let billing = demo.billing();
    sign_in_from_two_tabs(&demo, Habits::default(), [&billing, &billing]).await;
}

/// Without scripts nothing holds a second click back: the server sees the form twice.
#[tokio::test]
async fn the_same_without_scripts() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(&folder.path().join("demo")).await;
    let habits = Habits { scripts: false, ..Habits::default() };
    sign_in_from_two_tabs(&demo, habits, [&demo.billing(), &demo.complaints()]).await;
}

async fn sign_in_from_two_tabs(demo: &Demo, habits: Habits, services: [&str; 2]) {
    let browser = Browser::with(habits).await;
    let letter = demo.initial_password(LOGIN);

    // Both tabs wait at the sign-in page.
    let first = browser.driver.window().await.unwrap();
    ask_to_sign_in(&browser, services[0]).await;
    assert_eq!(browser.has(".show-password").await, habits.scripts, "the comforts of page.js");
    let second = browser.driver.new_tab().await.unwrap();
    browser.driver.switch_to_window(second.clone()).await.unwrap();
    ask_to_sign_in(&browser, services[1]).await;

    // The first one signs in by a double click, goes back, and signs in again.
    browser.driver.switch_to_window(first.clone()).await.unwrap();
    browser.fill_in_sign_in(LOGIN, letter).await;
    browser.double_click("#sign-in").await;
    browser.find("#new-password").await;
    browser.back().await;
    sign_in_if_asked(&browser, letter).await;

    // The second one does the same with the page that it has had open all the time.
    browser.driver.switch_to_window(second.clone()).await.unwrap();
    browser.fill_in_sign_in(LOGIN, letter).await;
    browser.double_click("#sign-in").await;
    browser.find("#new-password").await;

    // The first one changes the password, by a double click. Its page is older than the session of the second.
    browser.driver.switch_to_window(first.clone()).await.unwrap();
    browser.fill_in_new_password(CHOSEN, CHOSEN).await;
    browser.double_click("#change-password").await;
    arrive(&browser, services[0], CHOSEN).await;

    // Back from there: a page that leads on, not an error, and not another password.
    browser.back().await;
    arrive(&browser, services[0], CHOSEN).await;

    // The second one sends its own change, which has been made already.
    browser.driver.switch_to_window(second).await.unwrap();
    browser.fill_in_new_password(CHOSEN, CHOSEN).await;
    browser.double_click("#change-password").await;
    arrive(&browser, services[1], CHOSEN).await;

    // And both still are.
    for service in services {
        browser.goto(service).await;
        assert_eq!(browser.text("#who").await, NAME);
    }
    browser.goto(&demo.provider()).await;
    browser.find("#sign-out").await;
}

async fn ask_to_sign_in(browser: &Browser, service: &str) {
    browser.goto(service).await;
    browser.click("#sign-in").await;
    browser.find("#password").await;
}

/// Wherever the back button leads, signing in once more ends at the change page.
async fn sign_in_if_asked(browser: &Browser, letter: &str) {
    browser.find("#password, #new-password").await;
    if browser.has("#password").await {
        browser.fill_in_sign_in(LOGIN, letter).await;
        browser.click("#sign-in").await;
    }
    browser.find("#new-password").await;
}

/// Does what the page says, as a person would, until the service knows who is there.
async fn arrive(browser: &Browser, service: &str, password: &str) {
    for _ in 0..5 {
        browser.find("#who, #continue, #password, #new-password, form #sign-in, a#sign-in, #error").await;
        if browser.has("#who").await {
            let address = browser.address().await;
            assert_eq!(address, format!("{service}/"));
            assert_eq!(browser.text("#who").await, NAME);
            return;
        }
        assert!(!browser.has("#error").await, "{}", browser.text("body").await);
        if browser.has("#password").await {
            browser.fill_in_sign_in(LOGIN, password).await;
            browser.click("#sign-in").await;
        } else if browser.has("#new-password").await {
            browser.fill_in_new_password(password, password).await;
            browser.click("#change-password").await;
        } else if browser.has("#continue").await {
            browser.click("#continue").await;
        } else {
            browser.click("a#sign-in").await;
        }
    }
    panic!("it does not end: {}", browser.text("body").await);
}
