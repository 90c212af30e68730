//! Forms are answered only for the browser that was given the form (cross-site request forgery).

use serde_json::json;

use crate::helpers::form;
use crate::helpers::open_browser::{OpenBrowser, SetCookie};
use crate::helpers::people::CHOSEN;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Answer;

/// The ways in which a form can be somebody else's.
#[derive(Debug, Clone, Copy)]
enum Forgery {
    NoToken,
    EmptyToken,
    WrongToken,
    TokenOfAnotherBrowser,
    TwoTokens,
    NoCookie,
    CrossSite,
    SameSite,
}

const ALL: [Forgery; 8] = [
    Forgery::NoToken,
    Forgery::EmptyToken,
    Forgery::WrongToken,
    Forgery::TokenOfAnotherBrowser,
    Forgery::TwoTokens,
    Forgery::NoCookie,
    Forgery::CrossSite,
    Forgery::SameSite,
];

/// Sends a form of ours as `forgery` would.
async fn forge(
    provider: &TestProvider,
    browser: &OpenBrowser,
    page: &Answer,
    button: &str,
    typed: &[(&str, &str)],
    forgery: Forgery,
) -> (OpenBrowser, Answer) {
    let mut browser = browser.clone();
    let (action, mut fields) = form::filled_in(&page.body, button, typed);
    let ours = fields.iter().find(|(name, _)| name == "csrf").expect("every form has one").1.clone();
    let mut replace = |token: Option<&str>| {
        fields.retain(|(name, _)| name != "csrf");
        fields.extend(token.map(|token| ("csrf".to_owned(), token.to_owned())));
    };
    match forgery {
        Forgery::NoToken => replace(None),
        Forgery::EmptyToken => replace(Some("")),
        Forgery::WrongToken => replace(Some(&format!("{}A", &ours[1..]))),
        Forgery::TokenOfAnotherBrowser => {
            let elsewhere = provider.open_browser().get("/sign-in").await;
            let theirs = form::fields(&elsewhere.body, "#sign-in");
            let theirs = &theirs.iter().find(|(name, _)| name == "csrf").unwrap().1;
            assert_ne!(*theirs, ours);
            replace(Some(theirs));
        }
        Forgery::TwoTokens => fields.push(("csrf".to_owned(), ours)),
        Forgery::NoCookie => drop(browser.cookies.remove(OpenBrowser::VISIT)),
        Forgery::CrossSite => browser.headers.push(("sec-fetch-site", "cross-site".to_owned())),
        Forgery::SameSite => browser.headers.push(("sec-fetch-site", "same-site".to_owned())),
    }
    let answer = browser.post(&action, &fields).await;
    browser.headers.retain(|(name, _)| *name != "sec-fetch-site");
    (browser, answer)
}

#[tokio::test]
async fn a_forged_sign_in_signs_nobody_in_and_keeps_the_login() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = provider.open_browser();
    let page = browser.get("/sign-in").await;
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    for forgery in ALL {
        let (mut after, answer) = forge(&provider, &browser, &page, "#sign-in", &typed, forgery).await;
        assert_eq!(answer.status, 403, "{forgery:?}: {}", answer.body);
        let session = SetCookie::all_of(&answer).into_iter().find(|set| set.name == OpenBrowser::SESSION);
        assert!(session.is_none(), "{forgery:?}");
        assert!(!after.is_signed_in().await, "{forgery:?}");
        assert!(answer.error().is_some(), "{forgery:?}: it says what to do");
        let login = form::attribute(&answer.body, "#login", "value");
        assert_eq!(login.as_deref(), Some(person.login.as_str()), "{forgery:?}");
        assert!(!answer.body.contains(&person.password), "{forgery:?}: a password is never put back");
        // The form that came back is a good one.
        let again = after.submit(&answer, "#sign-in", &typed).await;
        assert_eq!(again.location(), "/", "{forgery:?}");
    }
    assert_eq!(
        records::count(&provider, "sign_in.verdict").await,
        ALL.len(),
        "only the good ones were judged"
    );
    assert_eq!(records::count(&provider, "session.started").await, ALL.len());
}

#[tokio::test]
async fn what_the_browser_says_about_our_own_page_is_no_obstacle() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    for site in ["same-origin", "none"] {
        let mut browser = provider.open_browser().sending("sec-fetch-site", site);
        let answer = browser.try_sign_in(&person.login, &person.password).await;
        assert_eq!(answer.location(), "/", "{site}");
    }
}

#[tokio::test]
async fn a_forged_change_changes_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let mut browser = provider.open_browser();
    let answer = browser.try_sign_in(&person.login, &person.password).await;
    let page = browser.follow(answer).await;
    let typed = [("new_password", CHOSEN), ("new_password_repeat", CHOSEN)];
    for forgery in ALL {
        let (_, answer) = forge(&provider, &browser, &page, "#change-password", &typed, forgery).await;
        assert_eq!(answer.status, 403, "{forgery:?}: {}", answer.body);
        assert!(form::has(&answer.body, "#new-password"), "{forgery:?}: the form is there to be sent again");
        assert!(!answer.body.contains(CHOSEN), "{forgery:?}");
    }
    assert_eq!(records::count(&provider, "password.changed").await, 0);
    let changed = browser.change_password_at(&page, CHOSEN, CHOSEN).await;
    assert_eq!(changed.location(), "/", "the control: the same form, unforged");
}

#[tokio::test]
async fn a_forged_sign_out_signs_nobody_out() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = provider.open_browser();
    let signed_in = browser.try_sign_in(&person.login, &person.password).await;
    let home = browser.follow(signed_in).await;
    let question = browser.get("/logout").await;
    for forgery in ALL {
        for (page, button) in [(&home, "#sign-out"), (&question, "#confirm")] {
            let (_, answer) = forge(&provider, &browser, page, button, &[], forgery).await;
            assert_eq!(answer.status, 403, "{forgery:?} {button}");
            assert!(browser.is_signed_in().await, "{forgery:?} {button}");
        }
    }
    assert_eq!(records::count(&provider, "session.ended").await, 0);
    let out = browser.submit(&home, "#sign-out", &[]).await;
    assert_eq!(out.status, 200, "the control: the same form, unforged");
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_forged_consent_gives_nothing_away() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let mut browser = provider.open_browser();
    let page = browser.open(&partner.authorization(&[])).await;
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    let answer = browser.submit(&page, "#sign-in", &typed).await;
    let consent = browser.follow(answer).await;
    for forgery in ALL {
        let (_, answer) = forge(&provider, &browser, &consent, "#approve", &[], forgery).await;
        assert_eq!(answer.status, 403, "{forgery:?}: {}", answer.body);
    }
    assert_eq!(records::count(&provider, "consent.given").await, 0);
    assert_eq!(records::rows(&provider, "authorization_code", "1 = 1").await, 0);
    let approved = browser.submit(&consent, "#approve", &[]).await;
    assert!(approved.parameter("code").is_some(), "the control: the same form, unforged");
}
