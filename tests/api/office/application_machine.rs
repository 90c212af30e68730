//! The application's state machine: every event of the domain is tried on an application in every state, by the door that
//! brings it about, and happens exactly where the procedure says, leaving its record.
//!
//! `EmailPending → Submitted → Approved | Rejected`, `Submitted ⇄ NeedsCorrection`, any open one → `Withdrawn`,
//! `EmailPending → Expired`. Other doors to the same events: withdrawn by time, `accounts::corrections`; corrected by the
//! office, `paper_corrections`. Who may not decide, though the state allows it: `decisions`.

use std::collections::HashSet;

use chrono::TimeDelta;
use iok_id::domain::application::{ApplicationEvent, ApplicationState};
use iok_id::domain::link::LinkPurpose;
use iok_id::integrations::register::Scope;
use uuid::Uuid;

use crate::helpers::applicants::Applicant;
use crate::helpers::database::dump;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records::{self, Record};
use crate::helpers::register::{TitleRow, csv};
use crate::helpers::staff::Clerk;
use crate::helpers::visitor::Answer;

/// Applications that nobody confirmed in time: one for each event of somebody's.
const EXPIRED: usize = 6;
const REASON: &str = "Tak zdecydowano, z tego powodu.";

/// Who brings an event about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Applicants,
    Offices,
    /// Time's own.
    Clocks,
}

/// An event that is new to the domain does not compile here until somebody says who brings it about.
const fn whose(event: ApplicationEvent) -> Whose {
    match event {
        ApplicationEvent::Confirmed | ApplicationEvent::Corrected | ApplicationEvent::Withdrawn => {
            Whose::Applicants
        }
        ApplicationEvent::Approved | ApplicationEvent::SentBack | ApplicationEvent::Rejected => {
            Whose::Offices
        }
        ApplicationEvent::Expired => Whose::Clocks,
    }
}

fn events(of_clock: bool) -> Vec<ApplicationEvent> {
    let all = ApplicationEvent::ALL.into_iter();
    all.filter(|event| (whose(*event) == Whose::Clocks) == of_clock).collect()
}

/// What the procedure says, written down once more: what it becomes, and what is recorded. Whatever stands in no row is
/// refused.
fn allowed(from: ApplicationState, event: ApplicationEvent) -> Option<(ApplicationState, &'static str)> {
    use ApplicationState::{
        Approved, EmailPending, Expired, NeedsCorrection, Rejected, Submitted, Withdrawn,
    };
    Some(match (from, event) {
        (EmailPending, ApplicationEvent::Confirmed) => (Submitted, "application.submitted"),
        (EmailPending | Submitted | NeedsCorrection, ApplicationEvent::Withdrawn) => {
            (Withdrawn, "application.withdrawn")
        }
        (Submitted, ApplicationEvent::Approved) => (Approved, "application.approved"),
        (Submitted, ApplicationEvent::SentBack) => (NeedsCorrection, "application.sent_back"),
        (Submitted, ApplicationEvent::Rejected) => (Rejected, "application.rejected"),
        (NeedsCorrection, ApplicationEvent::Corrected) => (Submitted, "application.corrected"),
        (EmailPending, ApplicationEvent::Expired) => (Expired, "application.expired"),
        _ => return None,
    })
}

/// An application, with the pages that its people opened while they could: they press their buttons too late.
struct Case {
    applicant: Applicant,
    confirming: Answer,
    withdrawing: Answer,
    deciding: Option<Answer>,
}

struct Stage {
    provider: TestProvider,
    office: Clerk,
    /// One that was sent back, and its page of correction: nobody has that page in another state.
    sent_back: Case,
    correcting: Answer,
}

fn path(id: Uuid) -> String {
    format!("/office/applications/{id}")
}

/// Nobody is like anybody else: who has an account already is another test's.
async fn files(provider: &TestProvider, number: usize) -> Case {
    let name = format!("Brzoza-{}", letters(number));
    let contractor = format!("K-{number}");
    let (street, email) = (format!("ul. Wodna {number}/1"), format!("osoba{number}@example.pl"));
    let otherwise = [
        ("family_name", name.as_str()),
        ("contractor_number", &contractor),
        ("street", &street),
        ("email", &email),
        ("phone_number", ""),
    ];
    let applicant = Applicant::files(provider, &otherwise).await;
    let confirm = provider.link(LinkPurpose::ConfirmApplication, applicant.id);
    let follow = provider.link(LinkPurpose::FollowApplication, applicant.id);
    let confirming = applicant.browser.get(&confirm).await;
    let withdrawing = applicant.browser.get(&format!("{follow}?withdraw=ask")).await;
    Case { applicant, confirming, withdrawing, deciding: None }
}

