//! Refresh tokens (RFC 6749 §6): rotated at every use, and a family dies when one is used twice (RFC 9700
//! §4.14.2). Whoever lost an answer: [`super::refresh_repeated`].

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims};
use crate::helpers::visitor::Answer;

fn refresh_token(tokens: &Value) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

async fn refresh_for(party: &RelyingParty, refresh_token: &str, scope: &str) -> Answer {
    party.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("scope", scope)]).await
}

#[tokio::test]
async fn rfc_6749_6_a_refresh_gives_new_tokens_for_the_same_person_and_scope() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let first = billing.tokens(&provider.visitor(), &person, &[("scope", "openid email")]).await;
    provider.advance(TimeDelta::minutes(10));
    let answer = billing.refresh(refresh_token(&first)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let second = answer.json();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(second["scope"], "openid email");
    let (old, new) =
        (claims(first["access_token"].as_str().unwrap()), claims(second["access_token"].as_str().unwrap()));
    for same in ["iss", "sub", "aud", "client_id", "scope", "grant_id", "auth_time"] {
        assert_eq!(old[same], new[same], "{same}");
    }
    assert_ne!(old["jti"], new["jti"]);
    let userinfo = billing.userinfo(second["access_token"].as_str().unwrap()).await;
    assert_eq!(userinfo.json()["email"], "halina.wrona@example.test");
    // OpenID Connect Core §12.2.
    let (old, new) =
        (claims(first["id_token"].as_str().unwrap()), claims(second["id_token"].as_str().unwrap()));
    for same in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(old[same], new[same], "{same}");
    }
    assert_eq!(new["iat"], provider.now());
    assert_eq!(new.get("nonce"), None);
}

#[tokio::test]
async fn rfc_9700_4_14_2_a_refresh_token_used_twice_kills_its_family() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let other_family = billing.tokens(&browser, &person, &[]).await;
    let first = billing.tokens(&browser, &person, &[]).await;
    let second = billing.refresh(refresh_token(&first)).await.json();
    provider.advance(TimeDelta::minutes(1));
    let third = billing.refresh(refresh_token(&second)).await.json();

    provider.advance(TimeDelta::minutes(1));
    for dead in [&first, &second, &third] {
        expect::token_error(&billing.refresh(refresh_token(dead)).await, 400, "invalid_grant");
    }
    let userinfo = billing.userinfo(third["access_token"].as_str().unwrap()).await;
    expect::bearer_error(&userinfo, 401, "invalid_token");
    assert_eq!(billing.refresh(refresh_token(&other_family)).await.status, 200);
}

#[tokio::test]
async fn rfc_6749_6_a_narrower_scope_is_for_that_access_token_only() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let first = billing.tokens(&provider.visitor(), &person, &[("scope", "openid profile email")]).await;
    let narrow = refresh_for(&billing, refresh_token(&first), "openid email").await.json();
    assert_eq!(narrow["scope"], "openid email");
    let userinfo = billing.userinfo(narrow["access_token"].as_str().unwrap()).await.json();
    assert_eq!(expect::members(&userinfo), ["email", "email_verified", "sub"]);

    let whole = billing.refresh(refresh_token(&narrow)).await.json();
    assert_eq!(whole["scope"], "openid profile email", "the successor kept what was granted");

    // Without openid there is no ID token, and nothing at userinfo.
    let without = refresh_for(&billing, refresh_token(&whole), "profile").await.json();
    assert_eq!(without.get("id_token"), None);
    let userinfo = billing.userinfo(without["access_token"].as_str().unwrap()).await;
    expect::bearer_error(&userinfo, 403, "insufficient_scope");
}

#[tokio::test]
async fn rfc_6749_6_a_wider_scope_is_an_invalid_scope_and_costs_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[("scope", "openid email")]).await;
    for wider in ["openid email profile", "iok", "openid root", "openid \"x\"", "otwórz"] {
        let refused = refresh_for(&billing, refresh_token(&tokens), wider).await;
        expect::token_error(&refused, 400, "invalid_scope");
    }
    assert_eq!(billing.refresh(refresh_token(&tokens)).await.status, 200);
}

#[tokio::test]
async fn rfc_6749_10_4_another_clients_refresh_token_is_an_invalid_grant_and_stays_alive() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let app = provider.relying_party("app", json!({"token_endpoint_auth_method": "none"})).await;
    let first = billing.tokens(&provider.visitor(), &person, &[]).await;
    let second = billing.refresh(refresh_token(&first)).await.json();
    for stranger in [&complaints, &app] {
        // Not even a used one, in a stranger's hands, is a way to sign somebody else's users out.
        for stolen in [&first, &second] {
            expect::token_error(&stranger.refresh(refresh_token(stolen)).await, 400, "invalid_grant");
        }
    }
    assert_eq!(billing.refresh(refresh_token(&second)).await.status, 200);
}

