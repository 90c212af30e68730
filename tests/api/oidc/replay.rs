//! A code is used once (RFC 6749 §4.1.2, RFC 9700 §4.5).

use serde_json::json;
use tokio::task::JoinSet;

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::tables;

#[tokio::test]
async fn rfc_6749_4_1_2_a_replayed_code_kills_its_tokens() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let code = billing.code(&browser, &person, &[]).await;
    let tokens = billing.redeem(&code).await.json();
    let bystander = billing.tokens(&browser, &person, &[]).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(billing.userinfo(access_token).await.status, 200);

    expect::token_error(&billing.redeem(&code).await, 400, "invalid_grant");
    expect::bearer_error(&billing.userinfo(access_token).await, 401, "invalid_token");
    let refreshed = billing.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    expect::token_error(&refreshed, 400, "invalid_grant");
    let outcomes = tables::column(&provider.database, "audit", "outcome").await;
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "code_replayed").count(), 1, "{outcomes:?}");

    // What came of another code is another matter.
    assert_eq!(billing.userinfo(bystander["access_token"].as_str().unwrap()).await.status, 200);
    assert_eq!(billing.refresh(bystander["refresh_token"].as_str().unwrap()).await.status, 200);
}

/// Whoever stole the code has no verifier: the replay counts all the same, also when the first tokens were
/// refreshed.
#[tokio::test]
async fn rfc_9700_4_5_a_replay_without_the_verifier_kills_refreshed_tokens_too() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let code = billing.code(&provider.visitor(), &person, &[]).await;
    let first = billing.redeem(&code).await.json();
    let second = billing.refresh(first["refresh_token"].as_str().unwrap()).await.json();
    provider.advance(chrono::TimeDelta::minutes(3));

    let replay = billing.redeem_with(&code, &[("code_verifier", "")]).await;
    expect::token_error(&replay, 400, "invalid_grant");
    let userinfo = billing.userinfo(second["access_token"].as_str().unwrap()).await;
    expect::bearer_error(&userinfo, 401, "invalid_token");
    let refreshed = billing.refresh(second["refresh_token"].as_str().unwrap()).await;
    expect::token_error(&refreshed, 400, "invalid_grant");
}

/// A used code may stand in somebody's history: in another client's hands it signs nobody out.
#[tokio::test]
async fn a_used_code_in_another_clients_hands_revokes_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let app = provider.relying_party("app", json!({"token_endpoint_auth_method": "none"})).await;
    let code = billing.code(&provider.visitor(), &person, &[]).await;
    let tokens = billing.redeem(&code).await.json();
    expect::token_error(&app.redeem(&code).await, 400, "invalid_grant");
    assert_eq!(billing.userinfo(tokens["access_token"].as_str().unwrap()).await.status, 200);
    assert_eq!(billing.refresh(tokens["refresh_token"].as_str().unwrap()).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_simultaneous_redemptions_of_a_code_yield_one_token() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let replica = provider.replica().await;
    let elsewhere = replica.relying_party(&billing);
    let code = billing.code(&provider.visitor(), &person, &[]).await;

    let mut redemptions = JoinSet::new();
    for turn in 0..16 {
        let party = if turn % 2 == 0 { billing.clone() } else { elsewhere.clone() };
        let code = code.clone();
        redemptions.spawn(async move { party.redeem(&code).await });
    }
    let answers = redemptions.join_all().await;
    let (good, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((good.len(), refused.len()), (1, 15));
    for answer in &refused {
        expect::token_error(answer, 400, "invalid_grant");
    }
    // Fifteen of sixteen were replays: the winner's tokens are dead as well.
    let tokens = good[0].json();
    let userinfo = billing.userinfo(tokens["access_token"].as_str().unwrap()).await;
    expect::bearer_error(&userinfo, 401, "invalid_token");
    expect::token_error(
        &billing.refresh(tokens["refresh_token"].as_str().unwrap()).await,
        400,
        "invalid_grant",
    );
    assert_eq!(tables::row_counts(&provider.database).await["refresh_token"], 1);
}
