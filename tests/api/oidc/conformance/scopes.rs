//! What userinfo tells by scope and by `claims`. The suite warns of a standard claim that a scope should have brought and
//! did not, and fails one of the wrong type.

use serde_json::{Value, json};

use super::suite::{Run, Suite};

const PROFILE: [&str; 14] = [
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "preferred_username",
];

/// OpenID Connect Core §5.1: text that says something, numbers and booleans that are none in quotes.
#[track_caller]
pub(super) fn check_types(claims: &Value) {
    for (name, value) in claims.as_object().unwrap() {
        let good = match name.as_str() {
            "email_verified" | "phone_number_verified" => value.is_boolean(),
            // A moment in seconds: one in milliseconds would be in another millennium.
            "updated_at" => value.as_i64().is_some_and(|seconds| (0..100_000_000_000).contains(&seconds)),
            "address" => value.as_object().is_some_and(|address| {
                let parts = ["formatted", "street_address", "locality", "region", "postal_code", "country"];
                !address.is_empty()
                    && address.iter().all(|(name, value)| parts.contains(&name.as_str()) && says(value))
            }),
            "birthdate" => value.as_str().is_some_and(|day| day.parse::<chrono::NaiveDate>().is_ok()),
            _ => says(value),
        };
        assert!(good, "{name}: {value}");
    }
}

fn says(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty() && !text.eq_ignore_ascii_case("null"))
}

async fn userinfo(run: &Run<'_>, changes: &[(&str, &str)]) -> Value {
    let (tokens, claims) = run.flow(changes).await;
    let told = run.party.userinfo(tokens["access_token"].as_str().unwrap()).await.json();
    assert_eq!(told["sub"], claims["sub"], "{}", run.name);
    check_types(&told);
    told
}

/// Asks for a scope in every run, and looks that everything comes, and nothing else.
async fn released(scope: &str, claims: &[&str]) {
    let suite = Suite::start().await;
    let metadata = suite.provider.visitor().get("/.well-known/openid-configuration").await.json();
    for value in scope.split(' ') {
        assert!(metadata["scopes_supported"].as_array().unwrap().contains(&json!(value)), "{value}");
    }
    for run in suite.runs().await {
        let told = userinfo(&run, &[("scope", scope)]).await;
        for claim in claims {
            assert!(told.get(claim).is_some(), "{}: {claim}: {told}", run.name);
        }
        assert_eq!(told.as_object().unwrap().len(), claims.len() + 1, "{}: {told}", run.name);
        run.leave().await;
    }
}

#[tokio::test]
async fn oidcc_scope_profile() {
    released("openid profile", &PROFILE).await;
}

#[tokio::test]
async fn oidcc_scope_email() {
    released("openid email", &["email", "email_verified"]).await;
}

#[tokio::test]
async fn oidcc_scope_address() {
    released("openid address", &["address"]).await;
}

#[tokio::test]
async fn oidcc_scope_phone() {
    released("openid phone", &["phone_number", "phone_number_verified"]).await;
}

#[tokio::test]
async fn oidcc_scope_all() {
    let others = ["email", "email_verified", "address", "phone_number", "phone_number_verified"];
    released("openid email phone address profile", &[&PROFILE[..], &others].concat()).await;
}

/// The scope values, and the parameters, in another order.
#[tokio::test]
async fn oidcc_alternate_happy_flow() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let mut parameters = run.parameters(&[("scope", "email openid")]);
        parameters.reverse();
        let callback = run.authorize_with(&parameters).await;
        let (tokens, _) = run.finish(&callback, Some("nonce-1")).await;
        let told = run.party.userinfo(tokens["access_token"].as_str().unwrap()).await.json();
        assert!(told["email"].is_string() && told["email_verified"].is_boolean(), "{told}");
        run.leave().await;
    }
}

/// `name` comes, essential as it is, and at userinfo only.
#[tokio::test]
async fn oidcc_claims_essential() {
    let suite = Suite::start().await;
    for run in suite.runs().await {
        let claims = r#"{"userinfo":{"name":{"essential":true}}}"#;
        // That it is not in the ID token is checked with every ID token.
        let told = userinfo(&run, &[("claims", claims)]).await;
        assert_eq!(told["name"], "Halina Wrona", "{}", run.name);
        run.leave().await;
    }
}
