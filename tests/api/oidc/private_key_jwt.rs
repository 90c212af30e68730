//! A client signs that it is the client (RFC 7523, OpenID Connect Core §9 `private_key_jwt`).

use chrono::TimeDelta;
use futures_util::future::join_all;
use iok_id::domain::token::SigningAlgorithm;
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::client_key::{ClientKey, JWT_BEARER};
use crate::helpers::expect;
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::tables;
use crate::helpers::visitor::Answer;

const SERVICE: &str = "meter";

/// Registers a service that signs with this key, with metadata beside the usual.
async fn register(provider: &TestProvider, id: &str, key: &ClientKey, further: Value) {
    let mut metadata = json!({
        "grant_types": ["client_credentials"],
        "scope": "read",
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": key.jwks(),
    });
    for (name, value) in further.as_object().unwrap() {
        metadata[name] = value.clone();
    }
    provider.server.register_client_json(id, None, metadata).await.unwrap();
}

async fn provider_and_key() -> (TestProvider, ClientKey) {
    let provider = TestProvider::start().await;
    let key = ClientKey::new(&provider);
    register(&provider, SERVICE, &key, json!({})).await;
    (provider, key)
}

async fn send_fields(provider: &TestProvider, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("grant_type", "client_credentials")];
    all.extend(fields);
    Answer::to(provider.request(Method::POST, "/token").form(&all)).await
}

