//! What time does to accounts: closed a while after the last title, and a stub without a name two years later.

use chrono::TimeDelta;
use iok_id::app::AgedAccounts;
use iok_id::domain::clock::Clock as _;
use iok_id::domain::mail::Message;
use serde_json::json;

use crate::helpers::applicants::{Applicant, EMAIL};
use crate::helpers::database::dump;
use crate::helpers::form;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::staff::add_app;
use crate::helpers::{records, tables};
use crate::office::support::{help, sheet};

/// A person whose only title ends in ten days.
async fn leaving(provider: &TestProvider, login: &str) -> Person {
    let ends = (provider.clock.now() + TimeDelta::days(10)).date_naive();
    let mut person = Person::active(login);
    person.row.premises = format!("P-{login}:owner:residential:{ends}");
    "Gżegżółka".clone_into(&mut person.row.family_name);
    provider.import(&[&person]).await;
    person
}

async fn age(provider: &TestProvider) -> AgedAccounts {
    provider.server.age_accounts().await.unwrap()
}

async fn states(provider: &TestProvider) -> Vec<String> {
    tables::column(&provider.database, "account", "state").await
}

#[tokio::test]
async fn an_account_closes_ninety_days_after_its_last_title() {
    let provider = TestProvider::start().await;
    let person = leaving(&provider, "halina.wrona").await;
    let staying = provider.active_person("jan.zostaje").await;
    provider.advance(TimeDelta::days(98));
    assert_eq!(age(&provider).await, AgedAccounts::default(), "not before");
    let browser = provider.visitor();
    assert!(form::has(&browser.sign_in(&person).await.body, "#sign-out"));

    provider.advance(TimeDelta::days(3));
    assert_eq!(age(&provider).await, AgedAccounts { closed: 1, erased: 0 });
    assert_eq!(states(&provider).await, ["active", "closed"]);
    assert!(!form::has(&browser.get("/").await.body, "#sign-out"), "its sessions have ended");
    assert!(provider.visitor().sign_in(&person).await.error().is_some());
    assert!(form::has(&provider.visitor().sign_in(&staying).await.body, "#sign-out"));
    assert_eq!(records::count_of(&provider, "account.closed", "no_title").await, 1);
    let mails = provider.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, person.row.email);
    assert!(matches!(mails[0].message, Message::AccountClosed { .. }), "{:?}", mails[0]);
    // Once is enough.
    assert_eq!(age(&provider).await, AgedAccounts::default());
}

#[tokio::test]
async fn a_new_title_keeps_the_account_open() {
    let provider = TestProvider::start().await;
    leaving(&provider, "halina.wrona").await;
    provider.advance(TimeDelta::days(99));
    // The contractor of the leaving person holds other premises from now on.
    let mut heir = Person::active("nowa.osoba");
    "K-halina.wrona".clone_into(&mut heir.row.contractor_number);
    "Gżegżółka".clone_into(&mut heir.row.family_name);
    provider.import(&[&heir]).await;
    provider.advance(TimeDelta::days(30));
    assert_eq!(age(&provider).await, AgedAccounts::default());
    assert_eq!(states(&provider).await, ["active", "active"]);
}

#[tokio::test]
async fn an_account_that_was_opened_without_a_title_has_the_same_time() {
    let provider = TestProvider::start().await;
    // Imported today, with a title that ended long ago: somebody wanted it all the same.
    let mut person = Person::active("halina.wrona");
    "P-old:owner:residential:2020-01-01".clone_into(&mut person.row.premises);
    provider.import(&[&person]).await;
    provider.advance(TimeDelta::days(89));
    assert_eq!(age(&provider).await, AgedAccounts::default());
    provider.advance(TimeDelta::days(2));
    age(&provider).await;
    assert_eq!(states(&provider).await, ["closed"]);
}

