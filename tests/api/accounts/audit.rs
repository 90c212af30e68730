//! DESIGN.md's invariant 6: a change and its record are one transaction, and what is personal is sealed.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::TimeDelta;
use iok_id::crypto::sealing::SealingKey;
use iok_id::domain::ambient::Ambient;
use iok_id::storage::journal::Journal;
use reqwest::Method;
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use uuid::Uuid;

use crate::helpers::command_line::iok_id;
use crate::helpers::database::dump;
use crate::helpers::form;
use crate::helpers::people::{CHOSEN, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

const DEVICE: &str = "Telefon-Haliny/1.0 (do rozpoznania)";

#[tokio::test]
async fn every_transition_leaves_its_record() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let mut browser = provider.open_browser();
    let mut seen: HashSet<Uuid> = records::audit(&provider).await.iter().map(|record| record.id).collect();
    // What was recorded since the last time, in alphabetical order: records of one moment have no other.
    let mut new_records = async || {
        let mut new: Vec<String> = records::audit(&provider)
            .await
            .into_iter()
            .filter(|record| seen.insert(record.id))
            .map(|record| {
                let outcome = record.outcome.unwrap_or_default();
                format!("{} {outcome} by {}", record.action, record.actor_kind)
            })
            .collect();
        new.sort();
        new
    };

    let page = browser.open(&partner.authorization(&[])).await;
    assert_eq!(new_records().await, [""; 0], "looking changes nothing");
    let refused =
        browser.submit(&page, "#sign-in", &[("login", &person.login), ("password", "Wrong#pass1")]).await;
    assert_eq!(new_records().await, ["sign_in.verdict wrong by visitor"]);
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    let answer = browser.submit(&refused, "#sign-in", &typed).await;
    assert_eq!(
        new_records().await,
        ["session.started initial_password by account", "sign_in.verdict correct by visitor"]
    );
    let change = browser.follow(answer).await;
    browser.change_password_at(&change, "a", "b").await;
    assert_eq!(new_records().await, [""; 0], "a password that broke a rule changed nothing");
    let answer = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
    assert_eq!(
        new_records().await,
        [
            "device.trusted  by account",
            "password.changed initial_password_replaced by account",
            "sign_in.verdict new_password by account"
        ]
    );
    let consent = browser.follow(answer).await;
    let answer = browser.submit(&consent, "#approve", &[]).await;
    let given = new_records().await;
    assert!(given.iter().any(|record| record.starts_with("consent.given")), "{given:?}");
    assert!(given.iter().any(|record| record.starts_with("grant.issued")), "{given:?}");
    partner.redeem(&answer.parameter("code").unwrap()).await;
    new_records().await;

    for _ in 0..4 {
        provider.open_browser().try_sign_in(&person.login, "Wrong#pass1").await;
    }
    let locked = new_records().await;
    assert_eq!(locked.first().unwrap(), "account.locked budget_used_up by visitor", "{locked:?}");
    assert_eq!(locked.len(), 5);
    provider.open_browser().try_sign_in(&person.login, CHOSEN).await;
    assert_eq!(new_records().await, ["sign_in.refused locked by visitor"]);
    iok_id(&provider, &["account", "unlock", &person.login]).await;
    assert_eq!(new_records().await, ["account.unlocked command_line by operator"]);
    let home = browser.get("/").await;
    browser.submit(&home, "#sign-out", &[]).await;
    assert_eq!(
        new_records().await,
        ["grant.revoked signed_out by account", "session.ended signed_out by account"]
    );
    assert_eq!(records::count(&provider, "account.imported").await, 1);
}

#[tokio::test]
async fn where_a_record_came_from_is_sealed_under_the_persons_own_key() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = provider.open_browser().sending("user-agent", DEVICE);
    browser.try_sign_in(&person.login, "Wrong#pass1").await;
    browser.try_sign_in(&person.login, &person.password).await;
    let mut stranger = provider.open_browser().sending("user-agent", DEVICE);
    stranger.try_sign_in("nobody.here", "Wrong#pass1").await;
    let everything = dump(&provider.database).await;
    for readable in [DEVICE, "Telefon-Haliny", "127.0.0.1", "user_agent"] {
        for (table, row) in &everything {
            assert!(!row.contains(readable), "{readable} is readable in {table}: {row}");
        }
    }

    let sealed: Vec<String> =
        records::audit(&provider).await.into_iter().filter_map(|record| record.personal).collect();
    assert_eq!(
        sealed.len(),
        4,
        "two verdicts, a session and a device; nobody's key seals a stranger's guess"
    );
    let connection = provider.database.connect().await;
    let key_file = provider.database.folder.path().join("secrets/sealing.key");
    let key = SealingKey::from_text(&std::fs::read_to_string(key_file).unwrap()).unwrap();
    let journal = Journal::new(Ambient::system(), Arc::new(key));
    let account = provider.account_id(&person.login).await;
    for sealed in &sealed {
        let origin = journal.open_personal(&connection, account, sealed).await.unwrap().unwrap().origin;
        assert_eq!(origin.user_agent.as_deref(), Some(DEVICE));
        assert_eq!(origin.address.unwrap().to_string(), "127.0.0.1");
    }
    // Erasure destroys one small key, and the records stay.
    connection.execute_unprepared("DELETE FROM person_key").await.unwrap();
    assert!(journal.open_personal(&connection, account, &sealed[0]).await.unwrap().is_none());
    assert_eq!(records::count(&provider, "sign_in.verdict").await, 2);
}

