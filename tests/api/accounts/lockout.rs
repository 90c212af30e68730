//! The lockout, one guess after another: what counts, what comes back, how long it lasts, whom it spares.

use chrono::TimeDelta;
use iok_id::domain::ambient::Ambient;
use iok_id::domain::clock::Clock as _;
use iok_id::storage::budgets;
use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};
use serde_json::json;

use crate::helpers::command_line::iok_id;
use crate::helpers::form;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

const WRONG: &str = "Wrong#pass1";

/// Did this password open this account, from a browser that was never here?
async fn opens(provider: &TestProvider, login: &str, password: &str) -> bool {
    let answer = provider.open_browser().try_sign_in(login, password).await;
    match answer.status.as_u16() {
        303 => true,
        401 => false,
        other => panic!("{other}: {}", answer.body),
    }
}

async fn guess_wrong(provider: &TestProvider, login: &str, times: usize) {
    for _ in 0..times {
        assert!(!opens(provider, login, WRONG).await);
    }
}

async fn right(provider: &TestProvider, person: &Person) -> bool {
    opens(provider, &person.login, &person.password).await
}

#[tokio::test]
async fn five_wrong_passwords_lock_and_the_right_one_is_refused_without_being_compared() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    guess_wrong(&provider, &person.login, 4).await;
    assert_eq!(records::count(&provider, "account.locked").await, 0);
    guess_wrong(&provider, &person.login, 1).await;
    assert_eq!(records::count(&provider, "account.locked").await, 1);
    for _ in 0..3 {
        assert!(!right(&provider, &person).await);
    }
    assert_eq!(records::count(&provider, "sign_in.verdict").await, 5);
    assert_eq!(
        records::count_of(&provider, "sign_in.refused", "locked").await,
        1,
        "who goes on fills no table"
    );
    let other = provider.active_person("jan.inny").await;
    assert!(right(&provider, &other).await, "nobody else is locked");
}

#[tokio::test]
async fn a_lock_lasts_fifteen_minutes_and_then_the_budget_is_whole_again() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    guess_wrong(&provider, &person.login, 5).await;
    provider.advance(TimeDelta::minutes(15) - TimeDelta::seconds(1));
    assert!(!right(&provider, &person).await);
    provider.advance(TimeDelta::seconds(1));
    guess_wrong(&provider, &person.login, 4).await;
    assert!(right(&provider, &person).await, "four more are not five");
}

#[tokio::test]
async fn guesses_at_a_locked_account_do_not_prolong_the_lock() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    guess_wrong(&provider, &person.login, 5).await;
    provider.advance(TimeDelta::minutes(14));
    guess_wrong(&provider, &person.login, 5).await;
    provider.advance(TimeDelta::minutes(1));
    assert!(right(&provider, &person).await);
}

#[tokio::test]
async fn a_success_gives_back_its_own_place_and_no_other() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    guess_wrong(&provider, &person.login, 4).await;
    for _ in 0..3 {
        assert!(right(&provider, &person).await);
    }
    guess_wrong(&provider, &person.login, 1).await;
    assert!(!right(&provider, &person).await, "the four before still count");
}

#[tokio::test]
async fn failures_age_out_of_the_window_one_by_one() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    guess_wrong(&provider, &person.login, 2).await;
    provider.advance(TimeDelta::minutes(10));
    guess_wrong(&provider, &person.login, 2).await;
    provider.advance(TimeDelta::minutes(5));
    // The first two are fifteen minutes old.
    guess_wrong(&provider, &person.login, 2).await;
    assert!(right(&provider, &person).await);
    guess_wrong(&provider, &person.login, 1).await;
    assert!(!right(&provider, &person).await, "the other two, and three more");
}

#[tokio::test]
async fn the_numbers_are_configuration() {
    let provider = TestProvider::start_with(&[
        ("lockout.failures", "2"),
        ("lockout.lock_minutes", "60"),
        ("lockout.window_minutes", "1"),
    ])
    .await;
    let person = provider.active_person("halina.wrona").await;
    guess_wrong(&provider, &person.login, 2).await;
    provider.advance(TimeDelta::minutes(59));
    assert!(!right(&provider, &person).await);
    provider.advance(TimeDelta::minutes(1));
    assert!(right(&provider, &person).await);
}

