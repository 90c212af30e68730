//! Printing credential letters (the procedure's row 4).

use std::collections::BTreeSet;
use std::time::Duration;

use iok_id::domain::account::AccountState;
use iok_id::domain::staff::Role;
use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE};

use crate::helpers::counter::{
    Letter, OTHER_OFFICE, approved, clerk, hand_over, letters_page, move_to, print_again, print_all,
    print_one, reissue, staff, state_of,
};
use crate::helpers::database::dump;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::relying_party::encode;

#[tokio::test]
async fn a_batch_of_twenty_comes_as_one_page_and_nothing_of_it_is_in_the_database() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    for number in 0..20 {
        approved(&provider, &format!("nowa.{number:02}")).await;
    }
    let batch = print_all(&printer).await;
    assert_eq!(batch.status, 200);
    assert_eq!(batch.header("cache-control"), "no-store");
    assert_eq!(batch.header("x-accel-buffering"), "no");
    assert!(form::has(&batch.body, "#all-letters"), "it came to its end");
    let letters = Letter::all_in(&batch.body);
    let logins: BTreeSet<&str> = letters.iter().map(|letter| letter.login.as_str()).collect();
    assert_eq!(logins.len(), 20);
    let secrets: BTreeSet<&str> = letters
        .iter()
        .flat_map(|letter| letter.codes.iter().chain([&letter.password]).map(String::as_str))
        .collect();
    assert_eq!(secrets.len(), 20 * 6, "no secret twice");
    let stored = dump(&provider.database).await;
    for secret in secrets {
        let plain = secret.replace('-', "");
        assert!(stored.iter().all(|(_, row)| !row.contains(secret) && !row.contains(&plain)), "{secret}");
    }
    assert_eq!(records::rows(&provider, "recovery_code", "hash LIKE '$argon2id$%'").await, 100);
    assert_eq!(records::count_of(&provider, "letter.printed", "first").await, 20);
    let page = letters_page(&printer).await;
    assert!(form::has(&page.body, "#nothing-to-print"));
    assert!(!letters.iter().any(|letter| page.body.contains(&letter.password)), "the list shows no password");
}

#[tokio::test]
async fn a_letter_printed_again_has_another_password_and_voids_the_older_one() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    let counter = clerk(&provider, "jan.okienko").await;
    approved(&provider, "nowa.osoba").await;
    let older = print_one(&printer).await;
    let newer = print_again(&printer).await;
    assert_eq!(older.login, newer.login);
    assert_ne!(older.password, newer.password);
    assert_ne!(older.serial, newer.serial);
    assert!(older.codes.iter().all(|code| !newer.codes.contains(code)));
    assert_eq!(records::count_of(&provider, "letter.voided", "reprinted").await, 1);
    assert_eq!(records::count_of(&provider, "letter.printed", "again").await, 1);
    hand_over(&counter, &newer.serial).await;
    assert!(form::has(&provider.visitor().sign_in(&newer.person()).await.body, "#new-password"));
    assert!(form::has(&provider.visitor().sign_in(&older.person()).await.body, "#error"), "it opens nothing");
}

#[tokio::test]
async fn a_second_press_on_the_same_page_prints_nothing_and_says_which_letter_is_good() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    approved(&provider, "nowa.osoba").await;
    let page = letters_page(&printer).await;
    let first = printer.submit(&page, "#print", &[]).await;
    let letter = Letter::all_in(&first.body).remove(0);
    let second = printer.submit(&page, "#print", &[]).await;
    assert_eq!(second.status, 200);
    assert!(Letter::all_in(&second.body).is_empty());
    let told = form::text(&second.body, ".missing-letter").unwrap();
    assert!(told.contains(&letter.serial) && told.contains("ewa.drukarska"), "{told}");
    assert_eq!(records::count(&provider, "letter.printed").await, 1);
    assert_eq!(records::count(&provider, "letter.voided").await, 0);
}

#[tokio::test]
async fn of_two_clerks_who_print_at_once_one_has_the_letter_and_the_other_is_told() {
    let provider = TestProvider::start().await;
    let (one, other) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    approved(&provider, "nowa.osoba").await;
    for button in ["#print", "#print-again", "#print-again"] {
        let (first, second) = (letters_page(&one).await, letters_page(&other).await);
        let (first, second) =
            tokio::join!(one.submit(&first, button, &[]), other.submit(&second, button, &[]));
        let mut letters = Letter::all_in(&first.body);
        letters.extend(Letter::all_in(&second.body));
        assert_eq!(letters.len(), 1, "one letter, whoever got it");
        let told = [&first, &second].iter().find_map(|page| form::text(&page.body, ".missing-letter"));
        assert!(told.unwrap().contains(&letters[0].serial), "the other hears of this very letter");
    }
    assert_eq!(records::rows(&provider, "credential_letter", "voided_at IS NULL").await, 1);
}

