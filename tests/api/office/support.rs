//! The office helps an account: what it may, by whom, and what is written down.

use futures_util::future::join_all;
use iok_id::domain::staff::Role;

use crate::helpers::database::dump;
use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::people::{INITIAL, Person, lock_out};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::staff::Clerk;
use crate::helpers::visitor::Answer;

/// Where the people of the helpers belong.
const OFFICE: &str = "Administracja nr 1";
const REASON: &str = "Była osobiście, dowód okazany.";

/// The account's own page, found by its login.
pub(crate) async fn sheet(clerk: &Clerk, asked_for: &str) -> (String, Answer) {
    let page = clerk.open("/office/accounts").await;
    let found = clerk.submit(&page, "#find-accounts", &[("text", asked_for)]).await;
    // Names are searched as well: people of one name are found together.
    let logins = form::texts(&found.body, "#found td code");
    let row = logins.iter().position(|login| login == asked_for).unwrap_or(0);
    let path = form::hrefs(&found.body, "#found td a")
        .into_iter()
        .nth(row)
        .unwrap_or_else(|| panic!("{asked_for} was not found: {}", found.body));
    let page = clerk.open(&path).await;
    (path, page)
}

/// Presses a button of the account's page.
pub(crate) async fn help(clerk: &Clerk, page: &Answer, button: &str, reason: &str) -> Answer {
    clerk.submit(page, button, &[("reason", reason)]).await
}

#[tokio::test]
async fn a_locked_owner_calls_the_office_and_signs_in() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    lock_out(&provider, &person).await;
    assert!(provider.visitor().sign_in(&person).await.error().is_some(), "locked");

    let locked = clerk.open("/office/accounts?only=locked").await;
    assert_eq!(form::texts(&locked.body, "#found td a"), ["Halina Wrona"]);
    let (_, page) = sheet(&clerk, &person.login).await;
    assert!(form::has(&page.body, "#lock"), "{}", page.body);
    let done = clerk.browser.follow(help(&clerk, &page, "#unlock", REASON).await).await;
    assert!(form::has(&done.body, "#notice") && !form::has(&done.body, "#lock"), "{}", done.body);
    assert!(provider.visitor().sign_in(&person).await.error().is_none());

    assert_eq!(records::count_of(&provider, "account.unlocked", "by_office").await, 1);
    assert!(done.body.contains(REASON), "the page tells why: {}", done.body);
    let stolen = dump(&provider.database).await;
    assert!(
        !stolen.iter().any(|(_, row)| row.contains("osobiście")),
        "and nobody who stole the tables reads it"
    );
}

#[tokio::test]
async fn unlocking_opens_the_way_back_with_the_letter_too() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let recover =
        async |code: &str| provider.open_browser().try_recover(&person.login, &letter.serial, code).await;
    for _ in 0..5 {
        recover("2222-2222-2222").await;
    }
    assert_eq!(recover(CODES[0]).await.status, 401, "the letter's budget has run out");
    let (_, page) = sheet(&clerk, &person.login).await;
    assert_eq!(help(&clerk, &page, "#unlock", REASON).await.status, 303);
    assert_eq!(recover(CODES[0]).await.location(), "/change-password");
}

#[tokio::test]
async fn people_are_found_by_whatever_they_say() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let mut other = Person::active("jan.nowak");
    "Jan".clone_into(&mut other.row.given_name);
    "Nowak".clone_into(&mut other.row.family_name);
    provider.import(&[&other]).await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let page = clerk.open("/office/accounts").await;
    let spoken = ["wrona", "WRONA halina", "halina.wrona", "K-halina.wrona", "halina.wrona@EXAMPLE.test"];
    for text in spoken {
        let found = clerk.submit(&page, "#find-accounts", &[("text", text)]).await;
        assert_eq!(form::texts(&found.body, "#found td a"), ["Halina Wrona"], "{text}");
    }
    let street = clerk.submit(&page, "#find-accounts", &[("text", "wiśniowa")]).await;
    assert_eq!(form::texts(&street.body, "#found td a"), ["Jan Nowak", "Halina Wrona"]);
    for text in ["%", "_", "' OR 1=1 --"] {
        let found = clerk.submit(&page, "#find-accounts", &[("text", text)]).await;
        assert!(form::has(&found.body, "#nothing"), "{text}");
    }
}

