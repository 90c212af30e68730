//! One account per person: a second one is refused, unless a supervisor says why; and owners hear of any other account
//! for their contractor.

use iok_id::domain::mail::Message;
use iok_id::integrations::register::Scope;

use super::paper_applications::{OFFICE, press, stage, taken_in};
use crate::helpers::provider::TestProvider;
use crate::helpers::register::{TitleRow, csv};
use crate::helpers::staff::Clerk;
use crate::helpers::{form, records};

const AGAIN: (&str, &str) = ("no_duplicate", "yes");
const TICKED: (&str, &str) = ("second_account", "yes");
const REASON: (&str, &str) = ("override_reason", "Drugie konto dla firmy, potwierdzone osobiście.");

/// Łucja, K-17, has an account; one clerk takes applications in, another decides.
async fn with_an_account(provider: &TestProvider) -> (Clerk, Clerk) {
    let (took, decides) = (provider.clerk("urszula", OFFICE).await, provider.clerk("jan", OFFICE).await);
    let first = taken_in(&took, &[]).await;
    assert_eq!(press(&decides, &first, "#approve", &[]).await.status, 303);
    (took, decides)
}

/// Whom the notices of another account go to.
async fn told(provider: &TestProvider) -> Vec<String> {
    let mails = provider.mails().await.into_iter();
    mails.filter(|mail| matches!(mail.message, Message::AnotherAccount { .. })).map(|mail| mail.to).collect()
}

#[tokio::test]
async fn who_has_an_account_gets_no_second_one_from_a_clerk_and_the_page_says_which_they_have() {
    let provider = stage(&[]).await;
    let (took, decides) = with_an_account(&provider).await;
    // Typed otherwise, and the same person for the same contractor.
    let again = taken_in(&took, &[AGAIN, ("given_name", "LUCJA MARIA"), ("family_name", "Zolkiewska")]).await;
    let page = decides.open(&again).await;
    let existing = form::text(&page.body, "#own-accounts").expect("told before anything is decided");
    assert!(existing.contains("konto czeka na odbiór listu") && existing.contains(OFFICE), "{existing}");
    let account = form::hrefs(&page.body, "#own-accounts a").remove(0);
    assert!(decides.open(&account).await.body.contains("Łucja Żółkiewska"));
    assert!(!form::has(&page.body, "#second-account"), "not for a clerk to say");
    for typed in [&[][..], &[TICKED, REASON]] {
        let refused = press(&decides, &again, "#approve", typed).await;
        assert_eq!(refused.status, 409, "{}", refused.body);
        assert!(refused.error().is_some() && form::has(&refused.body, "#own-accounts"));
    }
    assert_eq!(records::rows(&provider, "letter_order", "1 = 1").await, 1);
    assert_eq!(records::count_of(&provider, "application.decision_refused", "has_account").await, 2);
    assert_eq!(told(&provider).await, [""; 0]);
}

#[tokio::test]
async fn a_supervisor_gives_a_second_account_with_a_reason_and_the_owner_of_the_first_is_told() {
    let provider = stage(&[]).await;
    let (took, _) = with_an_account(&provider).await;
    let again = taken_in(&took, &[AGAIN, ("email", "druga@example.pl")]).await;
    let supervisor = provider.supervisor("zofia").await;
    // A reason that was typed for something else gives nobody a second account.
    assert_eq!(press(&supervisor, &again, "#approve", &[REASON]).await.status, 409);
    let without = press(&supervisor, &again, "#approve", &[TICKED]).await;
    assert_eq!(without.status, 422);
    assert!(form::has(&without.body, "#second-account[checked]"), "what was ticked stays");
    assert!(form::has(&without.body, "#override-reason[aria-invalid=true]"), "{}", without.body);
    assert_eq!(press(&supervisor, &again, "#approve", &[TICKED, REASON]).await.status, 303);
    assert_eq!(records::count_of(&provider, "application.approved", "second_account").await, 1);
    assert!(form::text(&supervisor.open(&again).await.body, "#told").unwrap().contains(REASON.1));
    assert_eq!(told(&provider).await, ["lucja@example.pl"]);
}

#[tokio::test]
async fn a_co_owner_gets_an_account_of_their_own_and_the_first_owner_is_told() {
    let provider = stage(&[]).await;
    let (took, decides) = with_an_account(&provider).await;
    let of_anna = taken_in(&took, &[AGAIN, ("given_name", "Anna"), ("email", "anna@example.pl")]).await;
    assert!(!form::has(&decides.open(&of_anna).await.body, "#own-accounts"));
    assert_eq!(press(&decides, &of_anna, "#approve", &[]).await.status, 303);
    assert_eq!(told(&provider).await, ["lucja@example.pl"]);
}

#[tokio::test]
async fn a_namesake_with_another_contractor_is_somebody_else() {
    let provider = stage(&[]).await;
    let (took, decides) = with_an_account(&provider).await;
    let namesakes = TitleRow::new("K-99", "L-99").named("Łucja", "Żółkiewska").at("ul. Wodna 3");
    provider.server.import_register(&csv([&namesakes]), Scope::Changes).await.unwrap();
    let other = [AGAIN, ("contractor_number", "K-99"), ("street", "Wodna 3"), ("email", "inna@example.pl")];
    let application = taken_in(&took, &other).await;
    assert_eq!(press(&decides, &application, "#approve", &[]).await.status, 303);
    assert_eq!(told(&provider).await, [""; 0]);
}

#[tokio::test]
async fn who_closed_an_account_gets_a_new_letter_for_it_and_no_second_account() {
    let provider = stage(&[]).await;
    let (took, decides) = with_an_account(&provider).await;
    provider.execute("UPDATE account SET state = 'closed' WHERE email = 'lucja@example.pl'").await;
    let again = taken_in(&took, &[AGAIN]).await;
    assert_eq!(press(&decides, &again, "#approve", &[]).await.status, 409);
    // Whoever else acts for the contractor now is not that owner's business any more.
    let of_anna = taken_in(&took, &[AGAIN, ("given_name", "Anna"), ("email", "anna@example.pl")]).await;
    assert_eq!(press(&decides, &of_anna, "#approve", &[]).await.status, 303);
    assert_eq!(told(&provider).await, [""; 0]);
}

#[tokio::test]
async fn of_two_applications_of_one_person_approved_at_once_one_becomes_an_account() {
    let provider = stage(&[]).await;
    let took = provider.clerk("urszula", OFFICE).await;
    let (one, other) = (provider.clerk("jan", OFFICE).await, provider.clerk("ewa", OFFICE).await);
    let (first, second) = (taken_in(&took, &[]).await, taken_in(&took, &[AGAIN]).await);
    let (page_one, page_other) = (one.open(&first).await, other.open(&second).await);
    let (first, second) =
        tokio::join!(one.submit(&page_one, "#approve", &[]), other.submit(&page_other, "#approve", &[]));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(records::rows(&provider, "account", "state = 'awaiting_collection'").await, 1);
}
