//! A client's keys behind an address of its own (`jwks_uri`, OpenID Connect Core §10.1.1): fetched seldom, and from nowhere
//! else.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use iok_id::crypto::signing::SigningKey;
use iok_id::domain::token::SigningAlgorithm;
use reqwest::Method;
use serde_json::json;

use crate::helpers::client_key::{ClientKey, JWT_BEARER};
use crate::helpers::expect;
use crate::helpers::partner::{ALLOWED, Partner};
use crate::helpers::provider::TestProvider;
use crate::helpers::visitor::Answer;

const SERVICE: &str = "meter";
const KEYS: &str = "/keys.json";

async fn register(provider: &TestProvider, id: &str, jwks_uri: &str) {
    let metadata = json!({
        "grant_types": ["client_credentials"],
        "scope": "read",
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": jwks_uri,
    });
    provider.server.register_client_json(id, None, metadata).await.unwrap();
}

async fn stage() -> (TestProvider, Partner, ClientKey) {
    let provider = TestProvider::start_with(&[ALLOWED]).await;
    let partner = Partner::start().await;
    let key = ClientKey::new(&provider);
    partner.puts(KEYS, key.jwks());
    register(&provider, SERVICE, &partner.url(KEYS)).await;
    (provider, partner, key)
}

async fn authenticate_as(provider: &TestProvider, id: &str, key: &ClientKey) -> Answer {
    let assertion = key.assertion(id, &provider.issuer);
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", &assertion),
    ];
    Answer::to(provider.request(Method::POST, "/token").form(&fields)).await
}

async fn authenticate(provider: &TestProvider, key: &ClientKey) -> Answer {
    authenticate_as(provider, SERVICE, key).await
}

#[track_caller]
fn accepted(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[track_caller]
fn refused(answer: &Answer) {
    expect::token_error(answer, 401, "invalid_client");
}

#[tokio::test]
async fn keys_are_fetched_once_and_kept_as_long_as_they_say() {
    let (provider, partner, key) = stage().await;
    partner.answers(KEYS, 200, &[("cache-control", "public, max-age=3600")], key.jwks());
    for _ in 0..3 {
        accepted(&authenticate(&provider, &key).await);
    }
    assert_eq!(partner.asked(KEYS), 1);
    provider.advance(TimeDelta::minutes(59));
    accepted(&authenticate(&provider, &key).await);
    assert_eq!(partner.asked(KEYS), 1);
    provider.advance(TimeDelta::minutes(2));
    // No partner can make us ask all the time, nor keep a key for ever.
    partner.answers(KEYS, 200, &[("cache-control", "max-age=0")], key.jwks());
    accepted(&authenticate(&provider, &key).await);
    provider.advance(TimeDelta::minutes(4));
    accepted(&authenticate(&provider, &key).await);
    assert_eq!(partner.asked(KEYS), 2);
    provider.advance(TimeDelta::minutes(2));
    partner.answers(KEYS, 200, &[("cache-control", "max-age=31536000")], key.jwks());
    accepted(&authenticate(&provider, &key).await);
    assert_eq!(partner.asked(KEYS), 3);
    provider.advance(TimeDelta::hours(25));
    accepted(&authenticate(&provider, &key).await);
    assert_eq!(partner.asked(KEYS), 4);
}

#[tokio::test]
async fn core_10_1_1_a_client_rotates_its_key_and_signs_with_it_at_once() {
    let (provider, partner, old) = stage().await;
    accepted(&authenticate(&provider, &old).await);
    let new = ClientKey::new(&provider);
    partner.puts(KEYS, json!({"keys": [new.public(), old.public()]}));
    accepted(&authenticate(&provider, &new).await);
    assert_eq!(partner.asked(KEYS), 2);
    accepted(&authenticate(&provider, &old).await);
    // The old one is withdrawn: it is good until somebody looks.
    partner.puts(KEYS, new.jwks());
    provider.advance(TimeDelta::minutes(6));
    refused(&authenticate(&provider, &old).await);
    accepted(&authenticate(&provider, &new).await);
}

/// RFC 7515 §4.1.4: the name is a hint, and may be missing.
#[tokio::test]
async fn an_assertion_that_names_no_key_is_tried_with_each() {
    let (provider, partner, old) = stage().await;
    let sign = async |key: &ClientKey| {
        let assertion = key.sign_without_kid(&key.claims(SERVICE, &provider.issuer, &json!({})));
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", JWT_BEARER),
            ("client_assertion", &assertion),
        ];
        Answer::to(provider.request(Method::POST, "/token").form(&fields)).await
    };
    let other = ClientKey::new(&provider);
    partner.puts(KEYS, json!({"keys": [other.public(), old.public()]}));
    accepted(&sign(&old).await);
    let new = ClientKey::new(&provider);
    partner.puts(KEYS, json!({"keys": [other.public(), old.public(), new.public()]}));
    accepted(&sign(&new).await);
    assert_eq!(partner.asked(KEYS), 2);
}

#[tokio::test]
async fn a_stranger_cannot_make_us_hammer_a_partner() {
    let (provider, partner, key) = stage().await;
    accepted(&authenticate(&provider, &key).await);
    for _ in 0..20 {
        refused(&authenticate(&provider, &ClientKey::new(&provider)).await);
    }
    assert_eq!(partner.asked(KEYS), 5, "five a minute");
    accepted(&authenticate(&provider, &key).await);
    provider.advance(TimeDelta::seconds(61));
    let new = ClientKey::new(&provider);
    partner.puts(KEYS, new.jwks());
    accepted(&authenticate(&provider, &new).await);
    assert_eq!(partner.asked(KEYS), 6);
}

