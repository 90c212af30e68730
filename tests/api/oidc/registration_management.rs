//! A client looks after its own registration (RFC 7592).

use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::registrant::{CALLBACK, Registrant, registration_request};

const BACK: (&str, &str) = ("redirect_uri", CALLBACK);

/// What a client sends back to change something: all of its metadata, and its identity.
fn whole(of: &Registrant, changes: &Value) -> Value {
    let mut whole = of.0.clone();
    let members = whole.as_object_mut().unwrap();
    for not_to_be_sent in [
        "registration_access_token",
        "registration_client_uri",
        "client_secret_expires_at",
        "client_id_issued_at",
    ] {
        members.remove(not_to_be_sent);
    }
    for (name, value) in changes.as_object().unwrap() {
        whole[name] = value.clone();
    }
    whole
}

#[tokio::test]
async fn rfc_7592_2_1_a_client_reads_what_it_registered() {
    let provider = TestProvider::start_open(&[]).await;
    let client = provider
        .register_stranger(&json!({"client_name#pl": "Ogłoszenia", "contacts": ["a@b.example"]}))
        .await;
    let answer = client.manage(&provider, Method::GET, None).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut expected = client.0.clone();
    // Only its digest is kept: it cannot be shown again.
    expected.as_object_mut().unwrap().remove("client_secret");
    assert_eq!(answer.json(), expected);
}

#[tokio::test]
async fn rfc_7592_2_the_token_opens_its_own_registration_and_nothing_else() {
    let provider = TestProvider::start_open(&[]).await;
    let client = provider.register_stranger(&json!({})).await;
    let other = provider.register_stranger(&json!({})).await;
    provider.relying_party("billing", json!({})).await;
    let token = client.text("registration_access_token");
    let body = whole(&client, &json!({}));
    let secret = client.text("client_secret");
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let send = async |path: &str, token: Option<&str>| {
            let body = (method == Method::PUT).then_some(&body);
            registration_request(&provider, method.clone(), path, token, body).await
        };
        let own = format!("/register/{}", client.id());
        let nothing = send(&own, None).await;
        assert_eq!((nothing.status.as_u16(), nothing.body.as_str()), (401, ""));
        assert_eq!(nothing.header("www-authenticate"), "Bearer realm=\"iok-id\"");
        // Another client's, a client secret, and clients that are not there or have no token, are all the same.
        let elsewhere = format!("/register/{}", other.id());
        for (path, token) in [
            (own.as_str(), "guessed"),
            (&own, other.text("registration_access_token")),
            (&own, secret),
            (&elsewhere, token),
            ("/register/billing", token),
            ("/register/nobody", token),
            ("/register/%00", token),
        ] {
            expect::bearer_error(&send(path, Some(token)).await, 401, "invalid_token");
        }
    }
    assert_eq!(records::rows(&provider, "client", "1 = 1").await, 3);
    assert_eq!(records::count(&provider, "client.updated").await, 0);
}

