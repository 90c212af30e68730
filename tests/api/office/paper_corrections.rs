//! A paper application that was sent back: its applicant has no link, so a clerk types the correction in.

use chrono::TimeDelta;

use super::paper_applications::{OFFICE, press, stage, taken_in};
use crate::helpers::applicants::Applicant;
use crate::helpers::counter::OTHER_OFFICE;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::staff::Clerk;
use crate::helpers::visitor::Answer;

const ASKED: &str = "Proszę podać numer mieszkania.";

struct Desk {
    provider: TestProvider,
    took_in: Clerk,
    corrects: Clerk,
    /// The address of an application that was taken in, and sent back a moment ago.
    application: String,
}

impl Desk {
    async fn new(settings: &[(&str, &str)]) -> Self {
        let provider = stage(settings).await;
        let took_in = provider.clerk("urszula", OFFICE).await;
        let corrects = provider.clerk("jan", OFFICE).await;
        let application = taken_in(&took_in, &[("street", "Katowicka 12")]).await;
        press(&corrects, &application, "#send-back", &[("reason", ASKED)]).await;
        provider.advance(TimeDelta::minutes(5));
        Self { provider, took_in, corrects, application }
    }

    /// The form, reached as a clerk reaches it.
    async fn form(&self, clerk: &Clerk) -> Answer {
        let page = clerk.open(&self.application).await;
        let link = form::attribute(&page.body, "#correct", "href").unwrap_or_else(|| panic!("{}", page.body));
        let page = clerk.open(&link).await;
        assert_eq!(page.status, 200, "{}", page.body);
        page
    }

    async fn state(&self) -> String {
        let states = ["needs_correction", "submitted", "approved", "withdrawn"];
        for state in states {
            if records::rows(&self.provider, "application", &format!("state = '{state}'")).await == 1 {
                return state.to_owned();
            }
        }
        panic!("in none of {states:?}")
    }
}

#[tokio::test]
async fn a_clerk_corrects_what_came_on_paper_and_a_third_person_approves() {
    let desk = Desk::new(&[]).await;
    let page = desk.form(&desk.corrects).await;
    assert!(form::text(&page.body, "#asked").unwrap().contains(ASKED));
    for (field, typed) in [
        ("#scan_reference", "Segregator 4, k. 17"),
        ("#received_on", "2026-01-02"),
        ("#family_name", "Żółkiewska"),
        ("#street", "Katowicka 12"),
        ("#email", "lucja@example.pl"),
    ] {
        assert_eq!(form::attribute(&page.body, field, "value").as_deref(), Some(typed), "{field}");
    }
    let corrected = [("street", "Katowicka 12 m. 4"), ("scan_reference", "Segregator 5, k. 2")];
    let done = desk.corrects.submit(&page, "#take-in", &corrected).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, desk.application.as_str()), "{}", done.body);
    assert_eq!(desk.state().await, "submitted");

    let page = desk.corrects.open(&desk.application).await;
    assert!(page.body.contains("Katowicka 12 m. 4") && page.body.contains("Segregator 5, k. 2"));
    assert!(form::has(&page.body, "#corrected-by") && form::has(&page.body, "#taken-in-by"));
    let history = form::texts(&page.body, "#history li");
    assert!(history.iter().any(|line| line.contains(ASKED)), "what was asked stays: {history:?}");
    assert!(history.last().unwrap().contains("poprawiono dane"), "{history:?}");
    let records = records::audit(&desk.provider).await;
    let mut corrections = records.iter().filter(|record| record.action == "application.corrected");
    assert_eq!(corrections.next().map(|record| record.actor_kind.as_str()), Some("staff"));
    assert_eq!(corrections.next(), None);

    // Neither who typed it in nor who corrected it makes an account of it.
    for typist in [&desk.corrects, &desk.took_in] {
        let page = typist.open(&desk.application).await;
        assert!(form::has(&page.body, "#stance") && !form::has(&page.body, "#approve"), "{}", page.body);
    }
    let approves = desk.provider.clerk("ewa", OFFICE).await;
    press(&approves, &desk.application, "#approve", &[]).await;
    assert_eq!(desk.state().await, "approved");
    let as_corrected = "street = 'Katowicka 12 m. 4'";
    assert_eq!(records::rows(&desk.provider, "account", as_corrected).await, 1);
}

