//! Revocation (RFC 7009): a client gives back what it was given.

use reqwest::Method;
use serde_json::json;

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::RelyingParty;
use crate::helpers::tables;
use crate::helpers::visitor::Answer;

async fn start() -> (TestProvider, RelyingParty) {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    (provider, billing)
}

async fn tokens(provider: &TestProvider, party: &RelyingParty) -> (String, String) {
    let person = crate::helpers::people::Person::active("halina.wrona");
    let scope = [("scope", "openid offline_access")];
    let tokens = party.tokens(&provider.visitor(), &person, &scope).await;
    let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

async fn is_dead(party: &RelyingParty, access: &str, refresh: &str) {
    expect::bearer_error(&party.userinfo(access).await, 401, "invalid_token");
    expect::token_error(&party.refresh(refresh).await, 400, "invalid_grant");
}

async fn revocations(provider: &TestProvider) -> usize {
    let outcomes = tables::column(&provider.database, "audit", "outcome").await;
    outcomes.iter().filter(|outcome| *outcome == "by_client").count()
}

#[tokio::test]
async fn rfc_7009_2_1_a_revoked_token_takes_its_whole_grant_with_it() {
    let (provider, billing) = start().await;
    let bystander = tokens(&provider, &billing).await;
    let by_refresh_token = tokens(&provider, &billing).await;
    let by_access_token = tokens(&provider, &billing).await;
    for (token, (access, refresh)) in
        [(&by_refresh_token.1, &by_refresh_token), (&by_access_token.0, &by_access_token)]
    {
        let answer = billing.revoke(token).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""));
        is_dead(&billing, access, refresh).await;
    }
    assert_eq!(revocations(&provider).await, 2);
    assert_eq!(billing.userinfo(&bystander.0).await.status, 200);
    assert_eq!(billing.refresh(&bystander.1).await.status, 200);
}

/// The answer to a refresh was lost, and the client gives up: the token that it still has revokes what it never got.
#[tokio::test]
async fn a_used_refresh_token_revokes_its_family_too() {
    let (provider, billing) = start().await;
    let (_, first) = tokens(&provider, &billing).await;
    let second = billing.refresh(&first).await.json();
    assert_eq!(billing.revoke(&first).await.status, 200);
    is_dead(&billing, second["access_token"].as_str().unwrap(), second["refresh_token"].as_str().unwrap())
        .await;
}

#[tokio::test]
async fn rfc_7009_2_2_what_is_unknown_or_dead_is_as_good_as_revoked() {
    let (provider, billing) = start().await;
    let (access, refresh) = tokens(&provider, &billing).await;
    for unknown in ["x", "a.b.c", &"A".repeat(43)] {
        assert_eq!(billing.revoke(unknown).await.status, 200);
    }
    for _ in 0..2 {
        assert_eq!(billing.revoke(&refresh).await.status, 200);
        assert_eq!(billing.revoke(&access).await.status, 200);
    }
    assert_eq!(revocations(&provider).await, 1, "once is once");
}

#[tokio::test]
async fn rfc_7009_2_1_another_clients_token_is_refused_and_stays_alive() {
    let (provider, billing) = start().await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let app = provider.relying_party("app", json!({"token_endpoint_auth_method": "none"})).await;
    let (access, refresh) = tokens(&provider, &billing).await;
    for stranger in [&complaints, &app] {
        for token in [&access, &refresh] {
            expect::token_error(&stranger.revoke(token).await, 400, "invalid_grant");
        }
    }
    assert_eq!(revocations(&provider).await, 0);
    assert_eq!(billing.userinfo(&access).await.status, 200);
    assert_eq!(billing.refresh(&refresh).await.status, 200);
}

#[tokio::test]
async fn a_public_client_revokes_its_own() {
    let (provider, _) = start().await;
    let app = provider.relying_party("app", json!({"token_endpoint_auth_method": "none"})).await;
    let (access, refresh) = tokens(&provider, &app).await;
    assert_eq!(app.revoke(&refresh).await.status, 200);
    is_dead(&app, &access, &refresh).await;
}

#[tokio::test]
async fn rfc_7009_2_2_1_a_clients_own_token_cannot_be_revoked_and_nobody_is_told_that_it_was() {
    let provider = TestProvider::start().await;
    let grant = json!({"grant_types": ["client_credentials"], "scope": "charges:read"});
    let meter = provider.relying_party("meter", grant.clone()).await;
    let other = provider.relying_party("other", grant).await;
    let tokens = meter.token(&[("grant_type", "client_credentials")]).await.json();
    let access = tokens["access_token"].as_str().unwrap();
    expect::token_error(&meter.revoke(access).await, 400, "unsupported_token_type");
    expect::token_error(&other.revoke(access).await, 400, "invalid_grant");
}

#[tokio::test]
async fn rfc_7009_2_a_request_must_prove_its_client_and_name_a_token() {
    let (provider, billing) = start().await;
    let (access, refresh) = tokens(&provider, &billing).await;
    let wrong =
        RelyingParty::new(&provider.issuer, "billing", Some("x".into()), "client_secret_basic".into());
    expect::token_error(&wrong.revoke(&refresh).await, 401, "invalid_client");
    let nobody = provider.request(Method::POST, "/revoke").form(&[("token", &refresh)]);
    expect::token_error(&Answer::to(nobody).await, 401, "invalid_client");
    let nothing = billing.authenticated("/revoke", &[("token_type_hint", "refresh_token")]);
    expect::token_error(&Answer::to(nothing).await, 400, "invalid_request");
    assert_eq!(billing.userinfo(&access).await.status, 200);

    // A hint may be wrong or nonsense (§2.1).
    let hinted = billing.authenticated("/revoke", &[("token", &refresh), ("token_type_hint", "pat")]);
    assert_eq!(Answer::to(hinted).await.status, 200);
    is_dead(&billing, &access, &refresh).await;
}

#[tokio::test]
async fn what_was_revoked_on_one_replica_is_dead_on_the_other_at_once() {
    let (provider, billing) = start().await;
    let replica = provider.replica().await;
    let elsewhere = replica.relying_party(&billing);
    let (access, refresh) = tokens(&provider, &billing).await;
    assert_eq!(elsewhere.userinfo(&access).await.status, 200);
    assert_eq!(billing.revoke(&access).await.status, 200);
    is_dead(&elsewhere, &access, &refresh).await;
    assert_eq!(elsewhere.introspect(&access).await.json(), json!({"active": false}));
}
