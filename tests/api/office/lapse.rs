//! Letters that nobody collects: a reminder, then the end.

use chrono::TimeDelta;

use crate::helpers::counter::{
    OFFICE, approved, clerk, find, hand_over, print_again, print_one, reissue, state_of,
};
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

/// `days` later, and signed in again: no session lasts so long.
async fn wait(provider: &TestProvider, days: i64) {
    provider.advance(TimeDelta::days(days));
    provider.server.age_letters().await.unwrap();
}

#[tokio::test]
async fn a_letter_that_is_not_collected_in_sixty_days_lapses_with_its_account() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    approved(&provider, "nowa.osoba").await;
    let letter = print_one(&printer).await;
    wait(&provider, 59).await;
    assert_eq!(state_of(&provider, "nowa.osoba").await, "awaiting_collection");
    wait(&provider, 2).await;
    assert_eq!(state_of(&provider, "nowa.osoba").await, "lapsed");
    assert_eq!(records::count_of(&provider, "account.lapsed", "not_collected").await, 1);
    assert_eq!(records::count_of(&provider, "letter.voided", "lapsed").await, 1);
    assert_eq!(records::count_of(&provider, "letter.order_cancelled", "lapsed").await, 1);
    assert!(
        records::audit(&provider)
            .await
            .iter()
            .any(|it| it.action == "account.lapsed" && it.actor_kind == "clock")
    );
    assert_eq!(records::rows(&provider, "mail", "kind = 'letter_lapsed'").await, 1);
    let counter = clerk(&provider, "jan.okienko").await;
    let page = find(&counter, &letter.serial).await;
    assert_eq!(page.status, 409);
    assert!(form::has(&page.body, "#refusal"));

    // Any number of times, on any number of servers.
    let replica = provider.replica().await;
    provider.server.age_letters().await.unwrap();
    drop(replica);
    assert_eq!(records::count(&provider, "account.lapsed").await, 1);
    assert_eq!(records::rows(&provider, "mail", "kind = 'letter_lapsed'").await, 1);
}

#[tokio::test]
async fn a_lapsed_account_opens_again_with_another_letter() {
    let provider = TestProvider::start().await;
    approved(&provider, "nowa.osoba").await;
    wait(&provider, 61).await;
    assert_eq!(state_of(&provider, "nowa.osoba").await, "lapsed", "never printed, never collected");
    let (printer, counter) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    reissue(&provider, "nowa.osoba").await;
    let letter = print_one(&printer).await;
    assert_eq!(state_of(&provider, "nowa.osoba").await, "lapsed", "printing opens nothing");
    hand_over(&counter, &letter.serial).await;
    assert_eq!(state_of(&provider, "nowa.osoba").await, "initial_password");
    assert!(form::has(&provider.visitor().sign_in(&letter.person()).await.body, "#new-password"));
}

#[tokio::test]
async fn the_owner_is_reminded_once_even_if_the_letter_is_printed_again() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    approved(&provider, "nowa.osoba").await;
    approved(&provider, "bez.wydruku").await;
    provider.execute("UPDATE letter_order SET state = 'awaiting_approval' WHERE account_id = (SELECT id FROM account WHERE login = 'bez.wydruku')").await;
    print_one(&printer).await;
    wait(&provider, 45).await;
    assert_eq!(records::rows(&provider, "mail", "kind = 'letter_reminder'").await, 0);
    wait(&provider, 2).await;
    assert_eq!(records::rows(&provider, "mail", "kind = 'letter_reminder'").await, 1, "only what is printed");
    let printer = clerk(&provider, "jan.okienko").await;
    print_again(&printer).await;
    wait(&provider, 1).await;
    assert_eq!(records::rows(&provider, "mail", "kind = 'letter_reminder'").await, 1);
}

#[tokio::test]
async fn another_letter_that_nobody_collects_is_voided_and_its_account_stays_as_it_is() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    let person = provider.active_person("dawna.osoba").await;
    reissue(&provider, "dawna.osoba").await;
    let letter = print_one(&printer).await;
    wait(&provider, 47).await;
    assert_eq!(records::rows(&provider, "mail", "kind = 'letter_reminder'").await, 1);
    wait(&provider, 14).await;
    assert_eq!(state_of(&provider, "dawna.osoba").await, "active");
    assert_eq!(records::count_of(&provider, "letter.voided", "lapsed").await, 1);
    assert_eq!(records::rows(&provider, "letter_order", "state = 'cancelled'").await, 1);
    assert_eq!(records::rows(&provider, "mail", "kind = 'letter_lapsed'").await, 0);
    assert!(form::has(&provider.visitor().sign_in(&person).await.body, "#sign-out"));
    let counter = clerk(&provider, "jan.okienko").await;
    assert_eq!(find(&counter, &letter.serial).await.status, 409);
}

#[tokio::test]
async fn a_collected_letter_neither_lapses_nor_reminds() {
    let provider = TestProvider::start().await;
    let (printer, counter) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    approved(&provider, "nowa.osoba").await;
    let letter = print_one(&printer).await;
    hand_over(&counter, &letter.serial).await;
    wait(&provider, 50).await;
    wait(&provider, 50).await;
    assert_eq!(state_of(&provider, "nowa.osoba").await, "initial_password");
    assert_eq!(records::rows(&provider, "mail", "kind <> 'letter_collected'").await, 0);
    assert_eq!(records::count(&provider, "letter.voided").await, 0);
}

