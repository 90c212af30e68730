//! Clients are told that a session ended (OpenID Connect Back-Channel Logout 1.0): what they are told, and that the news
//! arrives.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::json;

use crate::helpers::binary::Installation;
use crate::helpers::form;
use crate::helpers::logout_receiver::{ALLOWED, LogoutReceiver, ReceivedNews};
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::relying_party::{RelyingParty, claims, header};
use crate::helpers::smtp::Authority;
use crate::helpers::visitor::Visitor;

/// Signs out by the button on the provider's own page.
async fn sign_out(browser: &Visitor) {
    let home = browser.open("/").await;
    let left = browser.submit(&home, "#sign-out", &[]).await;
    assert_eq!(left.status, 200, "{}", left.body);
}

/// A browser in which this client got something; with the `sid` that it knows.
async fn used(provider: &TestProvider, party: &RelyingParty, person: &Person) -> (Visitor, String) {
    let browser = provider.visitor();
    let tokens = party.tokens(&browser, person, &[]).await;
    let sid = claims(tokens["id_token"].as_str().unwrap())["sid"].as_str().unwrap().to_owned();
    (browser, sid)
}

/// A browser that is signed in to billing, the `sid` that billing knows, and its ear.
async fn billing_in_use(provider: &TestProvider) -> (Visitor, String, LogoutReceiver) {
    let person = provider.active_person("halina.wrona").await;
    let receiver = LogoutReceiver::start().await;
    let billing = provider.relying_party("billing", receiver.metadata()).await;
    let (browser, sid) = used(provider, &billing, &person).await;
    (browser, sid, receiver)
}

/// Waits until so many notices stand as this condition says.
async fn until_rows(provider: &TestProvider, condition: &str, count: i64) {
    records::until_rows(provider, "logout_notice", condition, count).await;
}