#[tokio::test]
async fn an_audit_record_of_one_person_does_not_open_with_anothers_key() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let other = provider.active_person("jan.inny").await;
    provider.open_browser().sending("user-agent", DEVICE).try_sign_in(&person.login, &person.password).await;
    let sealed = records::audit(&provider).await.into_iter().find_map(|record| record.personal).unwrap();
    let connection = provider.database.connect().await;
    let key_file = provider.database.folder.path().join("secrets/sealing.key");
    let key = SealingKey::from_text(&std::fs::read_to_string(key_file).unwrap()).unwrap();
    let journal = Journal::new(Ambient::system(), Arc::new(key));
    let other = provider.account_id(&other.login).await;
    assert!(journal.open_personal(&connection, other, &sealed).await.is_err());
}

/// Does something while nothing can be written to this table, and expects it not to have happened.
async fn without(provider: &TestProvider, table: &str, attempt: impl AsyncFnOnce()) {
    let connection = provider.database.connect().await;
    let rename = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
    connection.execute_unprepared(&rename(table, "put_away")).await.unwrap();
    attempt().await;
    connection.execute_unprepared(&rename("put_away", table)).await.unwrap();
}

#[tokio::test]
async fn no_change_happens_without_its_record() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let mut browser = provider.open_browser();
    let page = browser.open(&partner.authorization(&[])).await;
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];

    // Signing in.
    without(&provider, "audit", async || {
        let answer = browser.clone().submit(&page, "#sign-in", &typed).await;
        assert!(answer.status.is_server_error(), "{}", answer.status);
        assert_eq!(records::rows(&provider, "session", "1 = 1").await, 0);
    })
    .await;
    // The place of that attempt is still leased: nothing of it was settled.
    assert_eq!(records::rows(&provider, "attempt", "failed_at IS NULL").await, 1);
    provider.advance(TimeDelta::minutes(20));

    // The change: audit, and the outbox event in the same transaction.
    let answer = browser.submit(&page, "#sign-in", &typed).await;
    let change = browser.follow(answer).await;
    for table in ["audit", "outbox"] {
        without(&provider, table, async || {
            let answer = browser.clone().change_password_at(&change, CHOSEN, CHOSEN).await;
            assert!(answer.status.is_server_error(), "{table}: {}", answer.status);
            assert_eq!(records::rows(&provider, "account", "state = 'initial_password'").await, 1, "{table}");
        })
        .await;
        assert_eq!(records::count(&provider, "password.changed").await, 0);
        assert_eq!(records::rows(&provider, "outbox", "topic = 'password.changed'").await, 0);
    }
    let answer = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
    assert_eq!(answer.status, 303, "the same form and the same cookie, once it can be recorded");
    assert_eq!(records::rows(&provider, "outbox", "topic = 'password.changed'").await, 1);

    // Consent.
    let consent = browser.follow(answer).await;
    without(&provider, "audit", async || {
        let answer = browser.submit(&consent, "#approve", &[]).await;
        assert!(answer.status.is_server_error(), "{}", answer.status);
        for table in ["consent", "token_grant", "authorization_code"] {
            assert_eq!(records::rows(&provider, table, "1 = 1").await, 0, "{table}");
        }
    })
    .await;

    // The lock, and lifting it.
    for _ in 0..4 {
        provider.open_browser().try_sign_in(&person.login, "Wrong#pass1").await;
    }
    without(&provider, "audit", async || {
        let answer = provider.open_browser().try_sign_in(&person.login, "Wrong#pass1").await;
        assert!(answer.status.is_server_error(), "{}", answer.status);
        assert_eq!(records::rows(&provider, "attempt_budget", "locked_until IS NOT NULL").await, 0);
    })
    .await;
    provider.advance(TimeDelta::seconds(61));
    assert_eq!(
        provider.open_browser().try_sign_in(&person.login, CHOSEN).await.status,
        401,
        "what could not be settled is a failure once its lease has run out"
    );

    // Signing out.
    let home = browser.get("/").await;
    without(&provider, "audit", async || {
        let answer = browser.clone().submit(&home, "#sign-out", &[]).await;
        assert!(answer.status.is_server_error(), "{}", answer.status);
        assert!(browser.is_signed_in().await);
    })
    .await;
    assert_eq!(browser.submit(&home, "#sign-out", &[]).await.status, 200);
}

#[tokio::test]
async fn unlocking_and_importing_are_one_transaction_with_their_records() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    for _ in 0..5 {
        provider.open_browser().try_sign_in(&person.login, "Wrong#pass1").await;
    }
    without(&provider, "audit", async || {
        let output = iok_id(&provider, &["account", "unlock", &person.login]).await;
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let other = crate::helpers::people::csv(&[&Person::active("jan.inny")]);
        assert!(provider.server.import_accounts(&other).await.is_err());
    })
    .await;
    assert_eq!(provider.open_browser().try_sign_in(&person.login, &person.password).await.status, 401);
    assert!(!provider.server.has_account("jan.inny").await.unwrap());
}

#[tokio::test]
async fn a_request_that_failed_shows_nothing_but_its_number() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    without(&provider, "audit", async || {
        let answer = provider.open_browser().try_sign_in(&person.login, &person.password).await;
        let number = answer.headers["x-request-id"].to_str().unwrap().to_owned();
        assert!(answer.body.contains(&number), "{}", answer.body);
        for cause in ["audit", "INSERT", "sqlite", "no such table", "relation", "src/"] {
            assert!(!answer.body.to_lowercase().contains(&cause.to_lowercase()), "{cause}: {}", answer.body);
        }
        assert!(form::has(&answer.body, "h1"), "a page, and not an empty answer");
        let healthy = provider.open_browser().send(Method::GET, "/healthz", None).await;
        assert_eq!(healthy.status, 200);
    })
    .await;
}
