//! Locks that grow, and the day that no patience gets past.

use chrono::TimeDelta;

use crate::helpers::command_line::iok_id;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

const WRONG: &str = "Wrong#pass1";

async fn opens(provider: &TestProvider, login: &str, password: &str) -> bool {
    let answer = provider.open_browser().try_sign_in(login, password).await;
    match answer.status.as_u16() {
        303 => true,
        401 => false,
        other => panic!("{other}: {}", answer.body),
    }
}

async fn right(provider: &TestProvider, person: &Person) -> bool {
    opens(provider, &person.login, &person.password).await
}

/// Guesses until it locks: so many wrong ones.
async fn lock(provider: &TestProvider, login: &str, guesses: usize) {
    for _ in 0..guesses {
        assert!(!opens(provider, login, WRONG).await);
    }
}

/// How long this lock lasts, looked at by the right password a second before and at its end.
async fn lasts(provider: &TestProvider, person: &Person, length: TimeDelta) {
    provider.advance(length - TimeDelta::seconds(1));
    assert!(!right(provider, person).await, "not shorter than {length}");
    provider.advance(TimeDelta::seconds(1));
    assert!(right(provider, person).await, "not longer than {length}");
}

#[tokio::test]
async fn each_lock_is_four_times_longer_up_to_a_day_and_a_quiet_week_forgets_them() {
    let provider = TestProvider::start_with(&[("lockout.failures", "2")]).await;
    let person = provider.active_person("halina.wrona").await;
    for minutes in [15, 60, 4 * 60, 16 * 60, 24 * 60, 24 * 60] {
        lock(&provider, &person.login, 2).await;
        lasts(&provider, &person, TimeDelta::minutes(minutes)).await;
    }
    // Counted from the beginning of the last lock.
    provider.advance(TimeDelta::days(6));
    lock(&provider, &person.login, 2).await;
    lasts(&provider, &person, TimeDelta::minutes(15)).await;
}

#[tokio::test]
async fn the_office_lifts_a_lock_and_forgets_those_before() {
    let provider = TestProvider::start_with(&[("lockout.failures", "2")]).await;
    let person = provider.active_person("halina.wrona").await;
    lock(&provider, &person.login, 2).await;
    provider.advance(TimeDelta::minutes(15));
    lock(&provider, &person.login, 2).await;
    assert!(iok_id(&provider, &["account", "unlock", &person.login]).await.status.success());
    assert!(right(&provider, &person).await);
    lock(&provider, &person.login, 2).await;
    lasts(&provider, &person, TimeDelta::minutes(15)).await;
}

#[tokio::test]
async fn by_configuration_a_lock_stays_until_somebody_lifts_it() {
    let settings = [("lockout.failures", "2"), ("lockout.permanent_after_locks", "1")];
    let provider = TestProvider::start_with(&settings).await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    lock(&provider, &person.login, 2).await;
    provider.advance(TimeDelta::minutes(15));
    lock(&provider, &person.login, 2).await;
    provider.advance(TimeDelta::days(1000));
    assert!(!right(&provider, &person).await);
    let shown = iok_id(&provider, &["account", "show", &person.login]).await;
    assert!(String::from_utf8_lossy(&shown.stdout).contains("until it is lifted"), "{shown:?}");
    let code = crate::helpers::letters::CODES[0];
    let answer = provider.open_browser().try_recover(&person.login, &letter.serial, code).await;
    assert_eq!(answer.location(), "/change-password", "the letter lifts it");
}

/// How often a guess of this login was judged, or would have been.
async fn verdicts(provider: &TestProvider) -> usize {
    records::count_of(provider, "sign_in.verdict", "wrong").await
        + records::count_of(provider, "sign_in.refused", "unknown_login").await
}

/// Four guesses every quarter of an hour lock no window.
#[tokio::test]
async fn whoever_is_patient_gets_thirty_verdicts_in_any_day_at_a_login_that_exists_and_at_one_that_does_not()
{
    for login in ["halina.wrona", "nikt.taki"] {
        let provider = TestProvider::start().await;
        let person = provider.active_person("halina.wrona").await;
        let mut a_day_ago = 0;
        let mut judged = Vec::new();
        for quarter in 0..(4 * 24 * 2 + 8) {
            if quarter < 12 || quarter % 16 == 0 || quarter % 96 < 2 {
                lock(&provider, login, 4).await;
            }
            judged.push(verdicts(&provider).await);
            if quarter >= 4 * 24 {
                a_day_ago = judged[quarter - 4 * 24];
            }
            assert!(judged[quarter] - a_day_ago <= 30, "{login}, quarter {quarter}: {judged:?}");
            provider.advance(TimeDelta::minutes(15));
        }
        assert_eq!(judged[11], 30, "{login}: the first day was used up");
        assert!(judged.last().unwrap() > &30, "{login}: the next day has room of its own");
        let locks = records::count(&provider, "account.locked").await;
        assert!(locks <= 6, "its owner is told of a lock, not of every guess: {locks}");
        provider.advance(TimeDelta::days(2));
        assert!(right(&provider, &person).await);
    }
}

#[tokio::test]
async fn a_day_that_is_full_is_told_like_a_lock_and_has_room_when_its_oldest_failure_is_a_day_old() {
    let settings = [("lockout.failures_per_day", "6")];
    let provider = TestProvider::start_with(&settings).await;
    let person = provider.active_person("halina.wrona").await;
    lock(&provider, &person.login, 3).await;
    provider.advance(TimeDelta::hours(1));
    lock(&provider, &person.login, 3).await;
    assert_eq!(records::count(&provider, "account.locked").await, 1);
    assert!(!right(&provider, &person).await);
    lasts(&provider, &person, TimeDelta::hours(23)).await;
    assert_eq!(provider.mailed_to(&person.row.email).await, ["account_locked"]);
}

#[tokio::test]
async fn failures_of_a_day_survive_the_sweeper_and_those_of_yesterday_do_not() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    lock(&provider, &person.login, 4).await;
    provider.advance(TimeDelta::hours(23));
    provider.server.sweep().await.unwrap();
    assert_eq!(records::rows(&provider, "attempt", "1 = 1").await, 4);
    provider.advance(TimeDelta::hours(2));
    provider.server.sweep().await.unwrap();
    assert_eq!(records::rows(&provider, "attempt", "1 = 1").await, 0);
    // A budget that locked is remembered for as long as its locks are.
    lock(&provider, &person.login, 5).await;
    provider.advance(TimeDelta::days(6));
    provider.server.sweep().await.unwrap();
    assert_eq!(records::rows(&provider, "attempt_budget", "locks = 1").await, 1);
    provider.advance(TimeDelta::days(2));
    provider.server.sweep().await.unwrap();
    assert_eq!(records::rows(&provider, "attempt_budget", "1 = 1").await, 0);
}