#[tokio::test]
async fn whoever_needs_the_same_keys_at_once_shares_one_request() {
    let (provider, partner, key) = stage().await;
    partner.delays(KEYS, Duration::from_millis(300));
    for answer in join_all((0..20).map(|_| authenticate(&provider, &key))).await {
        accepted(&answer);
    }
    assert_eq!(partner.asked(KEYS), 1);
    // A server that is down is asked once, too.
    register(&provider, "pump", &partner.url("/away.json")).await;
    partner.answers("/away.json", 503, &[], "");
    partner.delays("/away.json", Duration::from_millis(300));
    for answer in join_all((0..20).map(|_| authenticate_as(&provider, "pump", &key))).await {
        refused(&answer);
    }
    assert_eq!(partner.asked("/away.json"), 1);
}

#[tokio::test]
async fn a_client_whose_server_is_down_works_on_for_a_day() {
    let (provider, partner, key) = stage().await;
    accepted(&authenticate(&provider, &key).await);
    for bad in ["", "<html>", "{\"keys\": 7}"] {
        partner.answers(KEYS, if bad.is_empty() { 500 } else { 200 }, &[], bad);
        provider.advance(TimeDelta::minutes(10));
        let asked = partner.asked(KEYS);
        accepted(&authenticate(&provider, &key).await);
        assert_eq!(partner.asked(KEYS), asked + 1, "it is looked for again");
        accepted(&authenticate(&provider, &key).await);
        assert_eq!(partner.asked(KEYS), asked + 1, "and nobody waits for it right after");
    }
    provider.advance(TimeDelta::hours(23));
    accepted(&authenticate(&provider, &key).await);
    provider.advance(TimeDelta::hours(1));
    refused(&authenticate(&provider, &key).await);
    provider.advance(TimeDelta::seconds(11));
    partner.puts(KEYS, key.jwks());
    accepted(&authenticate(&provider, &key).await);
}

#[tokio::test]
async fn what_is_no_set_of_public_keys_proves_nobody() {
    let (provider, partner, key) = stage().await;
    let mut private = key.public().clone();
    private["d"] = "AAAA".into();
    let long = json!({"keys": [key.public()], "padding": "x".repeat(70_000)});
    let secret = json!({"kty": "oct", "k": "AAAA"});
    for (number, (status, headers, body)) in [
        (200, vec![], json!({"keys": [private]}).to_string()),
        (200, vec![], json!({"keys": [key.public(), secret]}).to_string()),
        (200, vec![], long.to_string()),
        (200, vec![], "[]".to_owned()),
        (200, vec![], "not JSON".to_owned()),
        (404, vec![], key.jwks().to_string()),
        (201, vec![], key.jwks().to_string()),
        (302, vec![("location", partner.url(KEYS))], key.jwks().to_string()),
        (307, vec![("location", partner.url(KEYS))], String::new()),
    ]
    .into_iter()
    .enumerate()
    {
        let path = format!("/{number}.json");
        let headers: Vec<(&'static str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        partner.answers(&path, status, &headers, body);
        let id = format!("service-{number}");
        register(&provider, &id, &partner.url(&path)).await;
        refused(&authenticate_as(&provider, &id, &key).await);
        assert_eq!(partner.asked(&path), 1, "{number}");
    }
    assert_eq!(partner.asked(KEYS), 0, "a redirect is not followed");
}

/// Invariant 9: an address from outside leads nowhere into our own network.
#[tokio::test]
async fn private_addresses_are_not_asked_unless_the_operator_allows_them() {
    let partner = Partner::start().await;
    for settings in [&[][..], &[("outbound.allowed_networks", "10.0.0.0/8")]] {
        let provider = TestProvider::start_with(settings).await;
        let key = ClientKey::new(&provider);
        partner.puts(KEYS, key.jwks());
        let port = partner.address.rsplit_once(':').unwrap().1;
        for (number, address) in [
            format!("http://127.0.0.1:{port}{KEYS}"),
            format!("https://127.0.0.1:{port}{KEYS}"),
            format!("http://[::ffff:127.0.0.1]:{port}{KEYS}"),
            // A name that stands for a private address.
            format!("http://localhost:{port}{KEYS}"),
            format!("https://localhost:{port}{KEYS}"),
            format!("http://2130706433:{port}{KEYS}"),
        ]
        .into_iter()
        .enumerate()
        {
            let id = format!("service-{number}");
            register(&provider, &id, &address).await;
            refused(&authenticate_as(&provider, &id, &key).await);
        }
    }
    assert_eq!(partner.asked(KEYS), 0);
}

/// A key of another client's set proves nothing, whatever its name.
#[tokio::test]
async fn each_client_is_known_by_its_own_keys() {
    let (provider, partner, key) = stage().await;
    let pkcs8 = SigningKey::generate(SigningAlgorithm::ES256).unwrap();
    let other = SigningKey::parse(SigningAlgorithm::ES256, &pkcs8).unwrap();
    let mut same_name = other.public_jwk().clone();
    same_name["kid"] = key.public()["kid"].clone();
    partner.puts("/other.json", json!({"keys": [same_name]}));
    register(&provider, "pump", &partner.url("/other.json")).await;
    refused(&authenticate_as(&provider, "pump", &key).await);
    accepted(&authenticate(&provider, &key).await);
}
