//! The lockout when everybody comes at once.
//!
//! How patient the waiting are is set far above the defaults here: these tests are about who gets a verdict,
//! and a busy machine must not decide that.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use iok_id::crypto::password::{HashCost, hash_now};
use iok_id::domain::secret::SystemEntropy;
use reqwest::StatusCode;
use sea_orm::DatabaseConnection;

use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Answer;

pub(super) const PATIENT: &[(&str, &str)] = &[
    ("lockout.wait_seconds", "60"),
    ("server.request_timeout_seconds", "240"),
    ("database.acquire_timeout_seconds", "60"),
];

/// Sends these passwords at the same time, each from a browser of its own that has the page open already.
pub(super) async fn at_once(
    provider: &TestProvider,
    login: &str,
    passwords: impl IntoIterator<Item = String>,
) -> Vec<StatusCode> {
    let mut browser = provider.open_browser();
    let page = browser.get("/sign-in").await;
    let attempts = passwords.into_iter().map(|password| send(browser.clone(), &page, login, password));
    join_all(attempts).await
}

async fn send(mut browser: OpenBrowser, page: &Answer, login: &str, password: String) -> StatusCode {
    browser.submit(page, "#sign-in", &[("login", login), ("password", &password)]).await.status
}

pub(super) fn wrong(times: usize) -> impl Iterator<Item = String> {
    (0..times).map(|number| format!("Wrong#pass{number}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_simultaneous_wrong_guesses_get_exactly_five_verdicts() {
    let provider = TestProvider::start_with(PATIENT).await;
    // Slow to compare with: the first verdict must not be there before most have come.
    let person = costly("halina.wrona");
    provider.import(&[&person]).await;
    let answers = at_once(&provider, &person.login, wrong(200)).await;
    assert!(answers.iter().all(|status| *status == 401), "{answers:?}");
    assert_eq!(records::count(&provider, "sign_in.verdict").await, 5);
    assert_eq!(records::count_of(&provider, "sign_in.verdict", "wrong").await, 5);
    let refused = records::count_of(&provider, "sign_in.refused", "locked").await;
    assert!(
        (1..=2).contains(&refused),
        "one before it locked, if somebody waited in vain, and one after: {refused}"
    );
    assert_eq!(records::count(&provider, "account.locked").await, 1);
    assert_eq!(records::rows(&provider, "attempt", "1 = 1").await, 5, "what failed counts for its day");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_simultaneous_right_passwords_all_sign_in() {
    let provider = TestProvider::start_with(PATIENT).await;
    let person = provider.active_person("halina.wrona").await;
    let answers = at_once(&provider, &person.login, vec![person.password.clone(); 50]).await;
    assert!(answers.iter().all(|status| *status == 303), "{answers:?}");
    assert_eq!(records::count_of(&provider, "sign_in.verdict", "correct").await, 50);
    assert_eq!(records::count(&provider, "session.started").await, 50);
    assert_eq!(records::rows(&provider, "attempt", "1 = 1").await, 0, "every place came back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_simultaneous_right_passwords_all_sign_in_also_through_the_one_place_that_is_left() {
    let provider = TestProvider::start_with(PATIENT).await;
    let person = provider.active_person("halina.wrona").await;
    for password in wrong(4) {
        assert_eq!(at_once(&provider, &person.login, [password]).await, [401]);
    }
    let answers = at_once(&provider, &person.login, vec![person.password.clone(); 50]).await;
    assert!(answers.iter().all(|status| *status == 303), "{answers:?}");
    assert_eq!(at_once(&provider, &person.login, wrong(1)).await, [401]);
    assert_eq!(records::count(&provider, "account.locked").await, 1, "the four wrong ones still count");
}

/// The first of them makes the hash stronger; the others are judged again by the new one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_weak_hash_that_is_replaced_meanwhile_refuses_nobody() {
    let provider = TestProvider::start_with(PATIENT).await;
    let mut person = Person::active("halina.wrona");
    let weak = HashCost { memory: 4096, iterations: 1, parallelism: 1 };
    person.row.password_hash = hash_now(weak, &person.password, &SystemEntropy).unwrap();
    provider.import(&[&person]).await;
    let answers = at_once(&provider, &person.login, vec![person.password.clone(); 8]).await;
    assert!(answers.iter().all(|status| *status == 303), "{answers:?}");
    assert_eq!(records::count(&provider, "password.rehashed").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn right_and_wrong_ones_mixed_never_get_more_than_five_wrong_verdicts() {
    let provider = TestProvider::start_with(PATIENT).await;
    let person = provider.active_person("halina.wrona").await;
    let mixed = wrong(40).flat_map(|wrong| [wrong, person.password.clone()]);
    let answers = at_once(&provider, &person.login, mixed).await;
    assert_eq!(records::count_of(&provider, "sign_in.verdict", "wrong").await, 5);
    let signed_in = answers.iter().filter(|status| **status == 303).count();
    assert_eq!(records::count_of(&provider, "sign_in.verdict", "correct").await, signed_in);
    let wrong_ones = answers.iter().step_by(2);
    assert!(wrong_ones.into_iter().all(|status| *status == 401), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn those_above_the_places_to_wait_are_refused_and_count_for_nothing() {
    let settings = [PATIENT, &[("lockout.waiting", "0")]].concat();
    let provider = TestProvider::start_with(&settings).await;
    let person = provider.active_person("halina.wrona").await;
    let answers = at_once(&provider, &person.login, vec![person.password.clone(); 30]).await;
    let signed_in = answers.iter().filter(|status| **status == 303).count();
    let refused = answers.iter().filter(|status| **status == 401).count();
    assert_eq!(signed_in + refused, 30, "{answers:?}");
    assert!(signed_in >= 5, "{answers:?}");
    assert_eq!(records::count(&provider, "sign_in.verdict").await, signed_in);
    assert_eq!(records::count(&provider, "account.locked").await, 0);
    assert_eq!(at_once(&provider, &person.login, [person.password.clone()]).await, [303]);
}

/// An account whose hash is as costly as an import may bring: some hundred milliseconds.
fn costly(login: &str) -> Person {
    use iok_id::crypto::password::{HashCost, hash_now};
    use iok_id::domain::secret::SystemEntropy;
    use std::sync::OnceLock;
    static HASH: OnceLock<String> = OnceLock::new();
    let mut person = Person::active(login);
    person.row.password_hash = HASH
        .get_or_init(|| {
            let cost = HashCost { memory: 64 * 1024, iterations: 5, parallelism: 1 };
            hash_now(cost, &person.password, &SystemEntropy).unwrap()
        })
        .clone();
    person
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_overload_sheds_is_told_so_and_gives_its_place_back() {
    let one_at_a_time = [("password_hashing.threads", "1"), ("password_hashing.queue", "1")];
    let provider = TestProvider::start_with(&[PATIENT, &one_at_a_time].concat()).await;
    let people: Vec<Person> = (0..8).map(|number| costly(&format!("halina.{number}"))).collect();
    provider.import(&people.iter().collect::<Vec<_>>()).await;

    let mut browser = provider.open_browser();
    let page = browser.get("/sign-in").await;
    // One hash runs and one waits; the others come long before the first is done.
    let answers = join_all(people.iter().map(|person| {
        let (mut browser, page) = (browser.clone(), page.clone());
        async move {
            let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
            browser.submit(&page, "#sign-in", &typed).await
        }
    }))
    .await;
    let shed: Vec<(&Person, &Answer)> =
        people.iter().zip(&answers).filter(|(_, answer)| answer.status == 503).collect();
    let signed_in = answers.iter().filter(|answer| answer.status == 303).count();
    assert_eq!(shed.len() + signed_in, people.len(), "nobody is told that a right password was wrong");
    assert!(!shed.is_empty() && signed_in > 0, "{} shed", shed.len());
    for (person, answer) in &shed {
        assert!(answer.error().unwrap().contains("bardzo wiele osób"), "{}", answer.body);
        let login = crate::helpers::form::attribute(&answer.body, "#login", "value");
        assert_eq!(login.as_ref(), Some(&person.login));
    }
    assert_eq!(records::count(&provider, "sign_in.verdict").await, signed_in);
    assert_eq!(records::rows(&provider, "attempt", "1 = 1").await, 0, "every place came back");

    // Shed again and again: that is no failure, however often.
    let (person, _) = shed[0];
    for _ in 0..6 {
        join_all((0..4).map(|_| {
            let (mut browser, page) = (browser.clone(), page.clone());
            let typed = [("login", "nobody.x"), ("password", "x")];
            async move { browser.submit(&page, "#sign-in", &typed).await }
        }))
        .await;
    }
    assert_eq!(at_once(&provider, &person.login, [person.password.clone()]).await, [303]);
}

/// Waits until the account has a place in flight.
async fn until_in_flight(connection: &DatabaseConnection) {
    while records::rows_on(connection, "attempt", "failed_at IS NULL").await == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_verdict_that_comes_after_its_lease_is_not_used() {
    let provider = TestProvider::start_with(PATIENT).await;
    let person = costly("halina.wrona");
    provider.import(&[&person]).await;
    let connection = provider.database.connect().await;
    // The lease must end while the hash is computed. Should the machine be too slow to catch that moment, the
    // sign-in succeeds, and is tried again.
    for _ in 0..20 {
        let (answers, ()) =
            tokio::join!(at_once(&provider, &person.login, [person.password.clone()]), async {
                until_in_flight(&connection).await;
                provider.advance(TimeDelta::seconds(61));
            });
        if answers == [StatusCode::UNAUTHORIZED] {
            assert_eq!(records::count_of(&provider, "sign_in.verdict", "too_late").await, 1);
            let in_flight = records::rows(&provider, "attempt", "1 = 1").await;
            assert_eq!(in_flight, 1, "the place counts as a failure, and was not given back");
            return;
        }
    }
    panic!("the lease never ended before the verdict");
}

/// Sends a form and hangs up while the hash is computed; returns once the server is done with it.
async fn hang_up(provider: &TestProvider, connection: &DatabaseConnection, login: &str, password: &str) {
    tokio::select! {
        _ = at_once(provider, login, [password.to_owned()]) => {}
        () = until_in_flight(connection) => {}
    }
    for _ in 0..5_000 {
        if records::rows_on(connection, "attempt", "failed_at IS NULL").await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the place was never settled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_wrong_guess_counts_also_when_the_browser_hangs_up_during_the_hash() {
    let provider = TestProvider::start_with(PATIENT).await;
    let person = costly("halina.wrona");
    provider.import(&[&person]).await;
    let connection = provider.database.connect().await;
    for _ in 0..5 {
        hang_up(&provider, &connection, &person.login, "Wrong#pass1").await;
    }
    assert_eq!(records::count(&provider, "account.locked").await, 1);
    assert_eq!(at_once(&provider, &person.login, [person.password.clone()]).await, [401]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_owner_who_clicks_again_and_again_does_not_count_as_somebody_guessing() {
    let provider = TestProvider::start_with(PATIENT).await;
    let person = costly("halina.wrona");
    provider.import(&[&person]).await;
    let connection = provider.database.connect().await;
    for _ in 0..6 {
        hang_up(&provider, &connection, &person.login, &person.password).await;
    }
    assert_eq!(records::rows(&provider, "attempt", "1 = 1").await, 0, "every place came back");
    assert_eq!(at_once(&provider, &person.login, [person.password.clone()]).await, [303]);
}
