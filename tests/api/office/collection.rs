//! Handing letters over (the procedure's row 4): only then does anything open.

use iok_id::domain::account::AccountState;
use iok_id::domain::staff::Role;
use serde_json::json;

use super::support::{help, sheet};
use crate::helpers::counter::{
    OFFICE, OTHER_OFFICE, approved, clerk, find, hand_over, move_to, print_again, print_one, reissue, staff,
    state_of,
};
use crate::helpers::form;
use crate::helpers::people::CHOSEN;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

#[tokio::test]
async fn before_the_letter_is_collected_its_password_opens_nothing_and_afterwards_its_own_replacement() {
    let provider = TestProvider::start().await;
    let (printer, counter) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    approved(&provider, "nowa.osoba").await;
    let letter = print_one(&printer).await;
    let visitor = provider.visitor();
    let early = visitor.sign_in(&letter.person()).await;
    let unknown = visitor.sign_in_at(&visitor.open("/sign-in").await, "nie.ma.takiej", "x").await;
    assert_eq!((early.status, early.error()), (unknown.status, unknown.error()), "the ordinary answer");

    let done = hand_over(&counter, &letter.serial).await;
    assert_eq!(done.status, 200);
    assert!(form::text(&done.body, "#notice").unwrap().contains("nowa.osoba"));
    assert_eq!(state_of(&provider, "nowa.osoba").await, "initial_password");
    assert_eq!(records::count_of(&provider, "letter.collected", "identity_card").await, 1);
    assert_eq!(records::rows(&provider, "mail", "kind = 'letter_collected'").await, 1);
    assert_eq!(records::rows(&provider, "letter_order", "state = 'collected'").await, 1);

    let page = visitor.sign_in(&letter.person()).await;
    let changed = visitor.change_password_at(&page, CHOSEN, CHOSEN).await;
    assert_eq!(visitor.follow(changed).await.status, 200);
    assert_eq!(state_of(&provider, "nowa.osoba").await, "active");
}

#[tokio::test]
async fn a_serial_is_found_however_it_is_typed_and_a_slip_has_words_of_its_own() {
    let provider = TestProvider::start().await;
    let (printer, counter) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    approved(&provider, "nowa.osoba").await;
    let serial = print_one(&printer).await.serial;
    for typed in [serial.to_lowercase(), serial.replace('-', " "), serial.replace('-', "")] {
        let page = find(&counter, &typed).await;
        assert_eq!(page.status, 200, "{typed}");
        assert!(form::text(&page.body, "#letter").unwrap().contains("nowa.osoba"));
    }
    let last = serial.chars().last().unwrap();
    let wrong = format!("{}{}", &serial[..serial.len() - 1], if last == '2' { '3' } else { '2' });
    let mut messages = Vec::new();
    for (typed, status) in
        [(wrong.as_str(), 422), (&serial[..5], 422), ("0000000000", 422), ("22222-22222", 404), ("", 422)]
    {
        let page = find(&counter, typed).await;
        assert_eq!(page.status, status, "{typed}");
        assert_eq!(form::attribute(&page.body, "#serial", "value").as_deref(), Some(typed), "kept");
        messages.push(page.error().unwrap());
    }
    messages.dedup();
    assert_eq!(messages.len(), 5, "{messages:?}");
}

#[tokio::test]
async fn a_collection_says_which_document_was_shown_and_that_the_receipt_was_signed() {
    let provider = TestProvider::start().await;
    let (printer, counter) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    approved(&provider, "nowa.osoba").await;
    let letter = print_one(&printer).await;
    let page = find(&counter, &letter.serial).await;
    let (action, fields) = form::filled_in(&page.body, "#hand-over", &[("document", "passport")]);
    for missing in ["document", "signed"] {
        let some: Vec<_> = fields.iter().filter(|(name, _)| name != missing).cloned().collect();
        let answer = counter.post(&action, &some).await;
        assert_eq!(answer.status, 422);
        assert!(answer.error().is_some());
        let kept = if missing == "document" { "#signed[checked]" } else { "#document-passport[checked]" };
        assert!(form::has(&answer.body, kept), "what was filled in stays");
    }
    let forged: Vec<_> = fields.iter().filter(|(name, _)| name != "csrf").cloned().collect();
    assert_eq!(counter.post(&action, &forged).await.status, 403);
    assert_eq!(state_of(&provider, "nowa.osoba").await, "awaiting_collection");
    assert_eq!(counter.post(&action, &fields).await.status, 200);
    assert_eq!(records::count_of(&provider, "letter.collected", "passport").await, 1);
}

