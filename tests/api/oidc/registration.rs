//! Dynamic client registration (RFC 7591, OpenID Connect Registration): who may, and what comes of it.

use axum::Json;
use axum::routing::get;
use chrono::TimeDelta;
use futures_util::future::join_all;
use iok_id::app::Foundation;
use iok_id::oidc::registration::remove_abandoned;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::helpers::command_line::iok_id;
use crate::helpers::database::dump;
use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::{TestProvider, ambient_of, settings_for};
use crate::helpers::records;
use crate::helpers::registrant::{CALLBACK, metadata};
use crate::helpers::visitor::Answer;

const BACK: (&str, &str) = ("redirect_uri", CALLBACK);

#[tokio::test]
async fn rfc_7591_3_2_1_the_answer_has_everything_that_is_registered_defaults_among_it() {
    let provider = TestProvider::start_open(&[]).await;
    let answer = provider.try_to_register(None, &json!({"redirect_uris": [CALLBACK]})).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let told = answer.json();
    for (name, value) in [
        ("redirect_uris", json!([CALLBACK])),
        ("grant_types", json!(["authorization_code"])),
        ("response_types", json!(["code"])),
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("application_type", json!("web")),
        ("subject_type", json!("public")),
        ("id_token_signed_response_alg", json!("RS256")),
        ("scope", json!("openid profile email phone address offline_access")),
        ("require_auth_time", json!(false)),
        ("client_secret_expires_at", json!(0)),
        ("client_id_issued_at", json!(provider.now())),
    ] {
        assert_eq!(told[name], value, "{name}: {told}");
    }
    let id = told["client_id"].as_str().unwrap();
    assert_eq!(told["registration_client_uri"], format!("{}/register/{id}", provider.issuer));
    for secret in ["client_secret", "registration_access_token"] {
        let secret = told[secret].as_str().unwrap();
        assert!(secret.len() >= 43, "256 random bits: {secret}");
        let stored = dump(&provider.database).await;
        assert!(stored.iter().all(|(_, row)| !row.contains(secret)), "only digests are kept");
    }
    // The operator's policy is nobody else's to know.
    for name in ["first_party", "require_pkce", "access_token_signed_response_alg", "assertion_audience"] {
        assert_eq!(told.get(name), None, "{name}");
    }
    let record =
        records::audit(&provider).await.into_iter().find(|record| record.action == "client.registered");
    assert_eq!(record.expect("recorded").actor_kind, "client");
}

#[tokio::test]
async fn a_client_that_registered_itself_works_and_always_asks_for_consent() {
    let provider = TestProvider::start_open(&[]).await;
    let person = provider.active_person("halina.wrona").await;
    // What is not a client's to say is ignored (RFC 7591 §2).
    let stranger = provider
        .register_stranger(&json!({
            "first_party": true, "require_pkce": false, "resource": "https://api.example/",
            "access_token_seconds": 9, "grant_types": ["authorization_code", "refresh_token"],
            "software_statement": "eyJhbGciOiJub25lIn0.e30.", "shoe_size": 44,
        }))
        .await;
    for name in ["shoe_size", "software_statement", "first_party", "resource"] {
        assert_eq!(stranger.0.get(name), None, "{name} was not registered");
    }
    let stored = dump(&provider.database).await;
    assert!(stored.iter().all(|(_, row)| !row.contains("shoe_size")), "and nothing of it is kept");

    let party = stranger.relying_party(&provider);
    let browser = provider.visitor();
    let page = browser.open(&party.authorization(&[BACK, ("scope", "openid email")])).await;
    let signed_in = browser.sign_in_at(&page, &person.login, &person.password).await;
    let consent = browser.follow(signed_in).await;
    assert!(form::has(&consent.body, "#approve"), "{}", consent.body);
    let answer = browser.submit(&consent, "#approve", &[]).await;
    assert!(answer.location().starts_with(CALLBACK), "{}", answer.location());
    let tokens = party.redeem_with(&answer.parameter("code").unwrap(), &[BACK]).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    let access_token = tokens.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(party.userinfo(&access_token).await.status, 200);
    assert_eq!(tokens.json()["expires_in"], 300, "its lifetime is the operator's");
}

