//! What is left of the link that blocks an account, and of what opened it, once the office resumed it.

use chrono::TimeDelta;
use iok_id::domain::mail::Message;

use crate::helpers::counter::{hand_over, print_one};
use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::people::{CHOSEN, INITIAL, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::staff::Clerk;
use crate::office::support::{help, sheet};

const OFFICE: &str = "Administracja nr 1";
const REASON: &str = "Była osobiście, dowód okazany.";

/// Presses the button behind the link; gives the status of the answer.
async fn press(provider: &TestProvider, link: &str) -> u16 {
    let mut browser = provider.open_browser();
    let page = browser.get(link).await;
    if !form::has(&page.body, "#block") {
        return page.status.as_u16();
    }
    browser.submit(&page, "#block", &[]).await.status.as_u16()
}

async fn resume(provider: &TestProvider, clerk: &Clerk, login: &str) {
    provider.advance(TimeDelta::seconds(2));
    let (_, page) = sheet(clerk, login).await;
    assert_eq!(help(clerk, &page, "#resume", REASON).await.status, 303);
    provider.advance(TimeDelta::seconds(2));
}

async fn signs_in(provider: &TestProvider, person: &Person) -> bool {
    provider.open_browser().try_sign_in(&person.login, &person.password).await.status != 401
}

#[tokio::test]
async fn once_the_office_resumed_an_account_the_links_of_before_block_it_no_more() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let link = provider.block_link(&person.login).await;
    let mut browser = provider.open_browser();
    let open_since_before = browser.get(&link).await;
    let (_, page) = sheet(&clerk, &person.login).await;
    assert_eq!(help(&clerk, &page, "#suspend", REASON).await.status, 303);
    resume(&provider, &clerk, &person.login).await;

    let over = browser.get(&link).await;
    assert_eq!(over.status, 410);
    assert_eq!(form::text(&over.body, "h1").as_deref(), Some("Ten link stracił ważność"));
    assert!(!form::has(&over.body, "#office"));
    assert_eq!(browser.submit(&open_since_before, "#block", &[]).await.status, 410);
    assert_eq!(records::count(&provider, "account.suspended").await, 1);
    assert!(
        signs_in(&provider, &person).await,
        "the office suspended it: the password was in nobody's hands"
    );
    assert_eq!(press(&provider, &provider.block_link(&person.login).await).await, 200, "a new link works");
    assert_eq!(records::count_of(&provider, "account.suspended", "blocked_by_link").await, 1);
}

#[tokio::test]
async fn what_opened_an_account_that_its_owner_blocked_opens_it_no_more_and_a_new_letter_does() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    assert_eq!(press(&provider, &provider.block_link(&person.login).await).await, 200);
    let (_, page) = sheet(&clerk, &person.login).await;
    assert!(page.body.contains("Właściciel sam zablokował konto"), "told before it is done: {}", page.body);
    resume(&provider, &clerk, &person.login).await;

    assert!(!signs_in(&provider, &person).await, "whoever came in may have chosen this password");
    for code in CODES {
        let refused = provider.open_browser().try_recover(&person.login, &letter.serial, code).await;
        assert_eq!(refused.status, 401, "and read all the codes");
    }
    let (_, page) = sheet(&clerk, &person.login).await;
    assert!(form::has(&page.body, "#needs-letter") && form::has(&page.body, "#order"), "{}", page.body);
    assert_eq!(records::count_of(&provider, "account.resumed", "new_letter_needed").await, 1);
    assert_eq!(records::count_of(&provider, "letter.voided", "blocked_by_link").await, 1);
    let mails = provider.mails().await;
    let told = mails.iter().any(|mail| {
        matches!(&mail.message, Message::AccountResumed { new_letter: Some(office) } if office.name == OFFICE)
    });
    assert!(told, "the owner hears where the new letter is");

    // The way back: agreed to by a colleague, printed by them, and handed over by a third person.
    let own = clerk.open("/office/approvals").await;
    assert!(!form::has(&own.body, "[id^=agree-]"), "{}", own.body);
    let (colleague, third) =
        (provider.clerk("jan.nowak", OFFICE).await, provider.clerk("ewa.kos", OFFICE).await);
    let list = colleague.open("/office/approvals").await;
    assert_eq!(colleague.submit(&list, "[id^=agree-]", &[("reason", REASON)]).await.status, 303);
    let new = print_one(&colleague.browser).await;
    hand_over(&third.browser, &new.serial).await;
    let answer = provider.open_browser().try_sign_in(&new.login, &new.password).await;
    assert_eq!(answer.location(), "/change-password");
}

