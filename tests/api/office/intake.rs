//! Taking in paper (the procedure's rows 1 and 2).

use chrono::TimeDelta;
use iok_id::domain::link::LinkPurpose;

use super::paper_applications::{OFFICE, press, stage, take_in, taken_in};
use crate::helpers::provider::TestProvider;
use crate::helpers::{form, records};

#[tokio::test]
async fn a_paper_application_is_submitted_at_once_and_its_applicant_told() {
    let provider = stage(&[]).await;
    let clerk = provider.clerk("urszula", OFFICE).await;
    let application = taken_in(&clerk, &[]).await;
    let page = clerk.open(&application).await;
    assert!(form::text(&page.body, "#state").unwrap().starts_with("czeka na decyzję"), "{}", page.body);
    assert_eq!(form::text(&page.body, "#taken-in-by").as_deref(), Some("Urszula Sowa"));
    assert!(page.body.contains("Segregator 4, k. 17"));
    assert_eq!(records::count(&provider, "application.taken_in").await, 1);
    assert_eq!(records::rows(&provider, "mail", "kind = 'application_received'").await, 1);
    let stored = "channel = 'paper' AND state = 'submitted' AND regulations_version = '2026-1'";
    assert_eq!(records::rows(&provider, "application", stored).await, 1);
}

#[tokio::test]
async fn every_field_has_its_message_and_what_was_typed_stays() {
    let provider = stage(&[]).await;
    let clerk = provider.clerk("urszula", OFFICE).await;
    let wrong =
        [("scan_reference", ""), ("received_on", "2099-01-01"), ("postal_code", "4"), ("city", "<b>x")];
    let answer = take_in(&clerk, &wrong).await;
    assert_eq!(answer.status, 422);
    for field in ["scan_reference", "received_on", "postal_code"] {
        assert!(form::has(&answer.body, &format!("#{field}-error")), "{field}");
    }
    assert_eq!(form::attribute(&answer.body, "#city", "value").as_deref(), Some("<b>x"), "text, no markup");
    assert_eq!(form::attribute(&answer.body, "#family_name", "value").as_deref(), Some("Żółkiewska"));
    assert_eq!(records::rows(&provider, "application", "1 = 1").await, 0);
}

#[tokio::test]
async fn a_person_without_email_gives_a_telephone_number_and_gets_no_mail() {
    let provider = stage(&[]).await;
    let clerk = provider.clerk("urszula", OFFICE).await;
    let without = [("email", ""), ("has_no_email", "yes")];
    assert_eq!(take_in(&clerk, &without).await.status, 422, "how would the office answer?");
    taken_in(&clerk, &[("email", ""), ("has_no_email", "yes"), ("phone_number", "600 100 200")]).await;
    assert_eq!(records::rows(&provider, "mail", "1 = 1").await, 0);
}

#[tokio::test]
async fn a_likely_duplicate_is_shown_before_it_is_saved_and_may_be_saved_all_the_same() {
    let provider = stage(&[]).await;
    let clerk = provider.clerk("urszula", OFFICE).await;
    taken_in(&clerk, &[]).await;
    // The first one came on-line; the paper says the same with other letters.
    provider.execute("UPDATE application SET channel = 'online', taken_in_by = NULL").await;
    let other = [("family_name", "ZOLKIEWSKA"), ("contractor_number", ""), ("street", "ul. Bytomska 9")];
    let warned = take_in(&clerk, &other).await;
    assert_eq!(warned.status, 409);
    assert!(form::text(&warned.body, "#duplicates").unwrap().contains("to samo nazwisko"), "{}", warned.body);
    assert_eq!(records::rows(&provider, "application", "1 = 1").await, 1);
    let again = clerk.submit(&warned, "#take-in", &[]).await;
    assert_eq!(again.status, 409, "only who has looked says so");
    let saved = clerk.submit(&warned, "#take-in", &[("no_duplicate", "yes")]).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    // The same page once more, as after a lost answer.
    let twice = clerk.submit(&warned, "#take-in", &[("no_duplicate", "yes")]).await;
    assert_eq!(twice.location(), saved.location());
    assert_eq!(records::rows(&provider, "application", "1 = 1").await, 2);
}

#[tokio::test]
async fn no_link_goes_to_an_address_that_a_clerk_typed_from_paper() {
    let (provider, mail) = TestProvider::start_with_mail().await;
    provider.publish_regulations("2026-1").await;
    let (took, decides) = (provider.clerk("urszula", OFFICE).await, provider.clerk("jan", OFFICE).await);
    let application = taken_in(&took, &[]).await;
    press(&decides, &application, "#send-back", &[("reason", "Numer lokalu?")]).await;
    provider.advance(TimeDelta::days(80));
    provider.server.age_accounts().await.unwrap();
    provider.deliver_mail().await;
    let mails = mail.received();
    assert_eq!(mails.len(), 3, "received, sent back, reminded");
    for mail in &mails {
        assert!(mail.links().is_empty(), "{}", mail.text);
        assert!(mail.text.contains("Administracji"), "{}", mail.text);
    }
    // Nor does a link open anything that somebody else came by: one of an older version, for instance.
    let id = application.rsplit('/').next().unwrap().parse().unwrap();
    let browser = provider.visitor();
    for purpose in [LinkPurpose::FollowApplication, LinkPurpose::CorrectApplication] {
        let link = provider.link(purpose, id);
        assert_eq!(browser.get(&link).await.status, 404, "{link}");
    }
}