#[tokio::test]
async fn a_lock_never_ends_a_session_or_a_token() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let owner = provider.visitor();
    let tokens = billing.tokens(&owner, &person, &[]).await;
    guess_wrong(&provider, &person.login, 6).await;
    assert!(!right(&provider, &person).await, "it is locked");

    assert!(form::has(&owner.get("/").await.body, "#sign-out"));
    assert_eq!(billing.userinfo(tokens["access_token"].as_str().unwrap()).await.status, 200);
    assert_eq!(billing.refresh(tokens["refresh_token"].as_str().unwrap()).await.status, 200);
    let elsewhere = owner.open(&complaints.authorization(&[])).await;
    assert!(elsewhere.parameter("code").is_some(), "and the next service asks for no password");
}

#[tokio::test]
async fn a_lock_does_not_keep_anybody_from_settling_a_debt() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let owner = provider.visitor();
    let change = owner.sign_in(&person).await;
    guess_wrong(&provider, &person.login, 6).await;
    let again = owner.change_password_at(&change, &person.password, &person.password).await;
    assert_eq!(
        again.status, 422,
        "the letter's password is recognised, on a budget that no stranger can use up"
    );
    let changed = owner.change_password_at(&again, "Zimorodek#7k", "Zimorodek#7k").await;
    assert_eq!(changed.location(), "/");
}

#[tokio::test]
async fn account_unlock_lifts_the_lock_at_once_and_forgets_the_failures() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    guess_wrong(&provider, &person.login, 5).await;
    let output = iok_id(&provider, &["account", "unlock", " Halina.WRONA "]).await;
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("the lock is lifted"), "{output:?}");
    guess_wrong(&provider, &person.login, 4).await;
    assert!(right(&provider, &person).await, "on the running server, without a restart");
    assert_eq!(records::count(&provider, "account.unlocked").await, 1);

    let output = iok_id(&provider, &["account", "unlock", "nobody.here"]).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(records::count(&provider, "account.unlocked").await, 1);
}