#[tokio::test]
async fn backchannel_2_4_every_client_of_the_session_is_told_with_a_token_of_its_own() {
    let provider = TestProvider::start_with(&[ALLOWED]).await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    let mut told = Vec::new();
    for algorithm in ["ES256", "RS256", "PS256", "EdDSA"] {
        let receiver = LogoutReceiver::start().await;
        let mut metadata = receiver.metadata();
        metadata["id_token_signed_response_alg"] = algorithm.into();
        let party = provider.relying_party(&format!("rp-{algorithm}"), metadata).await;
        let tokens = party.tokens(&browser, &person, &[]).await;
        let id_token = claims(tokens["id_token"].as_str().unwrap());
        told.push((algorithm, receiver, party, id_token));
    }
    // Of these two nobody is told: one does not want to be, the other has never met the person.
    let deaf = provider.relying_party("deaf", json!({})).await;
    deaf.tokens(&browser, &person, &[]).await;
    let stranger = LogoutReceiver::start().await;
    provider.relying_party("stranger", stranger.metadata()).await;

    sign_out(&browser).await;
    let jwks = provider.jwks().await;
    for (algorithm, receiver, party, id_token) in &told {
        let received = receiver.until_received(1).await;
        let news = &received[0];
        assert_eq!(news.content_type, "application/x-www-form-urlencoded");
        let head = header(news.token());
        assert_eq!((&head["typ"], &head["alg"]), (&json!("logout+jwt"), &json!(algorithm)));
        let claims = news.claims(&jwks);
        let names: BTreeSet<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = BTreeSet::from(["iss", "aud", "iat", "exp", "jti", "sub", "sid", "events"]);
        assert_eq!(names, expected, "and no nonce");
        assert_eq!(claims["iss"], *provider.issuer);
        assert_eq!(claims["aud"], *party.client_id);
        assert_eq!((&claims["sub"], &claims["sid"]), (&id_token["sub"], &id_token["sid"]));
        assert_eq!(claims["iat"], provider.now());
        assert_eq!(claims["exp"], provider.now() + 120);
        assert!(claims["jti"].as_str().unwrap().len() >= 32, "{claims}");
        assert_eq!(claims["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
    }
    until_rows(&provider, "delivered_at IS NOT NULL", 4).await;
    assert_eq!(records::rows(&provider, "logout_notice", "true").await, 4);
    let sids: BTreeSet<_> = told.iter().map(|(.., id_token)| id_token["sid"].to_string()).collect();
    assert_eq!(sids.len(), 4, "no two clients can compare whom they serve");
    assert!(stranger.received().is_empty());
    // Once is enough.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(told.iter().all(|(_, receiver, ..)| receiver.received().len() == 1));
}

#[tokio::test]
async fn backchannel_2_8_two_hundred_four_is_good_and_everything_else_is_tried_again() {
    let provider = TestProvider::start_with(&[ALLOWED]).await;
    let (browser, sid, receiver) = billing_in_use(&provider).await;
    receiver.answer(503);
    sign_out(&browser).await;
    let mut tries = 0;
    for status in [503, 302, 501, 204] {
        tries += 1;
        let news = receiver.until_received(tries).await;
        assert!(news.iter().all(|news| news.sid() == sid));
        let seen = i64::try_from(tries).unwrap();
        until_rows(&provider, &format!("attempts = {seen} AND leased_until IS NULL"), 1).await;
        receiver.answer(status);
        // The longest pause of the first few.
        provider.advance(TimeDelta::minutes(5));
    }
    receiver.until_received(5).await;
    until_rows(&provider, "delivered_at IS NOT NULL AND last_error IS NULL", 1).await;
    let jtis: BTreeSet<String> =
        receiver.received().iter().map(|news| claims(news.token())["jti"].to_string()).collect();
    assert_eq!(jtis.len(), 5, "a client that keeps them must not take a try for a replay");
}

#[tokio::test]
async fn a_client_that_says_400_is_asked_five_times() {
    let provider = TestProvider::start_with(&[ALLOWED]).await;
    let (browser, _, receiver) = billing_in_use(&provider).await;
    receiver.answer(400);
    sign_out(&browser).await;
    for tries in 1..=5 {
        until_rows(&provider, &format!("attempts = {tries}"), 1).await;
        provider.advance(TimeDelta::minutes(10));
    }
    until_rows(&provider, "given_up_at IS NOT NULL", 1).await;
    assert_eq!(receiver.received().len(), 5);
    assert_eq!(records::count(&provider, "logout_notice.given_up").await, 1);
}

#[tokio::test]
async fn after_a_day_it_is_given_up_and_later_forgotten() {
    let provider = TestProvider::start_with(&[ALLOWED]).await;
    let (browser, _, receiver) = billing_in_use(&provider).await;
    receiver.answer(500);
    sign_out(&browser).await;
    until_rows(&provider, "attempts = 1", 1).await;
    provider.advance(TimeDelta::hours(23));
    until_rows(&provider, "attempts = 2 AND given_up_at IS NULL", 1).await;
    provider.advance(TimeDelta::hours(1));
    until_rows(&provider, "attempts = 3 AND given_up_at IS NOT NULL", 1).await;

    // The sweeper runs as soon as a server starts.
    provider.advance(TimeDelta::days(91));
    let _replica = provider.replica().await;
    until_rows(&provider, "true", 0).await;
}

/// A client that does not answer holds up nobody, and a second piece of news for it waits its turn.
#[tokio::test]
async fn one_slow_client_holds_up_nobody_else() {
    let provider = TestProvider::start_with(&[ALLOWED, ("outbound.timeout_seconds", "60")]).await;
    let person = provider.active_person("halina.wrona").await;
    let (slow, quick) = (LogoutReceiver::start().await, LogoutReceiver::start().await);
    slow.hang(true);
    let slow_party = provider.relying_party("slow", slow.metadata()).await;
    let quick_party = provider.relying_party("quick", quick.metadata()).await;
    let began = Instant::now();
    for round in 1..=6 {
        let browser = provider.visitor();
        slow_party.tokens(&browser, &person, &[]).await;
        quick_party.tokens(&browser, &person, &[]).await;
        sign_out(&browser).await;
        quick.until_received(round).await;
    }
    assert!(began.elapsed() < Duration::from_mins(1), "before the slow one's first time is up");
    assert!((1..=4).contains(&slow.received().len()), "{}", slow.received().len());
}

#[tokio::test]
async fn two_servers_tell_a_client_once() {
    const SESSIONS: usize = 24;
    let provider = TestProvider::start_with(&[ALLOWED]).await;
    let _second = provider.second_server(&[ALLOWED]).await;
    let person = provider.active_person("halina.wrona").await;
    let receiver = LogoutReceiver::start().await;
    let billing = provider.relying_party("billing", receiver.metadata()).await;
    let mut sids = BTreeSet::new();
    for _ in 0..SESSIONS {
        let (_, sid) = used(&provider, &billing, &person).await;
        sids.insert(sid);
    }
    let mut here = provider.open_browser();
    here.try_sign_in(&person.login, &person.password).await;
    let page = here.open("/account/sessions").await;
    here.submit(&page, "#sign-out-others", &[]).await;

    let count = i64::try_from(SESSIONS).unwrap();
    until_rows(&provider, "delivered_at IS NOT NULL AND attempts = 0", count).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let news = receiver.received();
    assert_eq!(news.len(), SESSIONS);
    assert_eq!(news.iter().map(ReceivedNews::sid).collect::<BTreeSet<_>>(), sids);
}

#[tokio::test]
async fn what_was_committed_is_delivered_although_the_server_was_killed() {
    let receiver = LogoutReceiver::start().await;
    let installation = Installation::with_settings(
        "outbound.allowed_networks = [\"127.0.0.0/8\"]\noutbound.timeout_seconds = 1",
    )
    .await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    let billing = installation.relying_party_with("billing", receiver.metadata()).await;
    let mut serving = installation.serve().await;
    let browser = installation.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let sid = claims(tokens["id_token"].as_str().unwrap())["sid"].clone();
    // If it is told in the moment before the kill, that does not count.
    receiver.hang(true);
    sign_out(&browser).await;
    serving.process.kill();
    let heard = receiver.received().len();
    receiver.hang(false);

    let _again = installation.serve().await;
    let news = receiver.until_received(heard + 1).await;
    assert_eq!(json!(news.last().unwrap().sid()), sid);
}

#[tokio::test]
async fn backchannel_2_5_tls_is_verified() {
    let ours = Authority::for_server("localhost");
    let theirs = Authority::for_server("localhost");
    let misnamed = Authority::for_server("elsewhere.test");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, format!("{}{}", ours.certificate, misnamed.certificate)).unwrap();
    let settings = [ALLOWED, ("outbound.ca_file", file.to_str().unwrap())];
    let provider = TestProvider::start_with(&settings).await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    let mut receivers = Vec::new();
    for (name, authority) in [("good", &ours), ("foreign", &theirs), ("misnamed", &misnamed)] {
        let receiver = LogoutReceiver::start_tls(authority).await;
        let party = provider.relying_party(name, receiver.metadata()).await;
        party.tokens(&browser, &person, &[]).await;
        receivers.push(receiver);
    }
    sign_out(&browser).await;
    receivers[0].until_received(1).await;
    until_rows(&provider, "client_id <> 'good' AND attempts = 1 AND last_error LIKE '%certificate%'", 2)
        .await;
    assert!(receivers[1].received().is_empty() && receivers[2].received().is_empty());
}

#[tokio::test]
async fn a_private_address_is_not_told_unless_it_is_allowed() {
    let provider = TestProvider::start().await;
    let (browser, _, receiver) = billing_in_use(&provider).await;
    sign_out(&browser).await;
    until_rows(&provider, "attempts = 1 AND last_error LIKE '%allowed network%'", 1).await;
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn a_client_that_takes_its_address_back_is_left_alone() {
    let provider = TestProvider::start_with(&[ALLOWED]).await;
    let (browser, _, receiver) = billing_in_use(&provider).await;
    receiver.answer(500);
    sign_out(&browser).await;
    until_rows(&provider, "attempts = 1", 1).await;
    provider.relying_party("billing", json!({})).await;
    provider.advance(TimeDelta::minutes(1));
    until_rows(&provider, "given_up_at IS NOT NULL", 1).await;
    assert_eq!(receiver.received().len(), 1);
    assert!(!form::has(&browser.open("/").await.body, "#sign-out"));
}
