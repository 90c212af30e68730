//! The authorization code flow (OpenID Connect Core §3.1).

use serde_json::json;

use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::claims;

#[tokio::test]
async fn core_3_1_a_code_becomes_tokens_and_userinfo_answers() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();

    let tokens = billing.tokens(&browser, &person, &[("scope", "openid profile iok")]).await;
    assert_eq!(tokens["token_type"], "Bearer");
    let id_token = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(id_token["nonce"], "nonce-1");
    assert_eq!(id_token["aud"], json!(["billing"]));

    let userinfo = billing.userinfo(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(userinfo.status, 200, "{}", userinfo.body);
    let userinfo = userinfo.json();
    assert_eq!(userinfo["sub"], id_token["sub"]);
    assert_eq!(userinfo["name"], "Halina Wrona");
    assert_eq!(userinfo["premises"][0]["role"], "owner");

    let refreshed = billing.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
}
