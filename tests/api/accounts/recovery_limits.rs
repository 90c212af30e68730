//! How often one source may try a letter, and what nobody learns from the answer.

use chrono::TimeDelta;

use super::recovery_budget::face;
use crate::helpers::letters::CODES;
use crate::helpers::people::INITIAL;
use crate::helpers::provider::TestProvider;
use crate::helpers::{records, tables};

const WRONG: &str = "Zgadywane#1";

async fn over_limit(provider: &TestProvider) -> usize {
    records::count_of(provider, "recovery.refused", "source_over_limit").await
}

#[tokio::test]
async fn over_the_limit_of_a_source_a_right_guess_is_answered_as_a_wrong_one_and_loses_nothing() {
    let provider = TestProvider::start_with(&[("recovery.per_source_per_hour", "3")]).await;
    let person = provider.person_with_letter_from_before("jan.dawny").await;
    let mut browser = provider.open_browser();
    let page = browser.get("/recover").await;
    let mut faces = Vec::new();
    for (login, guess, refused) in [
        ("jan.dawny", WRONG, 0),
        ("nikt.niema", WRONG, 0),
        ("nikt.niema", WRONG, 0),
        // From here on over the limit: one record, whatever else comes.
        ("jan.dawny", INITIAL, 1),
        ("jan.dawny", WRONG, 1),
        ("nikt.niema", WRONG, 1),
    ] {
        let typed = [("login", login), ("initial_password", guess)];
        let answer = browser.clone().submit(&page, "#recover-from-before", &typed).await;
        assert_eq!(answer.status, 401);
        assert_eq!(over_limit(&provider).await, refused, "{login}");
        faces.push(face(&answer, login, ""));
    }
    assert!(faces.windows(2).all(|pair| pair[0] == pair[1]), "nobody can tell: {faces:?}");
    assert_eq!(records::count_of(&provider, "recovery.verdict", "wrong").await, 1, "nothing was compared");

    // Nobody's tries were used up, and no counter says who it was.
    provider.advance(TimeDelta::hours(1));
    let later = provider.open_browser().try_recover_from_before(&person.login, INITIAL).await;
    assert_eq!(later.location(), "/change-password");
    let subjects = tables::column(&provider.database, "flood_counter", "subject").await;
    assert!(!subjects.is_empty() && subjects.iter().all(|subject| !subject.contains('.')), "{subjects:?}");
}

#[tokio::test]
async fn a_neighbours_flood_keeps_nobody_out_who_holds_a_letter_with_codes() {
    let provider = TestProvider::start_with(&[("recovery.per_source_per_hour", "1")]).await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    for _ in 0..3 {
        provider.open_browser().try_recover(&person.login, "", CODES[0]).await;
    }
    assert_eq!(over_limit(&provider).await, 1);
    let wrong = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[3]).await;
    assert_eq!(wrong.status, 401);
    assert_eq!(
        records::count_of(&provider, "recovery.verdict", "wrong").await,
        1,
        "by the letter's own budget"
    );
    let right = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(right.location(), "/change-password");
}

#[tokio::test]
async fn a_flood_of_refused_recoveries_leaves_one_record_a_window() {
    let provider = TestProvider::start_with(&[("recovery.per_source_per_hour", "20")]).await;
    provider.advance_to("2030-04-29T10:00:00Z");
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    // At a letter that is there.
    for _ in 0..12 {
        provider.open_browser().try_recover(&person.login, &letter.serial, "2222-2222-2222").await;
    }
    assert_eq!(records::count_of(&provider, "recovery.verdict", "wrong").await, 5);
    assert_eq!(records::count_of(&provider, "recovery.refused", "locked").await, 1);
    // From a source that asks too often, at whatever it likes.
    for number in 0..12 {
        provider.open_browser().try_recover_from_before(&format!("nikt.{number}"), WRONG).await;
    }
    assert_eq!(over_limit(&provider).await, 1);
    provider.advance(TimeDelta::minutes(15));
    for _ in 0..3 {
        provider.open_browser().try_recover_from_before("nikt.inny", WRONG).await;
    }
    assert_eq!(over_limit(&provider).await, 2, "one in a while");
}