#[tokio::test]
async fn who_printed_a_letter_does_not_hand_it_over_unless_the_house_says_so() {
    for (setting, may) in [("true", false), ("false", true)] {
        let provider = TestProvider::start_with(&[("office.two_persons", setting)]).await;
        let alone = clerk(&provider, "ewa.drukarska").await;
        approved(&provider, "nowa.osoba").await;
        let letter = print_one(&alone).await;
        let page = find(&alone, &letter.serial).await;
        assert_eq!(form::has(&page.body, "#hand-over"), may);
        assert_eq!(form::has(&page.body, "#refusal"), !may);
    }
}

#[tokio::test]
async fn a_page_that_was_opened_before_does_not_get_round_what_is_true_now() {
    let provider = TestProvider::start().await;
    let (printer, counter) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    approved(&provider, "nowa.osoba").await;
    let older = print_one(&printer).await;
    let stale = find(&counter, &older.serial).await;
    let newer = print_again(&printer).await;
    let refused = counter.submit(&stale, "#hand-over", &[("document", "identity_card")]).await;
    assert_eq!(refused.status, 409, "voided meanwhile");
    assert!(form::has(&refused.body, "#refusal"));
    let stale = find(&counter, &newer.serial).await;
    let forged_by_printer = printer.get("/office/collection").await;
    let mut fields = form::fields(&stale.body, "#hand-over");
    fields.retain(|(name, _)| name != "csrf" && name != "document");
    fields.push(("document".to_owned(), "identity_card".to_owned()));
    fields.push(("what".to_owned(), "collect".to_owned()));
    let csrf = form::fields(&forged_by_printer.body, "#find-letter");
    fields.extend(csrf.into_iter().filter(|(name, _)| name == "csrf"));
    let own = printer.post("/office/collection", &fields).await;
    assert_eq!(own.status, 409, "printed by yourself");
    assert_eq!(state_of(&provider, "nowa.osoba").await, "awaiting_collection");
    assert_eq!(counter.submit(&stale, "#hand-over", &[("document", "identity_card")]).await.status, 200);
    let twice = counter.submit(&stale, "#hand-over", &[("document", "identity_card")]).await;
    assert_eq!(twice.status, 409);
    assert!(form::text(&twice.body, "#refusal").unwrap().contains("jan.okienko"), "who handed it over");
    assert_eq!(records::count(&provider, "letter.collected").await, 1);
}

#[tokio::test]
async fn of_two_who_hand_over_at_once_one_does() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    let (one, other) = (clerk(&provider, "jan.okienko").await, clerk(&provider, "ola.druga").await);
    approved(&provider, "nowa.osoba").await;
    let letter = print_one(&printer).await;
    let (first, second) = (find(&one, &letter.serial).await, find(&other, &letter.serial).await);
    let typed = [("document", "identity_card")];
    let (first, second) =
        tokio::join!(one.submit(&first, "#hand-over", &typed), other.submit(&second, "#hand-over", &typed));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(records::count(&provider, "letter.collected").await, 1);
    assert_eq!(records::rows(&provider, "mail", "kind = 'letter_collected'").await, 1);
}

#[tokio::test]
async fn another_office_hears_where_and_nothing_of_whom() {
    let provider = TestProvider::start().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    let elsewhere = staff(&provider, "adam.daleki", Role::Clerk, OTHER_OFFICE).await;
    approved(&provider, "nowa.osoba").await;
    let letter = print_one(&printer).await;
    let page = find(&elsewhere, &letter.serial).await;
    assert_eq!(page.status, 403);
    assert!(page.error().unwrap().contains("Administracja nr 1"));
    assert!(!page.body.contains("nowa.osoba") && !page.body.contains("Halina"));
}

