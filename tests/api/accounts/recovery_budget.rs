//! Guessing at letters: what it costs, what it tells, and whom it stops.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use futures_util::future::join_all;
use iok_id::domain::credential_letter::LetterSerial;
use iok_id::domain::secret::SystemEntropy;

use super::lockout_races::PATIENT;
use crate::helpers::letters::CODES;
use crate::helpers::people::{INITIAL, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Answer;

const WRONG: &str = "2222-2222-2222";

fn some_serial() -> String {
    LetterSerial::generate(&SystemEntropy).to_string()
}

/// What the answer says, without what differs between any two answers.
pub(super) fn face(answer: &Answer, login: &str, serial: &str) -> (u16, BTreeMap<String, String>, String) {
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let body = answer.body.replace(login, "LOGIN");
    (answer.status.as_u16(), headers, if serial.is_empty() { body } else { body.replace(serial, "SERIAL") })
}

#[tokio::test]
async fn whatever_is_wrong_gives_the_same_page_headers_and_status() {
    let provider = TestProvider::start().await;
    let mut people = Vec::new();
    // All logins are of one length, so that not even the length of the answer may differ.
    for (login, state) in [
        ("konto.zwykle", "active"),
        ("konto.blokad", "active"),
        ("konto.uniewa", "active"),
        ("konto.nieode", "active"),
        ("konto.wstrzy", "suspended"),
        ("konto.zamkni", "closed"),
        ("konto.wygasl", "lapsed"),
    ] {
        let mut person = if state == "lapsed" { Person::with_letter(login) } else { Person::active(login) };
        state.clone_into(&mut person.row.state);
        people.push(person);
    }
    provider.import(&people.iter().collect::<Vec<_>>()).await;
    let plain = provider.letter_of("konto.zwykle").await;
    let locked = provider.letter_of("konto.blokad").await;
    let void = provider.letter_of("konto.uniewa").await;
    provider.void_letter(&void).await;
    let waiting = provider.printed_letter_of("konto.nieode").await;
    let suspended = provider.letter_of("konto.wstrzy").await;
    let closed = provider.letter_of("konto.zamkni").await;
    let lapsed = provider.letter_of("konto.wygasl").await;
    let unknown = some_serial();
    for _ in 0..5 {
        provider.open_browser().try_recover("konto.blokad", &locked.serial, WRONG).await;
    }
    let used = provider.open_browser().try_recover("konto.zwykle", &plain.serial, CODES[0]).await;
    assert_eq!(used.location(), "/change-password");

    for (language, expected) in [("pl", "Nie udało się"), ("en", "This did not work")] {
        provider.advance(TimeDelta::minutes(1));
        let mut browser = provider.open_browser().sending("accept-language", language);
        let page = browser.get("/recover").await;
        let mut faces = Vec::new();
        for (what, login, serial, code) in [
            ("wrong code", "konto.zwykle", plain.serial.as_str(), WRONG),
            ("used code", "konto.zwykle", &plain.serial, CODES[0]),
            ("unknown letter", "konto.zwykle", &unknown, CODES[1]),
            ("no serial at all", "konto.zwykle", "00000-11111", CODES[1]),
            ("wrong login", "konto.blokad", &plain.serial, CODES[1]),
            ("unknown login", "konto.nieist", &plain.serial, CODES[1]),
            ("locked", "konto.blokad", &locked.serial, CODES[0]),
            ("void", "konto.uniewa", &void.serial, CODES[0]),
            ("not collected", "konto.nieode", &waiting.serial, CODES[0]),
            ("suspended", "konto.wstrzy", &suspended.serial, CODES[0]),
            ("closed", "konto.zamkni", &closed.serial, CODES[0]),
            ("lapsed", "konto.wygasl", &lapsed.serial, CODES[0]),
        ] {
            let answer = browser.clone().recover_at(&page, login, serial, code).await;
            assert!(answer.error().unwrap().contains(expected), "{what}: {}", answer.body);
            faces.push((what, face(&answer, login, serial)));
        }
        let (_, first) = &faces[0];
        assert_eq!(first.0, 401);
        for (what, other) in &faces {
            assert_eq!(other, first, "{what}");
        }
        let mut faces = Vec::new();
        for (what, login) in [
            ("has a newer letter", "konto.zwykle"),
            ("suspended", "konto.wstrzy"),
            ("unknown", "konto.nieist"),
        ] {
            let answer = browser.clone().try_recover_from_before(login, INITIAL).await;
            faces.push((what, face(&answer, login, "")));
        }
        for (what, other) in &faces {
            assert_eq!((other.0, other), (401, &faces[0].1), "{what}");
        }
    }
    // They were told apart inside.
    let outcomes: Vec<String> = records::audit(&provider)
        .await
        .into_iter()
        .filter(|record| record.action.starts_with("recovery."))
        .filter_map(|record| record.outcome)
        .collect();
    for outcome in [
        "wrong",
        "unknown_letter",
        "wrong_login",
        "locked",
        "letter_void",
        "letter_not_collected",
        "not_open",
        "newer_letter",
        "unknown_login",
    ] {
        assert!(outcomes.iter().any(|found| found == outcome), "{outcome}: {outcomes:?}");
    }
}

#[tokio::test]
async fn each_verdict_costs_one_place_and_one_record_and_of_a_lock_the_first_refusal_is_recorded() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let unknown = some_serial();
    for number in 1..=7_i64 {
        for serial in [&letter.serial, &unknown] {
            provider.open_browser().try_recover(&person.login, serial, WRONG).await;
        }
        let verdicts = records::count(&provider, "recovery.verdict").await;
        let refused = records::count(&provider, "recovery.refused").await;
        assert_eq!(i64::try_from(verdicts + refused).unwrap(), 2 * number.min(6), "{number}");
        let failures = records::rows(&provider, "attempt", "failed_at IS NOT NULL").await;
        assert_eq!(failures, if number < 5 { 2 * number } else { 0 }, "both budgets are written to alike");
    }
    assert_eq!(records::count(&provider, "account.locked").await, 0, "a letter is no sign-in");
}

