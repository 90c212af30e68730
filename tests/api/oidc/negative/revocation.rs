//! `/revoke` (RFC 7009): who may not take a token back.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use serde_json::json;

use super::{Request, Row, error, row, run};
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::RelyingParty;

const PATH: &str = "/revoke";

fn basic(party: &RelyingParty) -> String {
    let pair = format!("{}:{}", party.client_id, party.client_secret.as_deref().unwrap());
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}

#[tokio::test]
async fn rfc_7009_2_1_nobody_but_its_client_takes_a_token_back() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let service = provider
        .relying_party("service", json!({"grant_types": ["client_credentials"], "scope": "read"}))
        .await;
    provider.relying_party("public", json!({"token_endpoint_auth_method": "none"})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[("scope", "openid offline_access")]).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let (access, refresh) = (text("access_token"), text("refresh_token"));
    let own = service.token(&[("grant_type", "client_credentials")]).await.json();
    let own = own["access_token"].as_str().unwrap();
    let from = |party: &RelyingParty, fields: &[(&str, &str)]| {
        Request::form(PATH, fields).header("authorization", basic(party))
    };
    let nobody = |fields: &[(&str, &str)]| Request::form(PATH, fields);

    let (no_client, malformed) = (error(401, "invalid_client"), error(400, "invalid_request"));
    let others = error(400, "invalid_grant");
    let rows: Vec<Row> = vec![
        row("nobody", nobody(&[("token", &refresh)]), no_client.clone()),
        row("whoever holds the token", nobody(&[("token", &refresh)]).bearer(&access), no_client.clone()),
        row("no such client", nobody(&[("token", &refresh), ("client_id", "x")]), no_client.clone()),
        row("its id alone", nobody(&[("token", &refresh), ("client_id", "billing")]), no_client.clone()),
        row(
            "a wrong secret",
            nobody(&[("token", &refresh)]).header("authorization", "Basic YmlsbGluZzp4"),
            no_client.clone(),
        ),
        row(
            "two headers",
            from(&billing, &[("token", &refresh)]).header("authorization", "Basic eA=="),
            no_client,
        ),
        row("another client, the refresh token", from(&complaints, &[("token", &refresh)]), others.clone()),
        row("another client, the access token", from(&complaints, &[("token", &access)]), others.clone()),
        row(
            "a public client, the refresh token",
            nobody(&[("token", &refresh), ("client_id", "public")]),
            others.clone(),
        ),
        row(
            "another client, with a hint",
            from(&complaints, &[("token", &access), ("token_type_hint", "refresh_token")]),
            others.clone(),
        ),
        row("a service's token, by another client", from(&billing, &[("token", own)]), others),
        row("a service's own token", from(&service, &[("token", own)]), error(400, "unsupported_token_type")),
        row("no token", from(&billing, &[]), malformed.clone()),
        row("an empty token", from(&billing, &[("token", "")]), malformed.clone()),
        row("a token twice", from(&billing, &[("token", &refresh), ("token", &refresh)]), malformed.clone()),
        row("NUL", from(&billing, &[("token", "a\u{0}b")]), malformed.clone()),
        row(
            "another id beside the header",
            from(&billing, &[("token", &refresh), ("client_id", "complaints")]),
            malformed.clone(),
        ),
        row(
            "in the address",
            Request::post(format!("{PATH}?token={refresh}"), "").header("authorization", basic(&billing)),
            malformed,
        ),
        row(
            "JSON",
            Request::of(Method::POST, PATH)
                .header("content-type", "application/json")
                .header("authorization", basic(&billing))
                .body("{}"),
            error(415, "invalid_request"),
        ),
        row("by GET", Request::get(format!("{PATH}?token={refresh}")), error(405, "invalid_request")),
    ];
    run(&provider, &browser, &rows).await;
    assert_eq!(billing.userinfo(&access).await.status, 200, "it is still good");
    assert_eq!(billing.refresh(&refresh).await.status, 200, "and so is this");
}
