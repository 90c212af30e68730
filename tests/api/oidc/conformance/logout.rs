//! Signing out by a client's wish (OpenID Connect RP-Initiated Logout).

use serde_json::{Value, json};

use super::requests::NEEDS_A_PAGE;
use super::suite::{Run, SIGNED_OUT, Suite};
use crate::helpers::client_key::ClientKey;
use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::jose;
use crate::helpers::relying_party::{self, encode};
use crate::helpers::visitor::Answer;

/// The suite makes states of everything that RFC 6749, Appendix A.5 allows, but `+`, space and `;`.
const STATE: &str = r##"!"#$%&'()*,-./09:<=>?@AZ[\]^_`az{|}~~~~"##;

fn id_token(tokens: &Value) -> &str {
    tokens["id_token"].as_str().unwrap()
}

/// The suite's request; an empty value leaves a parameter out.
async fn sign_out(run: &Run<'_>, tokens: &Value, changes: &[(&str, &str)]) -> Answer {
    let usual =
        [("id_token_hint", id_token(tokens)), ("post_logout_redirect_uri", SIGNED_OUT), ("state", STATE)];
    let mut parameters: Vec<(String, String)> = Vec::new();
    for (name, value) in usual.iter().chain(changes) {
        parameters.retain(|(known, _)| known != name);
        if !value.is_empty() {
            parameters.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    run.browser.open(&format!("/logout?{}", encode(&parameters))).await
}

/// It leads back, with the state and nothing else, and nobody is signed in any more.
async fn led_back(run: &Run<'_>, answer: &Answer, state: Option<&str>) {
    let location = answer.location();
    let (address, query) = location.split_once('?').unwrap_or((location, ""));
    assert_eq!(address, SIGNED_OUT, "{}", run.name);
    let told: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let expected: Vec<(String, String)> =
        state.map(|state| ("state".to_owned(), state.to_owned())).into_iter().collect();
    assert_eq!(told, expected, "{}", run.name);
    run.refused(&[("prompt", "none")], &NEEDS_A_PAGE).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let (tokens, _) = run.flow(&[]).await;
        led_back(&run, &sign_out(&run, &tokens, &[]).await, Some(STATE)).await;
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_state() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let (tokens, _) = run.flow(&[]).await;
        led_back(&run, &sign_out(&run, &tokens, &[("state", "")]).await, None).await;
        run.leave().await;
    }
}

/// An error page, which leads nowhere and signs nobody out. The suite wants to see it.
async fn is_refused(changes: impl AsyncFn(&Suite, &Run<'_>, &Value) -> (&'static str, String)) {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let (tokens, _) = run.flow(&[]).await;
        let (name, value) = changes(&suite, &run, &tokens).await;
        let page = sign_out(&run, &tokens, &[(name, &value)]).await;
        expect::error_page(&page, 400);
        assert!(form::has(&run.browser.open("/").await.body, "#sign-out"), "{}", run.name);
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri() {
    is_refused(async |_, _, _| {
        ("post_logout_redirect_uri", SIGNED_OUT.replace("post_logout", "bad_post_logout"))
    })
    .await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri() {
    is_refused(async |_, _, _| ("post_logout_redirect_uri", format!("{SIGNED_OUT}?foo=bar"))).await;
}

/// The same token with `alg: none`, and no signature.
#[tokio::test]
async fn oidcc_rp_initiated_logout_modified_id_token_hint() {
    is_refused(async |_, _, tokens| {
        let claims = relying_party::claims(id_token(tokens));
        ("id_token_hint", jose::forge(&json!({"alg": "none"}), &claims, None))
    })
    .await;
}

/// Signed by the client: with its key, or with its secret.
#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_id_token_hint() {
    let fake = |suite: &Suite, run: &Run<'_>| {
        json!({
            "iss": run.party.client_id, "sub": "SubjectID", "aud": suite.provider.issuer, "nonce": "flibble",
            "iat": suite.provider.now(), "exp": suite.provider.now() + 300,
        })
    };
    is_refused(async |suite, run, _| {
        let secret = run.party.client_secret.clone().unwrap();
        let header = json!({"alg": "HS256", "typ": "JWT"});
        ("id_token_hint", jose::forge(&header, &fake(suite, run), Some(secret.as_bytes())))
    })
    .await;
    is_refused(async |suite, run, _| {
        ("id_token_hint", ClientKey::new(&suite.provider).sign("JWT", &fake(suite, run)))
    })
    .await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_id_token_hint() {
    is_refused(async |_, _, _| ("id_token_hint", String::new())).await;
}

/// The person is asked, unless a hint shows who wishes it, and ends at a page that says so.
async fn ends_at_a_page(left_out: &[&str], asks: bool) {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let (tokens, _) = run.flow(&[]).await;
        let changes: Vec<(&str, &str)> = left_out.iter().map(|name| (*name, "")).collect();
        let mut page = sign_out(&run, &tokens, &changes).await;
        assert_eq!(form::has(&page.body, "button[value=confirm]"), asks, "{}: {}", run.name, page.body);
        if asks {
            let answer = run.browser.submit(&page, "button[value=confirm]", &[]).await;
            page = run.browser.follow(answer).await;
        }
        assert_eq!(page.status, 200, "{}: {:?}", run.name, page.headers);
        assert!(!form::has(&run.browser.open("/").await.body, "#sign-out"), "{}", run.name);
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_params() {
    ends_at_a_page(&["id_token_hint", "post_logout_redirect_uri", "state"], true).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_only_state() {
    ends_at_a_page(&["id_token_hint", "post_logout_redirect_uri"], true).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri() {
    ends_at_a_page(&["post_logout_redirect_uri"], false).await;
}
