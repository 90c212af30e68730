//! What authorization requests may ask for, and what becomes of those that are wrong.

use chrono::TimeDelta;
use serde_json::json;

use super::suite::{CALLBACK, Suite};
use crate::helpers::expect;

/// What `prompt=none` may be answered with.
pub(super) const NEEDS_A_PAGE: [&str; 4] =
    ["interaction_required", "login_required", "account_selection_required", "consent_required"];

#[tokio::test]
async fn oidcc_response_type_missing() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        run.refused(&[("response_type", "")], &["invalid_request", "unsupported_response_type"]).await;
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let callback = run.authorize(&[("nonce", "")]).await;
        run.finish(&callback, None).await;
        run.leave().await;
    }
}

/// These must not disturb, whatever is made of them.
async fn succeeds_with(name: &str, value: &str) {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        run.flow(&[(name, value)]).await;
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_display_page() {
    succeeds_with("display", "page").await;
}

#[tokio::test]
async fn oidcc_display_popup() {
    succeeds_with("display", "popup").await;
}

#[tokio::test]
async fn oidcc_ensure_request_with_unknown_parameter_succeeds() {
    succeeds_with("extra", "foobar").await;
}

/// Somebody whom nobody knows here: the suite makes an address up out of the issuer, if it was given none.
#[tokio::test]
async fn oidcc_login_hint() {
    succeeds_with("login_hint", "buffy@localhost").await;
}

#[tokio::test]
async fn oidcc_ui_locales() {
    succeeds_with("ui_locales", "se").await;
}

#[tokio::test]
async fn oidcc_claims_locales() {
    succeeds_with("claims_locales", "se").await;
}

/// All that discovery lists, in its order: the ID token says one of them.
#[tokio::test]
async fn oidcc_ensure_request_with_acr_values_succeeds() {
    let suite = Suite::start().await;
    let metadata = suite.provider.visitor().get("/.well-known/openid-configuration").await.json();
    let values: Vec<&str> = metadata["acr_values_supported"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value.as_str().unwrap())
        .collect();
    for run in suite.runs().await {
        let (_, claims) = run.flow(&[("acr_values", &values.join(" "))]).await;
        assert!(values.contains(&claims["acr"].as_str().unwrap()), "{}: {claims}", run.name);
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_prompt_login() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let (_, first) = run.flow(&[]).await;
        suite.provider.advance(TimeDelta::seconds(1));
        let callback = run.authorize(&[("prompt", "login")]).await;
        assert!(callback.signed_in, "{}: the page of the suite's screenshot", run.name);
        let (_, second) = run.finish(&callback, Some("nonce-1")).await;
        assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64(), "{}", run.name);
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        run.refused(&[("prompt", "none")], &NEEDS_A_PAGE).await;
        run.leave().await;
    }
}

/// Authorizes twice; the second time nobody sees a page, and it is the same person and the same sign-in.
async fn silently_again(first: &[(&str, &str)], second: &[(&str, &str)], with_hint: bool) {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let (tokens, before) = run.flow(first).await;
        suite.provider.advance(TimeDelta::seconds(2));
        let hint = [("id_token_hint", tokens["id_token"].as_str().unwrap())];
        let hint = if with_hint { &hint[..] } else { &[] };
        let callback = run.authorize(&[second, hint].concat()).await;
        assert!(!callback.signed_in, "{}", run.name);
        let (_, after) = run.finish(&callback, Some("nonce-1")).await;
        assert_eq!(after["auth_time"], before["auth_time"], "{}", run.name);
        assert_eq!(after["sub"], before["sub"], "{}", run.name);
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_prompt_none_logged_in() {
    silently_again(&[], &[("prompt", "none")], false).await;
}

#[tokio::test]
async fn oidcc_id_token_hint() {
    silently_again(&[], &[("prompt", "none")], true).await;
}

#[tokio::test]
async fn oidcc_max_age_10000() {
    silently_again(&[("max_age", "15000")], &[("max_age", "10000")], false).await;
}

#[tokio::test]
async fn oidcc_max_age_1() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let (_, first) = run.flow(&[]).await;
        suite.provider.advance(TimeDelta::seconds(2));
        let callback = run.authorize(&[("max_age", "1")]).await;
        assert!(callback.signed_in, "{}", run.name);
        let (_, second) = run.finish(&callback, Some("nonce-1")).await;
        assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64(), "{}", run.name);
        assert_eq!(second["auth_time"], suite.provider.now(), "{}", run.name);
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_ensure_registered_redirect_uri() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let elsewhere = format!("{CALLBACK}/3kD9bXq1Zz");
        let (page, _) = run.request(&[("redirect_uri", &elsewhere)]).await;
        expect::error_page(&page, 400);
        assert!(!page.body.contains("suite.example"), "{}: {}", run.name, page.body);
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_ensure_post_request_succeeds() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let callback = run.authorize_by_post(&[]).await;
        run.finish(&callback, Some("nonce-1")).await;
        run.leave().await;
    }
}

/// Three modules look at this list and are skipped, which is no blemish: nobody needs to take what is not signed. What is
/// sent all the same is answered as OpenID Connect Core §3.1.2.6 has it.
#[tokio::test]
async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported() {
    let suite = Suite::start().await;
    unsigned_is_not_in_the_list(&suite).await;
    for run in suite.runs().await {
        let changes = [("request_uri", "https://suite.example/requesturi/1#2")];
        run.refused(&changes, &["request_uri_not_supported"]).await;
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported() {
    let suite = Suite::start().await;
    unsigned_is_not_in_the_list(&suite).await;
    for run in suite.runs().await {
        run.refused(&[("request", UNSIGNED)], &["invalid_request_object"]).await;
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_ensure_request_object_with_redirect_uri() {
    let suite = Suite::start().await;
    unsigned_is_not_in_the_list(&suite).await;
    for run in suite.runs().await {
        let changes = [("redirect_uri", "https://elsewhere.example/"), ("request", UNSIGNED)];
        let (page, _) = run.request(&changes).await;
        expect::error_page(&page, 400);
        run.leave().await;
    }
}

/// `{"alg":"none"}`, `{}`, and no signature.
const UNSIGNED: &str = "eyJhbGciOiJub25lIn0.e30.";

async fn unsigned_is_not_in_the_list(suite: &Suite) {
    let metadata = suite.provider.visitor().get("/.well-known/openid-configuration").await.json();
    let supported = metadata["request_object_signing_alg_values_supported"].as_array().unwrap();
    assert!(!supported.contains(&json!("none")), "{supported:?}");
    assert!(supported.contains(&json!("RS256")), "{supported:?}");
}
