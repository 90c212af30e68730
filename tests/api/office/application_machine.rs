//! The application's state machine: in every state every door is tried, and opens exactly where the procedure says.
//!
//! `EmailPending → Submitted → Approved | Rejected`, `Submitted ⇄ NeedsCorrection`, any open one → `Withdrawn`: here.
//! `EmailPending → Expired` is time's own: `accounts::apply::nobody_confirms_in_time_and_the_application_expires`; here
//! that time touches nothing else. Who may not decide, though the state allows it: `decisions`, `paper_applications`.

use std::collections::HashSet;

use chrono::TimeDelta;
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

const STATES: [&str; 7] =
    ["email-pending", "submitted", "needs-correction", "approved", "rejected", "withdrawn", "expired"];
const DOORS: [Door; 6] =
    [Door::Confirm, Door::Correct, Door::Withdraw, Door::Approve, Door::SendBack, Door::Reject];
const REASON: &str = "Tak zdecydowano, z tego powodu.";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Confirm,
    Correct,
    Withdraw,
    Approve,
    SendBack,
    Reject,
}

impl Door {
    fn is_the_offices(self) -> bool {
        matches!(self, Self::Approve | Self::SendBack | Self::Reject)
    }
}

/// The whole machine: what it becomes, and what is written down. Whatever stands in no row is refused.
fn allowed(from: &str, door: Door) -> Option<(&'static str, &'static str)> {
    Some(match (from, door) {
        ("email-pending", Door::Confirm) => ("submitted", "application.submitted"),
        ("email-pending" | "submitted" | "needs-correction", Door::Withdraw) => {
            ("withdrawn", "application.withdrawn")
        }
        ("submitted", Door::Approve) => ("approved", "application.approved"),
        ("submitted", Door::SendBack) => ("needs-correction", "application.sent_back"),
        ("submitted", Door::Reject) => ("rejected", "application.rejected"),
        ("needs-correction", Door::Correct) => ("submitted", "application.corrected"),
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
    for number in 1..=DOORS.len() {
        expired.push(files(&provider, number).await);
    }
    provider.advance(TimeDelta::days(8));
    // Housekeeping begins with a server.
    let replica = provider.replica().await;
    let all = i64::try_from(expired.len()).unwrap();
    records::until_rows(&provider, "audit", "action = 'application.expired'", all).await;
    drop(replica);

    let office = provider.supervisor("zofia.lipa").await;
    let sent_back = reach(&provider, &office, files(&provider, 0).await, "needs-correction").await;
    let link = provider.link(LinkPurpose::CorrectApplication, sent_back.applicant.id);
    let correcting = sent_back.applicant.browser.get(&link).await;
    assert!(form::has(&correcting.body, "#asked"), "{}", correcting.body);
    (Stage { provider, office, sent_back, correcting }, expired)
}

/// Brings an application that was just filed into this state.
async fn reach(provider: &TestProvider, office: &Clerk, mut case: Case, state: &str) -> Case {
    if state != "email-pending" {
        case.applicant.browser.submit(&case.confirming, "#confirm", &[]).await;
        let page = office.open(&path(case.applicant.id)).await;
        assert!(form::has(&page.body, "#approve"), "{}", page.body);
        match state {
            "approved" => drop(office.submit(&page, "#approve", &[]).await),
            "rejected" => drop(office.submit(&page, "#reject", &[("reason", REASON)]).await),
            "needs-correction" => drop(office.submit(&page, "#send-back", &[("reason", REASON)]).await),
            "withdrawn" => drop(case.applicant.browser.submit(&case.withdrawing, "#withdraw", &[]).await),
            _ => {}
        }
        case.deciding = Some(page);
    }
    assert_eq!(state_of(provider, &case).await, state);
    case
}

async fn state_of(provider: &TestProvider, case: &Case) -> String {
    let page = case.applicant.status(provider).await;
    form::attribute(&page.body, "#state", "data-state").unwrap_or_else(|| panic!("{}", page.body))
}

impl Stage {
    async fn press(&self, case: &Case, door: Door) -> Answer {
        let applicant = &case.applicant;
        match door {
            Door::Confirm => applicant.browser.submit(&case.confirming, "#confirm", &[]).await,
            Door::Withdraw => applicant.browser.submit(&case.withdrawing, "#withdraw", &[]).await,
            Door::Correct => {
                let link = self.provider.link(LinkPurpose::CorrectApplication, applicant.id);
                let (_, fields) = form::filled_in(&self.correcting.body, "#send", &[]);
                self.sent_back.applicant.browser.post(&link, &fields).await
            }
            Door::Approve => self.decide(case, "#approve", &[]).await,
            Door::SendBack => self.decide(case, "#send-back", &[("reason", REASON)]).await,
            Door::Reject => self.decide(case, "#reject", &[("reason", REASON)]).await,
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

async fn recorded_since(provider: &TestProvider, seen: &mut HashSet<Uuid>) -> Vec<Record> {
    let new = records::audit(provider).await.into_iter().filter(|record| seen.insert(record.id));
    new.filter(|record| record.action.starts_with("application.")).collect()
}

#[tokio::test]
async fn every_door_opens_in_its_states_and_changes_nothing_in_the_others() {
    let (stage, mut expired) = stage(STATES.len() * DOORS.len()).await;
    let provider = &stage.provider;
    let mut number = DOORS.len();
    for from in STATES {
        for door in DOORS {
            let case = if from == "expired" {
                expired.pop().unwrap()
            } else {
                number += 1;
                reach(provider, &stage.office, files(provider, number).await, from).await
            };
            assert_eq!(state_of(provider, &case).await, from);
            let mut seen: HashSet<Uuid> =
                records::audit(provider).await.iter().map(|record| record.id).collect();
            let before = what_is(provider).await;
            let answer = stage.press(&case, door).await;
            let told = format!("{door:?} in {from}: {} {}", answer.status, answer.body);
            assert!(answer.status != 403 && !answer.status.is_server_error(), "{told}");
            let recorded = recorded_since(provider, &mut seen).await;
            let Some((becomes, action)) = allowed(from, door) else {
                assert_eq!(state_of(provider, &case).await, from, "{told}");
                assert!(what_is(provider).await == before, "something changed: {told}");
                // What was never submitted is not there for the office; whoever tries the rest is written down.
                let is_there = !["email-pending", "expired"].contains(&from);
                let refusals = usize::from(door.is_the_offices() && is_there);
                if door.is_the_offices() {
                    assert_eq!(answer.status, if is_there { 409 } else { 404 }, "{told}");
                }
                let refused = recorded.iter().filter(|record| {
                    record.is("application.decision_refused", &from.replace('-', "_"))
                        && record.actor_kind == "staff"
                });
                assert_eq!((refused.count(), recorded.len()), (refusals, refusals), "{told}: {recorded:?}");
                continue;
            };
            assert_eq!(state_of(provider, &case).await, becomes, "{told}");
            let by = if door.is_the_offices() { "staff" } else { "visitor" };
            let told = format!("{told}: {recorded:?}");
            assert_eq!(recorded.len(), 1, "{told}");
            assert_eq!(
                (recorded[0].action.as_str(), recorded[0].actor_kind.as_str()),
                (action, by),
                "{told}"
            );
            if matches!(door, Door::SendBack | Door::Reject) {
                let history =
                    form::texts(&stage.office.open(&path(case.applicant.id)).await.body, "#history li");
                assert!(history.iter().any(|line| line.contains(REASON)), "{told}: {history:?}");
            }
        }
    }
}