#[tokio::test]
async fn a_clerk_sees_and_helps_only_the_own_office() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let at_home = provider.clerk("urszula.sowa", OFFICE).await;
    let elsewhere = provider.clerk("jan.zielinski", "Administracja nr 2").await;
    let (path, page) = sheet(&at_home, "halina.wrona").await;

    let search = elsewhere.open("/office/accounts").await;
    let found = elsewhere.submit(&search, "#find-accounts", &[("text", "halina.wrona")]).await;
    assert!(form::has(&found.body, "#nothing"), "{}", found.body);
    expect::error_page(&elsewhere.get(&path).await, 404);
    // The form of the one who may, sent by the one who may not.
    let (_, mut fields) = form::filled_in(&page.body, "#suspend", &[("reason", REASON)]);
    let csrf = form::fields(&search.body, "#find-accounts");
    fields.retain(|(name, _)| name != "csrf");
    fields.extend(csrf.into_iter().filter(|(name, _)| name == "csrf"));
    expect::error_page(&elsewhere.browser.post(&path, &fields).await, 404);
    assert_eq!(records::count(&provider, "account.suspended").await, 0);

    let supervisor = provider.supervisor("irena.czajka").await;
    let (_, page) = sheet(&supervisor, "halina.wrona").await;
    assert!(form::has(&page.body, "#suspend"), "supervisors see every office");
}

#[tokio::test]
async fn an_auditor_reads_and_an_administrator_does_not() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let auditor = provider.auditor("ewa.drozd").await;
    let (path, page) = sheet(&auditor, "halina.wrona").await;
    assert!(page.body.contains("Halina Wrona") && !form::has(&page.body, "textarea"), "{}", page.body);
    let search = auditor.open("/office/accounts").await;
    let mut fields = form::fields(&search.body, "#find-accounts");
    fields.push(("action".to_owned(), "close".to_owned()));
    fields.push(("reason".to_owned(), REASON.to_owned()));
    expect::error_page(&auditor.browser.post(&path, &fields).await, 403);
    let administrator = provider.administrator("adam.zieba").await;
    expect::error_page(&administrator.get("/office/accounts").await, 403);
    assert_eq!(records::count(&provider, "account.closed").await, 0);
}

#[tokio::test]
async fn nobody_acts_on_an_account_of_their_own() {
    let provider = TestProvider::start().await;
    provider.active_person("urszula.sowa").await;
    provider.add_staff("urszula.sowa", Role::Supervisor, None).await;
    let other = provider.supervisor("irena.czajka").await;
    let (path, page) = sheet(&other, "urszula.sowa").await;
    let own_id = path.rsplit('/').next().unwrap().to_owned();
    // The supervisor's own page offers nothing, and a form made by hand is refused and recorded.
    let (own, own_page) = {
        let (path, _) = sheet(&other, "irena.czajka").await;
        let page = other.open(&path).await;
        (path, page)
    };
    assert!(form::has(&own_page.body, "#own-account") && !form::has(&own_page.body, "textarea"));
    let (_, fields) = form::filled_in(&page.body, "#suspend", &[("reason", REASON)]);
    let refused = other.browser.post(&own, &fields).await;
    assert_eq!(refused.status, 403, "{own_id}: {}", refused.body);
    assert!(refused.error().is_some(), "{}", refused.body);
    assert_eq!(records::count_of(&provider, "account.help_refused", "own_account").await, 1);
}

