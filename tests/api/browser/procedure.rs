//! The whole procedure, row by row, as people walk through it: an application, a clerk's decision, a printed letter,
//! its collection, the first sign-in, and back in with the letter. On the demo, whose mail goes over real SMTP.

use iok_id::domain::clock::{Clock as _, SystemClock};

use crate::helpers::chromium::Browser;
use crate::helpers::counter::Letter;
use crate::helpers::demo::Demo;
use crate::helpers::people::CHOSEN;
use crate::helpers::staff::Authenticator;

/// In the register, and without an account; has three premises.
const NAME: &str = "Barbara Olszewska";
const EMAIL: &str = "barbara.olszewska@poczta.example";
const OFFICE: &str = "Administracja nr 1 Centrum";
/// What she chooses the second time.
const CHOSEN_AGAIN: &str = "Brzoza!91kw";

#[tokio::test]
async fn an_application_becomes_a_letter_a_sign_in_and_a_way_back_in() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(&folder.path().join("demo")).await;
    let barbara = Browser::open().await;

    // Row 1: she fills in the application.
    barbara.goto(&format!("{}/apply", demo.provider())).await;
    fill_in_application(&barbara).await;
    barbara.click("#send").await;
    barbara.find("#sent").await;

    let urszula = clerk(&demo, "urszula.sowa").await;
    assert!(
        !urszula.text("main").await.contains(NAME),
        "nothing is submitted before the link's button was pressed"
    );

    // Row 2: the link in the mail; opening it does nothing, its button submits.
    barbara.goto(&link_mailed(&barbara, &demo, "/apply/confirm/").await).await;
    barbara.find("#confirm").await;
    urszula.driver.refresh().await.unwrap();
    assert!(!urszula.text("main").await.contains(NAME), "a link that was only opened submits nothing");
    barbara.click("#confirm").await;
    barbara.find("#state[data-state=submitted]").await;

    // Row 3: a clerk decides, with the register beside the application.
    urszula.driver.refresh().await.unwrap();
    urszula.click("#queue a").await;
    let register = urszula.text("#approval").await;
    assert!(register.contains("100121"), "{register}");
    urszula.click("#approve").await;
    urszula.find("#state").await;
    barbara.goto(&link_mailed(&barbara, &demo, "/apply/status/").await).await;
    barbara.find("#state[data-state=approved]").await;
    barbara.goto(&format!("{}/demo/mail", demo.provider())).await;
    let mail = barbara.text("main").await;
    // Row 5: the office, and when it is open.
    for told in
        [OFFICE, "poniedziałek 7–17, wtorek–czwartek 7–15, piątek 7–13", "Najbliższy dzień otwarcia: "]
    {
        assert!(mail.contains(told), "{told}: {mail}");
    }

    // Row 4: the letter is printed, once, on one page.
    urszula.goto(&format!("{}/office/letters", demo.provider())).await;
    urszula.click("#to-print ~ form input[type=checkbox], form:has(#print) input[type=checkbox]").await;
    urszula.click("#print").await;
    urszula.find("#all-letters").await;
    let letter = Letter::all_in(&urszula.driver.source().await.unwrap()).remove(0);
    let pages = urszula.print_to_text("procedure-letter").await;
    assert_eq!(pages.len(), 1, "one page a letter: {pages:#?}");
    let paper: String = pages[0].split_whitespace().collect();
    for printed in [&letter.login, &letter.password, &letter.serial].into_iter().chain(&letter.codes) {
        assert!(paper.contains(printed.as_str()), "{printed} is not on paper: {}", pages[0]);
    }

    // Until it is collected, its password opens nothing.
    try_to_sign_in(&barbara, &demo, &letter.login, &letter.password).await;
    barbara.find("#error").await;
    // And who printed it does not hand it over.
    find_letter(&urszula, &demo, &letter).await;
    urszula.find("#letter").await;
    assert!(!urszula.has("#hand-over").await, "who printed a letter hands it over");

    assert!(urszula.complaints().await.iter().all(|line| line.contains("409")), "only of that refusal");
    drop(urszula);

    let bogdan = clerk(&demo, "bogdan.kruk").await;
    find_letter(&bogdan, &demo, &letter).await;
    bogdan.click("#document-identity_card").await;
    bogdan.click("#signed").await;
    bogdan.click("#hand-over").await;
    bogdan.find("#notice").await;
    drop(bogdan);

    // Row 6: the first sign-in, from billing, and the forced change.
    try_to_sign_in(&barbara, &demo, &letter.login, &letter.password).await;
    barbara.find("#new-password").await;
    barbara.goto(&demo.billing()).await;
    barbara.click("#sign-in").await;
    barbara.find("#new-password").await;
    barbara.fill_in_new_password(CHOSEN, CHOSEN).await;
    barbara.click("#change-password").await;
    assert_eq!(barbara.text("#who").await, NAME);
    assert!(barbara.address().await.starts_with(&demo.billing()));

    // Row 7: on another day, at another browser, the password is forgotten. The letter brings her back in.
    let elsewhere = Browser::open().await;
    try_to_sign_in(&elsewhere, &demo, &letter.login, "Zapomnialam#7k").await;
    elsewhere.find("#error").await;
    elsewhere.click("a[href^='/recover']").await;
    elsewhere.fill_in_recovery(&letter.login, &letter.serial, &letter.codes[0]).await;
    elsewhere.click("#recover").await;
    elsewhere.find("#new-password").await;
    elsewhere.fill_in_new_password(CHOSEN_AGAIN, CHOSEN_AGAIN).await;
    elsewhere.click("#change-password").await;
    assert_eq!(elsewhere.text("#who").await, NAME);
    assert!(elsewhere.address().await.starts_with(&demo.billing()));

    // What she was signed in with before is over, and the old password with it.
    barbara.goto(&demo.provider()).await;
    barbara.find("#sign-in-link").await;
    try_to_sign_in(&barbara, &demo, &letter.login, CHOSEN).await;
    barbara.find("#error").await;
    // She is told, and could block the account.
    let blocks = link_mailed(&barbara, &demo, "/block/").await;
    assert!(blocks.starts_with(&demo.provider()), "{blocks}");
}

