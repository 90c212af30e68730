//! `/token`: every grant, from clients that did prove who they are.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use super::{Answered, Request, Row, error, row, run};
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, VERIFIER};

fn basic(party: &RelyingParty) -> String {
    let pair = format!("{}:{}", party.client_id, party.client_secret.as_deref().unwrap());
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}

/// A form from this client.
fn from(party: &RelyingParty, fields: &[(&str, &str)]) -> Request {
    Request::form("/token", fields).header("authorization", basic(party))
}

/// The fields with some changed, added, or (empty value) left out.
fn changed<'a>(good: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = good.to_vec();
    for (name, value) in changes {
        fields.retain(|(own, _)| own != name);
        fields.push((name, value));
    }
    fields.retain(|(_, value)| !value.is_empty());
    fields
}

fn rows<'a>(
    party: &RelyingParty,
    good: &[(&'a str, &'a str)],
    table: &[(&'a str, &'a str, &str)],
) -> Vec<Row> {
    table
        .iter()
        .map(|(name, value, code)| {
            let shown: String = value.chars().take(60).collect();
            let request = from(party, &changed(good, &[(name, value)]));
            row(format!("{} {name}={shown:?}", party.client_id), request, error(400, code))
        })
        .collect()
}

fn each_twice(party: &RelyingParty, good: &[(&str, &str)]) -> Vec<Row> {
    good.iter()
        .map(|pair| {
            let request = from(party, &[good, &[*pair]].concat());
            row(format!("{} {} twice", good[0].1, pair.0), request, error(400, "invalid_request"))
        })
        .collect()
}

#[tokio::test]
async fn rfc_6749_4_1_3_a_code_that_is_not_presented_as_it_was_asked_for_is_worth_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({"grant_types": ["authorization_code"]})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let lax = provider.relying_party("lax", json!({"require_pkce": false})).await;
    let browser = provider.visitor();
    let expired = billing.code(&browser, &person, &[]).await;
    let used = complaints.code(&browser, &person, &[]).await;
    assert_eq!(complaints.redeem(&used).await.status, 200);
    provider.advance(TimeDelta::seconds(61));
    let code = billing.code(&browser, &person, &[]).await;
    let without_pkce = [("code_challenge", ""), ("code_challenge_method", "")];
    let unbound = lax.code(&browser, &person, &without_pkce).await;
    let bound = lax.code(&browser, &person, &[]).await;

    let good = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", RelyingParty::REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    let (long, other_verifier, too_long) = ("x".repeat(10_000), "x".repeat(43), "x".repeat(129));
    let padded = format!("{code}=");
    let mut table = rows(
        &billing,
        &good,
        &[
            ("grant_type", "", "invalid_request"),
            ("grant_type", "password", "unsupported_grant_type"),
            ("grant_type", "implicit", "unsupported_grant_type"),
            ("grant_type", "authorization-code", "unsupported_grant_type"),
            ("grant_type", "authorization_code ", "unsupported_grant_type"),
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "unsupported_grant_type"),
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange", "unsupported_grant_type"),
            ("grant_type", "authorization_code\u{0}", "invalid_request"),
            ("grant_type", "client_credentials", "unauthorized_client"),
            ("grant_type", "refresh_token", "unauthorized_client"),
            ("code", "", "invalid_request"),
            ("code", "x", "invalid_grant"),
            ("code", &padded, "invalid_grant"),
            ("code", &code[1..], "invalid_grant"),
            ("code", &long, "invalid_grant"),
            ("code", "a\u{0}b", "invalid_request"),
            ("code", "' OR '1'='1", "invalid_grant"),
            ("code", &expired, "invalid_grant"),
            ("redirect_uri", "", "invalid_request"),
            ("redirect_uri", "http://rp.example.test/callback/", "invalid_grant"),
            ("redirect_uri", "http://rp.example.test/callback#", "invalid_grant"),
            ("redirect_uri", "http://rp.example.test:80/callback", "invalid_grant"),
            ("redirect_uri", "https://evil.test/", "invalid_grant"),
            ("code_verifier", "", "invalid_grant"),
            ("code_verifier", &other_verifier, "invalid_grant"),
            ("code_verifier", &VERIFIER[1..], "invalid_grant"),
            ("code_verifier", &too_long, "invalid_grant"),
            ("code_verifier", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "invalid_grant"),
            ("code_verifier", "ż", "invalid_grant"),
            ("code_verifier", "a\u{0}b", "invalid_request"),
            ("client_id", "complaints", "invalid_request"),
            ("resource", "https://nobodys.example/", "invalid_target"),
            ("resource", "x#y", "invalid_target"),
            ("client_id", "nobody", "invalid_request"),
        ],
    );
    table.extend(each_twice(&billing, &good));
    // Another client's, used, and PKCE taken away or put on.
    table.extend(rows(
        &complaints,
        &good,
        &[("code", &code, "invalid_grant"), ("code", &used, "invalid_grant")],
    ));
    table.extend(rows(&lax, &good, &[("code", &unbound, "invalid_grant")]));
    table.push(row(
        "lax: a challenge whose verifier is left out",
        from(&lax, &changed(&good, &[("code", &bound), ("code_verifier", "")])),
        error(400, "invalid_grant"),
    ));
    let form = |request: Request| request.header("authorization", basic(&billing));
    let json_body = json!({"grant_type": "authorization_code", "code": code}).to_string();
    table.extend([
        row("nothing", form(Request::post("/token", "")), error(400, "invalid_request")),
        row("not text", form(Request::post("/token", [b'a', b'=', 0xff])), error(400, "invalid_request")),
        row(
            "JSON",
            form(
                Request::of(Method::POST, "/token")
                    .header("content-type", "application/json")
                    .body(json_body),
            ),
            error(415, "invalid_request"),
        ),
        row("no type", form(Request::of(Method::POST, "/token").body("a=b")), error(415, "invalid_request")),
        row("too large", form(Request::post("/token", "x".repeat(3_000_000))), error(413, "invalid_request")),
        row("by GET", form(Request::get("/token")), error(405, "invalid_request")),
        row("by PUT", form(Request::of(Method::PUT, "/token")), error(405, "invalid_request")),
        row(
            "everything in the address",
            form(Request::post(
                format!("/token?grant_type=authorization_code&code={code}&code_verifier={VERIFIER}"),
                "",
            )),
            error(400, "invalid_request"),
        ),
    ]);
    run(&provider, &browser, &table).await;
    let redeemed = billing.redeem(&code).await;
    assert_eq!(redeemed.status, 200, "none of that was its use: {}", redeemed.body);
}

