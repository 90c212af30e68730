//! Userinfo (OpenID Connect Core §5.3) as a protected resource (RFC 6750).

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use crate::helpers::expect;
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{claims, header};
use crate::helpers::visitor::Answer;

#[tokio::test]
async fn core_5_3_1_userinfo_answers_get_and_post_with_the_token_in_the_header_or_the_body() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[]).await;
    let token = tokens["access_token"].as_str().unwrap();
    let body = [("access_token", token)];
    for request in [
        provider.request(Method::GET, "/userinfo").bearer_auth(token),
        provider.request(Method::GET, "/userinfo").header("authorization", format!("bearer {token}")),
        provider.request(Method::POST, "/userinfo").bearer_auth(token),
        provider.request(Method::POST, "/userinfo").form(&body),
    ] {
        let answer = Answer::to(request).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.json()["sub"], claims(token)["sub"]);
    }
    let both = provider.request(Method::POST, "/userinfo").bearer_auth(token).form(&body);
    expect::bearer_error(&Answer::to(both).await, 400, "invalid_request");
    let twice =
        provider.request(Method::POST, "/userinfo").form(&[("access_token", token), ("access_token", token)]);
    expect::bearer_error(&Answer::to(twice).await, 400, "invalid_request");
}

#[tokio::test]
async fn rfc_6750_3_1_without_a_token_there_is_a_challenge_and_no_error() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[]).await;
    // RFC 9700 §4.3.2: an address is no place for a token.
    let in_query = format!("/userinfo?access_token={}", tokens["access_token"].as_str().unwrap());
    for request in [
        provider.request(Method::GET, "/userinfo"),
        provider.request(Method::POST, "/userinfo"),
        provider.request(Method::POST, "/userinfo").form(&[("access_token", "")]),
        provider.request(Method::GET, &in_query),
        provider.request(Method::POST, &in_query),
    ] {
        let answer = Answer::to(request).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"iok-id\"");
        assert_eq!(answer.body, "");
    }
}

#[tokio::test]
async fn rfc_6750_3_1_a_header_that_is_no_bearer_token_is_an_invalid_request() {
    let provider = TestProvider::start().await;
    for value in ["Bearer", "Bearer ", "Basic YTpi", "x", "DPoP abc"] {
        let answer =
            Answer::to(provider.request(Method::GET, "/userinfo").header("authorization", value)).await;
        expect::bearer_error(&answer, 400, "invalid_request");
    }
}

#[tokio::test]
async fn rfc_6750_3_1_a_token_that_is_not_ours_and_live_is_an_invalid_token() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({"id_token_signed_response_alg": "ES256"})).await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[]).await;
    let token = tokens["access_token"].as_str().unwrap();
    let (header, claims) = (header(token), claims(token));

    let elsewhere = TestProvider::start().await;
    let same_person = elsewhere.active_person("halina.wrona").await;
    let their_billing = elsewhere.relying_party("billing", json!({})).await;
    let theirs = their_billing.tokens(&elsewhere.visitor(), &same_person, &[]).await;

    // The published key's bytes as an HMAC secret, and no signature at all (RFC 8725 §2.1).
    let jwks = provider.jwks().await;
    let public = jwks["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]).unwrap();
    let mut unsigned = header.clone();
    unsigned["alg"] = "none".into();
    let confused = jose::forge(&header, &claims, Some(public.to_string().as_bytes()));
    let other_typ = token.replacen(
        token.split('.').next().unwrap(),
        tokens["id_token"].as_str().unwrap().split('.').next().unwrap(),
        1,
    );
    for wrong in [
        "garbage",
        "a.b.c",
        "..",
        tokens["id_token"].as_str().unwrap(),
        tokens["refresh_token"].as_str().unwrap(),
        theirs["access_token"].as_str().unwrap(),
        &jose::forge(&unsigned, &claims, None),
        &confused,
        &other_typ,
        &jose::tampered(token, "sub", "somebody else".into()),
        &jose::tampered(token, "exp", (provider.now() + 100_000).into()),
        &token[..token.len() - 1],
        &format!("{token}.e30"),
    ] {
        expect::bearer_error(&billing.userinfo(wrong).await, 401, "invalid_token");
    }
    assert_eq!(billing.userinfo(token).await.status, 200);
    provider.advance(TimeDelta::seconds(299));
    assert_eq!(billing.userinfo(token).await.status, 200);
    provider.advance(TimeDelta::seconds(1));
    expect::bearer_error(&billing.userinfo(token).await, 401, "invalid_token");
}

#[tokio::test]
async fn rfc_6750_3_1_a_token_without_openid_is_insufficient() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[("scope", "profile email iok")]).await;
    let answer = billing.userinfo(tokens["access_token"].as_str().unwrap()).await;
    expect::bearer_error(&answer, 403, "insufficient_scope");
}

#[tokio::test]
async fn a_revoked_grant_is_refused_at_once_by_every_replica() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let elsewhere = provider.replica().await.relying_party(&billing);
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(elsewhere.userinfo(token).await.status, 200);
    let home = browser.open("/").await;
    browser.submit(&home, "#sign-out", &[]).await;
    expect::bearer_error(&elsewhere.userinfo(token).await, 401, "invalid_token");
}

#[tokio::test]
async fn core_5_3_2_a_client_that_registered_for_it_gets_a_signed_jwt_for_itself_alone() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let plain = provider.relying_party("plain", json!({})).await;
    let scope = [("scope", "openid email")];
    let tokens = plain.tokens(&provider.visitor(), &person, &scope).await;
    let expected = plain.userinfo(tokens["access_token"].as_str().unwrap()).await.json();
    let jwks = provider.jwks().await;
    for algorithm in ["ES256", "RS256", "PS256", "EdDSA"] {
        let party =
            provider.relying_party(algorithm, json!({"userinfo_signed_response_alg": algorithm})).await;
        let tokens = party.tokens(&provider.visitor(), &person, &scope).await;
        let answer = party.userinfo(tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("content-type"), "application/jwt");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(header(&answer.body)["alg"], algorithm);
        let mut told = jose::verify_signature(&jwks, &answer.body);
        let told = told.as_object_mut().unwrap();
        assert_eq!(told.remove("iss"), Some(json!(provider.issuer)));
        assert_eq!(told.remove("aud"), Some(json!(algorithm)));
        assert_eq!(json!(told), expected);
        // An error stays an error: JSON, and a challenge in the header.
        expect::bearer_error(&party.userinfo("x").await, 401, "invalid_token");
    }
}
