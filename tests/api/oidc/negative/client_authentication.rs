//! Who is the client? Everything that proves nothing, at the token endpoint (RFC 6749 §2.3, RFC 7523 §3, OpenID Connect
//! Core §9).

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use iok_id::domain::token::SigningAlgorithm;
use serde_json::{Value, json};

use super::{Request, Row, error, row, run};
use crate::helpers::client_key::{ClientKey, JWT_BEARER};
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::claims;

const SECRET: &str = "a-secret-that-is-long-enough";

fn basic(pair: impl AsRef<[u8]>) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}

/// A request for a token that lacks nothing but its client.
fn asking(fields: &[(&str, &str)]) -> Request {
    Request::form("/token", &[&[("grant_type", "client_credentials"), ("scope", "read")], fields].concat())
}

async fn register(provider: &TestProvider, id: &str, further: Value) {
    let mut metadata = json!({"grant_types": ["client_credentials"], "scope": "read"});
    metadata.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    let method = further["token_endpoint_auth_method"].as_str().unwrap();
    let secret = method.starts_with("client_secret").then_some(SECRET);
    provider.server.register_client_json(id, secret, metadata).await.unwrap();
}

#[tokio::test]
async fn rfc_6749_2_3_whoever_does_not_prove_to_be_a_client_is_none() {
    let provider = TestProvider::start().await;
    register(&provider, "basic", json!({"token_endpoint_auth_method": "client_secret_basic"})).await;
    register(&provider, "post", json!({"token_endpoint_auth_method": "client_secret_post"})).await;
    let public = json!({
        "token_endpoint_auth_method": "none", "grant_types": ["authorization_code"],
        "redirect_uris": ["http://rp.example.test/callback"],
    });
    register(&provider, "public", public).await;
    let good = basic(format!("basic:{SECRET}"));

    let mut rows: Vec<Row> = [
        ("nothing behind the scheme", "Basic".to_owned()),
        ("a blank behind the scheme", "Basic ".to_owned()),
        ("another scheme", good.replace("Basic", "Bearer")),
        ("a scheme that nobody knows", good.replace("Basic", "Negotiate")),
        ("no scheme", good.replace("Basic ", "")),
        ("two schemes", format!("{good}, Bearer x")),
        ("two pairs", format!("{good} {good}")),
        ("no base64", "Basic !!!".to_owned()),
        ("base64url", format!("Basic {}", BASE64_URL_SAFE_NO_PAD.encode(format!("basic:{SECRET}\u{3ff}?")))),
        ("no colon", basic("basic")),
        ("nothing but a colon", basic(":")),
        ("bytes that are no text", basic([0xff, b':', 0xff])),
        ("NUL in the id", basic(format!("basic\0:{SECRET}"))),
        ("NUL in the id, encoded", basic(format!("basic%00:{SECRET}"))),
        ("a wrong secret", basic("basic:a-secret-that-is-long-enougH")),
        ("a secret that is cut short", basic("basic:a-secret-that-is-long-enoug")),
        ("a secret with more behind it", basic(format!("basic:{SECRET} "))),
        ("a secret that is encoded twice", basic("basic:a%252Dsecret-that-is-long-enough")),
        ("no secret", basic("basic:")),
        ("its id as its secret", basic("basic:basic")),
        ("no id", basic(format!(":{SECRET}"))),
        ("nobody", basic(format!("nobody:{SECRET}"))),
        ("an id in other letters", basic(format!("BASIC:{SECRET}"))),
        ("an id with a blank", basic(format!("basic :{SECRET}"))),
        ("SQL", basic(format!("' OR 1=1 --:{SECRET}"))),
        ("a client of another method", basic(format!("post:{SECRET}"))),
        ("a public client", basic("public:")),
        ("a public client with a secret", basic(format!("public:{SECRET}"))),
        ("too long", basic(format!("basic:{}", "x".repeat(5_000)))),
    ]
    .into_iter()
    .map(|(name, header)| {
        row(name, asking(&[]).header("authorization", header), error(401, "invalid_client"))
    })
    .collect();
    rows.extend(
        [
            ("bytes in the header", asking(&[]).header("authorization", b"Basic \xff\xfe")),
            (
                "two headers, the good one first",
                asking(&[]).header("authorization", &good).header("authorization", basic("basic:x")),
            ),
            (
                "two headers, the good one last",
                asking(&[]).header("authorization", "Basic x").header("authorization", &good),
            ),
            ("nothing at all", asking(&[])),
            ("post: an empty id", asking(&[("client_id", "")])),
            ("post: a secret alone", asking(&[("client_secret", SECRET)])),
            ("post: nobody", asking(&[("client_id", "nobody"), ("client_secret", SECRET)])),
            ("post: no secret", asking(&[("client_id", "post")])),
            ("post: an empty secret", asking(&[("client_id", "post"), ("client_secret", "")])),
            (
                "post: a wrong secret",
                asking(&[("client_id", "post"), ("client_secret", "wrong-and-long-enough")]),
            ),
            (
                "post: a client of another method",
                asking(&[("client_id", "basic"), ("client_secret", SECRET)]),
            ),
            ("post: its id alone, of another method", asking(&[("client_id", "basic")])),
            (
                "post: a public client with a secret",
                asking(&[("client_id", "public"), ("client_secret", SECRET)]),
            ),
            (
                "post: everything in the address",
                Request::form(
                    format!("/token?client_id=post&client_secret={SECRET}"),
                    &[("grant_type", "client_credentials")],
                ),
            ),
            (
                "post: in a cookie",
                asking(&[]).header("cookie", format!("client_id=post; client_secret={SECRET}")),
            ),
        ]
        .map(|(name, request)| row(name, request, error(401, "invalid_client"))),
    );
    rows.extend(
        [
            (
                "header and body",
                asking(&[("client_id", "basic"), ("client_secret", SECRET)]).header("authorization", &good),
            ),
            ("header of one, id of another", asking(&[("client_id", "post")]).header("authorization", &good)),
            (
                "header and assertion",
                asking(&[("client_assertion_type", JWT_BEARER), ("client_assertion", "a.b.c")])
                    .header("authorization", &good),
            ),
            (
                "secret and assertion",
                asking(&[
                    ("client_id", "post"),
                    ("client_secret", SECRET),
                    ("client_assertion_type", JWT_BEARER),
                    ("client_assertion", "a.b.c"),
                ]),
            ),
            (
                "an id twice",
                asking(&[("client_id", "post"), ("client_id", "post"), ("client_secret", SECRET)]),
            ),
            (
                "a secret twice",
                asking(&[("client_id", "post"), ("client_secret", "x"), ("client_secret", SECRET)]),
            ),
            ("NUL in the secret", asking(&[("client_id", "post"), ("client_secret", "a\u{0}b")])),
            ("NUL in the id", asking(&[("client_id", "post\u{0}"), ("client_secret", SECRET)])),
        ]
        .map(|(name, request)| row(format!("{name} at once"), request, error(400, "invalid_request"))),
    );
    rows.push(row(
        "a public client that asks for itself",
        asking(&[("client_id", "public")]),
        error(400, "unauthorized_client"),
    ));
    run(&provider, &provider.visitor(), &rows).await;
}