#[tokio::test]
async fn two_years_later_nothing_says_whose_it_was_and_the_login_stays_taken() {
    let provider = TestProvider::start().await;
    let person = leaving(&provider, "hw4711").await;
    provider.visitor().sign_in(&person).await;
    provider.advance(TimeDelta::days(101));
    assert_eq!(age(&provider).await, AgedAccounts { closed: 1, erased: 0 });
    let history = records::audit(&provider).await.len();

    provider.advance(TimeDelta::days(729));
    assert_eq!(age(&provider).await, AgedAccounts::default(), "not before");
    provider.advance(TimeDelta::days(3));
    assert_eq!(age(&provider).await, AgedAccounts { closed: 0, erased: 1 });
    assert_eq!(states(&provider).await, ["erased"]);
    assert_eq!(records::count_of(&provider, "account.erased", "retention_over").await, 1);
    assert_eq!(records::audit(&provider).await.len(), history + 1, "the records stay");
    assert_eq!(
        records::rows(&provider, "person_key", "1 = 1").await,
        0,
        "and nobody reads who they were about"
    );
    assert_eq!(records::rows(&provider, "account_contractor", "1 = 1").await, 0);
    for (table, row) in dump(&provider.database).await {
        // The register is the company's own, and outlives accounts.
        if table == "contractor" {
            continue;
        }
        for datum in ["Gżegżółka", "Halina", "hw4711@example.test", "600100200", "Wiśniowa", "$argon2"] {
            assert!(!row.contains(datum), "{datum} in {table}: {row}");
        }
    }

    let again = Person { row: Person::active("inna").row, ..Person::active("hw4711") };
    let refused = provider.server.import_accounts(&crate::helpers::people::csv(&[&again])).await;
    assert!(refused.is_err(), "a login is never given again");
    assert!(provider.visitor().sign_in(&person).await.error().is_some());
}

#[tokio::test]
async fn nothing_that_hung_on_the_account_outlives_it() {
    let provider = TestProvider::start().await;
    let person = leaving(&provider, "halina.wrona").await;
    let partner = json!({"first_party": false, "subject_type": "pairwise"});
    let partner = provider.relying_party("partner", partner).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let consent = browser.open(&partner.authorization(&[])).await;
    let given = browser.submit(&consent, "#approve", &[]).await;
    assert!(given.parameter("code").is_some(), "{}", given.body);
    add_app(&provider, &browser).await;
    // A passkey takes an authenticator; here its row is enough.
    provider
        .execute(
            "INSERT INTO passkey (id, account_id, credential_id, credential, name, created_at, opens_alone) \
             SELECT id, id, 'one', '{}', 'Telefon', created_at, true FROM account WHERE login = 'halina.wrona'",
        )
        .await;
    let clerk = provider.clerk("urszula.sowa", "Administracja nr 1").await;
    let (path, page) = sheet(&clerk, "halina.wrona").await;
    assert_eq!(help(&clerk, &page, "#order-letter", "Zgubiła dokument.").await.status, 303);
    let page = clerk.open(&path).await;
    let new = [("value", "nowa@example.test"), ("reason", "Prosiła o to.")];
    assert_eq!(clerk.submit(&page, "#change-email", &new).await.status, 303);
    let held = async |whose: &str| {
        let mut held = Vec::new();
        for (table, what) in [
            ("account_contractor", "true"),
            ("consent", "true"),
            ("pairwise_subject", "true"),
            ("second_factor", "true"),
            ("second_factor_code", "true"),
            ("trusted_device", "true"),
            ("passkey", "true"),
            ("contact_change", "true"),
            ("letter_order", "reason IS NOT NULL"),
        ] {
            let of_theirs = format!("{what} AND account_id IN (SELECT id FROM account WHERE {whose})");
            if records::rows(&provider, table, &of_theirs).await > 0 {
                held.push(table);
            }
        }
        held
    };
    assert_eq!(held("login = 'halina.wrona'").await.len(), 9, "else nothing is tested");

    provider.advance(TimeDelta::days(101));
    assert_eq!(age(&provider).await, AgedAccounts { closed: 1, erased: 0 });
    provider.advance(TimeDelta::days(732));
    assert_eq!(age(&provider).await, AgedAccounts { closed: 0, erased: 1 });
    assert_eq!(held("state = 'erased'").await, [""; 0]);
}

#[tokio::test]
async fn the_application_that_became_the_account_is_erased_with_it() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let applicant = Applicant::submits(&provider, &[]).await;
    let supervisor = provider.supervisor("irena.czajka").await;
    applicant.is_decided(&supervisor, "#approve", &[("override_reason", "Umowa podpisana wczoraj.")]).await;
    let page = supervisor.open(&format!("/office/accounts/{}", applicant.id)).await;
    assert_eq!(help(&supervisor, &page, "#close", "Prosiła o to.").await.status, 303);

    provider.advance(TimeDelta::days(729));
    age(&provider).await;
    assert_eq!(records::rows(&provider, "application", "true").await, 1, "not before");
    provider.advance(TimeDelta::days(3));
    assert_eq!(age(&provider).await, AgedAccounts { closed: 0, erased: 1 });
    assert_eq!(records::rows(&provider, "application", "true").await, 0);
    for (table, row) in dump(&provider.database).await {
        for datum in ["Brzoza", "Wodna", EMAIL] {
            assert!(!row.contains(datum), "{datum} in {table}: {row}");
        }
    }
}
