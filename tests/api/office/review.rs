//! An office of one: what one person did alone, somebody looks at afterwards.

use iok_id::domain::staff::Role;

use crate::helpers::counter::{OFFICE, approved, clerk, hand_over, print_one, staff};
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

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
