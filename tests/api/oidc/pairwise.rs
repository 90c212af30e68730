//! Pairwise names (OpenID Connect Core §8.1): two sectors cannot find out that they know the same person.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::helpers::form;
use crate::helpers::jose;
use crate::helpers::partner::{ALLOWED, Partner};
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims};
use crate::helpers::tables;

const SECTOR: &str = "/sector.json";

/// A client of the sector whose host vouches for it.
async fn member(provider: &TestProvider, partner: &Partner, id: &str) -> RelyingParty {
    let metadata = json!({"subject_type": "pairwise", "sector_identifier_uri": partner.url(SECTOR)});
    provider.relying_party(id, metadata).await
}

/// A client whose sector is the host of its own addresses.
async fn alone(provider: &TestProvider, id: &str) -> RelyingParty {
    provider.relying_party(id, json!({"subject_type": "pairwise"})).await
}

async fn stage() -> (TestProvider, Partner, Person) {
    let provider = TestProvider::start_with(&[ALLOWED]).await;
    let partner = Partner::start().await;
    partner.puts(SECTOR, json!([RelyingParty::REDIRECT_URI, "https://another.example/callback"]));
    let person = provider.active_person("halina.wrona").await;
    (provider, partner, person)
}

fn sub(token: &Value) -> String {
    claims(token.as_str().unwrap())["sub"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn core_8_1_each_sector_has_its_own_name_for_a_person_and_keeps_it() {
    let (provider, partner, person) = stage().await;
    let other = provider.active_person("jan.kos").await;
    let public = provider.relying_party("public", json!({})).await;
    let (first, second) =
        (member(&provider, &partner, "first").await, member(&provider, &partner, "second").await);
    let apart = alone(&provider, "apart").await;
    let mut names = Vec::new();
    for party in [&public, &first, &second, &apart] {
        let tokens = party.tokens(&provider.visitor(), &person, &[]).await;
        names.push(sub(&tokens["id_token"]));
    }
    assert_eq!(names[1], names[2], "one sector");
    let different: BTreeSet<&String> = names.iter().collect();
    assert_eq!(different.len(), 3, "{names:?}");
    assert!(names[1].len() >= 32 && names[1].is_ascii(), "drawn, not counted: {}", names[1]);
    let again = first.tokens(&provider.visitor(), &person, &[]).await;
    assert_eq!(sub(&again["id_token"]), names[1]);
    let somebody_else = first.tokens(&provider.visitor(), &other, &[]).await;
    assert_ne!(sub(&somebody_else["id_token"]), names[1]);
}

#[tokio::test]
async fn core_5_3_2_every_token_and_userinfo_say_the_same_name() {
    let (provider, partner, person) = stage().await;
    let party = member(&provider, &partner, "portal").await;
    let public = provider.relying_party("public", json!({})).await;
    let tokens = party.tokens(&provider.visitor(), &person, &[("scope", "openid profile iok")]).await;
    let name = sub(&tokens["id_token"]);
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(jose::verify_access_token(&provider.jwks().await, access_token)["sub"], *name);
    let userinfo = party.userinfo(access_token).await;
    assert_eq!(userinfo.json()["sub"], *name);
    let refreshed = party.refresh(tokens["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!(sub(&refreshed["id_token"]), name);
    assert_eq!(sub(&refreshed["access_token"]), name);
    // The common name is nowhere in what this client got.
    let common = sub(&public.tokens(&provider.visitor(), &person, &[]).await["id_token"]);
    for text in [&tokens.to_string(), &refreshed.to_string(), &userinfo.body] {
        assert!(!text.contains(&common), "{text}");
    }
}

#[tokio::test]
async fn simultaneous_first_meetings_agree_on_one_name() {
    let (provider, partner, person) = stage().await;
    let parties = [member(&provider, &partner, "first").await, member(&provider, &partner, "second").await];
    let visits: Vec<_> = parties.iter().cycle().take(10).map(|party| (party, provider.visitor())).collect();
    let codes = join_all(visits.iter().map(|(party, visitor)| party.code(visitor, &person, &[]))).await;
    let answers = join_all(visits.iter().zip(&codes).map(|((party, _), code)| party.redeem(code))).await;
    let names: BTreeSet<String> = answers.iter().map(|answer| sub(&answer.json()["id_token"])).collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(tables::row_counts(&provider.database).await["pairwise_subject"], 1);
}

#[tokio::test]
async fn logout_2_a_hint_with_a_pairwise_name_signs_out_without_a_question() {
    let (provider, partner, person) = stage().await;
    let party = member(&provider, &partner, "portal").await;
    let browser = provider.visitor();
    let tokens = party.tokens(&browser, &person, &[]).await;
    let hint = tokens["id_token"].as_str().unwrap();
    let answer = browser.get(&format!("/logout?id_token_hint={hint}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(!form::has(&browser.open("/").await.body, "#sign-out"));
}

#[tokio::test]
async fn registration_5_a_sector_must_list_every_redirect_uri() {
    let (provider, partner, _) = stage().await;
    let register = async |changes: Value| {
        let mut metadata = json!({
            "redirect_uris": [RelyingParty::REDIRECT_URI, "https://another.example/callback"],
            "subject_type": "pairwise",
            "sector_identifier_uri": partner.url(SECTOR),
        });
        for (name, value) in changes.as_object().unwrap() {
            metadata[name] = value.clone();
        }
        provider.server.register_client_json("portal", Some("secret-of-portal-0123456789"), metadata).await
    };
    partner.answers("/moved.json", 302, &[("location", SECTOR)], "");
    partner.puts("/object.json", json!({"redirect_uris": [RelyingParty::REDIRECT_URI]}));
    partner.puts("/long.json", json!([RelyingParty::REDIRECT_URI, "x".repeat(70_000)]));
    for (changes, because) in [
        (json!({"redirect_uris": ["https://third.example/"]}), "does not list"),
        // Also where people keep their public name: Registration §5.
        (json!({"redirect_uris": ["https://third.example/"], "subject_type": "public"}), "does not list"),
        (json!({"sector_identifier_uri": partner.url("/nowhere.json")}), "cannot be fetched"),
        (json!({"sector_identifier_uri": partner.url("/moved.json")}), "cannot be fetched"),
        (json!({"sector_identifier_uri": partner.url("/object.json")}), "array"),
        (json!({"sector_identifier_uri": partner.url("/long.json")}), "cannot be fetched"),
        (json!({"sector_identifier_uri": "https://10.0.0.1/sector.json"}), "cannot be fetched"),
        (json!({"sector_identifier_uri": "urn:example:sector"}), "sector_identifier_uri"),
        // Two hosts, and nobody who says that they belong together.
        (json!({"sector_identifier_uri": null}), "several hosts"),
    ] {
        let error = register(changes.clone()).await.expect_err("refused").to_string();
        assert!(error.starts_with("invalid_client_metadata: sector_identifier_uri"), "{changes}: {error}");
        assert!(error.contains(because), "{changes}: {error}");
    }
    assert_eq!(tables::row_counts(&provider.database).await["client"], 0);
    register(json!({})).await.unwrap();
}

#[tokio::test]
async fn an_erased_person_has_no_names_left() {
    let (provider, partner, _) = stage().await;
    let ends = (iok_id::domain::clock::Clock::now(&provider.clock) + TimeDelta::days(10)).date_naive();
    let mut person = Person::active("ewa.odchodzi");
    person.row.premises = format!("P-ewa:owner:residential:{ends}");
    provider.import(&[&person]).await;
    let party = member(&provider, &partner, "portal").await;
    party.tokens(&provider.visitor(), &person, &[]).await;
    assert_eq!(tables::row_counts(&provider.database).await["pairwise_subject"], 1);
    provider.advance(TimeDelta::days(101));
    provider.server.age_accounts().await.unwrap();
    assert_eq!(tables::row_counts(&provider.database).await["pairwise_subject"], 1, "kept with the account");
    provider.advance(TimeDelta::days(740));
    provider.server.age_accounts().await.unwrap();
    assert_eq!(tables::row_counts(&provider.database).await["pairwise_subject"], 0);
}
