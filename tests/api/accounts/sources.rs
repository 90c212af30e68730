//! Limits of sources: whoever shares an address with a guesser, and whoever guesses from one.

use chrono::TimeDelta;
use futures_util::future::join_all;

use crate::helpers::letters::CODES;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

const WRONG: &str = "Wrong#pass1";
const TRUSTED: (&str, &str) = ("server.trusted_proxies", "127.0.0.0/8,::1/128");

async fn provider_with(limits: &[(&str, &str)]) -> TestProvider {
    TestProvider::start_with(&[&[TRUSTED], limits].concat()).await
}

fn browser_at(provider: &TestProvider, address: &str) -> OpenBrowser {
    provider.open_browser().sending("x-forwarded-for", address)
}

async fn opens(provider: &TestProvider, address: &str, login: &str, password: &str) -> bool {
    let answer = browser_at(provider, address).try_sign_in(login, password).await;
    match answer.status.as_u16() {
        303 => true,
        401 => false,
        other => panic!("{other}: {}", answer.body),
    }
}

/// One wrong guess each at so many logins.
async fn spray(provider: &TestProvider, address: &str, logins: usize) {
    for number in 0..logins {
        assert!(!opens(provider, address, &format!("nikt.{number}"), WRONG).await);
    }
}

#[tokio::test]
async fn whoever_tries_many_logins_from_one_address_is_stopped_and_harms_no_account() {
    let provider = provider_with(&[("sources.failures", "6"), ("sources.failures_per_hour", "6")]).await;
    let person = provider.active_person("halina.wrona").await;
    spray(&provider, "203.0.113.7", 6).await;
    for _ in 0..3 {
        assert!(!opens(&provider, "203.0.113.7", &person.login, &person.password).await);
        assert!(!opens(&provider, "203.0.113.7", &person.login, WRONG).await);
    }
    assert_eq!(records::count(&provider, "sign_in.verdict").await, 0, "nothing of hers was compared");
    assert_eq!(records::count(&provider, "account.locked").await, 0, "and nothing counts against her");
    assert_eq!(records::rows(&provider, "attempt_budget", "kind = 'account'").await, 0);
    assert_eq!(records::count_of(&provider, "sign_in.refused", "source").await, 1);
    assert!(opens(&provider, "198.51.100.7", &person.login, &person.password).await);
    provider.advance(TimeDelta::minutes(10));
    assert!(opens(&provider, "203.0.113.7", &person.login, &person.password).await, "one came back");
    spray(&provider, "203.0.113.7", 1).await;
    assert!(!opens(&provider, "203.0.113.7", &person.login, &person.password).await, "and is used up");
    provider.advance(TimeDelta::minutes(5));
    assert!(!opens(&provider, "203.0.113.7", &person.login, WRONG).await);
    assert_eq!(records::count_of(&provider, "sign_in.refused", "source").await, 2, "one in a while");
}

#[tokio::test]
async fn the_owner_passes_the_limit_on_a_device_that_is_trusted() {
    let provider = provider_with(&[("sources.failures", "6"), ("sources.failures_per_hour", "6")]).await;
    let person = provider.active_person("halina.wrona").await;
    let mut own = browser_at(&provider, "203.0.113.7");
    assert_eq!(own.try_sign_in(&person.login, &person.password).await.status, 303);
    own.cookies.remove(OpenBrowser::SESSION);
    spray(&provider, "203.0.113.7", 6).await;
    assert!(!opens(&provider, "203.0.113.7", &person.login, &person.password).await, "an unknown device");
    assert_eq!(own.try_sign_in(&person.login, &person.password).await.status, 303, "her own");
}

