//! `/introspect` (RFC 7662): who may not ask, and what nobody is told.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use super::{Answered, Request, Row, error, row, run};
use crate::helpers::client_key::ClientKey;
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::claims;

const PATH: &str = "/introspect";

#[tokio::test]
async fn rfc_7662_2_whoever_may_not_ask_is_refused_and_whatever_is_no_token_of_theirs_is_not_active() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    provider.relying_party("public", json!({"token_endpoint_auth_method": "none"})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[("scope", "openid offline_access")]).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let (token, id_token) = (text("access_token"), text("id_token"));
    let others = complaints.tokens(&browser, &person, &[]).await;
    let others = others["access_token"].as_str().unwrap().to_owned();
    let code = billing.code(&browser, &person, &[]).await;
    let parts: Vec<&str> = token.split('.').collect();
    let stranger = ClientKey::new(&provider);
    let pair = format!("billing:{}", billing.client_secret.as_deref().unwrap());
    let good = format!("Basic {}", BASE64_STANDARD.encode(pair));
    let wrong = format!("Basic {}", BASE64_STANDARD.encode("billing:wrong-and-long-enough"));
    let asked = |fields: &[(&str, &str)]| Request::form(PATH, fields).header("authorization", &good);
    let nobody = |fields: &[(&str, &str)]| Request::form(PATH, fields);

    let (no_client, malformed) = (error(401, "invalid_client"), error(400, "invalid_request"));
    let mut rows: Vec<Row> = vec![
        row("nobody asks", nobody(&[("token", &token)]), no_client.clone()),
        row("the token itself asks", nobody(&[("token", &token)]).bearer(&token), no_client.clone()),
        row(
            "a wrong secret",
            nobody(&[("token", &token)]).header("authorization", &wrong),
            no_client.clone(),
        ),
        row("a public client", nobody(&[("token", &token), ("client_id", "public")]), no_client.clone()),
        row("two headers", asked(&[("token", &token)]).header("authorization", &wrong), no_client),
        row("no token", asked(&[]), malformed.clone()),
        row("an empty token", asked(&[("token", "")]), malformed.clone()),
        row("a token twice", asked(&[("token", &token), ("token", &token)]), malformed.clone()),
        row(
            "a hint twice",
            asked(&[("token", &token), ("token_type_hint", "a"), ("token_type_hint", "a")]),
            malformed.clone(),
        ),
        row("NUL", asked(&[("token", "a\u{0}b")]), malformed.clone()),
        row(
            "two methods",
            asked(&[("token", &token), ("client_id", "billing"), ("client_secret", "x")]),
            malformed.clone(),
        ),
        row(
            "in the address",
            Request::post(format!("{PATH}?token={token}"), "").header("authorization", &good),
            malformed,
        ),
        row(
            "JSON",
            Request::of(Method::POST, PATH)
                .header("content-type", "application/json")
                .header("authorization", &good)
                .body("{}"),
            error(415, "invalid_request"),
        ),
        row("by GET", Request::get(format!("{PATH}?token={token}")), error(405, "invalid_request")),
    ];
    for (name, token) in [
        ("no token of ours", "x".to_owned()),
        ("too long", "x".repeat(10_000)),
        ("another client's", others),
        ("an ID token", id_token),
        ("a code", code),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("unsigned", jose::forge(&json!({"alg": "none", "typ": "at+jwt"}), &claims(&token), None)),
        ("signed by a stranger", stranger.sign("at+jwt", &claims(&token))),
        ("a longer life", jose::tampered(&token, "exp", (provider.now() + 9_999).into())),
    ] {
        rows.push(row(format!("about {name}"), asked(&[("token", &token)]), Answered::Inactive));
    }
    run(&provider, &browser, &rows).await;
    provider.advance(TimeDelta::seconds(301));
    let expired = row("about one that has expired", asked(&[("token", &token)]), Answered::Inactive);
    run(&provider, &browser, &[expired]).await;
}
