//! Back in with the letter (the procedure's row 7): login, serial and the next recovery code.

use futures_util::future::join_all;
use iok_id::domain::mail::{Mail, Message};
use serde_json::json;

use crate::helpers::counter::{clerk, hand_over, print_one, reissue};
use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::{CHOSEN, INITIAL, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

const NEW: &str = "tR7#mKp2!x";

async fn recovered_mails(provider: &TestProvider) -> Vec<Mail> {
    let mut mails = provider.mails().await;
    mails.retain(|mail| matches!(mail.message, Message::AccountRecovered { .. }));
    mails
}

#[tokio::test]
async fn the_letter_opens_the_change_of_password_and_the_way_ends_where_it_began() {
    let provider = TestProvider::start().await;
    let billing = provider.relying_party("billing", json!({})).await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let mut browser = provider.open_browser();
    let sign_in = browser.open(&billing.authorization(&[("state", "keep me"), ("ui_locales", "en")])).await;
    let page = browser.open(&form::attribute(&sign_in.body, "a#recover", "href").unwrap()).await;
    assert_eq!(form::attribute(&page.body, "html", "lang").as_deref(), Some("en"));

    // As people type: the login in capitals, the serial and the code without their groups.
    let serial = letter.serial.to_lowercase().replace('-', " ");
    let answer = browser.recover_at(&page, "HALINA.wrona ", &serial, "7kq2mxa9tbc4").await;
    let change = browser.follow(answer).await;
    assert!(form::has(&change.body, "#new-password"), "{}", change.body);
    assert!(form::text(&change.body, "#letter-left").unwrap().contains("There are 4 codes left"));
    assert_eq!(browser.get("/").await.status, 200);
    assert!(!browser.is_signed_in().await, "a letter opens the change and nothing else");

    // From now on nothing opens that did before.
    assert_eq!(provider.open_browser().try_sign_in(&person.login, CHOSEN).await.status, 401);

    let changed = browser.change_password_at(&change, NEW, NEW).await;
    let back = browser.follow(changed).await;
    assert_eq!(back.parameter("state").as_deref(), Some("keep me"));
    let tokens = billing.redeem(&back.parameter("code").unwrap()).await.json();
    assert_eq!(billing.userinfo(tokens["access_token"].as_str().unwrap()).await.status, 200);
    let mails = provider.mails().await;
    assert_eq!(provider.open_browser().try_sign_in(&person.login, NEW).await.location(), "/");
    assert_eq!(provider.open_browser().try_sign_in(&person.login, CHOSEN).await.status, 401);

    for (action, outcome) in [
        ("recovery.verdict", "correct"),
        ("account.recovered", "recovery_code"),
        ("session.started", "recovery_code"),
        ("password.changed", "recovered"),
    ] {
        assert_eq!(records::count_of(&provider, action, outcome).await, 1, "{action} {outcome}");
    }
    assert_eq!(mails.len(), 1, "the change that follows is no further news");
    assert_eq!(mails[0].to, "halina.wrona@example.test");
    let Message::AccountRecovered { account, codes_left, .. } = &mails[0].message else {
        panic!("{:?}", mails[0].message)
    };
    assert_eq!((*account, *codes_left), (letter.account, 4));
}

#[tokio::test]
async fn a_recovery_ends_every_session_and_every_token_also_those_that_outlive_sessions() {
    let provider = TestProvider::start().await;
    let billing = provider.relying_party("billing", json!({})).await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let elsewhere = provider.visitor();
    let offline = [("scope", "openid offline_access")];
    let tokens = billing.tokens(&elsewhere, &person, &offline).await;
    let (access, refresh) =
        (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let mut second = provider.open_browser();
    second.try_sign_in(&person.login, CHOSEN).await;
    assert!(second.is_signed_in().await);

    let answer = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(answer.location(), "/change-password");
    assert!(!second.is_signed_in().await);
    assert!(elsewhere.open("/").await.body.contains("sign-in-link"));
    assert_eq!(billing.refresh(refresh).await.json()["error"], "invalid_grant");
    assert_eq!(billing.userinfo(access).await.status, 401);
    assert_eq!(records::count_of(&provider, "session.ended", "recovered").await, 2);
    assert_eq!(records::count_of(&provider, "grant.revoked", "recovered").await, 1);
}

#[tokio::test]
async fn codes_work_in_their_order_and_each_once() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let (login, serial) = (person.login.as_str(), letter.serial.as_str());
    for (number, code) in CODES.iter().enumerate() {
        // A code out of its order is as wrong as one that was used. Twice: the budget holds five.
        for wrong in [(number + 1) % 5, (number + 4) % 5] {
            let refused = provider.open_browser().try_recover(login, serial, CODES[wrong]).await;
            assert_eq!(refused.status, 401, "code {wrong} before code {number}");
        }
        let mut browser = provider.open_browser();
        let answer = browser.try_recover(login, serial, code).await;
        assert_eq!(answer.location(), "/change-password", "code {number}");
        let left = form::text(&browser.follow(answer).await.body, "#letter-left").unwrap();
        let expected = ["jeszcze 4 kody", "jeszcze 3 kody", "jeszcze 2 kody", "jeszcze 1 kod", "ostatni kod"];
        assert!(left.contains(expected[number]), "{left}");
        provider.advance(chrono::TimeDelta::minutes(16));
    }
    let refused = provider.open_browser().try_recover(login, serial, CODES[4]).await;
    assert_eq!(refused.status, 401, "the letter is used up");
    assert_eq!(records::count_of(&provider, "recovery.refused", "no_codes_left").await, 1);
    let left: Vec<u8> = provider
        .mails()
        .await
        .iter()
        .filter_map(|mail| match mail.message {
            Message::AccountRecovered { codes_left, .. } => Some(codes_left),
            _ => None,
        })
        .collect();
    assert_eq!(left, [4, 3, 2, 1, 0]);
}

#[tokio::test]
async fn a_change_that_was_lost_means_the_next_code() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    // The browser is gone with its cookie.
    let mut browser = provider.open_browser();
    assert_eq!(browser.try_sign_in(&person.login, CHOSEN).await.status, 401, "the old password is dead");
    let answer = browser.try_recover(&person.login, &letter.serial, CODES[1]).await;
    let change = browser.follow(answer).await;
    assert_eq!(browser.change_password_at(&change, CHOSEN, CHOSEN).await.location(), "/");
    assert!(
        browser.is_signed_in().await,
        "who was only locked may keep a password that is known to nobody else"
    );
}