#[tokio::test]
async fn who_corrected_it_alone_and_approved_it_is_reviewed_in_an_office_of_one() {
    let desk = Desk::new(&[("office.two_persons", "false")]).await;
    let page = desk.form(&desk.corrects).await;
    desk.corrects.submit(&page, "#take-in", &[("street", "Katowicka 12 m. 4")]).await;
    press(&desk.corrects, &desk.application, "#approve", &[]).await;
    assert_eq!(desk.state().await, "approved");
    let supervisor = desk.provider.supervisor("irena").await;
    let list = supervisor.open("/office/review").await;
    assert!(list.body.contains("Żółkiewska"), "{}", list.body);
}

#[tokio::test]
async fn every_field_has_its_message_and_what_was_typed_stays_in_a_correction() {
    let desk = Desk::new(&[]).await;
    let page = desk.form(&desk.corrects).await;
    let wrong = [("postal_code", "4"), ("city", "<b>x"), ("received_on", "2099-01-01")];
    let answer = desk.corrects.submit(&page, "#take-in", &wrong).await;
    assert_eq!(answer.status, 422);
    for field in ["received_on", "postal_code"] {
        assert!(form::has(&answer.body, &format!("#{field}-error")), "{field}");
    }
    assert_eq!(form::attribute(&answer.body, "#city", "value").as_deref(), Some("<b>x"), "text, no markup");
    assert!(form::text(&answer.body, "#asked").unwrap().contains(ASKED));
    assert_eq!(desk.state().await, "needs_correction");
    // And it can be sent from there.
    let mended = [("postal_code", "41-600"), ("city", "Świętochłowice"), ("received_on", "2026-01-02")];
    assert_eq!(desk.corrects.submit(&answer, "#take-in", &mended).await.status, 303);
    assert_eq!(desk.state().await, "submitted");
}

#[tokio::test]
async fn of_two_corrections_one_wins_and_an_old_page_answers_no_newer_request() {
    let desk = Desk::new(&[]).await;
    let pages = (desk.form(&desk.corrects).await, desk.form(&desk.took_in).await);
    let answers = tokio::join!(
        desk.corrects.submit(&pages.0, "#take-in", &[("street", "Katowicka 12 m. 4")]),
        desk.took_in.submit(&pages.1, "#take-in", &[("street", "Katowicka 12 m. 5")]),
    );
    let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(records::count(&desk.provider, "application.corrected").await, 1);
    assert_eq!(records::count_of(&desk.provider, "application.decision_refused", "submitted").await, 1);

    // Sent back once more: the page of the first time does not answer what was asked now.
    let judge = desk.provider.clerk("ewa", OFFICE).await;
    press(&judge, &desk.application, "#send-back", &[("reason", "Jeszcze telefon.")]).await;
    let late = desk.corrects.submit(&pages.0, "#take-in", &[("street", "Katowicka 12 m. 6")]).await;
    assert_eq!(late.status, 409, "{}", late.body);
    assert_eq!(desk.state().await, "needs_correction");
    assert_eq!(
        records::count_of(&desk.provider, "application.decision_refused", "needs_correction").await,
        1
    );
}

#[tokio::test]
async fn nobody_corrects_another_offices_paper_nor_what_came_on_line() {
    let desk = Desk::new(&[]).await;
    let path = format!("{}/correct", desk.application);
    let page = desk.form(&desk.corrects).await;
    let stranger = desk.provider.clerk("ola", OTHER_OFFICE).await;
    assert_eq!(stranger.get(&path).await.status, 404);
    let (_, mut fields) = form::filled_in(&page.body, "#take-in", &[]);
    let own = stranger.open("/office/intake").await;
    fields.retain(|(name, _)| name != "csrf");
    fields.push(("csrf".to_owned(), form::attribute(&own.body, "[name=csrf]", "value").unwrap()));
    assert_eq!(stranger.browser.post(&path, &fields).await.status, 404);
    assert_eq!(desk.state().await, "needs_correction");

    let auditor = desk.provider.auditor("adam").await;
    assert_eq!(auditor.get(&path).await.status, 403);
    assert!(!form::has(&auditor.open(&desk.application).await.body, "#correct"));

    let applicant = Applicant::submits(&desk.provider, &[]).await;
    let supervisor = desk.provider.supervisor("irena").await;
    applicant.is_sent_back(&supervisor, ASKED).await;
    let online = format!("/office/applications/{}", applicant.id);
    assert!(!form::has(&supervisor.open(&online).await.body, "#correct"), "its applicant has a link");
    assert_eq!(supervisor.get(&format!("{online}/correct")).await.status, 404);
}