async fn send(provider: &TestProvider, assertion: &str) -> Answer {
    send_fields(provider, &[("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)]).await
}

#[track_caller]
fn refused(answer: &Answer, because: &str) {
    expect::token_error(answer, 401, "invalid_client");
    let description = answer.json()["error_description"].clone();
    assert!(description.as_str().unwrap().contains(because), "{because}: {description}");
}

#[tokio::test]
async fn core_9_a_client_signs_with_any_supported_algorithm() {
    let provider = TestProvider::start().await;
    for algorithm in SigningAlgorithm::ALL {
        let key = ClientKey::of(&provider, algorithm);
        register(&provider, algorithm.as_str(), &key, json!({})).await;
        let answer = send(&provider, &key.assertion(algorithm.as_str(), &provider.issuer)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let token = jose::verify_access_token(
            &provider.jwks().await,
            answer.json()["access_token"].as_str().unwrap(),
        );
        assert_eq!(token["sub"], algorithm.as_str());
    }
}

#[tokio::test]
async fn core_9_the_registered_algorithm_is_the_only_one() {
    let provider = TestProvider::start().await;
    let (rsa, ec) = (ClientKey::of(&provider, SigningAlgorithm::PS256), ClientKey::new(&provider));
    let keys = json!({"keys": [rsa.public(), ec.public()]});
    register(&provider, SERVICE, &ec, json!({"jwks": keys, "token_endpoint_auth_signing_alg": "ES256"}))
        .await;
    let answer = send(&provider, &ec.assertion(SERVICE, &provider.issuer)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer = send(&provider, &rsa.assertion(SERVICE, &provider.issuer)).await;
    refused(&answer, "token_endpoint_auth_signing_alg");
}

#[tokio::test]
async fn rfc_7523_3_each_claim_is_held_to_its_rule() {
    let (provider, key) = provider_and_key().await;
    let issuer = &provider.issuer;
    let now = provider.now();
    for (changes, because) in [
        (json!({"iss": "billing"}), "iss and sub"),
        (json!({"iss": null}), "claims"),
        (json!({"sub": null}), "whose"),
        (json!({"sub": "billing"}), "not known"),
        (json!({"sub": "a\u{0}b"}), "whose"),
        (json!({"aud": null}), "claims"),
        (json!({"aud": "https://other.example"}), "audience"),
        (json!({"aud": format!("{issuer}/")}), "audience"),
        (json!({"aud": []}), "audience"),
        (json!({"aud": 7}), "claims"),
        (json!({"exp": null}), "no exp"),
        (json!({"exp": now - 30}), "expired"),
        (json!({"exp": now + 3_700}), "more than an hour"),
        (json!({"exp": i64::MAX}), "sane"),
        (json!({"exp": (now + 60).to_string()}), "claims"),
        (json!({"iat": now + 31}), "future"),
        (json!({"iat": now - 3_700}), "too old"),
        (json!({"nbf": now + 31}), "future"),
        (json!({"jti": null}), "jti"),
        (json!({"jti": ""}), "jti"),
        (json!({"jti": 7}), "claims"),
    ] {
        let answer = send(&provider, &key.assertion_with(SERVICE, issuer, &changes)).await;
        expect::token_error(&answer, 401, "invalid_client");
        let description = answer.json()["error_description"].as_str().unwrap().to_owned();
        assert!(description.contains(because), "{changes}: {description}");
    }
    for good in [
        json!({"exp": now - 29, "iat": now - 90}),
        json!({"exp": now + 3_600}),
        json!({"iat": now + 30, "nbf": now + 30}),
        json!({"iat": null}),
        // RFC 7519 §2: a NumericDate may have a fraction.
        json!({"exp": 0.5 + f64::from(u32::try_from(now).unwrap()) + 60.0}),
        json!({"aud": [issuer, "https://other.example"]}),
        json!({"unknown": {"claims": "are ignored"}}),
    ] {
        let answer = send(&provider, &key.assertion_with(SERVICE, issuer, &good)).await;
        assert_eq!(answer.status, 200, "{good}: {}", answer.body);
    }
}

#[tokio::test]
async fn rfc_7523_3_the_signature_is_the_clients_own() {
    let (provider, key) = provider_and_key().await;
    let issuer = &provider.issuer;
    let good = key.assertion(SERVICE, issuer);
    let claims = key.claims(SERVICE, issuer, &json!({}));
    let stranger = ClientKey::new(&provider);
    register(&provider, "stranger", &stranger, json!({})).await;
    let public = key.public().to_string();
    for (forged, because) in [
        (stranger.assertion(SERVICE, issuer), "not registered"),
        (jose::tampered(&good, "jti", "another".into()), "does not fit"),
        (jose::forge(&json!({"alg": "none"}), &claims, None), "not signed"),
        // The public key, taken for a shared secret (RFC 8725 §2.1).
        (jose::forge(&json!({"typ": "JWT"}), &claims, Some(public.as_bytes())), "not supported"),
        // What the client signs for another purpose (RFC 8725 §3.11).
        (key.sign("oauth-authz-req+jwt", &claims), "another type"),
        ("nothing".to_owned(), "whose"),
        (format!("{good}.{good}"), "compact"),
    ] {
        let answer = send(&provider, &forged).await;
        refused(&answer, because);
        assert!(!answer.headers.contains_key("www-authenticate"), "nobody came by header");
    }
    assert_eq!(send(&provider, &good).await.status, 200);
}

#[tokio::test]
async fn rfc_7523_3_whom_an_assertion_is_for_is_the_clients_policy() {
    let (provider, key) = provider_and_key().await;
    register(&provider, "strict", &key, json!({"assertion_audience": "issuer"})).await;
    let (issuer, endpoint) = (provider.issuer.clone(), provider.url("/token"));
    for (client, audience, status) in [
        (SERVICE, json!(issuer), 200),
        (SERVICE, json!(endpoint), 200),
        (SERVICE, json!([endpoint, issuer]), 200),
        (SERVICE, json!(provider.url("/authorize")), 401),
        ("strict", json!(issuer), 200),
        ("strict", json!([issuer]), 200),
        ("strict", json!(endpoint), 401),
        ("strict", json!([issuer, endpoint]), 401),
    ] {
        let answer = send(&provider, &key.assertion_with(client, "", &json!({"aud": audience}))).await;
        assert_eq!(answer.status, status, "{client}, {audience}: {}", answer.body);
    }
}

#[tokio::test]
async fn core_9_an_assertion_is_used_once_on_any_replica() {
    let (provider, key) = provider_and_key().await;
    let replica = provider.second_server(&[("server.issuer", &provider.issuer)]).await;
    let at_replica = async |assertion: &str| {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", JWT_BEARER),
            ("client_assertion", assertion),
        ];
        Answer::to(replica.request(Method::POST, "/token").form(&fields)).await
    };
    let first = key.assertion(SERVICE, &provider.issuer);
    assert_eq!(send(&provider, &first).await.status, 200);
    refused(&send(&provider, &first).await, "used before");
    refused(&at_replica(&first).await, "used before");
    let second = key.assertion(SERVICE, &provider.issuer);
    assert_eq!(at_replica(&second).await.status, 200);
    refused(&send(&provider, &second).await, "used before");

    // The `jti` is what counts, and it is each client's own.
    let same = json!({"jti": "chosen by two"});
    register(&provider, "pump", &key, json!({})).await;
    for client in [SERVICE, "pump"] {
        let answer = send(&provider, &key.assertion_with(client, &provider.issuer, &same)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    refused(&send(&provider, &key.assertion_with(SERVICE, &provider.issuer, &same)).await, "used before");

    // Also where the request comes to nothing afterwards.
    let assertion = key.assertion(SERVICE, &provider.issuer);
    let fields =
        [("client_assertion_type", JWT_BEARER), ("client_assertion", assertion.as_str()), ("scope", "write")];
    expect::token_error(&send_fields(&provider, &fields).await, 400, "invalid_scope");
    refused(&send(&provider, &assertion).await, "used before");
}

#[tokio::test]
async fn of_fifty_simultaneous_uses_of_one_assertion_one_wins() {
    let (provider, key) = provider_and_key().await;
    let assertion = key.assertion(SERVICE, &provider.issuer);
    let answers = join_all((0..50).map(|_| send(&provider, &assertion))).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1);
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        refused(lost, "used before");
    }
}

#[tokio::test]
async fn a_used_assertion_is_forgotten_after_it_would_be_refused_for_its_age() {
    use iok_id::app::Foundation;
    use iok_id::storage::client_assertions;

    use crate::helpers::provider::{ambient_of, settings_for};
    let (provider, key) = provider_and_key().await;
    let assertion = key.assertion(SERVICE, &provider.issuer);
    assert_eq!(send(&provider, &assertion).await.status, 200);
    let settings = settings_for(&provider.database, &provider.issuer, &[]);
    let foundation = Foundation::open(settings, ambient_of(&provider.clock)).await.unwrap();
    for (later, left) in [(89, 1), (2, 0)] {
        provider.advance(TimeDelta::seconds(later));
        let transaction = foundation.database.begin().await.unwrap();
        client_assertions::sweep(&transaction, foundation.ambient.now()).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(tables::row_counts(&provider.database).await["client_assertion"], left);
    }
    refused(&send(&provider, &assertion).await, "expired");
    foundation.close().await;
}

#[tokio::test]
async fn rfc_6749_2_3_an_assertion_stands_alone_and_whole() {
    let (provider, key) = provider_and_key().await;
    let fresh = || key.assertion(SERVICE, &provider.issuer);
    let typ = ("client_assertion_type", JWT_BEARER);
    for (further, error) in [
        (vec![typ, ("client_secret", "anything-0123456789")], "invalid_request"),
        (vec![typ, ("client_id", "billing")], "invalid_request"),
        (vec![], "invalid_request"),
        (
            vec![("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")],
            "invalid_client",
        ),
    ] {
        let assertion = fresh();
        let mut fields = vec![("client_assertion", assertion.as_str())];
        fields.extend(further);
        let answer = send_fields(&provider, &fields).await;
        assert_eq!(answer.json()["error"], error, "{fields:?}: {}", answer.body);
    }
    expect::token_error(&send_fields(&provider, &[typ]).await, 400, "invalid_request");
    let assertion = fresh();
    let fields = [("grant_type", "client_credentials"), typ, ("client_assertion", assertion.as_str())];
    let request = provider.request(Method::POST, "/token").form(&fields).basic_auth(SERVICE, Some("secret"));
    expect::token_error(&Answer::to(request).await, 400, "invalid_request");
    // The same client said twice is no contradiction.
    let fields = [typ, ("client_assertion", assertion.as_str()), ("client_id", SERVICE)];
    assert_eq!(send_fields(&provider, &fields).await.status, 200);
}

#[tokio::test]
async fn core_9_a_client_that_signs_has_no_secret_and_one_with_a_secret_does_not_sign() {
    let (provider, key) = provider_and_key().await;
    for secret in ["", "anything-0123456789"] {
        let request = provider.request(Method::POST, "/token").basic_auth(SERVICE, Some(secret));
        let answer = Answer::to(request.form(&[("grant_type", "client_credentials")])).await;
        expect::token_error(&answer, 401, "invalid_client");
    }
    let metadata = json!({"grant_types": ["client_credentials"], "jwks": key.jwks()});
    provider.server.register_client_json("old", Some("secret-of-old-0123456789"), metadata).await.unwrap();
    refused(&send(&provider, &key.assertion("old", &provider.issuer)).await, "another method");
    assert_eq!(records::count_of(&provider, "client.added", "replaced").await, 0);
}

#[tokio::test]
async fn core_3_1_3_a_person_signs_in_to_a_client_that_signs() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let party =
        provider.relying_party("portal", json!({"token_endpoint_auth_method": "private_key_jwt"})).await;
    let tokens = party.tokens(&provider.visitor(), &person, &[("scope", "openid profile")]).await;
    let refreshed = party.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
}
