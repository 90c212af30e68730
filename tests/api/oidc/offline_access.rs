//! Offline access (OpenID Connect Core §11): a grant outlives the sign-out only if the person was asked.

use serde_json::json;

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::RelyingParty;

const OFFLINE: (&str, &str) = ("scope", "openid offline_access");

async fn granted(
    provider: &TestProvider,
    party: &RelyingParty,
    changes: &[(&str, &str)],
) -> serde_json::Value {
    let browser = provider.visitor();
    let person = crate::helpers::people::Person::active("halina.wrona");
    browser.sign_in(&person).await;
    let page = browser.open(&party.authorization(changes)).await;
    let answer = if page.status.is_redirection() {
        page
    } else {
        let answer = browser.submit(&page, "#approve", &[]).await;
        browser.follow(answer).await
    };
    let code = answer.parameter("code").unwrap_or_else(|| panic!("{}", answer.body));
    let tokens = party.redeem(&code).await.json();
    let home = browser.open("/").await;
    browser.submit(&home, "#sign-out", &[]).await;
    tokens
}

#[tokio::test]
async fn core_11_a_web_client_gets_offline_access_only_where_the_person_is_asked_now() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;

    let asked = granted(&provider, &partner, &[OFFLINE, ("prompt", "consent")]).await;
    assert_eq!(asked["scope"], "openid offline_access");
    let refreshed = partner.refresh(asked["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);

    // Remembered, and still: not without being asked in this very request.
    let unasked = granted(&provider, &partner, &[OFFLINE]).await;
    assert_eq!(unasked["scope"], "openid", "the answer says what was granted");
    let refused = partner.refresh(unasked["refresh_token"].as_str().unwrap()).await;
    expect::token_error(&refused, 400, "invalid_grant");
}

#[tokio::test]
async fn asvs_10_7_2_the_question_says_for_how_long() {
    let provider = TestProvider::start_with(&[("tokens.refresh_family_days", "90")]).await;
    let person = provider.active_person("halina.wrona").await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    for (asked, says) in [
        (
            &[OFFLINE, ("prompt", "consent")][..],
            "Do odebrania dostępu, także po wylogowaniu; najdłużej 90 dni.",
        ),
        // What is ignored is not asked for either.
        (&[OFFLINE], "Dopóki to urządzenie jest zalogowane."),
        (&[], "Dopóki to urządzenie jest zalogowane."),
    ] {
        let page = browser.open(&partner.authorization(asked)).await;
        let lasts = form::text(&page.body, "#lasts").unwrap_or_default();
        assert!(lasts.contains(says), "{asked:?}: {lasts}");
    }
}

#[tokio::test]
async fn core_11_a_native_client_may_rely_on_a_remembered_consent() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let metadata = json!({
        "first_party": false, "application_type": "native", "token_endpoint_auth_method": "none",
        "redirect_uris": ["http://127.0.0.1/callback"], "post_logout_redirect_uris": [],
    });
    let app = provider.relying_party("app", metadata).await;
    let at = ("redirect_uri", "http://127.0.0.1/callback");
    let page = provider.visitor();
    let person = crate::helpers::people::Person::active("halina.wrona");
    page.sign_in(&person).await;
    let consent = page.open(&app.authorization(&[OFFLINE, at])).await;
    let answer = page.submit(&consent, "#approve", &[]).await;
    let answer = page.follow(answer).await;
    let tokens = app.redeem_with(&answer.parameter("code").unwrap(), &[at]).await.json();
    assert_eq!(tokens["scope"], "openid offline_access");
}

#[tokio::test]
async fn the_companys_own_services_ask_nobody() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let tokens = granted(&provider, &billing, &[OFFLINE]).await;
    assert_eq!(tokens["scope"], "openid offline_access");
    assert_eq!(billing.refresh(tokens["refresh_token"].as_str().unwrap()).await.status, 200);
}