#[tokio::test]
async fn clients_register_themselves_only_where_the_operator_said_so_and_discovery_says_whether() {
    let off = TestProvider::start().await;
    let answer = off.try_to_register(None, &metadata(&json!({}))).await;
    expect::token_error(&answer, 404, "access_denied");
    let listed = off.visitor().get("/.well-known/openid-configuration").await.json();
    assert_eq!(listed.get("registration_endpoint"), None);
    assert_eq!(records::rows(&off, "client", "1 = 1").await, 0);

    for mode in ["open", "initial_access_token"] {
        let on = TestProvider::start_with(&[("registration.mode", mode)]).await;
        let listed = on.visitor().get("/.well-known/openid-configuration").await.json();
        assert_eq!(listed["registration_endpoint"], on.url("/register"), "{mode}");
    }
}

#[tokio::test]
async fn rfc_7591_3_an_initial_access_token_registers_as_many_clients_as_it_has_uses() {
    let provider = TestProvider::start_with(&[("registration.mode", "initial_access_token")]).await;
    let good = metadata(&json!({}));
    // RFC 6750 §3.1: no token, so no error code either.
    let nothing = provider.try_to_register(None, &good).await;
    assert_eq!(nothing.status, 401);
    assert_eq!(nothing.header("www-authenticate"), "Bearer realm=\"iok-id\"");
    let wrong = provider.try_to_register(Some("guessed"), &good).await;
    expect::bearer_error(&wrong, 401, "invalid_token");

    let token = make(&provider, &["--label", "Partner", "--uses", "3"]).await;
    // Bad metadata costs nothing.
    let bad = provider.try_to_register(Some(&token.1), &json!({"redirect_uris": []})).await;
    expect::token_error(&bad, 400, "invalid_redirect_uri");
    let all = join_all((0..12).map(|_| provider.try_to_register(Some(&token.1), &good))).await;
    let mut statuses: Vec<u16> = all.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [&[201; 3][..], &[401; 9]].concat());
    assert_eq!(records::rows(&provider, "client", "1 = 1").await, 3);
    let stored = dump(&provider.database).await;
    assert!(stored.iter().all(|(_, row)| !row.contains(&token.1)), "only its digest is kept");

    let revoked = make(&provider, &["--label", "Former partner"]).await;
    assert!(
        iok_id(&provider, &["client", "initial-access-token", "revoke", &revoked.0]).await.status.success()
    );
    expect::bearer_error(&provider.try_to_register(Some(&revoked.1), &good).await, 401, "invalid_token");
    assert_eq!(records::count(&provider, "initial_access_token.made").await, 2);
    assert_eq!(records::count(&provider, "initial_access_token.revoked").await, 1);
    let short = make(&provider, &["--label", "In a hurry", "--days", "1"]).await;
    let listed = iok_id(&provider, &["client", "initial-access-token", "list", "--json"]).await;
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let states: Vec<&str> =
        listed.as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["used-up", "revoked", "good"], "{listed}");
    assert!(!listed.to_string().contains(&short.1), "{listed}");
    // The command has a clock of its own, a moment ahead of the test's.
    provider.advance(TimeDelta::days(1) + TimeDelta::minutes(10));
    expect::bearer_error(&provider.try_to_register(Some(&short.1), &good).await, 401, "invalid_token");
}

/// Makes an initial access token as an operator does: its id, and the token.
async fn make(provider: &TestProvider, arguments: &[&str]) -> (String, String) {
    let command = [&["client", "initial-access-token", "add", "--json"][..], arguments].concat();
    let made = iok_id(provider, &command).await;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (text("id"), text("initial_access_token"))
}

#[tokio::test]
async fn one_source_cannot_flood_an_open_registration() {
    let provider =
        TestProvider::start_with(&[("registration.mode", "open"), ("registration.per_source_per_hour", "3")])
            .await;
    // What is refused counts, too: it cost as much.
    provider.try_to_register(None, &json!({})).await;
    for _ in 0..2 {
        assert_eq!(provider.try_to_register(None, &metadata(&json!({}))).await.status, 201);
    }
    let refused = provider.try_to_register(None, &metadata(&json!({}))).await;
    expect::token_error(&refused, 429, "temporarily_unavailable");
    let seconds: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=3601).contains(&seconds), "{seconds}");
    provider.advance(TimeDelta::seconds(seconds));
    assert_eq!(provider.try_to_register(None, &metadata(&json!({}))).await.status, 201);
}

