//! How often one source may try a letter, and what nobody learns from the answer.

use chrono::TimeDelta;

use super::recovery_budget::face;
use crate::helpers::letters::CODES;
use crate::helpers::people::INITIAL;
use crate::helpers::provider::TestProvider;
use crate::helpers::{records, tables};

const WRONG: &str = "2222-2222-2222";

#[tokio::test]
async fn over_the_limit_of_a_source_a_right_letter_is_answered_as_a_wrong_one_and_loses_nothing() {
    let provider = TestProvider::start_with(&[("recovery.per_source_per_hour", "3")]).await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let within = provider.open_browser().try_recover(&person.login, &letter.serial, WRONG).await;
    for _ in 0..2 {
        provider.open_browser().try_recover("nikt.nieznany", "", WRONG).await;
    }
    assert_eq!(records::count_of(&provider, "recovery.refused", "source_over_limit").await, 0);

    let right = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    let unknown = provider.open_browser().try_recover("nikt.niezna", &letter.serial, WRONG).await;
    let look = |answer| face(answer, &person.login, &letter.serial);
    assert_eq!(look(&right), look(&within), "as a wrong letter within the limit");
    assert_eq!(right.status, unknown.status);
    assert_eq!(records::count_of(&provider, "recovery.refused", "source_over_limit").await, 2);
    assert_eq!(records::count(&provider, "account.recovered").await, 0);

    // Nothing of the letter's was used up, and no counter says who it was.
    provider.advance(TimeDelta::hours(1));
    let later = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(later.location(), "/change-password");
    let subjects = tables::column(&provider.database, "flood_counter", "subject").await;
    assert!(subjects.iter().all(|subject| !subject.contains('.')), "{subjects:?}");
}

#[tokio::test]
async fn letters_with_codes_and_letters_from_before_draw_on_one_limit() {
    let provider = TestProvider::start_with(&[("recovery.per_source_per_hour", "2")]).await;
    let person = provider.person_with_letter_from_before("jan.dawny").await;
    provider.open_browser().try_recover(&person.login, "", WRONG).await;
    provider.open_browser().try_recover_from_before(&person.login, "Zgadywane#1").await;
    let refused = provider.open_browser().try_recover_from_before(&person.login, INITIAL).await;
    assert_eq!(refused.status, 401);
    assert_eq!(records::count_of(&provider, "recovery.refused", "source_over_limit").await, 1);
    provider.advance(TimeDelta::hours(1));
    let later = provider.open_browser().try_recover_from_before(&person.login, INITIAL).await;
    assert_eq!(later.location(), "/change-password");
}
