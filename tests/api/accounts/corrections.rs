//! An application that the office sent back and nobody corrects: a reminder, then the end.

use chrono::TimeDelta;
use iok_id::domain::link::LinkPurpose;
use iok_id::domain::mail::Message;

use crate::helpers::applicants::{Applicant, EMAIL};
use crate::helpers::provider::TestProvider;
use crate::helpers::{form, records};

const OFFICE: &str = "Administracja nr 1";

/// Sent back a moment ago.
async fn sent_back(provider: &TestProvider) -> Applicant {
    provider.active_person("halina.wrona").await;
    let applicant = Applicant::submits(provider, &[]).await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    applicant.is_sent_back(&clerk, "Proszę podać numer mieszkania.").await;
    applicant
}

async fn wait(provider: &TestProvider, days: i64) {
    provider.advance(TimeDelta::days(days));
    provider.server.age_accounts().await.unwrap();
}

async fn state(provider: &TestProvider, applicant: &Applicant) -> String {
    form::attribute(&applicant.status(provider).await.body, "#state", "data-state").unwrap()
}

async fn told(provider: &TestProvider, kind: &str) -> usize {
    provider.mailed_to(EMAIL).await.into_iter().filter(|mailed| *mailed == kind).count()
}

#[tokio::test]
async fn what_nobody_corrects_in_ninety_days_is_withdrawn_by_time_after_a_reminder() {
    let provider = TestProvider::start().await;
    let applicant = sent_back(&provider).await;
    wait(&provider, 75).await;
    assert_eq!(told(&provider, "correction_reminder").await, 0);
    wait(&provider, 2).await;
    wait(&provider, 0).await;
    assert_eq!(told(&provider, "correction_reminder").await, 1, "once");
    wait(&provider, 12).await;
    assert_eq!(state(&provider, &applicant).await, "needs-correction");
    wait(&provider, 3).await;
    assert_eq!(state(&provider, &applicant).await, "withdrawn");
    wait(&provider, 0).await;
    assert_eq!(records::count_of(&provider, "application.withdrawn", "not_corrected").await, 1);
    let records = records::audit(&provider).await;
    let withdrawn = records.iter().find(|record| record.action == "application.withdrawn").unwrap();
    assert_eq!(withdrawn.actor_kind, "clock");
    assert_eq!(told(&provider, "correction_lapsed").await, 1);
    let late = applicant.browser.get(&provider.link(LinkPurpose::CorrectApplication, applicant.id)).await;
    assert!(late.location().contains("notice=nothing-to-correct"), "{}", late.location());
    let clerk = provider.clerk("jan.kos", OFFICE).await;
    let page = clerk.open(&format!("/office/applications/{}", applicant.id)).await;
    let history = form::text(&page.body, "#history").unwrap();
    assert!(history.contains("nie poprawiono na czas"), "{history}");
}

#[tokio::test]
async fn nobodys_application_ends_without_the_time_that_the_reminder_gave() {
    let provider = TestProvider::start().await;
    let applicant = sent_back(&provider).await;
    // No server ran for half a year.
    wait(&provider, 180).await;
    assert_eq!(state(&provider, &applicant).await, "needs-correction");
    let mails = provider.mails().await;
    let promised = mails.iter().find_map(|mail| match &mail.message {
        Message::CorrectionReminder { correct_until, address_confirmed, .. } => {
            Some((*correct_until, *address_confirmed))
        }
        _ => None,
    });
    let in_a_fortnight = (provider.at() + TimeDelta::days(14)).with_timezone(&chrono_tz::Europe::Warsaw);
    assert_eq!(promised, Some((in_a_fortnight.date_naive(), true)));
    wait(&provider, 13).await;
    assert_eq!(state(&provider, &applicant).await, "needs-correction");
    wait(&provider, 2).await;
    assert_eq!(state(&provider, &applicant).await, "withdrawn");
}

#[tokio::test]
async fn what_is_corrected_and_sent_back_again_has_its_time_anew() {
    let provider = TestProvider::start().await;
    let applicant = sent_back(&provider).await;
    wait(&provider, 80).await;
    let link = provider.link(LinkPurpose::CorrectApplication, applicant.id);
    let page = applicant.browser.get(&link).await;
    applicant.browser.submit(&page, "#send", &[("street", "ul. Wodna 3/9")]).await;
    wait(&provider, 100).await;
    assert_eq!(state(&provider, &applicant).await, "submitted", "what waits for the office has no end");
    let clerk = provider.clerk("jan.kos", OFFICE).await;
    applicant.is_sent_back(&clerk, "Jeszcze telefon.").await;
    wait(&provider, 70).await;
    assert_eq!(told(&provider, "correction_reminder").await, 1);
    wait(&provider, 10).await;
    assert_eq!(told(&provider, "correction_reminder").await, 2, "once for each time");
    assert_eq!(state(&provider, &applicant).await, "needs-correction");
}

#[tokio::test]
async fn without_reminders_the_time_alone_counts() {
    let settings = [("applications.remind_before_days", "0"), ("applications.correct_within_days", "10")];
    let provider = TestProvider::start_with(&settings).await;
    let applicant = sent_back(&provider).await;
    wait(&provider, 11).await;
    assert_eq!(state(&provider, &applicant).await, "withdrawn");
    assert_eq!(told(&provider, "correction_reminder").await, 0);
}