/// The budgets of logins that do not exist, by the bucket they are kept under.
async fn buckets(provider: &TestProvider) -> Vec<u64> {
    let connection = provider.database.connect().await;
    let sql = "SELECT subject FROM attempt_budget WHERE kind = 'unknown_login' ORDER BY id";
    let rows = connection
        .query_all_raw(Statement::from_string(connection.get_database_backend(), sql))
        .await
        .unwrap();
    rows.iter().map(|row| row.try_get::<String>("", "subject").unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn unknown_logins_are_locked_like_accounts_and_leave_no_row_for_each_guess() {
    let provider = TestProvider::start().await;
    guess_wrong(&provider, "nikt.taki", 5).await;
    assert_eq!(records::count_of(&provider, "sign_in.refused", "unknown_login").await, 5);
    guess_wrong(&provider, " NIKT.taki ", 2).await;
    assert_eq!(records::count_of(&provider, "sign_in.refused", "locked").await, 1);
    assert_eq!(records::rows(&provider, "attempt_budget", "1 = 1").await, 1);
    assert_eq!(records::rows(&provider, "attempt", "1 = 1").await, 5, "what failed counts for its day");
    assert_eq!(records::count(&provider, "sign_in.verdict").await, 0, "there was nothing to compare with");
    assert_eq!(records::count(&provider, "account.locked").await, 0, "and nobody to tell");
    provider.advance(TimeDelta::minutes(15));
    guess_wrong(&provider, "nikt.taki", 1).await;
    assert_eq!(records::count_of(&provider, "sign_in.refused", "unknown_login").await, 6);
}

#[tokio::test]
async fn unknown_logins_share_fixed_buckets_that_replicas_agree_on_and_strangers_cannot_compute() {
    let provider = TestProvider::start().await;
    let replica = provider.second_server(&[]).await;
    for number in 0..6 {
        let login = format!("nikt.{number}");
        guess_wrong(&provider, &login, 1).await;
        guess_wrong(&replica, &login, 1).await;
    }
    let here = buckets(&provider).await;
    assert_eq!(here.len(), 6, "a budget each, and the replica uses the same: {here:?}");
    assert!(here.iter().all(|bucket| *bucket < 1 << 16), "there are no more rows than buckets: {here:?}");

    let elsewhere = TestProvider::start().await;
    for number in 0..6 {
        guess_wrong(&elsewhere, &format!("nikt.{number}"), 1).await;
    }
    assert_ne!(buckets(&elsewhere).await, here, "under another key they lie elsewhere");
}

#[tokio::test]
async fn an_account_made_later_is_not_locked_by_guesses_at_its_login_before() {
    let provider = TestProvider::start().await;
    guess_wrong(&provider, "halina.wrona", 6).await;
    let person = provider.active_person("halina.wrona").await;
    assert!(right(&provider, &person).await);
}

/// Places taken by a server that vanished before it settled them.
async fn vanish_with(provider: &TestProvider, person: &Person, places: usize) {
    let connection = provider.database.connect().await;
    let ambient = Ambient::system();
    let account = provider.account_id(&person.login).await.to_string();
    let now = provider.clock.now();
    let transaction = connection.begin().await.unwrap();
    let budget = budgets::lock(&transaction, "account", &account, ambient.new_id(), now).await.unwrap();
    for _ in 0..places {
        let lease_ends = now + TimeDelta::seconds(60);
        budgets::insert_place(&transaction, ambient.new_id(), budget.id, lease_ends, now).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn leases_that_ran_out_count_as_failures_each_once_and_lock_like_them() {
    let provider = TestProvider::start_with(&[("lockout.wait_seconds", "0")]).await;
    let person = provider.active_person("halina.wrona").await;
    vanish_with(&provider, &person, 4).await;
    assert!(right(&provider, &person).await, "one place is left");
    vanish_with(&provider, &person, 1).await;
    assert!(!right(&provider, &person).await, "none is left while the leases run");
    assert_eq!(records::count(&provider, "account.locked").await, 0, "but they may still be given back");

    provider.advance(TimeDelta::seconds(61));
    assert!(!right(&provider, &person).await, "five failures now");
    assert_eq!(records::count_of(&provider, "sign_in.verdict", "correct").await, 1, "nothing was compared");
    assert_eq!(records::count(&provider, "account.locked").await, 1, "and the owner is told");
    provider.advance(TimeDelta::minutes(15));
    assert!(right(&provider, &person).await);
}

#[tokio::test]
async fn a_lease_that_ran_out_ages_from_the_moment_it_ended() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    vanish_with(&provider, &person, 4).await;
    provider.advance(TimeDelta::seconds(60) + TimeDelta::minutes(15) - TimeDelta::seconds(1));
    guess_wrong(&provider, &person.login, 1).await;
    assert!(!right(&provider, &person).await, "four and one");
    let other = provider.active_person("jan.inny").await;
    vanish_with(&provider, &other, 4).await;
    provider.advance(TimeDelta::seconds(60) + TimeDelta::minutes(15));
    guess_wrong(&provider, &other.login, 1).await;
    assert!(right(&provider, &other).await, "the four are forgotten");
}

#[tokio::test]
async fn a_lease_that_ran_out_and_four_wrong_guesses_lock() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    vanish_with(&provider, &person, 1).await;
    provider.advance(TimeDelta::seconds(61));
    guess_wrong(&provider, &person.login, 3).await;
    assert!(right(&provider, &person).await);
    assert_eq!(records::count(&provider, "account.locked").await, 0);
    guess_wrong(&provider, &person.login, 1).await;
    assert_eq!(records::count(&provider, "account.locked").await, 1);
    assert!(!right(&provider, &person).await);
}