#[tokio::test]
async fn another_letter_ends_what_is_open_and_lifts_the_lock_once_it_is_collected() {
    let provider = TestProvider::start().await;
    let (printer, counter) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    let person = provider.active_person("dawna.osoba").await;
    let inside = provider.visitor();
    inside.sign_in(&person).await;
    for _ in 0..5 {
        let visitor = provider.visitor();
        visitor.sign_in_at(&visitor.open("/sign-in").await, "dawna.osoba", "Zle#Haslo1").await;
    }
    reissue(&provider, "dawna.osoba").await;
    let letter = print_one(&printer).await;
    assert!(form::has(&inside.get("/").await.body, "#sign-out"), "printing ends nothing");
    hand_over(&counter, &letter.serial).await;
    assert!(!form::has(&inside.get("/").await.body, "#sign-out"));
    let page = provider.visitor().sign_in(&letter.person()).await;
    assert!(form::has(&page.body, "#new-password"), "not locked: {}", page.body);
    assert!(form::has(&provider.visitor().sign_in(&person).await.body, "#error"), "the old password is dead");
}

#[tokio::test]
async fn what_was_granted_before_another_letter_stays_dead_after_the_change_that_follows_it() {
    let provider = TestProvider::start().await;
    let (printer, counter) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    let person = provider.active_person("dawna.osoba").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let offline = [("scope", "openid offline_access")];
    let inside = provider.visitor();
    let tokens = billing.tokens(&inside, &person, &offline).await;
    reissue(&provider, "dawna.osoba").await;
    let letter = print_one(&printer).await;
    hand_over(&counter, &letter.serial).await;
    assert_eq!(records::count_of(&provider, "session.ended", "letter_collected").await, 1);
    assert_eq!(records::count_of(&provider, "grant.revoked", "letter_collected").await, 1);

    // The account is active again: what was open before must not be.
    let visitor = provider.visitor();
    let page = visitor.sign_in(&letter.person()).await;
    let changed = visitor.change_password_at(&page, "Brzoza!91kw", "Brzoza!91kw").await;
    assert!(form::has(&visitor.follow(changed).await.body, "#sign-out"));
    assert!(!form::has(&inside.get("/").await.body, "#sign-out"));
    let refreshed = billing.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn who_asked_for_another_letter_does_not_hand_it_over_either() {
    let provider = TestProvider::start().await;
    // Nobody ever used it, so that nobody has to agree.
    provider.person_with_letter("nowa.osoba").await;
    let asks = provider.clerk("urszula.sowa", OFFICE).await;
    let (printer, counter) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    let (_, page) = sheet(&asks, "nowa.osoba").await;
    assert_eq!(help(&asks, &page, "#order-letter", "Zgubiony dokument.").await.status, 303);
    let letter = print_one(&printer).await;
    let own = find(&asks.browser, &letter.serial).await;
    assert_eq!(own.status, 409, "{}", own.body);
    assert!(form::has(&own.body, "#refusal") && !form::has(&own.body, "#hand-over"), "{}", own.body);
    assert!(form::has(&find(&counter, &letter.serial).await.body, "#hand-over"));
}

#[tokio::test]
async fn a_letter_never_lifts_a_suspension_and_opens_a_closed_account_only_if_it_was_ordered_for_it() {
    let provider = TestProvider::start().await;
    let (printer, counter) = (clerk(&provider, "ewa.drukarska").await, clerk(&provider, "jan.okienko").await);
    provider.active_person("wstrzymana.osoba").await;
    reissue(&provider, "wstrzymana.osoba").await;
    let letter = print_one(&printer).await;
    move_to(&provider, "wstrzymana.osoba", AccountState::Suspended).await;
    let page = find(&counter, &letter.serial).await;
    assert_eq!(page.status, 409);
    assert!(!form::has(&page.body, "#hand-over"));
    assert_eq!(state_of(&provider, "wstrzymana.osoba").await, "suspended");

    approved(&provider, "zamknieta.osoba").await;
    let first = print_one(&printer).await;
    move_to(&provider, "zamknieta.osoba", AccountState::Closed).await;
    assert_eq!(find(&counter, &first.serial).await.status, 409, "a first letter opens no closed account");
    provider.execute("UPDATE letter_order SET state = 'cancelled' WHERE kind = 'first'").await;
    reissue(&provider, "zamknieta.osoba").await;
    let again = print_one(&printer).await;
    assert_eq!(hand_over(&counter, &again.serial).await.status, 200);
    assert_eq!(state_of(&provider, "zamknieta.osoba").await, "initial_password");
}
