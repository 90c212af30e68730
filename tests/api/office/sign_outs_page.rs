//! Which services could not be told of a sign-out, in the console.

use serde_json::json;

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::logout_receiver::{ALLOWED, LogoutReceiver};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

const OFFICE: &str = "Administracja nr 1";

#[tokio::test]
async fn what_a_service_did_not_hear_is_seen_and_told_again_by_who_may() {
    let provider = TestProvider::start_with(&[ALLOWED]).await;
    let administrator = provider.administrator("adam.zieba").await;
    let auditor = provider.auditor("ewa.drozd").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let person = provider.active_person("halina.wrona").await;
    let receiver = LogoutReceiver::start().await;
    let mut metadata = receiver.metadata();
    metadata["client_name"] = json!("Czynsze");
    let billing = provider.relying_party("billing", metadata).await;
    expect::error_page(&clerk.get("/office/sign-outs").await, 403);
    let before = administrator.open("/office/sign-outs").await;
    assert!(form::has(&before.body, "#nothing"), "{}", before.body);

    let browser = provider.visitor();
    billing.tokens(&browser, &person, &[]).await;
    receiver.answer(500);
    let home = browser.open("/").await;
    browser.submit(&home, "#sign-out", &[]).await;
    receiver.until_received(1).await;
    // Until a try is counted, the news waits without an error.
    records::until_rows(&provider, "logout_notice", "last_error IS NOT NULL", 1).await;
    provider.execute("UPDATE logout_notice SET given_up_at = created_at").await;

    let read = auditor.open("/office/sign-outs").await;
    assert!(form::texts(&read.body, "#told td").contains(&"Czynsze billing".to_owned()), "{}", read.body);
    assert_eq!(form::text(&read.body, "#told .given-up").as_deref(), Some("1"));
    let list = form::text(&read.body, "#not-told tbody").unwrap();
    assert!(list.contains("500") && list.contains("signed_out") && list.contains("Czynsze"), "{list}");
    assert!(!list.contains("Wrona") && !list.contains(&person.login), "never about whom: {list}");
    assert!(!form::has(&read.body, "[id^=retry-]"));

    receiver.answer(200);
    let page = administrator.open("/office/sign-outs").await;
    let done = administrator.submit(&page, "[id^=retry-]", &[]).await;
    assert_eq!(done.status, 303);
    let after = administrator.browser.follow(done).await;
    assert!(form::has(&after.body, "#notice"), "{}", after.body);
    receiver.until_received(2).await;
    assert_eq!(records::count(&provider, "logout_notice.retried").await, 1);
    records::until_rows(&provider, "logout_notice", "delivered_at IS NOT NULL", 1).await;
    let late = administrator.submit(&page, "[id^=retry-]", &[]).await;
    assert_eq!(late.status, 409, "it was told meanwhile");
    assert_eq!(form::text(&late.body, "#told .delivered").as_deref(), Some("1"));

    // The auditor has the way to the page, and not the button's way.
    let (to, mut fields) = form::filled_in(&page.body, "[id^=retry-]", &[]);
    fields.retain(|(name, _)| name != "csrf");
    expect::error_page(&auditor.browser.post(&to, &fields).await, 403);
}
