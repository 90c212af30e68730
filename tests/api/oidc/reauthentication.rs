//! Signing in again in a browser that is signed in: what the same person holds goes on, what another one held
//! ends.

use chrono::TimeDelta;
use serde_json::json;

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims};

/// `prompt=login` at one service must not take the person's other services away, nor leave them behind at
/// sign-out.
#[tokio::test]
async fn what_was_granted_before_a_new_sign_in_goes_on_and_ends_with_the_next_sign_out() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let browser = provider.visitor();
    let before = complaints.tokens(&browser, &person, &[]).await;
    let sid = |tokens: &serde_json::Value| claims(tokens["id_token"].as_str().unwrap())["sid"].clone();

    provider.advance(TimeDelta::minutes(1));
    billing.tokens(&browser, &person, &[("prompt", "login")]).await;
    let after = complaints.tokens(&browser, &person, &[]).await;
    assert_eq!(sid(&before), sid(&after), "it is the same person's same browser");
    let refreshed = complaints.refresh(before["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
    let refreshed = refreshed.json();

    // The hint from before names the session that goes on, and its end is the end of all of it.
    let hint = before["id_token"].as_str().unwrap();
    let back =
        url::form_urlencoded::byte_serialize(RelyingParty::SIGNED_OUT_URI.as_bytes()).collect::<String>();
    let answer = browser.get(&format!("/logout?id_token_hint={hint}&post_logout_redirect_uri={back}")).await;
    assert_eq!(answer.location(), RelyingParty::SIGNED_OUT_URI);
    let refused = complaints.refresh(refreshed["refresh_token"].as_str().unwrap()).await;
    expect::token_error(&refused, 400, "invalid_grant");
    let userinfo = complaints.userinfo(refreshed["access_token"].as_str().unwrap()).await;
    expect::bearer_error(&userinfo, 401, "invalid_token");
}

#[tokio::test]
async fn somebody_else_signing_in_ends_what_the_first_person_held() {
    let provider = TestProvider::start().await;
    let first = provider.active_person("halina.wrona").await;
    let second = provider.active_person("adam.kos").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let firsts = billing.tokens(&browser, &first, &[]).await;
    let offline = billing.tokens(&browser, &first, &[("scope", "openid offline_access")]).await;

    provider.advance(TimeDelta::minutes(1));
    let page = browser.open(&billing.authorization(&[("prompt", "login")])).await;
    let answer = browser.sign_in_at(&page, &second.login, &second.password).await;
    let answer = browser.follow(answer).await;
    let seconds = billing.redeem(&answer.parameter("code").unwrap()).await.json();
    let claims_of = |tokens: &serde_json::Value| claims(tokens["id_token"].as_str().unwrap());
    assert_ne!(claims_of(&firsts)["sub"], claims_of(&seconds)["sub"]);
    assert_ne!(claims_of(&firsts)["sid"], claims_of(&seconds)["sid"]);

    let refused = billing.refresh(firsts["refresh_token"].as_str().unwrap()).await;
    expect::token_error(&refused, 400, "invalid_grant");
    let userinfo = billing.userinfo(firsts["access_token"].as_str().unwrap()).await;
    expect::bearer_error(&userinfo, 401, "invalid_token");
    assert_eq!(billing.refresh(offline["refresh_token"].as_str().unwrap()).await.status, 200);
    assert_eq!(billing.refresh(seconds["refresh_token"].as_str().unwrap()).await.status, 200);
}

/// The old cookie opens nothing any more (session fixation, OWASP ASVS 3.2.1).
#[tokio::test]
async fn a_new_sign_in_renews_the_session_and_the_old_cookie_is_dead() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    let cookie = |answer: &crate::helpers::visitor::Answer| {
        let cookies = answer.headers.get_all("set-cookie");
        let set = cookies
            .iter()
            .map(|value| value.to_str().unwrap())
            .find(|set| set.starts_with("iok_id_session="));
        set.unwrap().split(';').next().unwrap().to_owned()
    };
    let page = browser.open("/sign-in").await;
    let first = cookie(&browser.sign_in_at(&page, &person.login, &person.password).await);
    let second = cookie(&browser.sign_in_at(&page, &person.login, &person.password).await);
    assert_ne!(first, second);
    for (cookie, opens) in [(first, false), (second, true)] {
        let request = provider.request(reqwest::Method::GET, "/").header("cookie", cookie);
        let home = crate::helpers::visitor::Answer::to(request).await;
        assert_eq!(form::has(&home.body, "#sign-out"), opens);
    }
}
