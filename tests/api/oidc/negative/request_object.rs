//! Request objects by value (OpenID Connect Core §6.1, RFC 9101) that the client did not sign for us, for now, as a request.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use iok_id::domain::token::SigningAlgorithm;
use serde_json::{Value, json};

use super::{Request, Row, row, run, to_client};
use crate::helpers::client_key::ClientKey;
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;

const TYPE: &str = "oauth-authz-req+jwt";

fn encoded(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn rfc_9101_6_a_request_object_that_does_not_hold_is_an_invalid_request_object() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let (key, other) = (ClientKey::new(&provider), ClientKey::new(&provider));
    let rsa = ClientKey::of(&provider, SigningAlgorithm::RS256);
    let keys = json!({"keys": [key.public(), rsa.public()]});
    let signing =
        provider.relying_party("signing", json!({"jwks": keys, "request_object_signing_alg": "ES256"})).await;
    let keyless = provider.relying_party("keyless", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let now = provider.now();
    let issuer = provider.issuer.as_str();

    let object = |changes: Value| {
        let mut object = json!({
            "iss": "signing", "aud": issuer, "client_id": "signing", "response_type": "code",
            "iat": now, "exp": now + 60,
        });
        object.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        object
    };
    let good = key.sign(TYPE, &object(json!({})));
    let parts: Vec<&str> = good.split('.').collect();
    let mut tokens: Vec<(String, String)> = [
        ("no JWS", "x".to_owned()),
        ("empty parts", "..".to_owned()),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{good}.x")),
        ("five parts, as if it were encrypted", format!("{good}.x.y")),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("another signature", format!("{}.{}.{}", parts[0], parts[1], "A".repeat(86))),
        ("padding", format!("{good}=")),
        ("white space", format!(" {good}")),
        ("unsigned", jose::forge(&json!({"alg": "none"}), &object(json!({})), None)),
        ("unsigned, in other letters", jose::forge(&json!({"alg": "nOnE"}), &object(json!({})), None)),
        ("alg that is a list", format!("{}.{}.", encoded(&json!({"alg": ["ES256"]})), parts[1])),
        ("alg that nobody knows", format!("{}.{}.{}", encoded(&json!({"alg": "ES999"})), parts[1], parts[2])),
        ("HS256 with the public key", {
            let header = json!({"alg": "HS256", "typ": TYPE, "kid": key.public()["kid"]});
            jose::forge(&header, &object(json!({})), Some(key.public().to_string().as_bytes()))
        }),
        ("a key that is not registered", other.sign(TYPE, &object(json!({})))),
        ("an algorithm that is not the registered one", rsa.sign(TYPE, &object(json!({})))),
        ("the type of an assertion", key.sign("client-authentication+jwt", &object(json!({})))),
        ("the type of an access token", key.sign("at+jwt", &object(json!({})))),
        ("the type of a logout token", key.sign("logout+jwt", &object(json!({})))),
        ("claims that are a list", key.sign(TYPE, &json!(["iss", "signing"]))),
        ("claims that are text", key.sign(TYPE, &json!("signing"))),
        ("what is critical and not understood", {
            let header = json!({"alg": "ES256", "typ": TYPE, "crit": ["exp"]});
            format!("{}.{}.{}", encoded(&header), parts[1], parts[2])
        }),
        ("tampered", jose::tampered(&good, "scope", "openid email".into())),
    ]
    .map(|(name, token)| (name.to_owned(), token))
    .to_vec();
    for changes in [
        json!({"iss": "keyless"}),
        json!({"iss": 7}),
        json!({"sub": "signing"}),
        json!({"aud": "https://other.example"}),
        json!({"aud": []}),
        json!({"aud": {"issuer": issuer}}),
        json!({"aud": format!("{issuer}/")}),
        json!({"exp": now - 61}),
        json!({"exp": "soon"}),
        json!({"exp": {}}),
        json!({"exp": 1e300}),
        json!({"nbf": now + 120}),
        json!({"nbf": []}),
        json!({"client_id": "keyless"}),
        json!({"client_id": ["signing", "keyless"]}),
        json!({"response_type": "token"}),
        json!({"request": "x"}),
        json!({"request_uri": "https://rp.example.test/r"}),
        json!({"scope": [1, 2]}),
        json!({"scope": [["openid"]]}),
    ] {
        tokens.push((changes.to_string(), key.sign(TYPE, &object(changes))));
    }
    let send = |request: &str| Request::get(signing.authorization(&[("request", request)]));
    let mut rows: Vec<Row> = tokens
        .into_iter()
        .map(|(name, token)| row(name, send(&token), to_client("invalid_request_object")))
        .collect();
    rows.push(row(
        "a client without keys",
        Request::get(keyless.authorization(&[("request", &*good)])),
        to_client("invalid_request_object"),
    ));
    // What is inside is as good as outside, and no better.
    for (changes, error) in [
        (json!({"scope": ["openid", "email"]}), "invalid_request"),
        (json!({"scope": "admin"}), "invalid_scope"),
        (json!({"prompt": "none login"}), "invalid_request"),
        (json!({"max_age": -1}), "invalid_request"),
        (json!({"max_age": 1.5}), "invalid_request"),
        (json!({"max_age": true}), "invalid_request"),
        (json!({"code_challenge_method": "plain"}), "invalid_request"),
        (json!({"nonce": "a\u{0}b"}), "invalid_request"),
        (json!({"claims": {"userinfo": []}}), "invalid_request"),
        (json!({"claims": "{"}), "invalid_request"),
        (json!({"registration": {}}), "registration_not_supported"),
        (json!({"response_mode": 7}), "invalid_request"),
    ] {
        let token = key.sign(TYPE, &object(changes.clone()));
        rows.push(row(format!("inside: {changes}"), send(&token), to_client(error)));
    }
    // Nor does it lead anywhere else.
    let elsewhere = key.sign(TYPE, &object(json!({"redirect_uri": "https://evil.test/"})));
    rows.push(row(
        "an address inside that is not registered",
        send(&elsewhere),
        super::page(iok_id::views::ErrorKind::UnregisteredRedirect),
    ));
    let timed = tokio::time::timeout(Duration::from_mins(1), run(&provider, &browser, &rows));
    timed.await.expect("no row may hang");
}