#[tokio::test]
async fn five_wrong_codes_close_the_letter_for_a_while_and_nothing_else() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    for _ in 0..5 {
        provider.open_browser().try_recover(&person.login, &letter.serial, WRONG).await;
    }
    let refused = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(refused.status, 401);
    let answer = provider.open_browser().try_sign_in(&person.login, &person.password).await;
    assert_eq!(answer.location(), "/", "signing in has a budget of its own");
    provider.advance(TimeDelta::minutes(16));
    let answer = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(answer.location(), "/change-password");
}

#[tokio::test]
async fn whoever_never_saw_the_letter_cannot_use_its_budget_up() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    for _ in 0..6 {
        provider.open_browser().try_recover(&person.login, &some_serial(), CODES[0]).await;
        provider.open_browser().try_recover(&person.login, "", WRONG).await;
        provider.open_browser().try_recover_from_before(&person.login, "Wrong#pass1").await;
        // Nor does whoever keeps guessing the password.
        provider.open_browser().try_sign_in(&person.login, "Wrong#pass1").await;
    }
    let answer = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(answer.location(), "/change-password");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_simultaneous_wrong_codes_get_exactly_five_verdicts() {
    let provider = TestProvider::start_with(PATIENT).await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let mut browser = provider.open_browser();
    let page = browser.get("/recover").await;
    let answers = join_all((0..30).map(|_| {
        let (mut browser, page) = (browser.clone(), page.clone());
        let (login, serial) = (person.login.clone(), letter.serial.clone());
        async move { browser.recover_at(&page, &login, &serial, WRONG).await.status }
    }))
    .await;
    assert!(answers.iter().all(|status| *status == 401), "{answers:?}");
    assert_eq!(records::count_of(&provider, "recovery.verdict", "wrong").await, 5);
    assert_eq!(records::count_of(&provider, "recovery.refused", "locked").await, 1, "the first");
}