#[tokio::test]
async fn an_open_registration_stops_while_too_many_clients_were_never_used() {
    let provider = TestProvider::start_open(&[("registration.never_used_clients", "2")]).await;
    let service = json!({"grant_types": ["client_credentials"], "redirect_uris": null});
    let used = provider.register_stranger(&service).await;
    provider.register_stranger(&json!({})).await;
    let refused = provider.try_to_register(None, &metadata(&json!({}))).await;
    expect::token_error(&refused, 429, "temporarily_unavailable");
    let token = used.relying_party(&provider).token(&[("grant_type", "client_credentials")]).await;
    assert_eq!(token.status, 200, "{}", token.body);
    provider.register_stranger(&json!({})).await;
}

#[tokio::test]
async fn clients_that_nobody_uses_are_removed_and_those_of_the_operator_stay() {
    let provider = TestProvider::start_open(&[]).await;
    provider.relying_party("billing", json!({})).await;
    let service = json!({"grant_types": ["client_credentials"], "redirect_uris": null});
    let used = provider.register_stranger(&service).await;
    let unused = provider.register_stranger(&json!({})).await;
    let party = used.relying_party(&provider);
    party.token(&[("grant_type", "client_credentials")]).await;

    provider.advance(TimeDelta::days(29));
    assert_eq!(remove(&provider).await, 0);
    assert_eq!(unused.manage(&provider, Method::GET, None).await.status, 200);
    provider.advance(TimeDelta::days(2));
    assert_eq!(remove(&provider).await, 1);
    expect::bearer_error(&unused.manage(&provider, Method::GET, None).await, 401, "invalid_token");
    assert_eq!(records::count_of(&provider, "client.removed", "unused").await, 1);

    // Used now and then, it stays; then not any more.
    provider.advance(TimeDelta::days(300));
    assert_eq!(party.token(&[("grant_type", "client_credentials")]).await.status, 200);
    provider.advance(TimeDelta::days(300));
    assert_eq!(remove(&provider).await, 0);
    provider.advance(TimeDelta::days(101));
    assert_eq!(remove(&provider).await, 1);
    assert_eq!(party.token(&[("grant_type", "client_credentials")]).await.status, 401);
    assert_eq!(records::rows(&provider, "client", "1 = 1").await, 1, "the operator's");
}

/// What the sweeper does every ten minutes, by the defaults of the configuration.
async fn remove(provider: &TestProvider) -> u64 {
    let settings = settings_for(&provider.database, &provider.issuer, &[]);
    let foundation = Foundation::open(settings, ambient_of(&provider.clock)).await.unwrap();
    let Foundation { settings, database, journal, ambient, .. } = &foundation;
    let rules = &settings.registration;
    let (unused, idle) = (ambient.now() - rules.remove_never_used(), ambient.now() - rules.remove_idle());
    let removed = remove_abandoned(database, journal, unused, idle).await.unwrap();
    foundation.close().await;
    removed
}

#[tokio::test]
async fn whether_strangers_need_pkce_is_the_operators_decision() {
    for (setting, needed) in [("true", true), ("false", false)] {
        let provider = TestProvider::start_open(&[("registration.require_pkce", setting)]).await;
        let confidential = provider.register_stranger(&json!({})).await;
        let public = provider.register_stranger(&json!({"token_endpoint_auth_method": "none"})).await;
        assert_eq!(public.0.get("client_secret"), None, "a public client has none");
        assert_eq!(public.0.get("client_secret_expires_at"), None);
        for (client, needed) in [(confidential, needed), (public, true)] {
            let without = [BACK, ("code_challenge", ""), ("code_challenge_method", "")];
            let browser = provider.visitor();
            let answer = browser.open(&client.relying_party(&provider).authorization(&without)).await;
            assert_eq!(answer.status.is_redirection(), needed, "{setting}: {}", answer.body);
            if needed {
                assert_eq!(answer.parameter("error").as_deref(), Some("invalid_request"));
            }
        }
    }
}

