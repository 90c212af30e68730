//! Signing keys: made once, sealed, published before they sign and until nothing they signed is alive.

use std::collections::BTreeSet;
use std::fs;

use chrono::TimeDelta;
use iok_id::app::{Foundation, Server};
use iok_id::domain::clock::{Clock as _, SettableClock, SystemClock};
use serde_json::{Value, json};

use crate::helpers::database::TestDatabase;
use crate::helpers::expect;
use crate::helpers::jose;
use crate::helpers::provider::{TestProvider, ambient_of, settings_for};
use crate::helpers::relying_party::{RelyingParty, header};
use crate::helpers::tables;

const ISSUER: &str = "http://localhost:1";

fn kids(jwks: &Value) -> BTreeSet<String> {
    jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn kid_of(tokens: &Value, token: &str) -> String {
    header(tokens[token].as_str().unwrap())["kid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn rfc_7517_the_published_keys_are_public_and_named_by_their_thumbprint() {
    let provider = TestProvider::start().await;
    let answer = provider.visitor().get("/jwks").await;
    assert_eq!(answer.status, 200);
    let jwks = answer.json();
    assert_eq!(expect::members(&jwks), ["keys"]);
    let keys = jwks["keys"].as_array().unwrap();
    let algorithms: Vec<&str> = keys.iter().map(|key| key["alg"].as_str().unwrap()).collect();
    assert_eq!(BTreeSet::from_iter(&algorithms), BTreeSet::from([&"ES256", &"RS256", &"PS256", &"EdDSA"]));
    assert_eq!(keys.len(), 4);
    for key in keys {
        let expected: &[&str] = match key["alg"].as_str().unwrap() {
            "ES256" => &["alg", "crv", "kid", "kty", "use", "x", "y"],
            "EdDSA" => &["alg", "crv", "kid", "kty", "use", "x"],
            _ => &["alg", "e", "kid", "kty", "n", "use"],
        };
        assert_eq!(expect::members(key), expected, "no private member, and nothing else");
        assert_eq!(key["use"], "sig");
        assert_eq!(key["kid"], jose::thumbprint(key), "RFC 7638");
    }
}

/// Invariant: no secret is stored readable.
#[tokio::test]
async fn private_keys_lie_sealed_in_the_database_and_the_sealing_key_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let provider = TestProvider::start().await;
    for sealed in tables::column(&provider.database, "signing_key", "sealed").await {
        // Every private key in PKCS #8 names its algorithm. Three letters of an encoding would turn up by chance.
        let bytes = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, &sealed).unwrap();
        let rsa_encryption: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
        let ec_public_key: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
        let ed25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        for oid in [rsa_encryption, ec_public_key, ed25519] {
            assert!(!bytes.windows(oid.len()).any(|window| window == oid), "{sealed}");
        }
    }
    let file = provider.database.folder.path().join("secrets/sealing.key");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!file.starts_with(provider.database.folder.path().join("database")));
}

#[tokio::test]
async fn a_rotation_is_published_at_once_and_signs_after_its_lead() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let old = kids(&provider.jwks().await);
    let made: BTreeSet<String> = provider.rotate_keys().await.into_iter().collect();
    assert_eq!(made.len(), 4);

    let replica = provider.replica().await;
    let published = replica.jwks().await;
    assert_eq!(kids(&published), &old | &made, "the new keys are known before they are met");
    let elsewhere = replica.relying_party(&billing);
    let redeem = async |party: &RelyingParty| -> Value {
        let code = billing.code(&provider.visitor(), &person, &[]).await;
        party.redeem(&code).await.json()
    };
    let before = redeem(&elsewhere).await;
    for token in ["access_token", "id_token"] {
        assert!(old.contains(&kid_of(&before, token)), "the old keys sign until the lead has passed");
    }
    provider.advance(TimeDelta::seconds(59));
    let last = redeem(&elsewhere).await;
    assert!(old.contains(&kid_of(&last, "access_token")));

    provider.advance(TimeDelta::seconds(1));
    let after = redeem(&elsewhere).await;
    for token in ["access_token", "id_token"] {
        assert!(made.contains(&kid_of(&after, token)));
    }
    // What the old keys signed last is good to its very end.
    provider.advance(TimeDelta::seconds(298));
    let last_token = last["access_token"].as_str().unwrap();
    assert_eq!(elsewhere.userinfo(last_token).await.status, 200);
    let jwks = replica.jwks().await;
    jose::verify_access_token(&jwks, last_token);
    let id_token = last["id_token"].as_str().unwrap();
    jose::verify_id_token(&jwks, id_token, &provider.issuer, "billing", provider.now()).unwrap();

    // And then they are gone from what is published, before anybody forgets them.
    provider.advance(TimeDelta::seconds(300));
    assert_eq!(kids(&replica.jwks().await), made);
    assert_eq!(
        elsewhere.userinfo(redeem(&elsewhere).await["access_token"].as_str().unwrap()).await.status,
        200
    );
}

