//! Access tokens as other resources see them (RFC 9068).

use serde_json::json;

use crate::helpers::expect;
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::header;

#[tokio::test]
async fn rfc_9068_2_an_access_token_has_the_profiles_header_and_claims() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[("scope", "openid iok")]).await;
    let access_token = tokens["access_token"].as_str().unwrap();

    let header = header(access_token);
    assert_eq!(expect::members(&header), ["alg", "kid", "typ"]);
    assert_eq!(header["typ"], "at+jwt");
    assert_eq!(header["alg"], "ES256", "by default");

    let claims = jose::verify_access_token(&provider.jwks().await, access_token);
    assert_eq!(
        expect::members(&claims),
        [
            "acr",
            "amr",
            "aud",
            "auth_time",
            "client_id",
            "exp",
            "grant_id",
            "iat",
            "iss",
            "jti",
            "scope",
            "sub"
        ]
    );
    assert_eq!(claims["iss"], *provider.issuer);
    assert_eq!(claims["aud"], *provider.issuer, "no resource is registered");
    assert_eq!(claims["client_id"], "billing");
    assert_eq!(claims["scope"], "openid iok");
    assert_eq!(claims["iat"], provider.now());
    assert_eq!(claims["exp"], provider.now() + 300);
    assert_eq!(claims["exp"], claims["iat"].as_i64().unwrap() + tokens["expires_in"].as_i64().unwrap());
    assert_eq!(claims["acr"], "urn:iok-id:acr:1");
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert!(claims["jti"].as_str().unwrap().len() >= 32);
    let login_or_contact = ["halina", "wrona", "example.test"];
    assert!(login_or_contact.iter().all(|personal| !claims.to_string().contains(personal)), "{claims}");

    let tampered = jose::tampered(access_token, "scope", "openid iok admin".into());
    let caught = std::panic::catch_unwind(|| jose::verify_access_token(&json!({"keys": []}), &tampered));
    assert!(caught.is_err());
    expect::bearer_error(&billing.userinfo(&tampered).await, 401, "invalid_token");
}

#[tokio::test]
async fn rfc_9068_3_the_audience_is_the_registered_resource_and_the_signature_follows_the_clients_policy() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let resource = "https://charges.example.test/api";
    let billing = provider
        .relying_party("billing", json!({"resource": resource, "access_token_signed_response_alg": "RS256"}))
        .await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[]).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(header(access_token)["alg"], "RS256");
    assert_eq!(header(access_token)["typ"], "at+jwt");
    let claims = jose::verify_access_token(&provider.jwks().await, access_token);
    assert_eq!(claims["aud"], resource);
    assert_eq!(billing.userinfo(access_token).await.status, 200, "userinfo is the issuer's own");
}

#[tokio::test]
async fn an_operator_may_shorten_access_tokens_but_not_lengthen_them() {
    let provider = TestProvider::start_with(&[("tokens.access_token_seconds", "30")]).await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[]).await;
    assert_eq!(tokens["expires_in"], 30);
    let access_token = tokens["access_token"].as_str().unwrap();
    provider.advance(chrono::TimeDelta::seconds(29));
    assert_eq!(billing.userinfo(access_token).await.status, 200);
    provider.advance(chrono::TimeDelta::seconds(1));
    expect::bearer_error(&billing.userinfo(access_token).await, 401, "invalid_token");

    let too_long = iok_id::config::Sources::only_defaults().overriding("tokens.access_token_seconds", "301");
    assert!(too_long.load().is_err());
}