#[tokio::test]
async fn what_opens_a_colleagues_account_is_not_the_offices_to_change() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let colleague = provider.clerk("jan.zielinski", OFFICE).await;
    let (_, page) = sheet(&clerk, &colleague.login).await;
    for button in ["#suspend", "#close", "#order-letter", "#change-email"] {
        let typed = [("reason", REASON), ("value", "nowa@example.test")];
        let refused = clerk.submit(&page, button, &typed).await;
        assert!(refused.status.is_client_error(), "{button}: {} {}", refused.status, refused.body);
    }
    assert_eq!(records::count_of(&provider, "account.help_refused", "staff_account").await, 4);
    assert_eq!(help(&clerk, &page, "#end-sessions", REASON).await.status, 303, "that much is");
    assert_eq!(colleague.get("/office").await.status, 303);
}

#[tokio::test]
async fn without_a_reason_nothing_happens_and_the_form_says_so() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let (_, page) = sheet(&clerk, "halina.wrona").await;
    let refused = help(&clerk, &page, "#suspend", "  ").await;
    assert_eq!(refused.status, 422);
    assert!(form::has(&refused.body, "details[open] #reason-suspend[aria-invalid=true]"), "{}", refused.body);
    let too_long = help(&clerk, &page, "#suspend", &"ż".repeat(2_001)).await;
    assert_eq!(too_long.status, 422);
    assert_eq!(records::count(&provider, "account.suspended").await, 0);
}

#[tokio::test]
async fn suspending_ends_sessions_and_resuming_brings_the_password_back() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let (path, page) = sheet(&clerk, "halina.wrona").await;
    assert_eq!(form::text(&page.body, "#sessions").as_deref(), Some("1"));
    assert_eq!(help(&clerk, &page, "#suspend", REASON).await.status, 303);
    assert!(provider.visitor().sign_in(&person).await.error().is_some());
    // A form that was open before: told what is true now, and nothing changes twice.
    let again = help(&clerk, &page, "#suspend", REASON).await;
    assert_eq!(again.status, 409, "{}", again.body);
    assert_eq!(records::count(&provider, "account.suspended").await, 1);
    assert_eq!(records::count_of(&provider, "account.help_refused", "not_now").await, 1);

    let page = clerk.open(&path).await;
    assert_eq!(help(&clerk, &page, "#resume", REASON).await.status, 303);
    assert!(provider.visitor().sign_in(&person).await.error().is_none());
    assert_eq!(records::rows(&provider, "mail", "kind IN ('account_suspended', 'account_resumed')").await, 2);
}

#[tokio::test]
async fn closing_ends_everything_and_all_sessions_can_be_ended_alone() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    provider.visitor().sign_in(&person).await;
    let (path, page) = sheet(&clerk, "halina.wrona").await;
    assert_eq!(help(&clerk, &page, "#end-sessions", REASON).await.status, 303);
    assert_eq!(records::count(&provider, "sessions.ended").await, 1);
    let page = clerk.open(&path).await;
    assert_eq!(form::text(&page.body, "#sessions").as_deref(), Some("0"));
    assert!(provider.visitor().sign_in(&person).await.error().is_none(), "the password stays");
    let page = clerk.open(&path).await;
    assert_eq!(help(&clerk, &page, "#close", REASON).await.status, 303);
    assert!(provider.visitor().sign_in(&person).await.error().is_some());
    assert_eq!(records::count_of(&provider, "account.closed", "by_office").await, 1);
}

#[tokio::test]
async fn devices_lose_their_trust_with_the_sessions_if_the_clerk_says_so_and_the_owner_is_told() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let own = provider.visitor();
    own.sign_in(&person).await;
    let trusted = async || records::rows(&provider, "trusted_device", "1 = 1").await;
    assert_eq!(trusted().await, 2, "the clerk's own is the other one");
    let (path, page) = sheet(&clerk, "halina.wrona").await;
    assert_eq!(form::text(&page.body, "#devices").as_deref(), Some("1"));
    assert_eq!(help(&clerk, &page, "#end-sessions", REASON).await.status, 303);
    assert_eq!(trusted().await, 2);
    assert!(!form::has(&own.get("/").await.body, "#sign-out"));

    // Nobody is signed in any more, and there is still a device to take the trust from.
    let page = clerk.open(&path).await;
    let typed = [("reason", REASON), ("devices", "yes")];
    assert_eq!(clerk.submit(&page, "#end-sessions", &typed).await.status, 303);
    assert_eq!(trusted().await, 1);
    assert_eq!(records::count_of(&provider, "sessions.ended", "by_office_with_devices").await, 1);
    assert_eq!(provider.mailed_to(&person.row.email).await, ["sessions_ended"; 2]);
    let page = clerk.open(&path).await;
    assert!(!form::has(&page.body, "#end-sessions"), "nothing is left to end");
}

