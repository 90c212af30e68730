//! A wrong password, an unknown login, a lock and a suspended account look alike: nobody learns which it was.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::helpers::form;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::tables::row_counts;
use crate::helpers::visitor::Answer;

/// All logins are of one length, so that not even the length of the answer may differ.
const WRONG: &str = "konto.zwykle";
const LOCKED: &str = "konto.blokad";
const SUSPENDED: &str = "konto.wstrzy";
const UNKNOWN: &str = "konto.nieist";
const UNKNOWN_LOCKED: &str = "konto.niema2";

/// What the answer says, without what differs between any two answers.
fn face(answer: &Answer, login: &str) -> (u16, BTreeMap<String, String>, String) {
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    (answer.status.as_u16(), headers, answer.body.replace(login, "LOGIN"))
}

#[tokio::test]
async fn wrong_unknown_locked_and_suspended_give_the_same_page_headers_and_status() {
    let provider = TestProvider::start().await;
    let mut suspended = Person::active(SUSPENDED);
    "suspended".clone_into(&mut suspended.row.state);
    let locked = Person::active(LOCKED);
    provider.import(&[&Person::active(WRONG), &locked, &suspended]).await;
    for login in [LOCKED, UNKNOWN_LOCKED] {
        for _ in 0..5 {
            provider.open_browser().try_sign_in(login, "Wrong#pass1").await;
        }
    }
    for (language, expected) in [("pl", "Nie udało się zalogować"), ("en", "We could not sign you in")] {
        let mut browser = provider.open_browser().sending("accept-language", language);
        let page = browser.get("/sign-in").await;
        let mut faces = Vec::new();
        for (login, password) in [
            (WRONG, "Wrong#pass1"),
            (UNKNOWN, "Wrong#pass1"),
            (LOCKED, "Wrong#pass1"),
            (LOCKED, locked.password.as_str()),
            (UNKNOWN_LOCKED, "Wrong#pass1"),
            (SUSPENDED, "Wrong#pass1"),
            (SUSPENDED, suspended.password.as_str()),
        ] {
            let typed = [("login", login), ("password", password)];
            let answer = browser.clone().submit(&page, "#sign-in", &typed).await;
            assert!(answer.error().unwrap().contains(expected), "{login}: {}", answer.body);
            faces.push((login, face(&answer, login)));
        }
        let (_, first) = &faces[0];
        assert_eq!(first.0, 401);
        for (login, other) in &faces {
            assert_eq!(other, first, "{login}");
        }
    }
    // They were told apart inside.
    let outcomes: Vec<String> =
        records::audit(&provider).await.into_iter().filter_map(|record| record.outcome).collect();
    for outcome in ["wrong", "unknown_login", "locked", "not_open"] {
        assert!(outcomes.iter().any(|found| found == outcome), "{outcome}: {outcomes:?}");
    }
}

#[tokio::test]
async fn refusals_leave_on_a_beat_and_who_is_let_in_does_not_wait() {
    let beat = Duration::from_secs(2);
    let provider = TestProvider::start_with(&[("lockout.refusal_beat_milliseconds", "2000")]).await;
    let person = provider.active_person(WRONG).await;
    let mut browser = provider.open_browser();
    let page = browser.get("/sign-in").await;
    let letter = browser.get("/recover").await;
    let sign_in = |login, password| [("login", login), ("password", password)];
    let serial = [("login", WRONG), ("serial", "ABCD-EFGH-JK"), ("code", "wrong")];
    for (page, button, typed) in [
        (&page, "#sign-in", &sign_in(WRONG, "Wrong#pass1")[..]),
        (&page, "#sign-in", &sign_in(UNKNOWN, "Wrong#pass1")[..]),
        (&letter, "#recover", &serial[..]),
    ] {
        let began = Instant::now();
        let answer = browser.clone().submit(page, button, typed).await;
        assert_eq!(answer.status, 401, "{button}");
        assert!(began.elapsed() >= beat, "{button}: {:?}", began.elapsed());
    }
    let began = Instant::now();
    let answer = browser.submit(&page, "#sign-in", &sign_in(WRONG, &person.password)).await;
    assert_eq!(answer.status, 303);
    assert!(began.elapsed() < beat, "{:?}", began.elapsed());
}