#[tokio::test]
async fn unknown_and_misplaced_tokens_are_an_invalid_grant() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let code = billing.code(&browser, &person, &[]).await;
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    for wrong in ["x", access_token, &*code] {
        expect::token_error(&billing.refresh(wrong).await, 400, "invalid_grant");
    }
    expect::token_error(&billing.redeem(refresh_token(&tokens)).await, 400, "invalid_grant");
    expect::token_error(&billing.refresh("").await, 400, "invalid_request");
    assert_eq!(billing.redeem(&code).await.status, 200);
    assert_eq!(billing.refresh(refresh_token(&tokens)).await.status, 200);
}

#[tokio::test]
async fn a_refresh_token_ends_thirty_days_after_its_last_use() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let scope = [("scope", "openid offline_access")];
    let mut tokens = billing.tokens(&provider.visitor(), &person, &scope).await;
    for _ in 0..2 {
        provider.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
        let refreshed = billing.refresh(refresh_token(&tokens)).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.body);
        tokens = refreshed.json();
    }
    provider.advance(TimeDelta::days(30));
    expect::token_error(&billing.refresh(refresh_token(&tokens)).await, 400, "invalid_grant");
}

/// OWASP ASVS 10.4.8: whoever stole the newest token does not keep it alive for ever.
#[tokio::test]
async fn rfc_9700_4_14_2_however_often_it_is_used_a_family_ends_a_year_after_its_code() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let scope = [("scope", "openid offline_access")];
    let mut tokens = billing.tokens(&provider.visitor(), &person, &scope).await;
    for _ in 0..14 {
        provider.advance(TimeDelta::days(26));
        let refreshed = billing.refresh(refresh_token(&tokens)).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.body);
        tokens = refreshed.json();
    }
    // 364 days are over, and the last token is new.
    provider.advance(TimeDelta::days(1));
    expect::token_error(&billing.refresh(refresh_token(&tokens)).await, 400, "invalid_grant");
    let again = billing.tokens(&provider.visitor(), &person, &scope).await;
    assert_eq!(billing.refresh(refresh_token(&again)).await.status, 200, "another family");
}

/// What was not granted for a person's absence ends with their session, whether they sign out or not.
#[tokio::test]
async fn a_refresh_token_without_offline_access_ends_with_its_session() {
    // Never idle before its absolute end.
    let provider = TestProvider::start_with(&[("session.idle_minutes", "720")]).await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let online = billing.tokens(&browser, &person, &[]).await;
    let offline = billing.tokens(&browser, &person, &[("scope", "openid offline_access")]).await;
    provider.advance(TimeDelta::hours(12) - TimeDelta::seconds(1));
    let last = billing.refresh(refresh_token(&online)).await;
    assert_eq!(last.status, 200, "{}", last.body);
    provider.advance(TimeDelta::seconds(1));
    expect::token_error(&billing.refresh(refresh_token(&last.json())).await, 400, "invalid_grant");
    assert_eq!(billing.refresh(refresh_token(&offline)).await.status, 200);
}

#[tokio::test]
async fn core_11_a_sign_out_ends_refreshing_unless_offline_access_was_granted() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let online = billing.tokens(&browser, &person, &[]).await;
    let offline = billing.tokens(&browser, &person, &[("scope", "openid offline_access")]).await;
    let elsewhere = billing.tokens(&provider.visitor(), &person, &[]).await;

    let home = browser.open("/").await;
    browser.submit(&home, "#sign-out", &[]).await;
    expect::token_error(&billing.refresh(refresh_token(&online)).await, 400, "invalid_grant");
    let userinfo = billing.userinfo(online["access_token"].as_str().unwrap()).await;
    expect::bearer_error(&userinfo, 401, "invalid_token");
    assert_eq!(billing.refresh(refresh_token(&offline)).await.status, 200);
    assert_eq!(
        billing.refresh(refresh_token(&elsewhere)).await.status,
        200,
        "another browser's session goes on"
    );
}

#[tokio::test]
async fn an_account_that_is_not_active_refreshes_nothing_until_it_is_again() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[("scope", "openid offline_access")]).await;
    for state in ["suspended", "closed", "lapsed", "awaiting_collection", "initial_password"] {
        provider.execute(&format!("UPDATE account SET state = '{state}'")).await;
        expect::token_error(&billing.refresh(refresh_token(&tokens)).await, 400, "invalid_grant");
        let userinfo = billing.userinfo(tokens["access_token"].as_str().unwrap()).await;
        expect::bearer_error(&userinfo, 401, "invalid_token");
    }
    provider.execute("UPDATE account SET state = 'active'").await;
    assert_eq!(billing.refresh(refresh_token(&tokens)).await.status, 200);
}