#[tokio::test]
async fn another_letter_that_was_agreed_to_and_never_printed_is_cancelled_after_sixty_days() {
    let provider = TestProvider::start().await;
    provider.active_person("dawna.osoba").await;
    reissue(&provider, "dawna.osoba").await;
    wait(&provider, 59).await;
    assert_eq!(records::rows(&provider, "letter_order", "state = 'approved'").await, 1);
    wait(&provider, 2).await;
    wait(&provider, 0).await;
    assert_eq!(records::rows(&provider, "letter_order", "state = 'cancelled'").await, 1);
    assert_eq!(records::count_of(&provider, "letter.order_cancelled", "not_printed").await, 1);
    let records = records::audit(&provider).await;
    let cancelled = records.iter().find(|record| record.action == "letter.order_cancelled").unwrap();
    assert_eq!(cancelled.actor_kind, "clock");
    assert_eq!(state_of(&provider, "dawna.osoba").await, "active");
    // It can be asked for again.
    reissue(&provider, "dawna.osoba").await;
    print_one(&clerk(&provider, "ewa.drukarska").await).await;
}

#[tokio::test]
async fn a_lapsed_account_closes_after_two_years_unless_another_letter_is_on_its_way() {
    let provider = TestProvider::start().await;
    for login in ["nowa.osoba", "druga.osoba"] {
        approved(&provider, login).await;
    }
    wait(&provider, 61).await;
    assert_eq!(state_of(&provider, "nowa.osoba").await, "lapsed");
    provider.advance(TimeDelta::days(727));
    provider.server.age_accounts().await.unwrap();
    assert_eq!(state_of(&provider, "nowa.osoba").await, "lapsed", "not before");
    reissue(&provider, "druga.osoba").await;
    provider.advance(TimeDelta::days(5));
    provider.server.age_accounts().await.unwrap();
    provider.server.age_accounts().await.unwrap();
    assert_eq!(state_of(&provider, "nowa.osoba").await, "closed");
    assert_eq!(state_of(&provider, "druga.osoba").await, "lapsed");
    assert_eq!(records::count_of(&provider, "account.closed", "lapsed").await, 1);
    assert_eq!(records::rows(&provider, "mail", "kind = 'account_closed'").await, 1);
}

#[tokio::test]
async fn another_letter_to_which_no_second_person_agrees_lapses_after_thirty_days() {
    let provider = TestProvider::start().await;
    provider.active_person("dawna.osoba").await;
    let asks = provider.clerk("urszula.sowa", OFFICE).await;
    let sheet = format!("/office/accounts/{}", provider.account_id("dawna.osoba").await);
    let page = asks.open(&sheet).await;
    assert_eq!(asks.submit(&page, "#order-letter", &[("reason", "Zgubiła list.")]).await.status, 303);
    let waits = "state = 'awaiting_approval'";
    wait(&provider, 29).await;
    assert_eq!(records::rows(&provider, "letter_order", waits).await, 1);
    let supervisor = provider.supervisor("irena.czajka").await;
    let stale = supervisor.open("/office/approvals").await;
    assert!(form::has(&stale.body, "[id^=agree-]"), "{}", stale.body);
    wait(&provider, 2).await;
    wait(&provider, 0).await;
    assert_eq!(records::rows(&provider, "letter_order", waits).await, 0);
    assert_eq!(records::rows(&provider, "letter_order", "state = 'lapsed'").await, 1);
    let records = records::audit(&provider).await;
    let mut lapsed = records.iter().filter(|record| record.action == "letter.order_lapsed");
    let record = lapsed.next().unwrap();
    assert!(record.is("letter.order_lapsed", "not_agreed") && record.actor_kind == "clock", "{record:?}");
    assert_eq!(lapsed.next(), None, "once");
    assert_eq!(state_of(&provider, "dawna.osoba").await, "active");

    // Whoever looks sees it, and whoever agrees now comes too late.
    let again = asks.sign_in_elsewhere(&provider).await;
    let page = again.open(&sheet).await;
    assert!(form::text(&page.body, "#order").unwrap().contains("wygasło"), "{}", page.body);
    let supervisor = supervisor.sign_in_elsewhere(&provider).await;
    let fresh = supervisor.open("/office/approvals").await;
    assert!(form::has(&fresh.body, "#nothing"), "{}", fresh.body);
    let (to, mut fields) = form::filled_in(&stale.body, "[id^=agree-]", &[("reason", "Zgoda.")]);
    fields.retain(|(name, _)| name != "csrf");
    fields.push(("csrf".to_owned(), form::attribute(&fresh.body, "[name=csrf]", "value").unwrap()));
    assert_eq!(supervisor.post(&to, &fields).await.status, 409);
    assert_eq!(records::rows(&provider, "letter_order", "state = 'lapsed'").await, 1);
    // It can be asked for again.
    assert_eq!(again.submit(&page, "#order-letter", &[("reason", "Zgubiła list.")]).await.status, 303);
    assert_eq!(records::rows(&provider, "letter_order", waits).await, 1);
    let page = again.open(&sheet).await;
    assert!(!form::text(&page.body, "#order").unwrap().contains("wygasło"), "{}", page.body);
}