#[tokio::test]
async fn a_letter_from_before_dies_with_the_block_too() {
    let provider = TestProvider::start().await;
    let active = provider.person_with_letter_from_before("halina.wrona").await;
    let newcomer = provider.person_with_letter("jan.kowalski").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    for person in [&active, &newcomer] {
        assert_eq!(press(&provider, &provider.block_link(&person.login).await).await, 200);
        resume(&provider, &clerk, &person.login).await;
        let refused = provider.open_browser().try_recover_from_before(&person.login, INITIAL).await;
        assert_eq!(refused.status, 401);
        for password in [CHOSEN, INITIAL] {
            let refused = provider.open_browser().try_sign_in(&person.login, password).await;
            assert_eq!(refused.status, 401, "{}", person.login);
        }
    }
    for (login, state) in [(&active.login, "awaiting_approval"), (&newcomer.login, "approved")] {
        let order =
            format!("state = '{state}' AND account_id = (SELECT id FROM account WHERE login = '{login}')");
        assert_eq!(records::rows(&provider, "letter_order", &order).await, 1, "{login}");
    }
}

#[tokio::test]
async fn an_owner_who_presses_after_the_office_did_is_heard_too() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let link = provider.block_link(&person.login).await;
    let mut browser = provider.open_browser();
    let page = browser.get(&link).await;
    let (_, of_account) = sheet(&clerk, &person.login).await;
    assert_eq!(help(&clerk, &of_account, "#suspend", REASON).await.status, 303);
    for _ in 0..2 {
        let already = browser.submit(&page, "#block", &[]).await;
        assert_eq!(form::text(&already.body, "h1").as_deref(), Some("Konto było już zablokowane"));
    }
    assert_eq!(records::count_of(&provider, "account.suspended", "blocked_by_link").await, 1);
    resume(&provider, &clerk, &person.login).await;
    assert!(!signs_in(&provider, &person).await);
    let refused = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(refused.status, 401);
}

#[tokio::test]
async fn a_letter_that_lies_at_the_office_was_in_nobodys_hands() {
    let provider = TestProvider::start().await;
    let (person, _) = provider.person_with_codes("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    provider.printed_letter_of(&person.login).await;
    assert_eq!(press(&provider, &provider.block_link(&person.login).await).await, 200);
    resume(&provider, &clerk, &person.login).await;
    let live = "voided_at IS NULL AND collected_at IS NULL";
    assert_eq!(records::rows(&provider, "credential_letter", live).await, 1);
    assert_eq!(records::rows(&provider, "credential_letter", "voided_at IS NOT NULL").await, 1);
}

#[tokio::test]
async fn a_void_letter_opens_nothing_after_a_suspension_either() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    provider.letter_of(&person.login).await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    for button in ["#suspend", "[id^=void-]"] {
        let (_, page) = sheet(&clerk, &person.login).await;
        assert_eq!(help(&clerk, &page, button, REASON).await.status, 303, "{button}");
    }
    resume(&provider, &clerk, &person.login).await;
    assert!(!signs_in(&provider, &person).await);
}

#[tokio::test]
async fn a_mail_that_is_sent_again_to_an_old_address_brings_no_fresh_link() {
    let (provider, server) = TestProvider::start_with_mail().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let (supervisor, administrator) =
        (provider.supervisor("irena.czajka").await, provider.administrator("adam.zieba").await);
    let old_link = provider.block_link(&person.login).await;
    server.refuse(&person.row.email, 550, "5.1.1 no such user");
    let recovered = provider.open_browser().try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(recovered.location(), "/change-password");
    provider.deliver_mail().await;

    provider.advance(TimeDelta::minutes(5));
    let (_, page) = sheet(&clerk, &person.login).await;
    let new = [("value", "nowa@example.test"), ("reason", REASON)];
    assert_eq!(clerk.submit(&page, "#change-email", &new).await.status, 303);
    let list = supervisor.open("/office/approvals").await;
    assert_eq!(supervisor.submit(&list, "[id^=agree-]", &[("reason", REASON)]).await.status, 303);

    server.accept(&person.row.email);
    provider.advance(TimeDelta::minutes(5));
    let queue = administrator.open("/office/mail").await;
    assert_eq!(administrator.submit(&queue, "[id^=retry-]", &[]).await.status, 303);
    provider.deliver_mail().await;
    let mailed = server.wait_for(&person.row.email, "account_recovered").await.link_to("/block/");
    let mailed = mailed.strip_prefix(&provider.issuer).unwrap();
    for link in [mailed, &old_link] {
        assert_eq!(press(&provider, link).await, 410, "{link}");
    }
    assert_eq!(records::count(&provider, "account.suspended").await, 0);
    assert_eq!(press(&provider, &provider.block_link(&person.login).await).await, 200);
}
