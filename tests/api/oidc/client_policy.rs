//! What each client's registration says about what it gets, beside the provider's own rules.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::claims;

fn life(token: &Value) -> i64 {
    let claims = claims(token.as_str().unwrap());
    claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap()
}

#[tokio::test]
async fn what_a_client_gets_lives_as_long_as_its_registration_says() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let short = json!({"access_token_seconds": 20, "id_token_seconds": 30, "refresh_token_seconds": 40});
    let party = provider.relying_party("short", short).await;
    let tokens = party.tokens(&provider.visitor(), &person, &[]).await;
    assert_eq!((life(&tokens["access_token"]), life(&tokens["id_token"])), (20, 30));
    assert_eq!(tokens["expires_in"], 20);
    let access_token = tokens["access_token"].as_str().unwrap();
    provider.advance(TimeDelta::seconds(19));
    assert_eq!(party.userinfo(access_token).await.status, 200);
    provider.advance(TimeDelta::seconds(1));
    expect::bearer_error(&party.userinfo(access_token).await, 401, "invalid_token");

    let refreshed = party.refresh(tokens["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!((life(&refreshed["access_token"]), life(&refreshed["id_token"])), (20, 30));
    provider.advance(TimeDelta::seconds(40));
    let late = party.refresh(refreshed["refresh_token"].as_str().unwrap()).await;
    expect::token_error(&late, 400, "invalid_grant");

    let service = json!({"grant_types": ["client_credentials"], "access_token_seconds": 7});
    let service = provider.relying_party("service", service).await;
    let token = service.token(&[("grant_type", "client_credentials")]).await.json();
    assert_eq!((life(&token["access_token"]), token["expires_in"].as_i64()), (7, Some(7)));
}

#[tokio::test]
async fn no_client_gets_more_than_the_provider_gives() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let usual = provider.relying_party("usual", json!({})).await;
    let long = json!({
        "access_token_seconds": 86_400, "id_token_seconds": 86_400, "refresh_token_seconds": u32::MAX
    });
    let greedy = provider.relying_party("greedy", long).await;
    let usual = usual.tokens(&provider.visitor(), &person, &[]).await;
    let tokens = greedy.tokens(&provider.visitor(), &person, &[]).await;
    for name in ["access_token", "id_token"] {
        assert_eq!(life(&tokens[name]), life(&usual[name]), "{name}");
    }
    assert_eq!(tokens["expires_in"], usual["expires_in"]);
    provider.advance(TimeDelta::days(366));
    let late = greedy.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    expect::token_error(&late, 400, "invalid_grant");
}
