//! Several servers on one database share one budget.

use chrono::TimeDelta;
use futures_util::future::join;

use super::lockout_races::{PATIENT, at_once, wrong};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_wrong_guesses_at_each_of_two_servers_get_exactly_five_verdicts() {
    let one = TestProvider::start_with(PATIENT).await;
    let two = one.second_server(PATIENT).await;
    let person = one.active_person("halina.wrona").await;
    let (here, there) =
        join(at_once(&one, &person.login, wrong(100)), at_once(&two, &person.login, wrong(100))).await;
    assert!(here.iter().chain(&there).all(|status| *status == 401), "{here:?} {there:?}");
    assert_eq!(records::count(&one, "sign_in.verdict").await, 5);
    assert_eq!(records::count(&one, "account.locked").await, 1);
    for server in [&one, &two] {
        assert_eq!(at_once(server, &person.login, [person.password.clone()]).await, [401]);
    }
    one.advance(TimeDelta::minutes(16));
    two.advance(TimeDelta::minutes(16));
    for server in [&one, &two] {
        assert_eq!(at_once(server, &person.login, [person.password.clone()]).await, [303]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn right_passwords_at_two_servers_all_sign_in_and_wait_for_each_other() {
    let one = TestProvider::start_with(PATIENT).await;
    let two = one.second_server(PATIENT).await;
    let person = one.active_person("halina.wrona").await;
    let right = || vec![person.password.clone(); 25];
    let (here, there) =
        join(at_once(&one, &person.login, right()), at_once(&two, &person.login, right())).await;
    assert!(here.iter().chain(&there).all(|status| *status == 303), "{here:?} {there:?}");
    assert_eq!(records::rows(&one, "attempt", "1 = 1").await, 0);
}

#[tokio::test]
async fn a_lock_outlives_the_server_that_counted() {
    let before = TestProvider::start().await;
    let person = before.active_person("halina.wrona").await;
    for password in wrong(3) {
        assert_eq!(at_once(&before, &person.login, [password]).await, [401]);
    }
    let database = before.database.again();
    before.server.stop().await;
    let after = TestProvider::start_on(database, &[]).await;
    for password in wrong(2) {
        assert_eq!(at_once(&after, &person.login, [password]).await, [401]);
    }
    assert_eq!(
        at_once(&after, &person.login, [person.password.clone()]).await,
        [401],
        "three and two are five"
    );
    assert_eq!(records::count(&after, "account.locked").await, 1);
}