#[tokio::test]
async fn a_telephone_number_changes_at_once_and_an_address_waits_for_a_second_person() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let (path, page) = sheet(&clerk, "halina.wrona").await;
    let bad = clerk.submit(&page, "#change-phone", &[("value", "call me"), ("reason", REASON)]).await;
    assert_eq!(bad.status, 422);
    assert_eq!(form::attribute(&bad.body, "#value-change-phone", "value").as_deref(), Some("call me"));
    let done =
        clerk.submit(&page, "#change-phone", &[("value", "+48 32 245 00 00"), ("reason", REASON)]).await;
    assert_eq!(done.status, 303);
    let page = clerk.open(&path).await;
    assert_eq!(form::text(&page.body, "#phone").as_deref(), Some("+48 32 245 00 00"));

    let new = [("value", "nowa@example.test"), ("reason", REASON)];
    assert_eq!(clerk.submit(&page, "#change-email", &new).await.status, 303);
    assert_eq!(clerk.submit(&page, "#change-email", &new).await.status, 409, "a double click asks once");
    assert_eq!(records::count(&provider, "contact_change.requested").await, 1);
    let page = clerk.open(&path).await;
    assert_eq!(form::text(&page.body, "#email").as_deref(), Some("halina.wrona@example.test"), "not yet");
    assert!(form::has(&page.body, "#change"));

    let none = clerk.open("/office/approvals").await;
    assert!(form::has(&none.body, "#nothing"), "a clerk agrees to no address: {}", none.body);
    let supervisor = provider.supervisor("irena.czajka").await;
    let list = supervisor.open("/office/approvals").await;
    assert!(list.body.contains("nowa@example.test") && list.body.contains(REASON), "{}", list.body);
    let agreed = supervisor.submit(&list, "[id^=agree-]", &[("reason", "Oddzwoniłam.")]).await;
    assert_eq!(agreed.status, 303, "{}", agreed.body);
    let page = clerk.open(&path).await;
    assert_eq!(form::text(&page.body, "#email").as_deref(), Some("nowa@example.test"));
    assert_eq!(
        records::rows(&provider, "mail", "kind = 'email_changed'").await,
        2,
        "the old address hears too"
    );
    assert_eq!(records::count_of(&provider, "contact.changed", "email").await, 1);
    let stolen = dump(&provider.database).await;
    assert!(!stolen.iter().any(|(_, row)| row.contains("osobiście") || row.contains("Oddzwoniłam")));
}

#[tokio::test]
async fn an_address_that_the_second_person_refuses_changes_nothing_and_is_recorded() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let (path, page) = sheet(&clerk, "halina.wrona").await;
    let new = [("value", "nowa@example.test"), ("reason", REASON)];
    assert_eq!(clerk.submit(&page, "#change-email", &new).await.status, 303);
    let supervisor = provider.supervisor("irena.czajka").await;
    let list = supervisor.open("/office/approvals").await;
    let refused = supervisor.submit(&list, "[id^=refuse-]", &[("reason", "Nikt nie dzwonił.")]).await;
    assert_eq!(refused.status, 303, "{}", refused.body);
    let page = clerk.open(&path).await;
    assert_eq!(form::text(&page.body, "#email").as_deref(), Some("halina.wrona@example.test"));
    assert_eq!(records::count_of(&provider, "contact_change.refused", "email").await, 1);
    assert_eq!(records::count(&provider, "contact.changed").await, 0);
    assert_eq!(records::rows(&provider, "mail", "kind = 'email_changed'").await, 0);
    let twice = supervisor.submit(&list, "[id^=agree-]", &[("reason", REASON)]).await;
    assert_eq!(twice.status, 409, "it is decided: {}", twice.body);
}