#[tokio::test]
async fn rfc_7592_2_2_an_update_replaces_everything_and_what_is_left_out_goes_back_to_its_default() {
    let provider = TestProvider::start_open(&[]).await;
    let client = provider
        .register_stranger(&json!({
            "contacts": ["a@b.example"], "scope": "openid", "id_token_signed_response_alg": "ES256",
            "policy_uri": "https://stranger.example/policy", "client_name#pl": "Ogłoszenia",
        }))
        .await;
    let smaller = json!({
        "client_id": client.id(), "redirect_uris": [CALLBACK, "https://stranger.example/second"],
        "policy_uri": null, "require_pkce": false, "first_party": true,
    });
    let answer = client.manage(&provider, Method::PUT, Some(&smaller)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let now = answer.json();
    for gone in ["contacts", "policy_uri", "client_name", "client_name#pl", "client_secret"] {
        assert_eq!(now.get(gone), None, "{gone}");
    }
    assert_eq!(now["id_token_signed_response_alg"], "RS256");
    assert_eq!(now["scope"], "openid profile email phone address offline_access");
    assert_eq!(now["redirect_uris"], smaller["redirect_uris"]);
    // Neither the token nor the time it was issued at change: a lost answer locks nobody out.
    for same in ["registration_access_token", "client_id_issued_at", "client_id"] {
        assert_eq!(now[same], client.0[same], "{same}");
    }
    let again = client.manage(&provider, Method::GET, None).await;
    assert_eq!(again.json(), now);

    // The secret still works, and the operator's policy is as it was.
    let party = client.relying_party(&provider);
    let without = [BACK, ("code_challenge", ""), ("code_challenge_method", "")];
    let refused = provider.visitor().open(&party.authorization(&without)).await;
    assert_eq!(refused.parameter("error").as_deref(), Some("invalid_request"), "PKCE is still required");
    let token = party.token(&[("grant_type", "authorization_code"), ("code", "x"), BACK]).await;
    expect::token_error(&token, 400, "invalid_grant");
    assert_eq!(records::count(&provider, "client.updated").await, 1);
}

#[tokio::test]
async fn rfc_7592_2_2_a_client_neither_renames_itself_nor_chooses_its_secret() {
    let provider = TestProvider::start_open(&[]).await;
    let client = provider.register_stranger(&json!({})).await;
    for changes in [
        json!({"client_id": "another"}),
        json!({"client_id": null}),
        json!({"client_secret": "of-my-own-choosing-0123456789"}),
        json!({"client_secret": 7}),
        json!({"registration_access_token": client.text("registration_access_token")}),
        json!({"registration_client_uri": client.text("registration_client_uri")}),
        json!({"client_secret_expires_at": 0}),
        json!({"client_id_issued_at": client.0["client_id_issued_at"]}),
        json!({"jwks_uri": "http://stranger.example/jwks"}),
    ] {
        let answer = client.manage(&provider, Method::PUT, Some(&whole(&client, &changes))).await;
        expect::token_error(&answer, 400, "invalid_client_metadata");
    }
    let bad =
        client.manage(&provider, Method::PUT, Some(&whole(&client, &json!({"redirect_uris": []})))).await;
    expect::token_error(&bad, 400, "invalid_redirect_uri");
    let same = client.manage(&provider, Method::PUT, Some(&whole(&client, &json!({})))).await;
    assert_eq!(same.status, 200, "{}", same.body);
    assert_eq!(same.json(), client.0, "with its own secret nothing changes, and the secret is said back");
}

#[tokio::test]
async fn a_secret_comes_and_goes_with_the_method_that_needs_one() {
    let provider = TestProvider::start_open(&[]).await;
    let client = provider.register_stranger(&json!({})).await;
    let public = whole(&client, &json!({"token_endpoint_auth_method": "none"}));
    let answer = client.manage(&provider, Method::PUT, Some(&public)).await.json();
    assert_eq!(answer.get("client_secret"), None, "{answer}");
    assert_eq!(answer.get("client_secret_expires_at"), None);
    assert_eq!(records::rows(&provider, "client", "secret_digest IS NOT NULL").await, 0);

    let mut again = whole(&client, &json!({"token_endpoint_auth_method": "client_secret_post"}));
    again.as_object_mut().unwrap().remove("client_secret");
    let answer = client.manage(&provider, Method::PUT, Some(&again)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer = answer.json();
    assert_ne!(answer["client_secret"], client.0["client_secret"], "the old one stays dead");
    let party = Registrant(answer).relying_party(&provider);
    let token = party.token(&[("grant_type", "authorization_code"), ("code", "x"), BACK]).await;
    expect::token_error(&token, 400, "invalid_grant");
}

#[tokio::test]
async fn rfc_7592_2_3_a_client_that_removes_itself_takes_everything_with_it() {
    let provider = TestProvider::start_open(&[]).await;
    let person = provider.active_person("halina.wrona").await;
    let client =
        provider.register_stranger(&json!({"grant_types": ["authorization_code", "refresh_token"]})).await;
    let party = client.relying_party(&provider);
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let consent = browser.open(&party.authorization(&[BACK])).await;
    let code = browser.submit(&consent, "#approve", &[]).await.parameter("code").unwrap();
    let tokens = party.redeem_with(&code, &[BACK]).await.json();
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(party.userinfo(access_token).await.status, 200);
    let unfinished =
        browser.get(&party.authorization(&[BACK, ("prompt", "login")])).await.location().to_owned();

    let answer = client.manage(&provider, Method::DELETE, None).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""));
    expect::bearer_error(&party.userinfo(access_token).await, 401, "invalid_token");
    let refresh = party.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    expect::token_error(&refresh, 401, "invalid_client");
    for method in [Method::GET, Method::DELETE] {
        expect::bearer_error(&client.manage(&provider, method, None).await, 401, "invalid_token");
    }
    for table in ["client", "consent", "token_grant", "refresh_token", "session_client", "authorization"] {
        assert_eq!(records::rows(&provider, table, "1 = 1").await, 0, "{table}");
    }
    assert_eq!(records::count(&provider, "client.removed").await, 1);
    // People are told in their own words; their session is their own.
    expect::error_page(&browser.get(&unfinished).await, 410);
    expect::error_page(&browser.get(&party.authorization(&[BACK])).await, 400);
    assert!(browser.get("/account").await.status.is_success());
}

#[tokio::test]
async fn clients_look_after_themselves_also_when_nobody_may_register_any_more() {
    let open = TestProvider::start_open(&[]).await;
    let client = open.register_stranger(&json!({})).await;
    let off = TestProvider::start_on(open.database.again(), &[]).await;
    let own = format!("/register/{}", client.id());
    let token = Some(client.text("registration_access_token"));
    let read = registration_request(&off, Method::GET, &own, token, None).await;
    assert_eq!(read.status, 200, "{}", read.body);
    let removed = registration_request(&off, Method::DELETE, &own, token, None).await;
    assert_eq!(removed.status, 204, "{}", removed.body);
}