#[tokio::test]
async fn rfc_6749_6_a_refresh_token_is_its_clients_alone_and_gives_no_more_than_it_had() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[("scope", "openid email offline_access")]).await;
    let unused = billing.code(&browser, &person, &[]).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let (token, access_token, id_token) = (text("refresh_token"), text("access_token"), text("id_token"));

    let good = [("grant_type", "refresh_token"), ("refresh_token", &*token)];
    let (long, padded) = ("x".repeat(10_000), format!("{token} "));
    let mut table = rows(
        &billing,
        &good,
        &[
            ("refresh_token", "", "invalid_request"),
            ("refresh_token", "x", "invalid_grant"),
            ("refresh_token", &padded, "invalid_grant"),
            ("refresh_token", &token[1..], "invalid_grant"),
            ("refresh_token", &long, "invalid_grant"),
            ("refresh_token", "a\u{0}b", "invalid_request"),
            ("refresh_token", &access_token, "invalid_grant"),
            ("refresh_token", &id_token, "invalid_grant"),
            ("refresh_token", &unused, "invalid_grant"),
            ("scope", "openid email profile", "invalid_scope"),
            ("scope", "iok", "invalid_scope"),
            ("scope", "admin", "invalid_scope"),
            ("scope", "openid \"email\"", "invalid_scope"),
            ("scope", "otwórz", "invalid_scope"),
            ("scope", "a\u{0}b", "invalid_request"),
            ("grant_type", "refresh token", "unsupported_grant_type"),
            ("resource", "https://nobodys.example/", "invalid_target"),
            ("resource", "x#y", "invalid_target"),
            ("grant_type", "Refresh_Token", "unsupported_grant_type"),
        ],
    );
    table.extend(each_twice(&billing, &good));
    table.extend(rows(&complaints, &good, &[("refresh_token", &token, "invalid_grant")]));
    run(&provider, &browser, &table).await;
    let refreshed = billing.refresh(&token).await;
    assert_eq!(refreshed.status, 200, "none of that was its use: {}", refreshed.body);
}

#[tokio::test]
async fn rfc_6749_4_4_a_client_is_nobody_else_and_gets_what_it_is_registered_for() {
    let provider = TestProvider::start().await;
    let metadata = json!({"grant_types": ["client_credentials"], "scope": "read write"});
    let service = provider.relying_party("service", metadata).await;
    let browser = provider.visitor();
    let good = [("grant_type", "client_credentials"), ("scope", "read")];
    let long = format!("read {}", "x".repeat(10_000));
    let mut table = rows(
        &service,
        &good,
        &[
            ("scope", "openid", "invalid_scope"),
            ("scope", "read openid", "invalid_scope"),
            ("scope", "offline_access", "invalid_scope"),
            ("scope", "admin", "invalid_scope"),
            ("scope", "READ", "invalid_scope"),
            ("scope", "read\u{7f}", "invalid_scope"),
            ("scope", "read\ttab", "invalid_scope"),
            ("scope", "\\", "invalid_scope"),
            ("scope", "czytaj ż", "invalid_scope"),
            ("scope", &long, "invalid_scope"),
            ("scope", "a\u{0}b", "invalid_request"),
            ("grant_type", "authorization_code", "unauthorized_client"),
            ("grant_type", "refresh_token", "unauthorized_client"),
            ("client_id", "billing", "invalid_request"),
            ("resource", "https://nobodys.example/", "invalid_target"),
            ("resource", "x#y", "invalid_target"),
        ],
    );
    table.extend(each_twice(&service, &good));
    assert!(table.iter().all(|row| matches!(row.answer, Answered::Error(400, _))));
    run(&provider, &browser, &table).await;
    assert_eq!(service.token(&good).await.status, 200, "as it should be sent");
}
