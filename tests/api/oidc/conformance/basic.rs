//! The happy flows: what is signed, how clients prove themselves, how userinfo is asked.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::scopes::check_types;
use super::suite::{Run, Suite};
use crate::helpers::visitor::Answer;

/// In every way that a client may prove itself, and not only `client_secret_basic`, which the plan chooses.
#[tokio::test]
async fn oidcc_server() {
    let suite = Suite::start().await;
    for method in ["client_secret_basic", "client_secret_post", "private_key_jwt"] {
        for run in suite.runs_with(&json!({"token_endpoint_auth_method": method})).await {
            let callback = run.authorize(&[]).await;
            assert!(callback.code().len() >= 16, "128 bits and more: {}", callback.code());
            let names: Vec<&str> = callback.parameters.keys().map(String::as_str).collect();
            assert_eq!(names, ["code", "iss", "state"]);
            run.finish(&callback, Some("nonce-1")).await;
            run.leave().await;
        }
    }
}

#[tokio::test]
async fn oidcc_server_client_secret_post() {
    let suite = Suite::start().await;
    for run in suite.runs_with(&json!({"token_endpoint_auth_method": "client_secret_post"})).await {
        run.flow(&[]).await;
        run.leave().await;
    }
}

/// Only for clients that register themselves. Nothing is said about the algorithm: it is RS256, which
/// [`Run::id_token`] looks at.
#[tokio::test]
async fn oidcc_idtoken_signature() {
    let suite = Suite::start().await;
    for mode in ["query", "form_post"] {
        let run = suite.by_itself(mode, &json!({})).await;
        run.flow(&[]).await;
        run.leave().await;
    }
}

/// Skipped, which is no blemish: `none` is not in the list, and a client that asks for it is refused.
#[tokio::test]
async fn oidcc_idtoken_unsigned() {
    let suite = Suite::start().await;
    let metadata = suite.provider.visitor().get("/.well-known/openid-configuration").await.json();
    let supported = metadata["id_token_signing_alg_values_supported"].as_array().unwrap();
    assert!(!supported.contains(&json!("none")), "{supported:?}");
    let unsigned = json!({
        "redirect_uris": [super::suite::CALLBACK], "id_token_signed_response_alg": "none"
    });
    let refused = suite.provider.try_to_register(None, &unsigned).await;
    assert_eq!(refused.status, 400, "{}", refused.body);
}

#[track_caller]
fn told(run: &Run<'_>, answer: &Answer, claims: &Value) {
    assert_eq!(answer.status, 200, "{}: {}", run.name, answer.body);
    assert!(answer.header("content-type").starts_with("application/json"), "{}", run.name);
    let told = answer.json();
    assert_eq!(told["sub"], claims["sub"], "{}", run.name);
    check_types(&told);
}

#[tokio::test]
async fn oidcc_userinfo_get() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let (tokens, claims) = run.flow(&[]).await;
        told(&run, &run.party.userinfo(tokens["access_token"].as_str().unwrap()).await, &claims);
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_userinfo_post_header() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let (tokens, claims) = run.flow(&[]).await;
        // An empty form: the suite says what it would be, and sends nothing.
        let asked = suite.provider.request(Method::POST, "/userinfo");
        let asked = asked.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body("");
        let asked = asked.bearer_auth(tokens["access_token"].as_str().unwrap());
        told(&run, &Answer::to(asked).await, &claims);
        run.leave().await;
    }
}

/// Without the warning of those who do not take it there (RFC 6750 §2.2 is optional).
#[tokio::test]
async fn oidcc_userinfo_post_body() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let (tokens, claims) = run.flow(&[]).await;
        let body = format!("access_token={}", tokens["access_token"].as_str().unwrap());
        let asked = suite.provider.request(Method::POST, "/userinfo").body(body);
        let asked = asked.header(CONTENT_TYPE, "application/x-www-form-urlencoded;charset=UTF-8");
        told(&run, &Answer::to(asked).await, &claims);
        run.leave().await;
    }
}