#[tokio::test]
async fn two_rotations_in_a_row_leave_every_token_verifiable() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let mut tokens = vec![billing.tokens(&provider.visitor(), &person, &[]).await];
    for _ in 0..2 {
        provider.rotate_keys().await;
        provider.advance(TimeDelta::seconds(61));
        let party = provider.replica().await.relying_party(&billing);
        let code = billing.code(&provider.visitor(), &person, &[]).await;
        tokens.push(party.redeem(&code).await.json());
    }
    let signers: BTreeSet<String> = tokens.iter().map(|tokens| kid_of(tokens, "access_token")).collect();
    assert_eq!(signers.len(), 3, "each generation signed one");
    let replica = provider.replica().await;
    let jwks = replica.jwks().await;
    let party = replica.relying_party(&billing);
    for tokens in &tokens {
        let access_token = tokens["access_token"].as_str().unwrap();
        jose::verify_access_token(&jwks, access_token);
        assert_eq!(party.userinfo(access_token).await.status, 200);
    }
}

#[tokio::test]
async fn a_running_server_learns_of_a_rotation_without_a_restart() {
    let provider = TestProvider::start().await;
    provider.rotate_keys().await;
    // The ring is read every few seconds of real time; how many does not matter here.
    let learned = async {
        while kids(&provider.jwks().await).len() < 8 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), learned).await.expect("it learned");
}

#[tokio::test]
async fn without_the_right_sealing_key_nothing_starts_and_nothing_is_changed() {
    let database = TestDatabase::fresh().await;
    let clock = SettableClock::starting_at(SystemClock.now());
    let start =
        async || Server::start(settings_for(&database, ISSUER, &[]), ambient_of(&clock), vec![]).await;
    start().await.unwrap().stop().await;
    let stored = async || {
        (
            tables::column(&database, "signing_key", "sealed").await,
            tables::column(&database, "signing_key", "verifies_until IS NULL").await,
        )
    };
    let before = stored().await;
    assert_eq!(before.0.len(), 4);
    let file = database.folder.path().join("secrets/sealing.key");
    let right = fs::read_to_string(&file).unwrap();

    // Gone: it is not made anew.
    fs::remove_file(&file).unwrap();
    let refusal = format!("{:#}", start().await.unwrap_err());
    assert!(refusal.contains("sealing.key"), "it says which file: {refusal}");
    assert!(!file.exists());
    assert_eq!(stored().await, before);

    // Another database's.
    fs::write(&file, iok_id::crypto::sealing::SealingKey::generate_text(ambient_of(&clock).entropy()))
        .unwrap();
    let refusal = format!("{:#}", start().await.unwrap_err());
    assert!(refusal.contains("sealing key"), "{refusal}");
    assert_eq!(stored().await, before);
    let command = Foundation::open(settings_for(&database, ISSUER, &[]), ambient_of(&clock)).await;
    assert!(command.is_err(), "a rotation would seal the next key with a stranger's");
    assert_eq!(stored().await, before);

    // No key at all.
    fs::write(&file, "not a key\n").unwrap();
    assert!(start().await.is_err());
    assert_eq!(stored().await, before);

    fs::write(&file, right).unwrap();
    start().await.unwrap().stop().await;
    assert_eq!(stored().await, before, "the right key finds everything as it was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn first_starts_at_once_make_one_key_of_each_kind() {
    let database = TestDatabase::fresh().await;
    let clock = SettableClock::starting_at(SystemClock.now());
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (settings, ambient) = (settings_for(&database, ISSUER, &[]), ambient_of(&clock));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        starts.spawn(async move { Server::start(settings, ambient, vec![listener]).await.unwrap() });
    }
    let servers = starts.join_all().await;
    assert_eq!(
        tables::column(&database, "signing_key", "algorithm").await,
        ["ES256", "EdDSA", "PS256", "RS256"]
    );
    let mut published = BTreeSet::new();
    for server in &servers {
        let jwks = reqwest::get(format!("http://{}/jwks", server.addresses()[0])).await.unwrap();
        published.insert(kids(&jwks.json().await.unwrap()));
    }
    assert_eq!(published.len(), 1, "all publish the same ones");
    for server in servers {
        server.stop().await;
    }
}