#[tokio::test]
async fn strangers_register_only_the_scopes_that_the_operator_allows() {
    let provider = TestProvider::start_open(&[]).await;
    let refused = provider.try_to_register(None, &metadata(&json!({"scope": "openid iok"}))).await;
    expect::token_error(&refused, 400, "invalid_client_metadata");
    assert!(refused.body.contains("iok"), "{}", refused.body);
    let some = provider.register_stranger(&json!({"scope": "openid email"})).await;
    assert_eq!(some.text("scope"), "openid email");

    let wider = TestProvider::start_open(&[
        ("registration.scopes", "openid iok"),
        ("registration.require_pkce", "false"),
    ])
    .await;
    assert_eq!(wider.register_stranger(&json!({})).await.text("scope"), "openid iok");
    let refused = wider.try_to_register(None, &metadata(&json!({"scope": "email"}))).await;
    expect::token_error(&refused, 400, "invalid_client_metadata");
}

#[tokio::test]
async fn registration_5_the_sector_must_vouch_for_every_redirect_uri() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = axum::Router::new()
        .route(
            "/good",
            get(async || Json(json!([CALLBACK, "https://other.example/cb", "https://more.example/"]))),
        )
        .route("/other", get(async || Json(json!(["https://other.example/cb"]))))
        .route("/object", get(async || Json(json!({"redirect_uris": [CALLBACK]}))))
        .route("/long", get(async || "[".repeat(70_000)));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let at = |path: &str| format!("http://{address}{path}");
    let pairwise = |uri: Value| {
        metadata(&json!({
            "subject_type": "pairwise", "sector_identifier_uri": uri,
            "redirect_uris": [CALLBACK, "https://other.example/cb"],
        }))
    };

    let provider = TestProvider::start_open(&[("outbound.allowed_networks", "127.0.0.0/8")]).await;
    let good = provider.try_to_register(None, &pairwise(at("/good").into())).await;
    assert_eq!(good.status, 201, "{}", good.body);
    assert_eq!(good.json()["sector_identifier_uri"], at("/good"));
    for bad in ["/other", "/object", "/long", "/missing"].map(|path| Value::from(at(path))) {
        let refused = provider.try_to_register(None, &pairwise(bad)).await;
        expect::token_error(&refused, 400, "invalid_client_metadata");
        assert!(refused.body.contains("sector_identifier_uri"), "{}", refused.body);
    }
    // Two hosts are one sector only where somebody says so (Core §8.1).
    let refused = provider.try_to_register(None, &pairwise(Value::Null)).await;
    expect::token_error(&refused, 400, "invalid_client_metadata");
    // It is read whether people's names are pairwise or not.
    let public = metadata(&json!({"sector_identifier_uri": at("/other")}));
    expect::token_error(&provider.try_to_register(None, &public).await, 400, "invalid_client_metadata");

    // Without such a network our server asks nobody there.
    let strict = TestProvider::start_open(&[]).await;
    let refused = strict.try_to_register(None, &pairwise(at("/good").into())).await;
    expect::token_error(&refused, 400, "invalid_client_metadata");
}

#[tokio::test]
async fn rfc_7591_3_1_a_body_that_is_no_metadata_is_refused_as_such() {
    let provider = TestProvider::start_open(&[("server.body_limit_bytes", "2048")]).await;
    let send = async |content_type: &str, body: &str| {
        let request = provider.request(Method::POST, "/register").header(CONTENT_TYPE, content_type);
        Answer::to(request.body(body.to_owned())).await
    };
    let good = metadata(&json!({})).to_string();
    for (content_type, body, status) in [
        ("application/x-www-form-urlencoded", good.as_str(), 415),
        ("text/plain", &good, 415),
        ("application/json", "", 400),
        ("application/json", "{", 400),
        ("application/json", "[]", 400),
        ("application/json", "null", 400),
        ("application/json", "\"text\"", 400),
        ("application/json", r#"{"redirect_uris": [], "redirect_uris": ["https://stranger.example/"]}"#, 400),
        ("application/json", &format!("{{\"client_name\": \"{}\"}}", "x".repeat(4096)), 413),
    ] {
        expect::token_error(&send(content_type, body).await, status, "invalid_client_metadata");
    }
    assert_eq!(send("Application/JSON; charset=utf-8", &good).await.status, 201);
    let token = provider.request(Method::POST, "/register").header("authorization", "Basic eDp5");
    assert_eq!(Answer::to(token).await.status, 400, "another scheme is a malformed request");
}