#[tokio::test]
async fn whoever_never_replaced_the_initial_password_recovers_too_and_still_cannot_keep_it() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let letter = provider.letter_of(&person.login).await;
    let mut browser = provider.open_browser();
    let answer = browser.try_recover(&person.login, &letter.serial, CODES[0]).await;
    let change = browser.follow(answer).await;
    let kept = browser.change_password_at(&change, INITIAL, INITIAL).await;
    assert_eq!(kept.status, 422);
    assert!(form::texts(&kept.body, "#error li")[0].starts_with("To jest hasło z listu"));
    assert_eq!(browser.change_password_at(&kept, NEW, NEW).await.location(), "/");
    assert_eq!(provider.open_browser().try_sign_in(&person.login, INITIAL).await.status, 401);
}

#[tokio::test]
async fn a_recovery_lifts_the_lock_at_once() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    for _ in 0..6 {
        provider.open_browser().try_sign_in(&person.login, "Wrong#pass1").await;
    }
    let mut browser = provider.open_browser();
    let answer = browser.try_recover(&person.login, &letter.serial, CODES[0]).await;
    let change = browser.follow(answer).await;
    browser.change_password_at(&change, NEW, NEW).await;
    assert_eq!(provider.open_browser().try_sign_in(&person.login, NEW).await.location(), "/");
    assert_eq!(records::count_of(&provider, "account.unlocked", "recovered").await, 1);
}

#[tokio::test]
async fn the_session_of_somebody_else_at_the_same_browser_ends() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let other = provider.active_person("jan.kowalski").await;
    let mut browser = provider.open_browser();
    browser.try_sign_in(&other.login, &other.password).await;
    let theirs = browser.session();
    browser.try_recover(&person.login, &letter.serial, CODES[0]).await;
    let mut back = provider.open_browser().holding(OpenBrowser::SESSION, &theirs);
    assert!(!back.is_signed_in().await);
    assert_eq!(records::count_of(&provider, "session.ended", "replaced").await, 1);
}