#[tokio::test]
async fn a_success_clears_nothing_that_others_have_used_up() {
    let provider = provider_with(&[("sources.failures", "4"), ("sources.failures_per_hour", "1")]).await;
    let person = provider.active_person("halina.wrona").await;
    for used in 0..4 {
        for _ in 0..3 {
            assert!(opens(&provider, "203.0.113.7", &person.login, &person.password).await, "{used}");
        }
        spray(&provider, "203.0.113.7", 1).await;
    }
    assert!(!opens(&provider, "203.0.113.7", &person.login, &person.password).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_office_behind_one_address_signs_in_at_once_although_some_type_wrong() {
    let patient = [("password_hashing.queue", "1000"), ("database.acquire_timeout_seconds", "60")];
    let limits = [("sources.failures", "48"), ("sources.failures_per_hour", "1")];
    let provider = provider_with(&[&patient[..], &limits].concat()).await;
    let people: Vec<Person> = (0..40).map(|number| Person::active(&format!("osoba.{number}"))).collect();
    provider.import(&people.iter().collect::<Vec<_>>()).await;
    for person in people.iter().step_by(5) {
        assert!(!opens(&provider, "203.0.113.7", &person.login, WRONG).await);
    }
    let all = people.iter().map(|person| opens(&provider, "203.0.113.7", &person.login, &person.password));
    assert!(join_all(all).await.into_iter().all(|signed_in| signed_in));
    assert_eq!(records::count(&provider, "sign_in.refused").await, 0);
    // Eight were wrong, and forty tokens came back.
    spray(&provider, "203.0.113.7", 40).await;
    assert_eq!(records::count_of(&provider, "sign_in.refused", "source").await, 0);
    spray(&provider, "203.0.113.7", 1).await;
    assert_eq!(records::count_of(&provider, "sign_in.refused", "source").await, 1);
}

#[tokio::test]
async fn a_neighbourhood_has_a_limit_of_its_own_and_in_ipv6_a_household_is_one_address() {
    let provider = provider_with(&[
        ("sources.failures", "2"),
        ("sources.failures_per_hour", "1"),
        ("sources.neighbourhood", "2"),
        ("lockout.failures", "100"),
        ("lockout.failures_per_day", "100"),
    ])
    .await;
    let person = provider.active_person("halina.wrona").await;
    // Addresses, whether each of them may still sign in, and where they are.
    for (addresses, elsewhere) in [
        (["203.0.113.1", "203.0.113.2", "203.0.113.3"], "203.0.114.3"),
        (["2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1"], "2001:db8:2:3::1"),
    ] {
        let [one, two, three] = addresses;
        spray(&provider, one, 2).await;
        assert!(!opens(&provider, one, &person.login, &person.password).await, "{one}");
        assert!(opens(&provider, two, &person.login, &person.password).await, "{two}");
        spray(&provider, two, 2).await;
        assert!(!opens(&provider, three, &person.login, &person.password).await, "{three}");
        assert!(opens(&provider, elsewhere, &person.login, &person.password).await, "{elsewhere}");
    }
    spray(&provider, "2001:db8:9:9::1", 2).await;
    assert!(!opens(&provider, "2001:db8:9:9:ffff::2", &person.login, &person.password).await);
}

#[tokio::test]
async fn right_passwords_have_a_generous_limit_of_their_own() {
    let provider = provider_with(&[("sources.successes", "3"), ("sources.successes_per_hour", "6")]).await;
    let person = provider.active_person("halina.wrona").await;
    for _ in 0..3 {
        assert!(opens(&provider, "203.0.113.7", &person.login, &person.password).await);
    }
    assert!(!opens(&provider, "203.0.113.7", &person.login, &person.password).await);
    assert!(opens(&provider, "198.51.100.7", &person.login, &person.password).await);
    provider.advance(TimeDelta::minutes(10));
    assert!(opens(&provider, "203.0.113.7", &person.login, &person.password).await);
}

#[tokio::test]
async fn a_limit_of_nothing_is_none_and_the_letter_is_never_stopped_by_it() {
    let provider = provider_with(&[("sources.failures", "0"), ("sources.successes", "0")]).await;
    spray(&provider, "203.0.113.7", 12).await;
    assert_eq!(records::count_of(&provider, "sign_in.refused", "source").await, 0);
    assert_eq!(records::rows(&provider, "source_bucket", "1 = 1").await, 0);

    let provider = provider_with(&[("sources.failures", "1"), ("sources.failures_per_hour", "1")]).await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    spray(&provider, "203.0.113.7", 2).await;
    let mut browser = browser_at(&provider, "203.0.113.7");
    let answer = browser.try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(answer.location(), "/change-password");
}

#[tokio::test]
async fn buckets_name_nobody_are_shared_by_servers_and_are_forgotten_once_full() {
    let limits = [("sources.failures", "2"), ("sources.failures_per_hour", "2")];
    let provider = provider_with(&limits).await;
    let replica = provider.second_server(&[&[TRUSTED], &limits[..]].concat()).await;
    let person = provider.active_person("halina.wrona").await;
    spray(&provider, "203.0.113.7", 1).await;
    spray(&replica, "203.0.113.7", 1).await;
    for server in [&provider, &replica] {
        assert!(!opens(server, "203.0.113.7", &person.login, &person.password).await);
    }
    for (table, row) in crate::helpers::database::dump(&provider.database).await {
        assert!(!row.contains("203.0.113"), "{table}: {row}");
    }
    assert!(records::rows(&provider, "source_bucket", "1 = 1").await > 0);
    provider.advance(TimeDelta::hours(3));
    provider.server.sweep().await.unwrap();
    assert_eq!(records::rows(&provider, "source_bucket", "1 = 1").await, 0);
}