/// A name has no digits.
fn letters(number: usize) -> String {
    number.to_string().chars().map(|digit| char::from(b'a' + digit as u8 - b'0')).collect()
}

async fn stage(cells: usize) -> (Stage, Vec<Case>) {
    let provider = TestProvider::start_with(&[("applications.per_source_per_hour", "0")]).await;
    provider.publish_regulations("2026-1").await;
    let titles: Vec<TitleRow> = (0..=cells)
        .map(|number| {
            TitleRow::new(&format!("K-{number}"), &format!("L-{number}"))
                .named("Zofia", &format!("Brzoza-{}", letters(number)))
                .at(&format!("ul. Wodna {number}/1"))
        })
        .collect();
    provider.server.import_register(&csv(&titles), Scope::Changes).await.unwrap();
    let mut expired = Vec::new();
    for number in 1..=EXPIRED {
        expired.push(files(&provider, number).await);
    }
    provider.advance(TimeDelta::days(8));
    provider.server.age_accounts().await.unwrap();
    assert_eq!(records::count(&provider, "application.expired").await, expired.len());

    let office = provider.supervisor("zofia.lipa").await;
    let sent_back =
        reach(&provider, &office, files(&provider, 0).await, ApplicationState::NeedsCorrection).await;
    let link = provider.link(LinkPurpose::CorrectApplication, sent_back.applicant.id);
    let correcting = sent_back.applicant.browser.get(&link).await;
    assert!(form::has(&correcting.body, "#asked"), "{}", correcting.body);
    (Stage { provider, office, sent_back, correcting }, expired)
}

/// Brings an application that was just filed into this state.
async fn reach(provider: &TestProvider, office: &Clerk, mut case: Case, state: ApplicationState) -> Case {
    if state != ApplicationState::EmailPending {
        case.applicant.browser.submit(&case.confirming, "#confirm", &[]).await;
        let page = office.open(&path(case.applicant.id)).await;
        assert!(form::has(&page.body, "#approve"), "{}", page.body);
        match state {
            ApplicationState::Approved => drop(office.submit(&page, "#approve", &[]).await),
            ApplicationState::Rejected => drop(office.submit(&page, "#reject", &[("reason", REASON)]).await),
            ApplicationState::NeedsCorrection => {
                drop(office.submit(&page, "#send-back", &[("reason", REASON)]).await);
            }
            ApplicationState::Withdrawn => {
                drop(case.applicant.browser.submit(&case.withdrawing, "#withdraw", &[]).await);
            }
            _ => {}
        }
        case.deciding = Some(page);
    }
    assert_eq!(state_of(provider, &case).await, state);
    case
}

/// As the applicant reads it.
async fn state_of(provider: &TestProvider, case: &Case) -> ApplicationState {
    let page = case.applicant.status(provider).await;
    let told = form::attribute(&page.body, "#state", "data-state").unwrap_or_else(|| panic!("{}", page.body));
    told.replace('-', "_").parse().unwrap()
}

impl Stage {
    /// Brings the event about, or tries to.
    async fn press(&self, case: &Case, event: ApplicationEvent) -> Answer {
        let applicant = &case.applicant;
        match event {
            ApplicationEvent::Confirmed => applicant.browser.submit(&case.confirming, "#confirm", &[]).await,
            ApplicationEvent::Withdrawn => {
                applicant.browser.submit(&case.withdrawing, "#withdraw", &[]).await
            }
            ApplicationEvent::Corrected => {
                let link = self.provider.link(LinkPurpose::CorrectApplication, applicant.id);
                let (_, fields) = form::filled_in(&self.correcting.body, "#send", &[]);
                self.sent_back.applicant.browser.post(&link, &fields).await
            }
            ApplicationEvent::Approved => self.decide(case, "#approve", &[]).await,
            ApplicationEvent::SentBack => self.decide(case, "#send-back", &[("reason", REASON)]).await,
            ApplicationEvent::Rejected => self.decide(case, "#reject", &[("reason", REASON)]).await,
            ApplicationEvent::Expired => unreachable!("nobody does what time does"),
        }
    }

    /// By the page of this application, if it could be opened; by another one's otherwise.
    async fn decide(&self, case: &Case, button: &str, typed: &[(&str, &str)]) -> Answer {
        let page = case.deciding.as_ref().or(self.sent_back.deciding.as_ref()).unwrap();
        let (action, fields) = form::filled_in(&page.body, button, typed);
        let (_, last) = action.rsplit_once('/').unwrap();
        self.office.browser.post(&format!("{}/{last}", path(case.applicant.id)), &fields).await
    }
}

/// Everything that a decision may touch.
async fn what_is(provider: &TestProvider) -> Vec<(String, String)> {
    let mut rows = dump(&provider.database).await;
    rows.retain(|(table, _)| {
        ["application", "account", "letter_order", "account_contractor", "mail"].contains(&table.as_str())
    });
    rows.sort();
    rows
}

