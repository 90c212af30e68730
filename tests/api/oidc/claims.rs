//! What is told about a person, by scope (OpenID Connect Core §5.4), and the housing company's own claims
//! under `iok`.

use chrono::{NaiveDate, TimeDelta};
use iok_id::domain::clock::{Clock as _, Moment};
use serde_json::{Value, json};

use crate::helpers::expect;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::RelyingParty;

async fn told(party: &RelyingParty, provider: &TestProvider, person: &Person, scope: &str) -> Value {
    let tokens = party.tokens(&provider.visitor(), person, &[("scope", scope)]).await;
    let answer = party.userinfo(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn house_day(moment: Moment) -> NaiveDate {
    moment.with_timezone(&chrono_tz::Europe::Warsaw).date_naive()
}

fn somebody_with_everything() -> Person {
    let mut person = Person::active("halina.wrona");
    person.row.attributes = json!({
        "middle_name": "Zofia", "nickname": "Hala", "preferred_username": "hala",
        "profile": "https://people.example.test/hala", "picture": "https://people.example.test/hala.png",
        "website": "https://hala.example.test/", "gender": "female", "birthdate": "1961-05-04",
        "zoneinfo": "Europe/Warsaw", "phone_number_verified": true
    })
    .to_string();
    person
}

#[tokio::test]
async fn core_5_4_each_scope_releases_its_claims_and_no_others() {
    let provider = TestProvider::start().await;
    let person = somebody_with_everything();
    provider.import(&[&person]).await;
    let billing = provider.relying_party("billing", json!({})).await;
    let metadata = provider.visitor().get("/.well-known/openid-configuration").await.json();
    for (scope, expected) in [
        ("openid", &["sub"][..]),
        ("openid offline_access", &["sub"]),
        ("openid email", &["email", "email_verified", "sub"]),
        ("openid phone", &["phone_number", "phone_number_verified", "sub"]),
        ("openid address", &["address", "sub"]),
        ("openid iok", &["contractor_numbers", "office", "premises", "sub"]),
        (
            "openid profile",
            &[
                "birthdate",
                "family_name",
                "gender",
                "given_name",
                "middle_name",
                "name",
                "nickname",
                "picture",
                "preferred_username",
                "profile",
                "sub",
                "updated_at",
                "website",
                "zoneinfo",
            ],
        ),
    ] {
        let claims = told(&billing, &provider, &person, scope).await;
        assert_eq!(expect::members(&claims), expected, "{scope}");
        for name in expect::members(&claims) {
            let announced = metadata["claims_supported"].as_array().unwrap();
            assert!(announced.iter().any(|claim| claim == name), "{name} is not in claims_supported");
        }
    }
}

#[tokio::test]
async fn core_5_1_claims_have_their_standard_types() {
    let provider = TestProvider::start().await;
    let person = somebody_with_everything();
    provider.import(&[&person]).await;
    let billing = provider.relying_party("billing", json!({})).await;
    let claims = told(&billing, &provider, &person, "openid profile email phone address iok").await;
    assert_eq!(claims["name"], "Halina Wrona");
    assert_eq!(claims["given_name"], "Halina");
    assert_eq!(claims["family_name"], "Wrona");
    assert_eq!(claims["birthdate"], "1961-05-04");
    assert_eq!(claims["email"], "halina.wrona@example.test");
    assert_eq!(claims["email_verified"], true);
    assert_eq!(claims["phone_number_verified"], true);
    assert_eq!(claims["address"]["street_address"], "ul. Wiśniowa 3/4");
    assert_eq!(claims["address"]["postal_code"], "41-600");
    assert_eq!(claims["address"]["locality"], "Świętochłowice");
    assert_eq!(claims["address"]["formatted"], "ul. Wiśniowa 3/4\n41-600 Świętochłowice");
    assert_eq!(claims["contractor_numbers"], json!(["K-halina.wrona"]));
    assert_eq!(claims["office"], "Administracja nr 1");
}

/// Every claim of OpenID Connect Core §5.1 and §5.1.1, from one row of an import.
#[tokio::test]
async fn core_5_1_an_imported_account_can_have_every_standard_claim() {
    let provider = TestProvider::start().await;
    let mut person = somebody_with_everything();
    person.row.locale = "pl-PL".to_owned();
    let mut attributes: Value = serde_json::from_str(&person.row.attributes).unwrap();
    attributes["address"] = json!({"region": "śląskie", "country": "PL"});
    person.row.attributes = attributes.to_string();
    provider.import(&[&person]).await;
    let billing = provider.relying_party("billing", json!({})).await;
    let claims = told(&billing, &provider, &person, "openid profile email phone address").await;
    for name in [
        "sub",
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "email",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "phone_number",
    ] {
        assert!(claims[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {claims}");
    }
    for name in ["email_verified", "phone_number_verified"] {
        assert!(claims[name].is_boolean(), "{name}: {claims}");
    }
    assert_eq!(claims["updated_at"].as_i64(), Some(provider.now()), "a number of seconds");
    let address = expect::members(&claims["address"]);
    assert_eq!(address, ["country", "formatted", "locality", "postal_code", "region", "street_address"]);
}

#[tokio::test]
async fn core_5_1_whether_it_is_verified_is_told_wherever_there_is_an_address_or_a_number() {
    let provider = TestProvider::start().await;
    let mut person = Person::active("halina.wrona");
    person.row.email_verified = String::new();
    provider.import(&[&person]).await;
    let billing = provider.relying_party("billing", json!({})).await;
    let claims = told(&billing, &provider, &person, "openid email phone").await;
    assert_eq!(claims["email_verified"], false);
    assert_eq!(claims["phone_number_verified"], false);
}

#[tokio::test]
async fn core_5_2_claims_in_other_languages_are_told_to_those_who_ask() {
    let provider = TestProvider::start().await;
    let mut person = Person::active("halina.wrona");
    person.row.attributes =
        json!({"nickname": "Hala", "nickname#en-GB": "Hal", "family_name#en": "Crow"}).to_string();
    provider.import(&[&person]).await;
    let billing = provider.relying_party("billing", json!({})).await;
    let told = async |changes: &[(&str, &str)]| {
        let tokens = billing.tokens(&provider.visitor(), &person, changes).await;
        let answer = billing.userinfo(tokens["access_token"].as_str().unwrap()).await.json();
        expect::members(&answer)
            .into_iter()
            .filter(|name| name.contains("name"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let plain = ["family_name", "given_name", "name", "nickname"];
    assert_eq!(told(&[("scope", "openid profile")]).await, plain);
    assert_eq!(told(&[("scope", "openid profile"), ("claims_locales", "se")]).await, plain);
    assert_eq!(
        told(&[("scope", "openid profile"), ("claims_locales", "de EN")]).await,
        ["family_name", "family_name#en", "given_name", "name", "nickname", "nickname#en-GB"]
    );
    let by_name = |names: &str| format!("{{\"userinfo\": {names}}}");
    assert_eq!(told(&[("claims", &by_name("{\"nickname#en\": null}"))]).await, ["nickname#en-GB"]);
    assert_eq!(told(&[("claims", &by_name("{\"nickname#fr\": null}"))]).await, ["nickname"]);
}

#[tokio::test]
async fn what_is_not_known_is_left_out_and_not_null() {
    let provider = TestProvider::start().await;
    let mut person = Person::active("jan.cichy");
    person.row.email = String::new();
    person.row.email_verified = "false".to_owned();
    person.row.phone = String::new();
    provider.import(&[&person]).await;
    let billing = provider.relying_party("billing", json!({})).await;
    let claims = told(&billing, &provider, &person, "openid profile email phone").await;
    assert_eq!(expect::members(&claims), ["family_name", "given_name", "name", "sub", "updated_at"]);
}

#[tokio::test]
async fn iok_titles_are_told_while_they_are_valid() {
    let provider = TestProvider::start().await;
    let until = house_day(provider.clock.now()) + TimeDelta::days(1);
    let yesterday = until - TimeDelta::days(2);
    let mut person = Person::active("halina.wrona");
    person.row.premises =
        format!("A-1:owner;A-2:tenant:residential:{until};A-3:tenant:residential:{yesterday}");
    provider.import(&[&person]).await;
    let billing = provider.relying_party("billing", json!({})).await;
    let codes = |claims: &Value| -> Vec<String> {
        let mut codes: Vec<String> = claims["premises"]
            .as_array()
            .unwrap()
            .iter()
            .map(|title| title["code"].as_str().unwrap().to_owned())
            .collect();
        codes.sort();
        codes
    };

    let claims = told(&billing, &provider, &person, "openid iok").await;
    assert_eq!(codes(&claims), ["A-1", "A-2"], "one ended yesterday");
    let titles = claims["premises"].as_array().unwrap();
    let first = titles.iter().find(|title| title["code"] == "A-2").unwrap();
    assert_eq!(expect::members(first), ["code", "contractor_number", "kind", "role"]);
    assert_eq!(first["role"], "tenant");
    assert_eq!(first["kind"], "residential");
    assert_eq!(first["contractor_number"], "K-halina.wrona");

    // Half open: that day it is somebody else's.
    provider.advance(TimeDelta::days(1));
    let claims = told(&billing, &provider, &person, "openid iok").await;
    assert_eq!(codes(&claims), ["A-1"]);
}

#[tokio::test]
async fn iok_a_title_ends_at_midnight_by_the_houses_clock() {
    let provider = TestProvider::start().await;
    let mut person = Person::active("halina.wrona");
    person.row.premises = "A-1:tenant:residential:2030-07-01".to_owned();
    provider.import(&[&person]).await;
    let billing = provider.relying_party("billing", json!({})).await;
    // In summer Warsaw is two hours ahead of UTC.
    for (moment, held) in [("2030-06-30T21:59:59Z", 1), ("2030-06-30T22:00:00Z", 0)] {
        provider.advance_to(moment);
        let claims = told(&billing, &provider, &person, "openid iok").await;
        assert_eq!(claims["premises"].as_array().unwrap().len(), held, "{moment}: {claims}");
    }
}

#[tokio::test]
async fn core_8_the_subject_is_permanent_and_says_nothing_about_the_person() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let other = provider.active_person("halina.wrona2").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let subject = told(&billing, &provider, &person, "openid").await["sub"].clone();
    assert!(!subject.as_str().unwrap().contains("halina"), "{subject}");
    assert!(subject.as_str().unwrap().len() <= 255 && subject.as_str().unwrap().is_ascii());
    provider.execute("UPDATE account SET family_name = 'Nowak', email = 'x@example.test'").await;
    provider.advance(TimeDelta::days(400));
    assert_eq!(told(&complaints, &provider, &person, "openid").await["sub"], subject);
    assert_ne!(told(&billing, &provider, &other, "openid").await["sub"], subject);
}
