//! The copy of everything (`docs/EXPORT.md`): all of one's own, nothing that opens anything.

use chrono::TimeDelta;
use iok_id::app::Foundation;
use iok_id::domain::audit::{Action, Actor, AuditRecord};
use serde_json::json;

use crate::helpers::expect::members;
use crate::helpers::form;
use crate::helpers::people::{CHOSEN, Person};
use crate::helpers::provider::{TestProvider, ambient_of, settings_for};
use crate::helpers::records;

#[tokio::test]
async fn a_person_takes_along_everything_that_is_held_about_them() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut other = Person::active("jan.inny");
    other.row.family_name = "Gżegżółka".to_owned();
    provider.import(&[&other]).await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let browser = provider.visitor();
    let page = browser.open(&partner.authorization(&[("scope", "openid email")])).await;
    let answer = browser.sign_in_at(&page, &person.login, "Nie-to-has1o").await;
    let answer = browser.sign_in_at(&answer, &person.login, CHOSEN).await;
    let consent = browser.follow(answer).await;
    browser.submit(&consent, "#approve", &[]).await;

    let account = browser.get("/account").await;
    let answer = browser.submit(&account, "#export", &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"iok-id-"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let export = answer.json();
    assert_eq!(
        members(&export),
        [
            "access",
            "account",
            "application",
            "contractor_numbers",
            "exported_at",
            "format",
            "history",
            "letters",
            "mails",
            "office",
            "premises",
            "profile",
            "regulations",
            "second_factors",
            "sessions",
            "trusted_devices",
        ]
    );
    assert_eq!(export["format"], "iok-id-account/1");
    assert_eq!(export["account"]["login"], "halina.wrona");
    assert_eq!(export["profile"]["email"], "halina.wrona@example.test");
    assert_eq!(export["profile"]["street"], "ul. Wiśniowa 3/4");
    assert_eq!(export["office"], "Administracja nr 1");
    assert_eq!(export["contractor_numbers"], json!(["K-halina.wrona"]));
    assert_eq!(export["premises"][0]["code"], "P-halina.wrona");
    assert_eq!(export["premises"][0]["role"], "owner");
    assert_eq!(export["access"][0]["client_id"], "partner");
    assert_eq!(export["access"][0]["by_consent"], true);
    assert_eq!(export["sessions"].as_array().unwrap().len(), 1);
    let history = export["history"].as_array().unwrap();
    let wrong = history.iter().find(|record| record["outcome"] == "wrong").unwrap();
    assert_eq!(wrong["address"], "127.0.0.1", "what was sealed is readable for its owner: {wrong}");
    assert!(history.iter().any(|record| record["action"] == "account.imported"), "{history:?}");

    assert_eq!(records::count(&provider, "data.exported").await, 1);
    for secret in ["$argon2", "Gżegżółka", "jan.inny", CHOSEN] {
        assert!(!answer.body.contains(secret), "{secret}: {}", answer.body);
    }
}

#[tokio::test]
async fn it_is_not_taken_by_a_link_or_a_foreign_form() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    assert_eq!(browser.get("/account/export").await.status, 405);
    let account = browser.get("/account").await;
    let (action, mut fields) = form::filled_in(&account.body, "#export", &[]);
    fields.retain(|(name, _)| name != "csrf");
    let refused = browser.post(&action, &fields).await;
    assert_eq!(refused.status, 403);
    assert!(!refused.body.contains("Wiśniowa"), "{}", refused.body);
    assert_eq!(records::count(&provider, "data.exported").await, 0);
}

#[tokio::test]
async fn a_history_of_many_rounds_is_whole() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let account = provider.account_id(&person.login).await;
    // As a stranger makes them, who guesses all night: some at one moment.
    let settings = settings_for(&provider.database, &provider.issuer, &[]);
    let foundation = Foundation::open(settings, ambient_of(&provider.clock)).await.unwrap();
    for _ in 0..3 {
        provider.advance(TimeDelta::seconds(1));
        let transaction = foundation.database.begin().await.unwrap();
        for _ in 0..400 {
            let refused = AuditRecord::new(Action::SignInRefused, Actor::Visitor).about(account);
            foundation.journal.record(&transaction, &refused).await.unwrap();
        }
        transaction.commit().await.unwrap();
    }
    foundation.close().await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let page = browser.get("/account").await;
    let export = browser.submit(&page, "#export", &[]).await.json();
    let history = export["history"].as_array().unwrap();
    let refused = history.iter().filter(|record| record["action"] == "sign_in.refused").count();
    assert_eq!(refused, 1_200);
    let moments: Vec<&str> = history.iter().map(|record| record["at"].as_str().unwrap()).collect();
    assert!(moments.is_sorted_by(|newer, older| newer >= older), "newest first");
}
