//! Every opaque value has room for at least 192 random bits, and looks random, measured as the OpenID conformance suite does:
//! by the Shannon entropy of its characters, times their number.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::helpers::form;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::claims;

/// In base64url, six bits each.
const SHORTEST: usize = 192 / 6;
/// What the measure makes of one value of 256 random bits lies between 185 and 230: it sees 43 characters only.
const LEAST: f64 = 160.0;

fn shannon_bits(value: &str) -> f64 {
    let mut counts: BTreeMap<char, f64> = BTreeMap::new();
    for character in value.chars() {
        *counts.entry(character).or_default() += 1.0;
    }
    let length: f64 = counts.values().sum();
    let per_character: f64 = counts.values().map(|count| -(count / length) * (count / length).log2()).sum();
    per_character * length
}

#[test]
fn the_measure_is_the_suites() {
    assert!((shannon_bits("aaaa") - 0.0).abs() < 1e-9);
    assert!((shannon_bits("abcd") - 8.0).abs() < 1e-9);
    assert!((shannon_bits("aabb") - 4.0).abs() < 1e-9);
}

#[tokio::test]
async fn rfc_6749_10_10_opaque_values_cannot_be_guessed() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let mut values: Vec<(&str, String)> = Vec::new();
    for _ in 0..12 {
        let mut browser = provider.open_browser();
        let page = browser.open(&billing.authorization(&[])).await;
        let csrf =
            form::fields(&page.body, "#sign-in").into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        values.push(("csrf token", csrf));
        let answer = browser
            .submit(&page, "#sign-in", &[("login", &person.login), ("password", &person.password)])
            .await;
        let answer = browser.follow(answer).await;
        values.push(("visit cookie", browser.cookies[OpenBrowser::VISIT].clone()));
        values.push(("session cookie", browser.session()));
        let code = answer.parameter("code").unwrap();
        values.push(("code", code.clone()));
        let tokens = billing.redeem(&code).await.json();
        let access = tokens["access_token"].as_str().unwrap();
        values.push(("access token", access.to_owned()));
        values.push(("jti", claims(access)["jti"].as_str().unwrap().to_owned()));
        let first = tokens["refresh_token"].as_str().unwrap().to_owned();
        let next = billing.refresh(&first).await.json()["refresh_token"].as_str().unwrap().to_owned();
        values.extend([("refresh token", first), ("refresh token", next)]);
    }
    for (name, value) in &values {
        assert!(value.len() >= SHORTEST, "the {name} {value} is too short");
        let bits = shannon_bits(value);
        assert!(bits >= LEAST, "the {name} {value} has {bits} bits");
    }
    let distinct: BTreeSet<&String> = values.iter().map(|(_, value)| value).collect();
    assert_eq!(distinct.len(), values.len(), "nothing comes twice");
}
