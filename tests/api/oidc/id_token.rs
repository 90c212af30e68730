//! ID tokens (OpenID Connect Core §2), verified by jose, which shares no code with the provider.

use serde_json::json;

use crate::helpers::expect;
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{claims, header};

#[tokio::test]
async fn core_3_1_3_7_an_independent_implementation_verifies_an_id_token() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    let jwks = provider.jwks().await;
    let now = provider.now();
    for algorithm in ["ES256", "RS256", "PS256", "EdDSA"] {
        let party =
            provider.relying_party(algorithm, json!({"id_token_signed_response_alg": algorithm})).await;
        let tokens = party.tokens(&browser, &person, &[("scope", "openid profile email iok")]).await;
        let id_token = tokens["id_token"].as_str().unwrap();
        let verify = |id_token: &str, issuer: &str, audience: &str, now: i64| {
            jose::verify_id_token(&jwks, id_token, issuer, audience, now)
        };

        let verified = verify(id_token, &provider.issuer, algorithm, now).unwrap();
        assert_eq!(verified["header"]["alg"], algorithm);
        assert_eq!(verified["payload"]["nonce"], "nonce-1");
        // OpenID Connect Core §3.1.3.6; an Ed25519 signature hashes with SHA-512 (RFC 8032 §5.1).
        let access_token = tokens["access_token"].as_str().unwrap();
        let hash = if algorithm == "EdDSA" {
            jose::left_half_sha512(access_token)
        } else {
            jose::left_half_hash(access_token)
        };
        assert_eq!(verified["payload"]["at_hash"], hash, "{algorithm}");

        for (refused, why) in [
            (jose::tampered(id_token, "sub", "somebody else".into()), "signature"),
            (jose::tampered(id_token, "exp", (now + 100_000).into()), "signature"),
            (format!("{}AAAA", &id_token[..id_token.len() - 4]), "signature"),
        ] {
            let reason = verify(&refused, &provider.issuer, algorithm, now).unwrap_err();
            assert!(reason.contains(why), "{reason}");
        }
        assert!(verify(id_token, "https://evil.test", algorithm, now).unwrap_err().contains("iss"));
        assert!(verify(id_token, &provider.issuer, "complaints", now).unwrap_err().contains("aud"));
        assert!(verify(id_token, &provider.issuer, algorithm, now + 301).unwrap_err().contains("exp"));
        let other =
            json!({"keys": [jwks["keys"].as_array().unwrap().iter().find(|key| key["alg"] != algorithm)]});
        let reason = jose::verify_id_token(&other, id_token, &provider.issuer, algorithm, now).unwrap_err();
        assert!(reason.contains("key"), "{reason}");
    }
}

#[tokio::test]
async fn registration_2_a_client_that_says_nothing_gets_rs256() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[]).await;
    assert_eq!(header(tokens["id_token"].as_str().unwrap())["alg"], "RS256");
}

#[tokio::test]
async fn core_2_an_id_token_says_who_when_and_how_and_nothing_more() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let every_scope = "openid profile email phone address iok offline_access";
    let tokens = billing.tokens(&provider.visitor(), &person, &[("scope", every_scope)]).await;
    let id_token = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(
        expect::members(&id_token),
        ["acr", "amr", "at_hash", "aud", "auth_time", "exp", "iat", "iss", "nonce", "sid", "sub"]
    );
    assert_eq!(id_token["iss"], *provider.issuer);
    assert_eq!(id_token["aud"], json!(["billing"]));
    assert_eq!(id_token["iat"], provider.now());
    assert_eq!(id_token["exp"], provider.now() + 300);
    assert_eq!(id_token["auth_time"], provider.now());
    assert_eq!(id_token["acr"], "urn:iok-id:acr:1");
    assert_eq!(id_token["amr"], json!(["pwd"]));
    // OpenID Connect Core §3.1.3.6.
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(id_token["at_hash"], jose::left_half_hash(access_token));
}

/// OpenID Connect Back-Channel Logout §2.1: a client knows a session by one `sid`, and by none that others
/// know.
#[tokio::test]
async fn the_sid_names_the_session_to_one_client() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let (browser, phone) = (provider.visitor(), provider.visitor());
    let sid = |tokens: &serde_json::Value| claims(tokens["id_token"].as_str().unwrap())["sid"].clone();
    let first = sid(&billing.tokens(&browser, &person, &[]).await);
    assert_eq!(first, sid(&billing.tokens(&browser, &person, &[]).await));
    assert_ne!(first, sid(&complaints.tokens(&browser, &person, &[]).await));
    assert_ne!(first, sid(&billing.tokens(&phone, &person, &[]).await));
}
