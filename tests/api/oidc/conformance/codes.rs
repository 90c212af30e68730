//! Codes that come twice, refresh tokens, and PKCE.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::suite::{Run, Suite, describes};
use crate::helpers::expect;
use crate::helpers::relying_party::VERIFIER;
use crate::helpers::visitor::Answer;

#[track_caller]
fn invalid_grant(answer: &Answer) {
    expect::token_error(answer, 400, "invalid_grant");
    describes(answer.json()["error_description"].as_str().unwrap());
}

/// Refused at once, without the warning of those who allow it for a while.
#[tokio::test]
async fn oidcc_codereuse() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let callback = run.authorize(&[]).await;
        run.finish(&callback, Some("nonce-1")).await;
        invalid_grant(&run.redeem(&callback).await);
        run.leave().await;
    }
}

/// And the access token that came of it is worth nothing any more (RFC 6749 §4.1.2).
#[tokio::test]
async fn oidcc_codereuse_30seconds() {
    let suite = Suite::start().await;
    for method in ["client_secret_basic", "private_key_jwt"] {
        for run in suite.runs_with(&json!({"token_endpoint_auth_method": method})).await {
            let callback = run.authorize(&[]).await;
            let (tokens, _) = run.finish(&callback, Some("nonce-1")).await;
            suite.provider.advance(TimeDelta::seconds(30));
            invalid_grant(&run.redeem(&callback).await);
            let userinfo = run.party.userinfo(tokens["access_token"].as_str().unwrap()).await;
            assert!(userinfo.status.is_client_error(), "{}: {}", run.name, userinfo.status);
            run.leave().await;
        }
    }
}

/// What the refresh answers is as good as the first answer, and tells of the same sign-in.
async fn refreshed(suite: &Suite, run: &Run<'_>, nonce: &str, scope: Option<&str>) -> Value {
    let asked = [("scope", "openid offline_access"), ("prompt", "consent"), ("nonce", nonce)];
    let callback = run.authorize(&asked).await;
    let (first, before) = run.finish(&callback, Some(nonce)).await;
    let refresh_token = first["refresh_token"].as_str().unwrap();
    assert!(refresh_token.bytes().all(|byte| (0x20..=0x7e).contains(&byte)), "{}", run.name);
    suite.provider.advance(TimeDelta::seconds(1));
    let mut request = vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    request.extend(scope.map(|scope| ("scope", scope)));
    let second = run.token_response(&run.party.token(&request).await);
    assert_ne!(second["access_token"], first["access_token"], "{}", run.name);
    assert!(second["refresh_token"].as_str().unwrap().len() >= 16, "{}", run.name);
    let after = run.id_token(&second, None).await;
    for claim in ["iss", "sub", "aud", "auth_time", "azp"] {
        assert_eq!(after.get(claim), before.get(claim), "{}: {claim} (OpenID Connect Core §12.2)", run.name);
    }
    assert_ne!(after["iat"], before["iat"], "{}", run.name);
    let userinfo = run.party.userinfo(second["access_token"].as_str().unwrap()).await;
    assert_eq!(userinfo.status, 200, "{}", run.name);
    second
}

#[tokio::test]
async fn oidcc_refresh_token() {
    let suite = Suite::start().await;
    let metadata = json!({"grant_types": ["authorization_code", "refresh_token"]});
    let supported = suite.provider.visitor().get("/.well-known/openid-configuration").await.json();
    assert!(supported["grant_types_supported"].as_array().unwrap().contains(&json!("refresh_token")));
    let others = suite.runs_with(&metadata).await;
    for (run, other) in suite.runs_with(&metadata).await.into_iter().zip(others) {
        refreshed(&suite, &run, "nonce-1", Some("openid offline_access")).await;
        let nonce = &"n".repeat(43);
        let second = refreshed(&suite, &other, nonce, None).await;
        // The second client's, in the first one's hands.
        invalid_grant(&run.party.refresh(second["refresh_token"].as_str().unwrap()).await);
        run.leave().await;
        other.leave().await;
    }
}

#[tokio::test]
async fn oidcc_ensure_request_with_valid_pkce_succeeds() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        // RFC 7636, Appendix B.
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let changes = [("code_challenge", challenge), ("code_challenge_method", "S256")];
        let callback = run.authorize(&changes).await;
        let answer = run.redeem_with(callback.code(), &[("code_verifier", VERIFIER)]).await;
        run.id_token(&run.token_response(&answer), Some("nonce-1")).await;
        run.leave().await;
    }
}