#[tokio::test]
async fn a_new_letter_for_an_account_that_was_active_takes_a_second_person_and_tells_the_owner() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let (_, page) = sheet(&clerk, "halina.wrona").await;
    // A double click.
    let pressed = join_all((0..2).map(|_| help(&clerk, &page, "#order-letter", REASON))).await;
    let mut statuses: Vec<u16> = pressed.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(records::rows(&provider, "letter_order", "state = 'awaiting_approval'").await, 1);
    assert_eq!(records::rows(&provider, "mail", "kind = 'letter_reissued'").await, 1);

    let own = clerk.open("/office/approvals").await;
    assert!(!form::has(&own.body, "[id^=agree-]"), "the requester is not the second person: {}", own.body);
    let colleague = provider.clerk("jan.zielinski", OFFICE).await;
    let elsewhere = provider.clerk("zofia.kos", "Administracja nr 2").await;
    assert!(form::has(&elsewhere.open("/office/approvals").await.body, "#nothing"));
    let list = colleague.open("/office/approvals").await;

    // The requester sends the colleague's form under their own token: refused and recorded.
    let (to, mut fields) = form::filled_in(&list.body, "[id^=agree-]", &[("reason", REASON)]);
    let search = clerk.open("/office/accounts").await;
    fields.retain(|(name, _)| name != "csrf");
    fields
        .extend(form::fields(&search.body, "#find-accounts").into_iter().filter(|(name, _)| name == "csrf"));
    assert_eq!(clerk.browser.post(&to, &fields).await.status, 403);
    assert_eq!(records::count_of(&provider, "account.help_refused", "own_request").await, 1);

    // Two at once: one wins, the other is told who.
    let supervisor = provider.supervisor("irena.czajka").await;
    let other_list = supervisor.open("/office/approvals").await;
    let (one, two) = tokio::join!(
        colleague.submit(&list, "[id^=agree-]", &[("reason", REASON)]),
        supervisor.submit(&other_list, "[id^=refuse-]", &[("reason", REASON)]),
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let late = if one.status == 409 { &one } else { &two };
    assert!(form::has(&late.body, "#decided"), "{}", late.body);
    let decided = records::count(&provider, "letter.order_approved").await
        + records::count(&provider, "letter.order_refused").await;
    assert_eq!(decided, 1);
}

#[tokio::test]
async fn a_new_letter_for_an_account_that_nobody_ever_used_waits_for_nobody() {
    let provider = TestProvider::start().await;
    provider.person_with_letter("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let (_, page) = sheet(&clerk, "halina.wrona").await;
    assert_eq!(help(&clerk, &page, "#order-letter", REASON).await.status, 303);
    assert_eq!(records::rows(&provider, "letter_order", "state = 'approved'").await, 1);
    assert_eq!(records::rows(&provider, "mail", "kind = 'letter_reissued'").await, 0);
}

#[tokio::test]
async fn a_letter_that_was_lost_opens_nothing_any_more() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    provider
        .execute(
            "INSERT INTO credential_letter (id, account_id, serial, created_at) \
             SELECT id, id, '3456789AB9', created_at FROM account WHERE login = 'halina.wrona'",
        )
        .await;
    let (_, page) = sheet(&clerk, "34567-89AB9").await;
    let done = help(&clerk, &page, "button[id^=void-]", REASON).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(records::count_of(&provider, "letter.voided", "by_office").await, 1);
    let browser = provider.visitor();
    let page = browser.open("/sign-in").await;
    let answer = browser.sign_in_at(&page, &person.login, INITIAL).await;
    assert!(answer.error().is_some(), "its initial password is dead");
}