#[tokio::test]
async fn the_page_says_what_helps_in_every_case() {
    let provider = TestProvider::start().await;
    let mut browser = provider.open_browser();
    let refused = browser.try_sign_in("nobody.here", "Wrong#pass1").await;
    let error = refused.error().unwrap();
    for help in ["nieprawidłowe", "zablokowane", "odczekać", "list z hasłem", "zadzwonić do Administracji"]
    {
        assert!(error.contains(help), "{help:?} is not in {error:?}");
    }
    assert_eq!(form::attribute(&refused.body, "#login", "value").as_deref(), Some("nobody.here"));
    assert!(!refused.body.contains("Wrong#pass1"));
    let help = form::attribute(&refused.body, "a.more", "href").unwrap();
    let help = browser.get(&help).await;
    assert_eq!(help.status, 200);
    assert!(help.body.contains("15 minut"), "how long a lock lasts: {}", help.body);
}

#[tokio::test]
async fn each_refusal_leaves_the_same_rows_in_every_table() {
    // So that a source's refusal comes into it too.
    let provider =
        TestProvider::start_with(&[("sources.failures", "18"), ("sources.failures_per_hour", "18")]).await;
    provider.import(&[&Person::active(LOCKED)]).await;
    let mut before = row_counts(&provider.database).await;
    let mut seen = Vec::new();
    for number in 1..=12 {
        let mut left = Vec::new();
        for login in [LOCKED, UNKNOWN] {
            let answer = provider.open_browser().try_sign_in(login, "Wrong#pass1").await;
            assert_eq!(answer.status, 401);
            let after = row_counts(&provider.database).await;
            // Only a person is written to of a lock, and only of a person anybody else is told.
            let told = |table: &str| matches!(table, "mail" | "outbox");
            let new = |(table, rows): (&String, &i64)| (table.clone(), rows - before[table]);
            let rows: BTreeMap<String, i64> = after.iter().map(new).collect();
            left.push(
                rows.into_iter()
                    .filter(|(table, rows)| *rows != 0 && !told(table))
                    .collect::<BTreeMap<_, _>>(),
            );
            before = after;
        }
        if number == 5 {
            *left[0].get_mut("audit").unwrap() -= 1;
        }
        // Rows that everybody shares are made by the first of all.
        if number == 1 {
            left[0].retain(|table, _| !matches!(table.as_str(), "source_bucket"));
        }
        for rows in &mut left {
            // One of sixteen parts of one counter, by chance.
            rows.remove("flood_counter");
        }
        if number <= 9 {
            assert_eq!(left[0], left[1], "guess {number}");
        } else {
            assert!(left[1].is_empty(), "one record of a source's refusals: {left:?}");
        }
        seen.push(left.remove(0));
    }
    let wrong = BTreeMap::from([("attempt".to_owned(), 1), ("audit".to_owned(), 1)]);
    assert_eq!(seen[1], wrong);
    assert_eq!(seen[5], BTreeMap::from([("audit".to_owned(), 1)]), "the first that is refused by the lock");
    assert!(seen[6].is_empty(), "and those after it leave nothing");
    assert_eq!(seen[9], BTreeMap::from([("audit".to_owned(), 1)]), "the first that is refused by its source");
    assert_eq!(records::count_of(&provider, "sign_in.refused", "source").await, 1);
}

#[tokio::test]
async fn a_refusal_by_the_source_looks_like_any_other() {
    let provider =
        TestProvider::start_with(&[("sources.failures", "1"), ("sources.failures_per_hour", "1")]).await;
    let person = Person::active(WRONG);
    provider.import(&[&person]).await;
    let mut browser = provider.open_browser();
    let page = browser.get("/sign-in").await;
    let mut faces = Vec::new();
    for (login, password) in
        [(WRONG, "Wrong#pass1"), (WRONG, "Wrong#pass1"), (WRONG, &person.password), (UNKNOWN, "Wrong#pass1")]
    {
        let typed = [("login", login), ("password", password)];
        let answer = browser.clone().submit(&page, "#sign-in", &typed).await;
        faces.push(face(&answer, login));
    }
    assert_eq!(faces[0].0, 401);
    assert!(faces.iter().all(|other| *other == faces[0]));
    assert_eq!(records::count(&provider, "sign_in.verdict").await, 1);
    assert_eq!(records::rows(&provider, "attempt", "1 = 1").await, 1, "and counts against nobody");
}