#[tokio::test]
async fn letters_come_one_by_one_and_what_was_not_made_when_the_browser_hangs_up_stays_in_the_queue() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    for number in 0..8 {
        approved(&provider, &format!("nowa.{number}")).await;
    }
    let page = letters_page(&printer).await;
    let (action, fields) = form::filled_in(&page.body, "#print", &[]);
    let mut answer = printer
        .request(Method::POST, &action)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT_ENCODING, "gzip")
        .body(encode(&fields))
        .send()
        .await
        .unwrap();
    assert!(!answer.headers().contains_key("content-encoding"), "an encoder would keep letters back");
    let mut seen = String::new();
    while !seen.contains("</article>") {
        let part = answer.chunk().await.unwrap().expect("a letter before the end");
        seen.push_str(std::str::from_utf8(&part).unwrap());
    }
    assert!(!seen.contains("id=\"all-letters\""), "the first came before the last was made");
    drop(answer);
    // The one that was being made comes to its end.
    let mut left = -1;
    loop {
        let now = records::rows(&provider, "letter_order", "state = 'approved'").await;
        if now == left {
            break;
        }
        left = now;
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    assert!(left > 0, "the rest waits");
    let rest = Letter::all_in(&print_all(&printer).await.body);
    assert_eq!(i64::try_from(rest.len()).unwrap(), left);
}

#[tokio::test]
async fn everything_ordered_today_is_printed_at_one_press_and_yesterdays_is_not() {
    let provider = TestProvider::start().await;
    approved(&provider, "z.wczoraj").await;
    provider.advance(chrono::TimeDelta::hours(24));
    let printer = clerk(&provider, "ewa.drukarska").await;
    approved(&provider, "z.dzisiaj").await;
    let page = letters_page(&printer).await;
    let batch = printer.submit(&page, "#print-today", &[]).await;
    let logins: Vec<String> = Letter::all_in(&batch.body).into_iter().map(|letter| letter.login).collect();
    assert_eq!(logins, ["z.dzisiaj"]);
    let page = letters_page(&printer).await;
    let again = printer.submit(&page, "#print-today", &[]).await;
    assert_eq!(again.status, 422, "none is left of today");
    assert!(again.error().is_some());
}

#[tokio::test]
async fn more_than_a_hundred_at_one_press_or_none_print_nothing() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    approved(&provider, "nowa.osoba").await;
    let page = letters_page(&printer).await;
    let (action, fields) = form::filled_in(&page.body, "#print", &[]);
    let csrf: Vec<_> = fields.into_iter().filter(|(name, _)| name == "csrf").collect();
    assert_eq!(printer.post(&action, &csrf).await.status, 422);
    let many =
        (0..101).map(|number| (format!("order-00000000-0000-7000-8000-{number:012}"), "new".to_owned()));
    let many: Vec<_> = csrf.iter().cloned().chain(many).collect();
    assert_eq!(printer.post(&action, &many).await.status, 422);
    let forged: Vec<_> = many.into_iter().skip(1).take(5).collect();
    assert_eq!(printer.post(&action, &forged).await.status, 403, "not our form");
    assert_eq!(records::count(&provider, "letter.printed").await, 0);
}

#[tokio::test]
async fn a_clerk_prints_for_the_own_office_and_never_for_the_own_account() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    let elsewhere = staff(&provider, "adam.daleki", Role::Clerk, OTHER_OFFICE).await;
    let order = approved(&provider, "nowa.osoba").await;
    let list = letters_page(&elsewhere).await;
    assert!(!list.body.contains("nowa.osoba"));
    let own = reissue(&provider, "adam.daleki").await;
    let list = letters_page(&elsewhere).await;
    let forged = ("what", "chosen");
    let foreign = format!("order-{order}");
    let answer = elsewhere.submit(&list, "#print", &[forged, (&foreign, "new")]).await;
    assert!(Letter::all_in(&answer.body).is_empty(), "{own}");
    assert_eq!(form::texts(&answer.body, ".missing-letter").len(), 2);
    assert_eq!(records::count(&provider, "letter.printed").await, 0);
    assert_eq!(print_one(&printer).await.login, "nowa.osoba");
    let contractor = provider.visitor();
    let person = provider.active_person("zwykla.osoba").await;
    contractor.sign_in(&person).await;
    for door in ["/office/letters", "/office/collection", "/office/review"] {
        assert_eq!(contractor.get(door).await.status, 403, "{door}");
    }
}

#[tokio::test]
async fn a_suspended_account_gets_no_letter_and_stays_suspended() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    provider.active_person("wstrzymana.osoba").await;
    move_to(&provider, "wstrzymana.osoba", AccountState::Suspended).await;
    reissue(&provider, "wstrzymana.osoba").await;
    let answer = print_all(&printer).await;
    assert!(form::has(&answer.body, ".missing-letter"));
    assert_eq!(state_of(&provider, "wstrzymana.osoba").await, "suspended");
    assert_eq!(records::rows(&provider, "credential_letter", "1 = 1").await, 0);
}

#[tokio::test]
async fn printing_another_letter_kills_an_initial_password_but_leaves_a_chosen_one() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    let fresh = provider.person_with_letter("przed.zmiana").await;
    let chosen = provider.active_person("po.zmianie").await;
    let thief = provider.visitor();
    assert!(form::has(&thief.sign_in(&fresh).await.body, "#new-password"));
    reissue(&provider, "przed.zmiana").await;
    reissue(&provider, "po.zmianie").await;
    assert_eq!(Letter::all_in(&print_all(&printer).await.body).len(), 2);
    assert!(form::has(&provider.visitor().sign_in(&fresh).await.body, "#error"));
    assert!(form::has(&thief.open("/change-password").await.body, "#sign-in"), "who is in is out");
    assert_eq!(state_of(&provider, "przed.zmiana").await, "initial_password", "printing changes no state");
    assert!(form::has(&provider.visitor().sign_in(&chosen).await.body, "#sign-out"));
}
