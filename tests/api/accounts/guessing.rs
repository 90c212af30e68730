//! One password over many logins, from many addresses: noticed, told once, answered by tighter budgets, and over.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;

use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::smtp::MailServer;

const WRONG: &str = "Wrong#pass1";
const OPERATOR: &str = "admin@example.test";

const LIMITS: &[(&str, &str)] = &[
    ("lockout.alarm_failures_per_minute", "5"),
    ("lockout.alarm_failures_per_hour", "20"),
    ("lockout.alarm_email", "Dyżurny <admin@example.test>"),
    ("server.trusted_proxies", "127.0.0.0/8,::1/128"),
];

async fn opens(provider: &TestProvider, login: &str, password: &str) -> bool {
    let answer = provider.open_browser().try_sign_in(login, password).await;
    match answer.status.as_u16() {
        303 => true,
        401 => false,
        other => panic!("{other}: {}", answer.body),
    }
}

/// One guess at somebody who does not exist, from there.
async fn guess_from(provider: &TestProvider, address: &str) {
    static GUESSED: AtomicUsize = AtomicUsize::new(0);
    let nobody = format!("nikt.{}", GUESSED.fetch_add(1, Ordering::Relaxed));
    let mut browser = provider.open_browser().sending("x-forwarded-for", address);
    assert_eq!(browser.try_sign_in(&nobody, WRONG).await.status, 401);
}

/// One guess each at so many logins, each from a network of its own.
async fn spray(provider: &TestProvider, logins: usize) {
    static NETWORKS: AtomicUsize = AtomicUsize::new(0);
    for _ in 0..logins {
        let network = NETWORKS.fetch_add(1, Ordering::Relaxed);
        guess_from(provider, &format!("10.{}.{}.7", network / 256, network % 256)).await;
    }
}

async fn noticed(provider: &TestProvider) -> usize {
    records::count(provider, "guessing.noticed").await
}

#[tokio::test]
async fn a_botnet_that_stays_below_every_other_limit_is_noticed_and_strangers_budgets_are_tightened() {
    let provider = TestProvider::start_with(LIMITS).await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let other = provider.active_person("jan.inny").await;
    spray(&provider, 5).await;
    assert_eq!(noticed(&provider).await, 0, "as many as that are mistyped");
    spray(&provider, 3).await;
    assert_eq!(noticed(&provider).await, 1, "once, however many more there are");
    assert_eq!(records::count_of(&provider, "guessing.noticed", "per_minute").await, 1);

    assert!(opens(&provider, &other.login, &other.password).await, "who is right signs in");
    assert!(!opens(&provider, &person.login, WRONG).await);
    assert_eq!(records::count(&provider, "account.locked").await, 0);
    assert!(!opens(&provider, &person.login, WRONG).await);
    assert_eq!(records::count(&provider, "account.locked").await, 1, "two, instead of five");
    assert!(!opens(&provider, &person.login, &person.password).await);
    // The letter's budget is its own.
    for _ in 0..4 {
        provider.open_browser().try_recover(&person.login, &letter.serial, "2222-2222-2222").await;
    }
    let answer = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(answer.location(), "/change-password");
}

#[tokio::test]
async fn the_alarm_costs_a_trusted_device_nothing() {
    let provider = TestProvider::start_with(LIMITS).await;
    let person = provider.active_person("halina.wrona").await;
    let mut own = provider.open_browser();
    assert_eq!(own.try_sign_in(&person.login, &person.password).await.status, 303);
    spray(&provider, 8).await;
    assert_eq!(noticed(&provider).await, 1);
    own.cookies.remove(OpenBrowser::SESSION);
    for _ in 0..4 {
        assert_eq!(own.try_sign_in(&person.login, WRONG).await.status, 401);
    }
    assert_eq!(own.try_sign_in(&person.login, &person.password).await.status, 303, "its budget is whole");
}

#[tokio::test]
async fn the_alarm_lasts_while_it_goes_on_and_a_while_longer_and_its_end_is_recorded_once() {
    let provider = TestProvider::start_with(LIMITS).await;
    let replica = provider.replica_with(LIMITS).await;
    let person = provider.active_person("halina.wrona").await;
    provider.advance_to("2030-04-29T10:10:00Z");
    spray(&provider, 6).await;
    provider.advance(TimeDelta::minutes(20));
    assert!(!provider.server.end_guessing_alarm().await.unwrap());
    spray(&provider, 6).await;
    provider.advance(TimeDelta::minutes(29));
    assert!(!provider.server.end_guessing_alarm().await.unwrap(), "it was prolonged");
    provider.advance(TimeDelta::minutes(1));
    assert!(provider.server.end_guessing_alarm().await.unwrap());
    assert!(!replica.server.end_guessing_alarm().await.unwrap(), "of two servers one ends it");
    assert_eq!(records::count(&provider, "guessing.over").await, 1);
    assert_eq!(noticed(&provider).await, 1);
    for _ in 0..4 {
        assert!(!opens(&provider, &person.login, WRONG).await);
    }
    assert!(opens(&provider, &person.login, &person.password).await, "five, as always");
}

