//! An office of one: what one person did alone, somebody looks at afterwards.

use iok_id::domain::staff::Role;

use super::paper_applications::{press, stage, taken_in};
use super::support::{help, sheet};
use crate::helpers::counter::{OFFICE, approved, clerk, hand_over, print_one, staff};
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Answer;

const ALONE: [(&str, &str); 1] = [("office.two_persons", "false")];
const REASON: &str = "Była osobiście, dowód okazany.";

/// What the lines of the list are about.
fn lines(page: &Answer) -> Vec<String> {
    form::texts(&page.body, "tbody td[data-label=Co]")
}

#[tokio::test]
async fn a_supervisor_reviews_once_what_one_person_printed_and_handed_over() {
    let provider = TestProvider::start_with(&[("office.two_persons", "false")]).await;
    let alone = clerk(&provider, "ewa.jedyna").await;
    let supervisor = staff(&provider, "hanna.kierowniczka", Role::Supervisor, OFFICE).await;
    approved(&provider, "nowa.osoba").await;
    let letter = print_one(&alone).await;
    assert!(
        form::has(&supervisor.get("/office/review").await.body, "#nothing-to-review"),
        "not collected yet"
    );
    hand_over(&alone, &letter.serial).await;
    let list = supervisor.get("/office/review").await;
    assert!(list.body.contains(&letter.serial) && list.body.contains("ewa.jedyna"), "{}", list.body);
    assert_eq!(supervisor.submit(&list, ".reviewed", &[]).await.status, 303);
    let twice = supervisor.submit(&list, ".reviewed", &[]).await;
    assert_eq!(twice.status, 409);
    assert!(form::has(&supervisor.get("/office/review").await.body, "#nothing-to-review"));
    assert_eq!(records::count(&provider, "letter.reviewed").await, 1);
    assert_eq!(alone.get("/office/review").await.status, 403);
}

#[tokio::test]
async fn nobody_reviews_what_they_did_themselves() {
    let provider = TestProvider::start_with(&[("office.two_persons", "false")]).await;
    let alone = staff(&provider, "hanna.kierowniczka", Role::Supervisor, OFFICE).await;
    approved(&provider, "nowa.osoba").await;
    let letter = print_one(&alone).await;
    hand_over(&alone, &letter.serial).await;
    let list = alone.get("/office/review").await;
    assert!(list.body.contains(&letter.serial));
    assert!(!form::has(&list.body, ".reviewed"));
}

#[tokio::test]
async fn a_paper_application_that_one_person_took_in_and_approved_is_reviewed_once() {
    let provider = stage(&ALONE).await;
    let (alone, colleague) = (provider.clerk("urszula", OFFICE).await, provider.clerk("jan", OFFICE).await);
    let supervisor = provider.supervisor("irena.czajka").await;
    let by_two = [("given_name", "Anna"), ("email", "anna@example.pl"), ("no_duplicate", "yes")];
    let of_anna = taken_in(&alone, &by_two).await;
    assert_eq!(press(&colleague, &of_anna, "#approve", &[]).await.status, 303);
    let of_lucja = taken_in(&alone, &[("no_duplicate", "yes")]).await;
    assert!(
        form::has(&supervisor.open("/office/review").await.body, "#nothing-to-review"),
        "not approved yet"
    );
    assert_eq!(press(&alone, &of_lucja, "#approve", &[]).await.status, 303);

    let list = supervisor.open("/office/review").await;
    assert_eq!(lines(&list), ["Wniosek na papierze: wpisany i przyjęty"]);
    assert_eq!(form::hrefs(&list.body, "tbody th a"), [of_lucja.as_str()]);
    assert_eq!(supervisor.submit(&list, ".reviewed", &[]).await.status, 303);
    assert_eq!(supervisor.submit(&list, ".reviewed", &[]).await.status, 409);
    assert!(form::has(&supervisor.open("/office/review").await.body, "#nothing-to-review"));
    assert_eq!(records::count(&provider, "application.reviewed").await, 1);
    assert!(supervisor.open(&of_lucja).await.body.contains("kierownik przejrzał wniosek"));
}

#[tokio::test]
async fn another_letter_that_one_person_asked_for_and_agreed_to_is_reviewed_by_somebody_else() {
    let provider = TestProvider::start_with(&ALONE).await;
    provider.active_person("sama.jedna").await;
    provider.active_person("jan.nowak").await;
    let (alone, other) = (provider.supervisor("irena.czajka").await, provider.supervisor("hanna.lis").await);
    for (login, agrees) in [("sama.jedna", &alone), ("jan.nowak", &other)] {
        let (_, page) = sheet(&alone, login).await;
        assert_eq!(help(&alone, &page, "#order-letter", REASON).await.status, 303);
        let waiting = agrees.open("/office/approvals").await;
        assert_eq!(agrees.submit(&waiting, "[id^=agree-]", &[("reason", REASON)]).await.status, 303);
    }
    // Neither what two persons did nor a first letter, which is ordered by approving.
    approved(&provider, "nowa.osoba").await;
    let own = alone.open("/office/review").await;
    assert_eq!(lines(&own), ["Nowy list: zamówiony i zatwierdzony"]);
    assert!(!form::has(&own.body, ".reviewed"), "{}", own.body);
    let list = other.open("/office/review").await;
    // The form of the one who may, sent by the one who may not.
    let (to, mut fields) = form::filled_in(&list.body, ".reviewed", &[]);
    let csrf = form::fields(&alone.open("/office/accounts").await.body, "#find-accounts");
    fields.retain(|(name, _)| name != "csrf");
    fields.extend(csrf.into_iter().filter(|(name, _)| name == "csrf"));
    assert_eq!(alone.browser.post(&to, &fields).await.status, 409);
    assert_eq!(other.submit(&list, ".reviewed", &[]).await.status, 303);
    assert_eq!(records::count(&provider, "letter.order_reviewed").await, 1);
    assert!(form::has(&other.open("/office/review").await.body, "#nothing-to-review"));
}

#[tokio::test]
async fn another_email_address_takes_a_second_person_also_where_one_works_alone() {
    let provider = TestProvider::start_with(&ALONE).await;
    provider.active_person("halina.wrona").await;
    let (asks, other) = (provider.supervisor("irena.czajka").await, provider.supervisor("hanna.lis").await);
    let (_, page) = sheet(&asks, "halina.wrona").await;
    let new = [("value", "nowa@example.test"), ("reason", REASON)];
    assert_eq!(asks.submit(&page, "#change-email", &new).await.status, 303);
    assert!(!form::has(&asks.open("/office/approvals").await.body, "[id^=agree-]"));
    let list = other.open("/office/approvals").await;
    let (to, mut fields) = form::filled_in(&list.body, "[id^=agree-]", &[("reason", REASON)]);
    let csrf = form::fields(&asks.open("/office/accounts").await.body, "#find-accounts");
    fields.retain(|(name, _)| name != "csrf");
    fields.extend(csrf.into_iter().filter(|(name, _)| name == "csrf"));
    assert_eq!(asks.browser.post(&to, &fields).await.status, 403);
    assert_eq!(records::count(&provider, "contact.changed").await, 0);
    assert_eq!(other.submit(&list, "[id^=agree-]", &[("reason", REASON)]).await.status, 303);
    assert_eq!(records::count(&provider, "contact.changed").await, 1);
}
