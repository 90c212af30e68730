//! Introspection (RFC 7662): who may know what about a token.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims};
use crate::helpers::visitor::Answer;

const CHARGES: &str = "https://charges.example.test/api";

struct Stage {
    provider: TestProvider,
    billing: RelyingParty,
    /// The resource server of what billing's tokens are for.
    charges: RelyingParty,
    stranger: RelyingParty,
}

impl Stage {
    async fn set() -> Self {
        let provider = TestProvider::start().await;
        provider.active_person("halina.wrona").await;
        let billing = provider.relying_party("billing", json!({"resource": CHARGES})).await;
        let charges =
            provider.relying_party("charges", json!({"resource_server_of": [CHARGES, "urn:other"]})).await;
        let stranger = provider
            .relying_party("stranger", json!({"resource_server_of": ["https://charges.example.test/"]}));
        let stranger = stranger.await;
        Self { provider, billing, charges, stranger }
    }

    async fn tokens(&self) -> (String, String) {
        let person = crate::helpers::people::Person::active("halina.wrona");
        let tokens =
            self.billing.tokens(&self.provider.visitor(), &person, &[("scope", "openid email")]).await;
        let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
        (token("access_token"), token("refresh_token"))
    }
}

/// RFC 7662 §2.2: that it is not active is all that is said.
#[track_caller]
fn is_inactive(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json(), json!({"active": false}));
}

#[track_caller]
fn active(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let told = answer.json();
    assert_eq!(told["active"], true, "{told}");
    told
}

#[tokio::test]
async fn rfc_7662_2_2_a_client_and_the_resource_server_are_told_what_stands_in_an_access_token() {
    let stage = Stage::set().await;
    let (access, _) = stage.tokens().await;
    let said = claims(&access);
    for asking in [&stage.billing, &stage.charges] {
        let told = active(&asking.introspect(&access).await);
        assert_eq!(
            expect::members(&told),
            [
                "acr",
                "active",
                "aud",
                "auth_time",
                "client_id",
                "exp",
                "iat",
                "iss",
                "jti",
                "scope",
                "sub",
                "token_type"
            ]
        );
        for same in ["acr", "aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "scope", "sub"] {
            assert_eq!(told[same], said[same], "{same}");
        }
        assert_eq!(told["token_type"], "Bearer");
    }
    is_inactive(&stage.stranger.introspect(&access).await);
}

#[tokio::test]
async fn a_refresh_token_is_its_own_clients_affair_alone() {
    let stage = Stage::set().await;
    let (_, refresh) = stage.tokens().await;
    let told = active(&stage.billing.introspect(&refresh).await);
    assert_eq!(expect::members(&told), ["active", "client_id", "exp", "iat", "iss", "scope"]);
    assert_eq!(told["scope"], "openid email");
    assert_eq!(told["exp"], stage.provider.now() + 30 * 24 * 3600);
    for other in [&stage.charges, &stage.stranger] {
        is_inactive(&other.introspect(&refresh).await);
    }
    // Used: not good any more, though its answer could still be asked for.
    stage.billing.refresh(&refresh).await;
    is_inactive(&stage.billing.introspect(&refresh).await);
}

#[tokio::test]
async fn a_hint_that_is_right_wrong_or_nonsense_changes_nothing() {
    let stage = Stage::set().await;
    let (access, refresh) = stage.tokens().await;
    for token in [&access, &refresh] {
        for hint in ["access_token", "refresh_token", "nonsense"] {
            let request = [("token", token.as_str()), ("token_type_hint", hint)];
            active(&Answer::to(stage.billing.authenticated("/introspect", &request)).await);
        }
    }
}

#[tokio::test]
async fn what_is_over_is_inactive_at_once() {
    let stage = Stage::set().await;
    let Stage { provider, billing, charges, .. } = &stage;
    let asked = async |access: &str, refresh: &str| {
        is_inactive(&billing.introspect(access).await);
        is_inactive(&charges.introspect(access).await);
        is_inactive(&billing.introspect(refresh).await);
    };
    for garbage in ["x", "a.b.c", &"A".repeat(43), &"x".repeat(10_000)] {
        is_inactive(&billing.introspect(garbage).await);
    }

    let (access, refresh) = stage.tokens().await;
    assert_eq!(billing.revoke(&refresh).await.status, 200);
    asked(&access, &refresh).await;

    let (access, refresh) = stage.tokens().await;
    provider.execute("UPDATE account SET state = 'suspended'").await;
    asked(&access, &refresh).await;
    provider.execute("UPDATE account SET state = 'active'").await;
    active(&charges.introspect(&access).await);

    provider.advance(TimeDelta::seconds(300));
    is_inactive(&charges.introspect(&access).await);
    active(&billing.introspect(&refresh).await);
    // The session ends after twelve hours, and with it what was not granted for its absence.
    provider.advance(TimeDelta::hours(12));
    is_inactive(&billing.introspect(&refresh).await);
}

#[tokio::test]
async fn a_clients_own_token_is_active_for_itself_and_for_its_resource_server() {
    let stage = Stage::set().await;
    let metadata =
        json!({"grant_types": ["client_credentials"], "scope": "charges:read", "resource": CHARGES});
    let meter = stage.provider.relying_party("meter", metadata).await;
    let tokens = meter.token(&[("grant_type", "client_credentials")]).await.json();
    let access = tokens["access_token"].as_str().unwrap();
    for asking in [&meter, &stage.charges] {
        let told = active(&asking.introspect(access).await);
        assert_eq!(told["sub"], "meter");
        assert_eq!(told.get("acr"), None);
    }
    is_inactive(&stage.billing.introspect(access).await);
}

/// RFC 7662 §2.1: whoever asks must authenticate, so that nobody can try tokens out.
#[tokio::test]
async fn rfc_7662_2_1_who_proves_nothing_is_told_nothing() {
    let stage = Stage::set().await;
    let (access, _) = stage.tokens().await;
    let app = stage.provider.relying_party("app", json!({"token_endpoint_auth_method": "none"})).await;
    expect::token_error(&app.introspect(&access).await, 401, "invalid_client");
    let wrong =
        RelyingParty::new(&stage.provider.issuer, "billing", Some("x".into()), "client_secret_basic".into());
    let refused = wrong.introspect(&access).await;
    expect::token_error(&refused, 401, "invalid_client");
    assert!(refused.header("www-authenticate").starts_with("Basic "));
    let nobody = stage.provider.request(Method::POST, "/introspect").form(&[("token", &access)]);
    expect::token_error(&Answer::to(nobody).await, 401, "invalid_client");
    let bearer = stage.provider.request(Method::POST, "/introspect").bearer_auth(&access);
    expect::token_error(&Answer::to(bearer.form(&[("token", &access)])).await, 401, "invalid_client");

    let nothing = stage.billing.authenticated("/introspect", &[]);
    expect::token_error(&Answer::to(nothing).await, 400, "invalid_request");
    let twice = stage.billing.authenticated("/introspect", &[("token", &access), ("token", &access)]);
    expect::token_error(&Answer::to(twice).await, 400, "invalid_request");
}
