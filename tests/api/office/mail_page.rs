//! The mail queue in the console.

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

const OFFICE: &str = "Administracja nr 1";
const MAIL: &str = "0197f3a0-0000-7000-8000-00000000000a";

async fn given_up(provider: &TestProvider) {
    provider
        .execute(&format!(
            "INSERT INTO mail (id, kind, sealed, created_at, attempts, next_attempt_at, given_up_at, last_error) \
             SELECT {}, 'account_resumed', 'x', created_at, 9, created_at, created_at, '550 no such mailbox' \
             FROM account WHERE login = 'adam.zieba'",
            provider.database.uuid(MAIL)
        ))
        .await;
}

#[tokio::test]
async fn what_was_given_up_is_seen_and_sent_again_by_who_may() {
    let provider = TestProvider::start().await;
    let administrator = provider.administrator("adam.zieba").await;
    let auditor = provider.auditor("ewa.drozd").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    given_up(&provider).await;
    expect::error_page(&clerk.get("/office/mail").await, 403);

    let read = auditor.open("/office/mail").await;
    assert_eq!(form::text(&read.body, "#given-up").as_deref(), Some("1"));
    assert!(read.body.contains("550 no such mailbox") && !form::has(&read.body, "[id^=retry-]"));
    assert!(
        read.body.contains("Konto przywrócono") && !read.body.contains("account_resumed"),
        "words, not codes"
    );
    let page = administrator.open("/office/mail").await;
    let done = administrator.submit(&page, "[id^=retry-]", &[]).await;
    assert_eq!(done.status, 303);
    let after = administrator.browser.follow(done).await;
    assert_eq!(form::text(&after.body, "#given-up").as_deref(), Some("0"));
    assert_eq!(form::text(&after.body, "#waiting").as_deref(), Some("1"));
    assert_eq!(records::count(&provider, "mail.retried").await, 1);

    // The auditor has the way to the page, and not the button's way.
    let (to, mut fields) = form::filled_in(&page.body, "[id^=retry-]", &[]);
    fields.retain(|(name, _)| name != "csrf");
    expect::error_page(&auditor.browser.post(&to, &fields).await, 403);
    provider.execute("UPDATE mail SET sent_at = created_at").await;
    let late = administrator.submit(&page, "[id^=retry-]", &[]).await;
    assert_eq!(late.status, 409, "it went out meanwhile");
}
