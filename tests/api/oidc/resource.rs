//! Resource indicators (RFC 8707): which resource an access token is for.

use serde_json::{Value, json};

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, VERIFIER, claims, encode};
use crate::helpers::visitor::Answer;

const CHARGES: &str = "https://charges.example.test/api";
const METERS: &str = "urn:example:meters";
const DEFECTS: &str = "https://defects.example.test/?tenant=1";

fn registered() -> Value {
    json!({"resource": CHARGES, "resources": [METERS, DEFECTS]})
}

fn audience(tokens: &Value) -> Value {
    claims(tokens["access_token"].as_str().unwrap())["aud"].clone()
}

/// A good authorization request that names these, in this order.
fn authorization(party: &RelyingParty, resources: &[&str]) -> String {
    let mut parameters = party.authorization_parameters(&[]);
    parameters.extend(resources.iter().map(|resource| ("resource".to_owned(), (*resource).to_owned())));
    format!("/authorize?{}", encode(&parameters))
}

async fn code(provider: &TestProvider, party: &RelyingParty, resources: &[&str]) -> String {
    let browser = provider.visitor();
    browser.sign_in(&provider_person()).await;
    let answer = browser.open(&authorization(party, resources)).await;
    answer.parameter("code").unwrap_or_else(|| panic!("{}", answer.body))
}

fn provider_person() -> crate::helpers::people::Person {
    crate::helpers::people::Person::active("halina.wrona")
}

async fn redeem(party: &RelyingParty, code: &str, resources: &[&str]) -> Answer {
    let mut parameters = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", RelyingParty::REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    parameters.extend(resources.iter().map(|resource| ("resource", *resource)));
    party.token(&parameters).await
}

async fn refresh(party: &RelyingParty, tokens: &Value, resources: &[&str]) -> Answer {
    let token = tokens["refresh_token"].as_str().unwrap();
    let mut parameters = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
    parameters.extend(resources.iter().map(|resource| ("resource", *resource)));
    party.token(&parameters).await
}

async fn start() -> (TestProvider, RelyingParty) {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let party = provider.relying_party("billing", registered()).await;
    (provider, party)
}

#[tokio::test]
async fn rfc_8707_2_what_was_named_at_the_authorization_endpoint_is_the_audience() {
    let (provider, party) = start().await;
    for (named, expected) in [
        (&[][..], json!(CHARGES)),
        (&[""], json!(CHARGES)),
        (&[METERS], json!(METERS)),
        (&[METERS, CHARGES, METERS], json!([METERS, CHARGES])),
    ] {
        let code = code(&provider, &party, named).await;
        let tokens = redeem(&party, &code, &[]).await.json();
        assert_eq!(audience(&tokens), expected, "{named:?}");
        assert_eq!(audience(&refresh(&party, &tokens, &[]).await.json()), expected, "kept by a refresh");
    }
}

#[tokio::test]
async fn rfc_8707_2_2_the_token_endpoint_narrows_one_access_token_and_not_the_grant() {
    let (provider, party) = start().await;
    let code = code(&provider, &party, &[METERS, CHARGES]).await;
    let first = redeem(&party, &code, &[CHARGES]).await.json();
    assert_eq!(audience(&first), CHARGES);
    let second = refresh(&party, &first, &[METERS]).await.json();
    assert_eq!(audience(&second), METERS);
    let refused = refresh(&party, &second, &[DEFECTS]).await;
    expect::token_error(&refused, 400, "invalid_target");
    let third = refresh(&party, &second, &[]).await;
    assert_eq!(third.status, 200, "a refusal costs nothing: {}", third.body);
    assert_eq!(audience(&third.json()), json!([METERS, CHARGES]));
}

#[tokio::test]
async fn who_named_nothing_may_choose_among_what_is_registered_when_redeeming() {
    let (provider, party) = start().await;
    let unused = code(&provider, &party, &[]).await;
    let refused = redeem(&party, &unused, &["https://evil.test/"]).await;
    expect::token_error(&refused, 400, "invalid_target");
    let tokens = redeem(&party, &unused, &[DEFECTS]).await.json();
    assert_eq!(audience(&tokens), DEFECTS);
}

#[tokio::test]
async fn rfc_8707_2_what_is_no_resource_or_not_this_clients_is_an_invalid_target() {
    let (provider, party) = start().await;
    let browser = provider.visitor();
    browser.sign_in(&provider_person()).await;
    let many: Vec<String> = (0..2).map(|_| "https://charges.example.test/other".to_owned()).collect();
    let long = format!("https://charges.example.test/{}", "x".repeat(3000));
    for wrong in [
        "/api",
        "charges",
        "https://charges.example.test/api#part",
        "https://charges.example.test/api/",
        "HTTPS://charges.example.test/api",
        "https://evil.test/",
        &provider.issuer,
        &many[0],
        &long,
    ] {
        let answer = browser.get(&authorization(&party, &[CHARGES, wrong])).await;
        let to = RelyingParty::REDIRECT_URI;
        expect::redirect_error(&answer, to, "invalid_target", Some("state-1"), &provider.issuer);
    }
    // Where nothing is registered, the provider itself is the only one.
    let plain = provider.relying_party("plain", json!({})).await;
    let answer = browser.open(&authorization(&plain, &[&provider.issuer])).await;
    let tokens = redeem(&plain, &answer.parameter("code").unwrap(), &[]).await.json();
    assert_eq!(audience(&tokens), *provider.issuer);
}

#[tokio::test]
async fn rfc_8707_a_client_for_itself_names_its_resource_too() {
    let provider = TestProvider::start().await;
    let mut metadata = registered();
    metadata["grant_types"] = json!(["client_credentials"]);
    let meter = provider.relying_party("meter", metadata).await;
    let grant = ("grant_type", "client_credentials");
    for (named, expected) in [(&[][..], json!(CHARGES)), (&[("resource", METERS)], json!(METERS))] {
        let answer = meter.token(&[&[grant][..], named].concat()).await;
        assert_eq!(audience(&answer.json()), expected);
    }
    let refused = meter.token(&[grant, ("resource", "https://evil.test/")]).await;
    expect::token_error(&refused, 400, "invalid_target");
}

/// RFC 6749 §3.1 goes on to hold for every other name.
#[tokio::test]
async fn only_resource_may_be_repeated() {
    let (provider, party) = start().await;
    let code = code(&provider, &party, &[]).await;
    let twice = party.redeem_with(&code, &[("audience", "x"), ("resource", METERS)]).await;
    assert_eq!(twice.status, 200, "{}", twice.body);
    let refused = party.token(&[("grant_type", "refresh_token"), ("scope", "a"), ("scope", "a")]).await;
    expect::token_error(&refused, 400, "invalid_request");
}

#[tokio::test]
async fn a_resource_that_was_taken_from_the_registration_is_asked_for_in_vain() {
    let (provider, party) = start().await;
    let code = code(&provider, &party, &[METERS]).await;
    let tokens = redeem(&party, &code, &[]).await.json();
    let secret = party.client_secret.clone();
    let less = json!({
        "redirect_uris": [RelyingParty::REDIRECT_URI], "first_party": true,
        "grant_types": ["authorization_code", "refresh_token"], "resource": CHARGES,
    });
    provider.server.register_client_json("billing", secret.as_deref(), less).await.unwrap();
    expect::token_error(&refresh(&party, &tokens, &[]).await, 400, "invalid_target");
}
