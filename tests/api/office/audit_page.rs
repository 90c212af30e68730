//! The auditor's desk.

use chrono::TimeDelta;

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Visitor;

const OFFICE: &str = "Administracja nr 1";
const REASON: &str = "=Była osobiście.";

#[tokio::test]
async fn a_step_of_the_console_is_found_by_who_what_and_whom() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let auditor = provider.auditor("ewa.drozd").await;
    let search = clerk.open("/office/accounts").await;
    let found = clerk.submit(&search, "#find-accounts", &[("text", "halina.wrona")]).await;
    let path = form::hrefs(&found.body, "#found td a").remove(0);
    let page = clerk.open(&path).await;
    assert_eq!(clerk.submit(&page, "#suspend", &[("reason", REASON)]).await.status, 303);
    expect::error_page(&clerk.get("/office/audit").await, 403);

    let start = auditor.open("/office/audit").await;
    assert_eq!(start.status, 200);
    for question in [
        [("action", "account.suspended")].as_slice(),
        &[("actor", "urszula.sowa"), ("action", "account.suspended")],
        &[("account", "halina.wrona"), ("outcome", "by_office")],
    ] {
        let found = auditor.submit(&start, "#search-audit", question).await;
        assert!(found.body.contains("account.suspended · by_office"), "{question:?}: {}", found.body);
        assert!(found.body.contains("Urszula Sowa"), "staff are told by name");
        assert!(!found.body.contains("osobiście"), "and nothing is opened unasked");
    }
    for (question, status) in [
        ([("actor", "nobody.here")], 404),
        ([("account", "nobody.here")], 404),
        ([("from", "yesterday")], 422),
        ([("opened", "yes")], 422),
    ] {
        let refused = auditor.submit(&start, "#search-audit", &question).await;
        assert_eq!((refused.status.as_u16(), refused.error().is_some()), (status, true), "{question:?}");
    }
    let nothing = auditor.submit(&start, "#search-audit", &[("until", "2001-01-01")]).await;
    assert!(form::has(&nothing.body, "#nothing"));
    assert_eq!(records::count(&provider, "audit.read").await, 0, "nothing was opened so far");

    let opened = [("account", "halina.wrona"), ("action", "account.suspended"), ("opened", "yes")];
    let page = auditor.submit(&start, "#search-audit", &opened).await;
    assert!(page.body.contains("osobiście") && page.body.contains("127.0.0.1"), "{}", page.body);
    assert_eq!(records::count_of(&provider, "audit.read", "opened").await, 1);

    let json = auditor.submit(&start, "#audit-json", &opened).await;
    assert_eq!(json.header("content-type"), "application/json");
    let lines = json.json();
    assert_eq!(lines[0]["actor_login"], "urszula.sowa");
    assert_eq!(lines[0]["reason"], REASON);
    let csv = auditor.submit(&start, "#audit-csv", &opened).await;
    assert!(csv.header("content-disposition").contains("audit.csv"));
    assert!(csv.body.starts_with("at,action,outcome") && csv.body.contains("'=Była"), "{}", csv.body);
    assert_eq!(records::count_of(&provider, "audit.read", "downloaded_opened").await, 2);
    let unopened = auditor.submit(&start, "#audit-csv", &[("account", "halina.wrona")]).await;
    assert!(!unopened.body.contains("Była"), "{}", unopened.body);
    assert_eq!(records::count_of(&provider, "audit.read", "downloaded").await, 1);
}

#[tokio::test]
async fn older_records_follow_by_key_without_a_gap() {
    let provider = TestProvider::start().await;
    let auditor = provider.auditor("ewa.drozd").await;
    let person = provider.active_person("halina.wrona").await;
    for _ in 0..30 {
        let browser = provider.visitor();
        browser.sign_in(&person).await;
    }
    let mut page = auditor.open("/office/audit").await;
    let mut seen = 0;
    loop {
        let rows = form::texts(&page.body, "table.records tbody tr").len();
        assert!(rows <= 50);
        seen += rows;
        if !form::has(&page.body, "#older") {
            break;
        }
        page = auditor.submit(&page, "#older", &[]).await;
    }
    assert_eq!(seen, records::audit(&provider).await.len());
}

/// An auditor at the page, after a checkpoint was signed that covers more than one record.
async fn at_a_signed_trail() -> (TestProvider, Visitor) {
    let provider = TestProvider::start().await;
    let auditor = provider.auditor("ewa.drozd").await;
    // Whatever the server signed by itself so far, another one is due.
    provider.advance(TimeDelta::minutes(61));
    provider.server.seal_audit().await.unwrap();
    let browser = auditor.sign_in_elsewhere(&provider).await;
    (provider, browser)
}

#[tokio::test]
async fn the_page_says_how_far_the_records_are_signed_and_whether_that_holds() {
    let (provider, auditor) = at_a_signed_trail().await;
    let line = async || form::text(&auditor.open("/office/audit").await.body, "#chain").unwrap();
    provider.server.seal_audit().await.unwrap();
    let signed = line().await;
    assert!(signed.contains("Jego podpis się zgadza."), "{signed}");
    assert!(signed.contains("Czekają na włączenie: 0."), "{signed}");
}

#[tokio::test]
async fn a_checkpoint_that_does_not_fit_the_records_is_seen_at_a_glance() {
    for tampering in [
        "UPDATE audit_seal SET hash = (SELECT hash FROM audit_seal WHERE seq = 1) \
         WHERE seq = (SELECT MAX(seq) FROM audit_checkpoint)",
        "UPDATE audit_checkpoint SET number = number + 1000",
        "UPDATE audit_checkpoint SET statement = 'a' || statement",
    ] {
        let (provider, auditor) = at_a_signed_trail().await;
        provider.execute(tampering).await;
        let page = auditor.open("/office/audit").await;
        let told = form::text(&page.body, "#chain.error");
        assert!(told.is_some_and(|told| told.contains("iok-id audit verify")), "{tampering}: {}", page.body);
    }
}