#[tokio::test]
async fn a_letter_never_replaces_the_second_factor_of_staff() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("anna.nowak").await;
    provider
        .execute(&format!(
            "INSERT INTO staff (account_id, role, created_at) VALUES ({}, 'supervisor', CURRENT_TIMESTAMP)",
            provider.uuid_literal(letter.account)
        ))
        .await;
    let mut browser = provider.open_browser();
    let answer = browser.try_recover(&person.login, &letter.serial, CODES[0]).await;
    let change = browser.follow(answer).await;
    let changed = browser.change_password_at(&change, NEW, NEW).await;
    assert_eq!(changed.location(), "/second-factor");
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn what_was_typed_is_kept_but_never_the_code() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let mut browser = provider.open_browser();
    let refused = browser.try_recover(&person.login, &letter.serial, "WRONG-CODE-1234").await;
    assert_eq!(form::attribute(&refused.body, "#login", "value").as_deref(), Some("halina.wrona"));
    assert_eq!(form::attribute(&refused.body, "#serial", "value"), Some(letter.serial.clone()));
    assert_eq!(form::attribute(&refused.body, "#code", "value"), None);
    assert!(!refused.body.contains("WRONG-CODE"));
    let before = browser.try_recover_from_before(&person.login, "Wrong#pass1").await;
    assert_eq!(before.status, 401);
    assert_eq!(form::attribute(&before.body, "#login-from-before", "value").as_deref(), Some("halina.wrona"));
    assert!(!before.body.contains("Wrong#pass1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_simultaneous_recoveries_with_one_code_one_wins() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let mut browser = provider.open_browser();
    let page = browser.get("/recover").await;
    let answers = join_all((0..8).map(|_| {
        let (mut browser, page) = (browser.clone(), page.clone());
        let (login, serial) = (person.login.clone(), letter.serial.clone());
        async move {
            let status = browser.recover_at(&page, &login, &serial, CODES[0]).await.status;
            (status, browser)
        }
    }))
    .await;
    let won: Vec<_> = answers.iter().filter(|(status, _)| *status == 303).collect();
    assert_eq!(won.len(), 1, "{:?}", answers.iter().map(|(status, _)| status).collect::<Vec<_>>());
    let mut winner = won[0].1.clone();
    let change = winner.open("/change-password").await;
    assert_eq!(winner.change_password_at(&change, NEW, NEW).await.location(), "/");
    assert_eq!(records::count(&provider, "account.recovered").await, 1);
    assert_eq!(records::rows(&provider, "recovery_code", "used_at IS NOT NULL").await, 1);
    assert_eq!(recovered_mails(&provider).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sign_in_at_the_same_moment_leaves_no_session_behind() {
    let provider = TestProvider::start().await;
    for round in 0..4 {
        let login = format!("halina.wrona{round}");
        let (person, letter) = provider.person_with_codes(&login).await;
        let mut browser = provider.open_browser();
        let (recover_page, sign_in_page) = (browser.get("/recover").await, browser.get("/sign-in").await);
        let mut owner = browser.clone();
        let sign_ins = join_all((0..4).map(|_| {
            let (mut browser, page, person) = (browser.clone(), sign_in_page.clone(), person.clone());
            async move {
                let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
                browser.submit(&page, "#sign-in", &typed).await;
                browser
            }
        }));
        let recovery = owner.recover_at(&recover_page, &person.login, &letter.serial, CODES[0]);
        let (strangers, answer) = tokio::join!(sign_ins, recovery);
        assert_eq!(answer.location(), "/change-password");
        for mut stranger in strangers {
            assert!(!stranger.is_signed_in().await, "whoever knew the old password is out");
        }
        assert!(form::has(&owner.open("/change-password").await.body, "#new-password"));
    }
}

#[tokio::test]
async fn only_a_letter_of_its_own_account_lets_in() {
    let provider = TestProvider::start().await;
    let (halina, hers) = provider.person_with_codes("halina.wrona").await;
    let (jan, _) = provider.person_with_codes("jan.kowalski").await;
    let refused = provider.open_browser().try_recover(&jan.login, &hers.serial, CODES[0]).await;
    assert_eq!(refused.status, 401);
    let mut closed = Person::active("anna.nowak");
    "closed".clone_into(&mut closed.row.state);
    provider.import(&[&closed]).await;
    let theirs = provider.letter_of(&closed.login).await;
    let refused = provider.open_browser().try_recover(&closed.login, &theirs.serial, CODES[0]).await;
    assert_eq!(refused.status, 401);
    let answer = provider.open_browser().try_recover(&halina.login, &hers.serial, CODES[0]).await;
    assert_eq!(answer.location(), "/change-password");
}

#[tokio::test]
async fn once_another_letter_is_printed_the_codes_of_the_one_before_are_worthless() {
    let provider = TestProvider::start().await;
    let (printer, desk) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    let (person, before) = provider.person_with_codes("halina.wrona").await;
    reissue(&provider, &person.login).await;
    let letter = print_one(&printer).await;
    for collected in [false, true] {
        if collected {
            hand_over(&desk, &letter.serial).await;
        }
        let refused = provider.open_browser().try_recover(&person.login, &before.serial, CODES[0]).await;
        assert_eq!(refused.status, 401, "collected: {collected}: {}", refused.body);
    }
    assert_eq!(records::count_of(&provider, "recovery.refused", "letter_void").await, 2);
    let answer = provider.open_browser().try_recover(&person.login, &letter.serial, &letter.codes[0]).await;
    assert_eq!(answer.location(), "/change-password", "{}", answer.body);
}