async fn fill_in_application(browser: &Browser) {
    browser.click("#applicant-person").await;
    for (field, text) in [
        ("#given-name", "Barbara"),
        ("#family-name", "Olszewska"),
        ("#contractor-number", "100121"),
        ("#street", "Kubiny 16 m. 3"),
        ("#postal-code", "41-601"),
        ("#city", "Świętochłowice"),
        ("#email", EMAIL),
        ("#phone-number", "600 100 121"),
    ] {
        browser.type_into(field, text).await;
    }
    browser.click("#title-role-owner").await;
    browser.find("#office").await.send_keys(OFFICE).await.unwrap();
    browser.click("#regulations").await;
}

/// The newest such link that was mailed to her, once it has come.
async fn link_mailed(browser: &Browser, demo: &Demo, page: &str) -> String {
    browser.goto(&format!("{}/demo/mail", demo.provider())).await;
    for _ in 0..30 {
        if browser.has(&format!("a[href*='{page}']")).await {
            let link = browser.find(&format!("a[href*='{page}']")).await;
            return link.attr("href").await.unwrap().unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        browser.driver.refresh().await.unwrap();
    }
    panic!("no mail with a link to {page} came: {}", browser.text("main").await);
}

/// From billing, as everybody comes.
async fn try_to_sign_in(browser: &Browser, demo: &Demo, login: &str, password: &str) {
    browser.goto(&demo.billing()).await;
    if browser.has("#sign-out").await {
        browser.click("#sign-out").await;
    }
    browser.click("#sign-in").await;
    browser.fill_in_sign_in(login, password).await;
    browser.click("#sign-in").await;
}

async fn find_letter(browser: &Browser, demo: &Demo, letter: &Letter) {
    browser.goto(&format!("{}/office/collection", demo.provider())).await;
    browser.type_into("#serial", &letter.serial).await;
    browser.click("#find-letter").await;
}

/// A member of staff at the console: the first sign-in, with everything that comes with it.
async fn clerk(demo: &Demo, login: &str) -> Browser {
    let browser = Browser::open().await;
    browser.goto(&format!("{}/office", demo.provider())).await;
    browser.fill_in_sign_in(login, demo.initial_password(login)).await;
    browser.click("#sign-in").await;
    browser.find("#new-password").await;
    browser.fill_in_new_password(CHOSEN, CHOSEN).await;
    browser.click("#change-password").await;
    browser.find("#seed").await;
    let authenticator = Authenticator::in_page(&browser.driver.source().await.unwrap());
    browser.type_into("#code", &authenticator.code_at(SystemClock.now().timestamp())).await;
    browser.click("#prove").await;
    browser.click("#codes-kept").await;
    browser.find("#staff-name").await;
    browser
}
