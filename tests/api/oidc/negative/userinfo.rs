//! `/userinfo`: tokens that are none, are somebody else's, or come in a way that they may not (RFC 6750, OpenID Connect
//! Core §5.3.3).

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use super::{Answered, FORM, Request, Row, bearer, error, row, run};
use crate::helpers::client_key::ClientKey;
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{claims, header};

const PATH: &str = "/userinfo";

#[tokio::test]
async fn rfc_6750_3_1_only_a_good_token_in_one_way_tells_anything() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let service = provider
        .relying_party("service", json!({"grant_types": ["client_credentials"], "scope": "read"}))
        .await;
    let browser = provider.visitor();
    let expired = billing.tokens(&browser, &person, &[]).await["access_token"].as_str().unwrap().to_owned();
    provider.advance(TimeDelta::seconds(301));
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let (good, id_token, refresh_token) = (text("access_token"), text("id_token"), text("refresh_token"));
    let code = billing.code(&browser, &person, &[]).await;
    let without_openid = billing.tokens(&browser, &person, &[("scope", "profile")]).await;
    let without_openid = without_openid["access_token"].as_str().unwrap();
    let of_service = service.token(&[("grant_type", "client_credentials")]).await.json();
    let of_service = of_service["access_token"].as_str().unwrap();
    let parts: Vec<&str> = good.split('.').collect();
    let stranger = ClientKey::new(&provider);

    let mut rows: Vec<Row> = Vec::new();
    for (name, token) in [
        ("no token of ours", "x".to_owned()),
        ("no JWS", "a.b.c".to_owned()),
        ("empty parts", "..".to_owned()),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("another signature", format!("{}.{}.{}", parts[0], parts[1], "A".repeat(86))),
        ("unsigned", jose::forge(&json!({"alg": "none", "typ": "at+jwt"}), &claims(&good), None)),
        ("HS256 with our public key", {
            let header = json!({"alg": "HS256", "typ": "at+jwt", "kid": header(&good)["kid"]});
            jose::forge(&header, &claims(&good), Some(provider.jwks().await.to_string().as_bytes()))
        }),
        ("signed by a stranger", stranger.sign("at+jwt", &claims(&good))),
        ("another subject", jose::tampered(&good, "sub", "somebody".into())),
        ("a longer life", jose::tampered(&good, "exp", (provider.now() + 9_999).into())),
        ("an ID token", id_token),
        ("a refresh token", refresh_token),
        ("a code", code),
        ("expired", expired),
        ("a client's own", of_service.to_owned()),
        ("too long", "x".repeat(5_000)),
        ("with padding", format!("{good}=")),
    ] {
        rows.push(row(
            format!("GET {name}"),
            Request::get(PATH).bearer(&token),
            bearer(401, "invalid_token"),
        ));
        rows.push(row(
            format!("POST {name}"),
            Request::form(PATH, &[("access_token", &token)]),
            bearer(401, "invalid_token"),
        ));
    }
    let malformed = bearer(400, "invalid_request");
    rows.extend([
        row("nothing", Request::get(PATH), Answered::NoToken),
        row("nothing, by POST", Request::of(Method::POST, PATH), Answered::NoToken),
        row("an empty form", Request::post(PATH, ""), Answered::NoToken),
        row("an empty token", Request::form(PATH, &[("access_token", "")]), Answered::NoToken),
        // RFC 6750 §2.3 is not for this endpoint: addresses are written down everywhere.
        row("in the address", Request::get(format!("{PATH}?access_token={good}")), Answered::NoToken),
        row(
            "in a cookie",
            Request::get(PATH).header("cookie", format!("access_token={good}")),
            Answered::NoToken,
        ),
        row("without openid", Request::get(PATH).bearer(without_openid), bearer(403, "insufficient_scope")),
        row(
            "nothing behind the scheme",
            Request::get(PATH).header("authorization", "Bearer"),
            malformed.clone(),
        ),
        row(
            "a blank behind the scheme",
            Request::get(PATH).header("authorization", "Bearer  "),
            malformed.clone(),
        ),
        row(
            "another scheme",
            Request::get(PATH).header("authorization", format!("DPoP {good}")),
            malformed.clone(),
        ),
        row("no scheme", Request::get(PATH).header("authorization", &good), malformed.clone()),
        row(
            "two tokens in a header",
            Request::get(PATH).bearer(&format!("{good} {good}")),
            bearer(401, "invalid_token"),
        ),
        row("two headers", Request::get(PATH).bearer(&good).bearer("x"), malformed.clone()),
        row(
            "two headers, the good one last",
            Request::get(PATH).bearer("x").bearer(&good),
            malformed.clone(),
        ),
        row(
            "bytes in the header",
            Request::get(PATH).header("authorization", b"Bearer \xff"),
            malformed.clone(),
        ),
        row(
            "in header and body",
            Request::form(PATH, &[("access_token", &good)]).bearer(&good),
            malformed.clone(),
        ),
        row(
            "twice in the body",
            Request::form(PATH, &[("access_token", &good), ("access_token", &good)]),
            malformed.clone(),
        ),
        row("NUL in the body", Request::form(PATH, &[("access_token", "a\u{0}b")]), malformed),
        row(
            "a body that is JSON",
            Request::of(Method::POST, PATH)
                .header("content-type", "application/json")
                .body(json!({"access_token": good}).to_string()),
            error(415, "invalid_request"),
        ),
        row(
            "a body that is not text",
            Request::post(PATH, [b'a', b'=', 0xff]),
            error(400, "invalid_request"),
        ),
        row(
            "a body that is too large",
            Request::of(Method::POST, PATH).header("content-type", FORM).body("x".repeat(3_000_000)),
            error(413, "invalid_request"),
        ),
        row("by PUT", Request::of(Method::PUT, PATH).bearer(&good), error(405, "invalid_request")),
    ]);
    run(&provider, &browser, &rows).await;
    assert_eq!(billing.userinfo(&good).await.status, 200, "as it should be sent");
}
