//! A letter that another system printed, without a serial: the office can void it by itself.

use crate::helpers::form;
use crate::helpers::people::{CHOSEN, INITIAL};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::office::support::{help, sheet};

const OFFICE: &str = "Administracja nr 1";
const REASON: &str = "Dokument zginął przy przeprowadzce.";
const BUTTON: &str = "#revoke-letter-from-before";

#[tokio::test]
async fn it_is_voided_with_a_reason_and_the_chosen_password_stays() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter_from_before("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let (path, page) = sheet(&clerk, &person.login).await;
    let without = help(&clerk, &page, BUTTON, " ").await;
    assert_eq!(without.status, 422);
    assert!(form::has(&without.body, "details[open] #reason-letter-from-before[aria-invalid=true]"));
    assert_eq!(help(&clerk, &page, BUTTON, REASON).await.status, 303);
    let again = help(&clerk, &page, BUTTON, REASON).await;
    assert_eq!(again.status, 409, "a double click voids once: {}", again.body);
    assert_eq!(records::count_of(&provider, "letter.voided", "letter_from_before").await, 1);
    assert_eq!(records::count_of(&provider, "account.help_refused", "no_such_letter").await, 1);

    let page = clerk.open(&path).await;
    assert!(!form::has(&page.body, "#letter-from-before") && page.body.contains(REASON), "{}", page.body);
    let refused = provider.open_browser().try_recover_from_before(&person.login, INITIAL).await;
    assert_eq!(refused.status, 401, "it recovers nothing any more");
    assert_eq!(provider.open_browser().try_sign_in(&person.login, CHOSEN).await.location(), "/");
}

#[tokio::test]
async fn before_the_first_change_it_opens_nothing_and_whoever_came_in_with_it_is_out() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let mut thief = provider.open_browser();
    let answer = thief.try_sign_in(&person.login, INITIAL).await;
    let change = thief.follow(answer).await;
    let (path, page) = sheet(&clerk, &person.login).await;
    assert_eq!(help(&clerk, &page, BUTTON, REASON).await.status, 303);
    assert_eq!(thief.change_password_at(&change, CHOSEN, CHOSEN).await.location(), "/sign-in");
    assert_eq!(provider.open_browser().try_sign_in(&person.login, INITIAL).await.status, 401);
    assert!(form::has(&clerk.open(&path).await.body, "#needs-letter"));
}

#[tokio::test]
async fn the_button_is_there_only_where_there_is_such_a_letter() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let auditor = provider.auditor("ewa.drozd").await;
    provider.active_person("bez.listu").await;
    provider.person_with_codes("z.kodami").await;
    provider.person_with_letter_from_before("ma.nowszy").await;
    provider.printed_letter_of("ma.nowszy").await;
    for login in ["bez.listu", "z.kodami", "ma.nowszy"] {
        assert!(!form::has(&sheet(&clerk, login).await.1.body, "#letter-from-before"), "{login}");
    }
    provider.person_with_letter_from_before("ma.tylko.ten").await;
    let (_, page) = sheet(&auditor, "ma.tylko.ten").await;
    assert!(form::has(&page.body, "#letter-from-before") && !form::has(&page.body, BUTTON));
}