#[tokio::test]
async fn rfc_7523_3_an_assertion_that_does_not_hold_proves_nothing() {
    let provider = TestProvider::start().await;
    let (key, other) = (ClientKey::new(&provider), ClientKey::new(&provider));
    let rsa = ClientKey::of(&provider, SigningAlgorithm::RS256);
    let signing = |key: &ClientKey, audience: &str| {
        json!({
            "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256",
            "jwks": {"keys": [key.public(), rsa.public()]}, "assertion_audience": audience,
        })
    };
    register(&provider, "meter", signing(&key, "issuer_or_endpoint")).await;
    register(&provider, "strict", signing(&key, "issuer")).await;
    register(&provider, "other", signing(&other, "issuer_or_endpoint")).await;
    register(&provider, "basic", json!({"token_endpoint_auth_method": "client_secret_basic"})).await;
    let (issuer, now) = (provider.issuer.as_str(), provider.now());
    let browser = provider.visitor();

    let with = |changes: Value| key.assertion_with("meter", issuer, &changes);
    let fresh = || with(json!({}));
    let fresh_claims = || key.claims("meter", issuer, &json!({}));
    let used = fresh();
    let sent =
        |assertion: &str| asking(&[("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)]);
    assert_eq!(super::send(&browser, &sent(&used)).await.status, 200, "as it should be sent");

    let good = fresh();
    let parts: Vec<&str> = good.split('.').collect();
    let header = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let mut assertions: Vec<(String, String)> = [
        ("no JWS", "x".to_owned()),
        ("empty parts", "..".to_owned()),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{good}.x")),
        ("another signature", format!("{}.{}.{}", parts[0], parts[1], "A".repeat(86))),
        ("tampered", jose::tampered(&good, "exp", (now + 120).into())),
        ("unsigned", jose::forge(&json!({"alg": "none"}), &claims(&good), None)),
        ("HS256 with the public key", {
            let header = json!({"alg": "HS256", "typ": "JWT", "kid": key.public()["kid"]});
            jose::forge(&header, &claims(&good), Some(key.public().to_string().as_bytes()))
        }),
        ("what is critical and not understood", {
            let header = header(json!({"alg": "ES256", "crit": ["b64"], "b64": false}));
            format!("{header}.{}.{}", parts[1], parts[2])
        }),
        ("another client's key", other.assertion("meter", issuer)),
        ("another algorithm than the registered one", rsa.assertion("meter", issuer)),
        ("a request object's type", key.sign("oauth-authz-req+jwt", &fresh_claims())),
        ("an access token's type", key.sign("at+jwt", &fresh_claims())),
        ("claims that are a list", key.sign("JWT", &json!([fresh_claims()]))),
        ("claims in order, without their names", {
            key.sign("JWT", &json!(["meter", "meter", issuer, now + 60, now, now, "a-jti-of-its-own"]))
        }),
        ("used before", used),
        ("the endpoint, where only the issuer will do", {
            key.assertion("strict", &format!("{issuer}/token"))
        }),
        ("the issuer among others, where only the issuer will do", {
            key.assertion_with("strict", issuer, &json!({"aud": [issuer, "https://other.example"]}))
        }),
        ("a client that does not sign", key.assertion("basic", issuer)),
        ("another endpoint", key.assertion("meter", &format!("{issuer}/userinfo"))),
    ]
    .map(|(name, assertion)| (name.to_owned(), assertion))
    .to_vec();
    for changes in [
        json!({"iss": null}),
        json!({"iss": "other"}),
        json!({"sub": null}),
        json!({"sub": "other"}),
        json!({"sub": "nobody", "iss": "nobody"}),
        json!({"sub": 7}),
        json!({"aud": null}),
        json!({"aud": []}),
        json!({"aud": ""}),
        json!({"aud": "https://other.example"}),
        json!({"aud": {"0": issuer}}),
        json!({"aud": format!("{issuer}/")}),
        json!({"exp": null}),
        json!({"exp": now - 31}),
        json!({"exp": 0}),
        json!({"exp": -1}),
        json!({"exp": 1e300}),
        json!({"exp": i64::MAX}),
        json!({"exp": i64::MIN}),
        json!({"exp": u64::MAX}),
        json!({"exp": "never"}),
        json!({"exp": now + 7_200}),
        json!({"iat": now + 600}),
        json!({"iat": now - 7_200}),
        json!({"iat": i64::MIN}),
        json!({"nbf": now + 600}),
        json!({"nbf": []}),
        json!({"jti": null}),
        json!({"jti": ""}),
        json!({"jti": 7}),
    ] {
        assertions.push((changes.to_string(), with(changes)));
    }
    let mut rows: Vec<Row> = assertions
        .iter()
        .map(|(name, assertion)| row(name, sent(assertion), error(401, "invalid_client")))
        .collect();
    let fields = |fields: &[(&str, &str)]| asking(fields);
    rows.extend([
        row(
            "a type that is not supported",
            fields(&[
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"),
                ("client_assertion", &fresh()),
            ]),
            error(401, "invalid_client"),
        ),
        row("no type", fields(&[("client_assertion", &fresh())]), error(400, "invalid_request")),
        row("a type alone", fields(&[("client_assertion_type", JWT_BEARER)]), error(400, "invalid_request")),
        row(
            "the id of another client beside it",
            fields(&[
                ("client_assertion_type", JWT_BEARER),
                ("client_assertion", &fresh()),
                ("client_id", "other"),
            ]),
            error(400, "invalid_request"),
        ),
        row(
            "two assertions",
            fields(&[
                ("client_assertion_type", JWT_BEARER),
                ("client_assertion", &fresh()),
                ("client_assertion", &fresh()),
            ]),
            error(400, "invalid_request"),
        ),
        row("as a bearer token", asking(&[]).bearer(&fresh()), error(401, "invalid_client")),
    ]);
    run(&provider, &browser, &rows).await;
}