#[tokio::test]
async fn whoever_is_slower_than_a_minute_is_noticed_within_the_hour_and_servers_count_together() {
    let provider = TestProvider::start_with(LIMITS).await;
    let replica = provider.second_server(LIMITS).await;
    for server in [&provider, &replica] {
        server.advance_to("2030-04-29T10:00:00Z");
    }
    let guess_for_minutes = async |minutes: usize| {
        for _ in 0..minutes {
            for server in [&provider, &replica] {
                spray(server, 1).await;
                server.advance(TimeDelta::minutes(1));
            }
        }
    };
    guess_for_minutes(10).await;
    assert_eq!(noticed(&provider).await, 0, "twenty");
    // Not the very next one: it is counted in parts, and only a part that holds its share asks for the sum.
    guess_for_minutes(20).await;
    assert_eq!(noticed(&provider).await, 1);
    assert_eq!(records::count_of(&provider, "guessing.noticed", "per_hour").await, 1);
}

#[tokio::test]
async fn one_network_that_guesses_on_neither_raises_the_alarm_nor_keeps_it_on() {
    let provider = TestProvider::start_with(LIMITS).await;
    provider.advance_to("2030-04-29T10:00:00Z");
    for number in 0..12 {
        guess_from(&provider, &format!("203.0.113.{number}")).await;
        guess_from(&provider, &format!("2001:db8:7:{number:x}::1")).await;
    }
    assert_eq!(noticed(&provider).await, 0, "two networks, however many addresses they have");
    spray(&provider, 6).await;
    assert_eq!(noticed(&provider).await, 1, "more networks than one would need addresses for");
    for minute in 0..3 {
        provider.advance(TimeDelta::minutes(10));
        for number in 0..8 {
            guess_from(&provider, &format!("203.0.113.{}", 20 + 8 * minute + number)).await;
        }
    }
    assert!(provider.server.end_guessing_alarm().await.unwrap(), "half an hour after the last that counted");
}

#[tokio::test]
async fn a_house_may_say_that_one_network_is_enough() {
    let limits = [LIMITS, &[("lockout.alarm_networks", "1")]].concat();
    let provider = TestProvider::start_with(&limits).await;
    provider.advance_to("2030-04-29T10:00:00Z");
    for number in 0..6 {
        guess_from(&provider, &format!("203.0.113.{number}")).await;
    }
    assert_eq!(records::count_of(&provider, "guessing.noticed", "per_minute").await, 1);
}

#[tokio::test]
async fn the_operator_is_written_to_in_english_and_at_most_once_an_hour() {
    let mail = MailServer::start().await;
    let provider = TestProvider::start_beside(&mail, LIMITS).await;
    provider.advance_to("2030-04-29T10:00:00Z");
    for _ in 0..2 {
        spray(&provider, 8).await;
        provider.advance(TimeDelta::minutes(30));
        assert!(provider.server.end_guessing_alarm().await.unwrap());
    }
    assert_eq!(noticed(&provider).await, 2);
    provider.deliver_mail().await;
    let received = mail.wait_for(OPERATOR, "guessing_noticed").await;
    assert_eq!(mail.received().len(), 1);
    assert!(received.text.contains("6 wrong passwords within 1 minute"), "{}", received.text);
    spray(&provider, 8).await;
    provider.deliver_mail().await;
    assert_eq!(mail.received_by(OPERATOR).len(), 2, "an hour later again");
}

#[tokio::test]
async fn administrators_and_auditors_see_it_where_they_land_and_clerks_do_not() {
    let provider = TestProvider::start_with(LIMITS).await;
    let administrator = provider.administrator("ada.bober").await;
    let auditor = provider.auditor("olga.sowa").await;
    let clerk = provider.clerk("urszula.sowa", "Administracja nr 1").await;
    for member in [&administrator, &auditor] {
        assert!(!form::has(&member.get("/office").await.body, "#guessing-noticed"));
    }
    spray(&provider, 6).await;
    for (member, sees) in [(&administrator, true), (&auditor, true), (&clerk, false)] {
        assert_eq!(
            form::has(&member.get("/office").await.body, "#guessing-noticed"),
            sees,
            "{}",
            member.login
        );
    }
}