/// What was recorded about this application since.
async fn recorded(provider: &TestProvider, case: &Case, seen: &HashSet<Uuid>) -> Vec<Record> {
    let about = Some(case.applicant.id);
    let all = records::audit(provider).await.into_iter();
    all.filter(|record| record.account == about && !seen.contains(&record.id))
        .filter(|record| record.action.starts_with("application."))
        .collect()
}

async fn ids(provider: &TestProvider) -> HashSet<Uuid> {
    records::audit(provider).await.iter().map(|record| record.id).collect()
}

/// Exactly one record: of what happened, by whom it was done.
#[track_caller]
fn assert_recorded_once(recorded: &[Record], action: &str, event: ApplicationEvent, told: &str) {
    let actor = match whose(event) {
        Whose::Applicants => "visitor",
        Whose::Offices => "staff",
        Whose::Clocks => "clock",
    };
    let [record] = recorded else { panic!("{told}: {recorded:?}") };
    assert_eq!((record.action.as_str(), record.actor_kind.as_str()), (action, actor), "{told}");
}

#[tokio::test]
async fn every_event_happens_in_its_states_and_changes_nothing_in_the_others() {
    let events = events(false);
    let (stage, mut expired) = stage(ApplicationState::ALL.len() * events.len()).await;
    let provider = &stage.provider;
    let mut number = EXPIRED;
    for from in ApplicationState::ALL {
        for event in events.iter().copied() {
            let case = if from == ApplicationState::Expired {
                expired.pop().unwrap()
            } else {
                number += 1;
                reach(provider, &stage.office, files(provider, number).await, from).await
            };
            assert_eq!(state_of(provider, &case).await, from);
            let seen = ids(provider).await;
            let before = what_is(provider).await;
            let answer = stage.press(&case, event).await;
            let told = format!("{event:?} in {from}: {} {}", answer.status, answer.body);
            assert!(answer.status != 403 && !answer.status.is_server_error(), "{told}");
            let recorded = recorded(provider, &case, &seen).await;
            let Some((becomes, action)) = allowed(from, event) else {
                assert_eq!(state_of(provider, &case).await, from, "{told}");
                assert!(what_is(provider).await == before, "something changed: {told}");
                // What was never submitted is not there for the office; whoever tries the rest is written down.
                let is_offices = whose(event) == Whose::Offices;
                let is_there = !matches!(from, ApplicationState::EmailPending | ApplicationState::Expired);
                let refusals = usize::from(is_offices && is_there);
                if is_offices {
                    assert_eq!(answer.status, if is_there { 409 } else { 404 }, "{told}");
                }
                let refused = recorded.iter().filter(|record| {
                    record.is("application.decision_refused", from.as_str()) && record.actor_kind == "staff"
                });
                assert_eq!((refused.count(), recorded.len()), (refusals, refusals), "{told}: {recorded:?}");
                continue;
            };
            assert_eq!(state_of(provider, &case).await, becomes, "{told}");
            assert_recorded_once(&recorded, action, event, &told);
            if matches!(event, ApplicationEvent::SentBack | ApplicationEvent::Rejected) {
                let history =
                    form::texts(&stage.office.open(&path(case.applicant.id)).await.body, "#history li");
                assert!(history.iter().any(|line| line.contains(REASON)), "{told}: {history:?}");
            }
        }
    }
}

#[tokio::test]
async fn time_brings_its_events_about_in_their_states_and_changes_nothing_in_the_others() {
    assert_eq!(events(true), [ApplicationEvent::Expired], "what else does time do?");
    let event = ApplicationEvent::Expired;
    let (stage, mut expired) = stage(EXPIRED + ApplicationState::ALL.len()).await;
    let provider = &stage.provider;
    let mut cases = Vec::new();
    for (number, from) in (EXPIRED + 1..).zip(ApplicationState::ALL) {
        cases.push(match from {
            ApplicationState::Expired => (from, expired.pop().unwrap()),
            _ => (from, reach(provider, &stage.office, files(provider, number).await, from).await),
        });
    }
    let seen = ids(provider).await;
    provider.advance(TimeDelta::days(8));
    provider.server.age_accounts().await.unwrap();
    for (from, case) in cases {
        let told = format!("{event:?} in {from}");
        let recorded = recorded(provider, &case, &seen).await;
        let is_now = state_of(provider, &case).await;
        let Some((becomes, action)) = allowed(from, event) else {
            assert_eq!((is_now, recorded.len()), (from, 0), "{told}: {recorded:?}");
            continue;
        };
        assert_eq!(is_now, becomes, "{told}");
        assert_recorded_once(&recorded, action, event, &told);
    }
}
