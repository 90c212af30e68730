//! `/logout`: requests that lead nowhere and sign nobody out (OpenID Connect RP-Initiated Logout §2, §4).

use iok_id::views::ErrorKind;
use reqwest::Method;
use serde_json::json;

use super::{Request, Row, page, row, run};
use crate::helpers::client_key::ClientKey;
use crate::helpers::form;
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims, encode, header};

const BACK: &str = RelyingParty::SIGNED_OUT_URI;

#[tokio::test]
async fn logout_4_what_is_not_proven_is_told_to_the_person_and_changes_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let others = json!({"post_logout_redirect_uris": ["https://complaints.example/out"]});
    provider.relying_party("complaints", others).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let (hint, access_token, refresh_token) = (text("id_token"), text("access_token"), text("refresh_token"));
    let stranger = ClientKey::new(&provider);
    let parts: Vec<&str> = hint.split('.').collect();

    let invalid = page(ErrorKind::InvalidAuthorization);
    let unregistered = page(ErrorKind::UnregisteredRedirect);
    let forged_header = json!({"alg": "HS256", "kid": header(&hint)["kid"]});
    let mut table: Vec<(String, Vec<(&str, String)>, _)> = Vec::new();
    for (name, token) in [
        ("no JWS", "x".to_owned()),
        ("empty parts", "..".to_owned()),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("unsigned", jose::forge(&json!({"alg": "none"}), &claims(&hint), None)),
        ("HS256 with our public key", {
            jose::forge(&forged_header, &claims(&hint), Some(provider.jwks().await.to_string().as_bytes()))
        }),
        ("signed by a stranger", stranger.sign("JWT", &claims(&hint))),
        ("another client", jose::tampered(&hint, "aud", json!(["complaints"]))),
        ("another session", jose::tampered(&hint, "sid", "0198c0de-0000-7000-8000-000000000000".into())),
        ("an access token", access_token),
        ("a refresh token", refresh_token),
        ("NUL", "a\u{0}b".to_owned()),
    ] {
        table.push((format!("hint: {name}"), vec![("id_token_hint", token)], &invalid));
    }
    for (name, client_id) in [
        ("another one than the hint's", "complaints".to_owned()),
        ("nobody", "nobody".to_owned()),
        ("NUL", "billing\u{0}".to_owned()),
        ("other letters", "Billing".to_owned()),
    ] {
        let fields = vec![("id_token_hint", hint.clone()), ("client_id", client_id)];
        table.push((format!("client: {name}"), fields, &invalid));
    }
    table.push(("client alone: nobody".to_owned(), vec![("client_id", "nobody".to_owned())], &invalid));
    for uri in [
        "http://rp.example.test/signed-out",
        "http://rp.example.test/signed-out?from=provider&more=1",
        "http://rp.example.test/signed-out?from=provider#x",
        "http://rp.example.test/signed-out/?from=provider",
        "http://RP.example.test/signed-out?from=provider",
        "http://rp.example.test:80/signed-out?from=provider",
        "https://rp.example.test/signed-out?from=provider",
        "http://rp.example.test@evil.test/signed-out?from=provider",
        "https://complaints.example/out",
        RelyingParty::REDIRECT_URI,
        "//evil.test/",
        "/",
        "javascript:alert(1)",
        "http://rp.example.test/signed-out?from=provider\r\nset-cookie: a=b",
    ] {
        let fields = vec![("id_token_hint", hint.clone()), ("post_logout_redirect_uri", uri.to_owned())];
        table.push((format!("way back: {uri}"), fields, &unregistered));
    }
    table.push((
        "a way back of nobody".to_owned(),
        vec![("post_logout_redirect_uri", BACK.to_owned())],
        &unregistered,
    ));
    table.push((
        "a way back with a client that is another's".to_owned(),
        vec![("client_id", "complaints".to_owned()), ("post_logout_redirect_uri", BACK.to_owned())],
        &unregistered,
    ));
    for (name, value) in [
        ("id_token_hint", hint.clone()),
        ("client_id", "billing".to_owned()),
        ("post_logout_redirect_uri", BACK.to_owned()),
        ("state", "s".to_owned()),
        ("nonsense", "x".to_owned()),
    ] {
        let mut fields = vec![("id_token_hint", hint.clone()), ("post_logout_redirect_uri", BACK.to_owned())];
        fields.retain(|(own, _)| *own != name);
        fields.extend([(name, value.clone()), (name, value)]);
        table.push((format!("{name} twice"), fields, &invalid));
    }
    table.push(("NUL in the state".to_owned(), vec![("state", "a\u{0}b".to_owned())], &invalid));

    let mut rows: Vec<Row> = Vec::new();
    for (name, fields, answer) in table {
        let fields: Vec<(String, String)> =
            fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let query = encode(&fields);
        rows.push(row(format!("GET {name}"), Request::get(format!("/logout?{query}")), answer.clone()));
        rows.push(row(format!("POST {name}"), Request::post("/logout", query), answer.clone()));
    }
    rows.extend([
        row(
            "a body that is JSON",
            Request::of(Method::POST, "/logout").header("content-type", "application/json").body("{}"),
            page(ErrorKind::UnsupportedMediaType),
        ),
        row(
            "a body that is not text",
            Request::post("/logout", [b'a', b'=', 0xff]),
            page(ErrorKind::BadForm),
        ),
        row("by DELETE", Request::of(Method::DELETE, "/logout"), page(ErrorKind::MethodNotAllowed)),
    ]);
    run(&provider, &browser, &rows).await;
    assert!(form::has(&browser.open("/").await.body, "#sign-out"), "nobody was signed out");
}
