//! The account's state machine: every event of the domain is tried on an account in every state, by the door that brings
//! it about, and happens exactly where the procedure says, leaving its record.
//!
//! An account is made by an approval: `decisions::approval_makes_the_account_orders_the_letter_and_tells_the_applicant`.
//! Other doors to the same events: suspended by the owner's link, `accounts::block`; closed by time, `accounts::erasure`
//! and `operations::register`. Who may not do it though the state allows it: `support` and `collection`.

use std::collections::HashSet;

use chrono::TimeDelta;
use iok_id::domain::account::{AccountEvent, AccountState};
use iok_id::domain::ids::TypedId as _;
use uuid::Uuid;

use crate::helpers::counter::{self, Letter, OFFICE};
use crate::helpers::database::dump;
use crate::helpers::form;
use crate::helpers::people::{CHOSEN, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records::{self, Record};
use crate::helpers::staff::Clerk;
use crate::helpers::visitor::Answer;

const REASON: &str = "Była osobiście, z takiego powodu.";
const NEW: &str = "Zielony@Mo2t";

/// What brings an event about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// A clerk hands a letter over.
    Counter,
    /// A clerk presses this button on the account's page.
    Button(&'static str),
    /// The person signs in and chooses a password.
    Password,
    /// Time passes.
    Clock,
}

/// An event that is new to the domain does not compile here until somebody says what brings it about.
const fn door_of(event: AccountEvent) -> Door {
    match event {
        AccountEvent::LetterCollected => Door::Counter,
        AccountEvent::Suspended => Door::Button("#suspend"),
        AccountEvent::Resumed { .. } => Door::Button("#resume"),
        AccountEvent::Closed => Door::Button("#close"),
        AccountEvent::PasswordChosen => Door::Password,
        AccountEvent::Lapsed | AccountEvent::Erased => Door::Clock,
    }
}

/// What the procedure says, written down once more: what it becomes, what is recorded, and who did it. Whatever stands in
/// no row is refused.
fn allowed(from: AccountState, event: AccountEvent) -> Option<(AccountState, &'static str, &'static str)> {
    use AccountState::{Active, AwaitingCollection, Closed, Erased, InitialPassword, Lapsed, Suspended};
    Some(match (from, event) {
        (AwaitingCollection | InitialPassword | Active | Lapsed | Closed, AccountEvent::LetterCollected) => {
            (InitialPassword, "letter.collected", "staff")
        }
        (InitialPassword | Active, AccountEvent::Suspended) => (Suspended, "account.suspended", "staff"),
        (Suspended, AccountEvent::Resumed { has_chosen_password: true }) => {
            (Active, "account.resumed", "staff")
        }
        (Suspended, AccountEvent::Resumed { has_chosen_password: false }) => {
            (InitialPassword, "account.resumed", "staff")
        }
        (AwaitingCollection | InitialPassword | Active | Suspended | Lapsed, AccountEvent::Closed) => {
            (Closed, "account.closed", "staff")
        }
        (InitialPassword | Active, AccountEvent::PasswordChosen) => (Active, "password.changed", "account"),
        (AwaitingCollection, AccountEvent::Lapsed) => (Lapsed, "account.lapsed", "clock"),
        (Closed, AccountEvent::Erased) => (Erased, "account.erased", "clock"),
        _ => return None,
    })
}

/// Somebody in a state, and how they would sign in.
struct Case {
    person: Person,
    account: Uuid,
    /// Of a letter that can be collected: the counter's page, opened while it could be.
    at_the_counter: Option<Answer>,
}

struct Stage {
    provider: TestProvider,
    printer: Clerk,
    counter: Clerk,
    /// Pages of people who are in the right state for it, by their button.
    pages: Vec<(&'static str, Answer)>,
}

fn login(from: AccountState, event: AccountEvent) -> String {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
    let event = letters(&format!("{event:?}")).replace("haschosenpassword", "");
    format!("{}.{}", letters(from.as_str()), event.to_lowercase())
}

async fn sheet(provider: &TestProvider, clerk: &Clerk, login: &str) -> (String, Answer) {
    let path = format!("/office/accounts/{}", provider.account_id(login).await);
    let page = clerk.open(&path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    (path, page)
}

impl Stage {
    /// With an erased account for each of these events: only time makes one, and after so much of it nobody is signed in.
    async fn new(events: &[AccountEvent]) -> Self {
        let provider = TestProvider::start_with(&[("retention.closed_accounts_months", "1")]).await;
        for event in events {
            closed(&provider, &login(AccountState::Erased, *event)).await;
        }
        provider.advance(TimeDelta::days(40));
        // The server does it by itself, too, and may be faster.
        provider.server.age_accounts().await.unwrap();
        for event in events {
            let login = login(AccountState::Erased, *event);
            assert_eq!(counter::state_of(&provider, &login).await, AccountState::Erased.as_str());
        }
        let printer = provider.clerk("urszula.sowa", OFFICE).await;
        let counter = provider.clerk("jan.okienko", OFFICE).await;
        provider.active_person("model.active").await;
        provider.active_person("model.suspended").await;
        let (_, active) = sheet(&provider, &counter, "model.active").await;
        let (path, page) = sheet(&provider, &counter, "model.suspended").await;
        assert_eq!(counter.submit(&page, "#suspend", &[("reason", REASON)]).await.status, 303);
        let suspended = counter.open(&path).await;
        let pages = vec![("#suspend", active.clone()), ("#close", active), ("#resume", suspended)];
        Self { provider, printer, counter, pages }
    }

    async fn reach(&self, from: AccountState, event: AccountEvent) -> Case {
        let provider = &self.provider;
        let login = &login(from, event);
        let was_active = event != AccountEvent::Resumed { has_chosen_password: false };
        let person = match from {
            AccountState::AwaitingCollection => {
                counter::approved(provider, login).await;
                Person::with_letter(login)
            }
            AccountState::InitialPassword => provider.person_with_letter(login).await,
            AccountState::Suspended if !was_active => provider.person_with_letter(login).await,
            AccountState::Active | AccountState::Suspended => provider.active_person(login).await,
            // Who lapsed has never chosen a password.
            AccountState::Lapsed => {
                let mut person = Person::with_letter(login);
                from.as_str().clone_into(&mut person.row.state);
                provider.import(&[&person]).await;
                person
            }
            AccountState::Closed => closed(provider, login).await,
            AccountState::Erased => Person::active(login),
        };
        let account = provider.account_id(login).await.uuid();
        let mut case = Case { person, account, at_the_counter: None };
        if event == AccountEvent::LetterCollected {
            case.at_the_counter = Some(self.letter_at_the_counter(from, login).await);
        }
        if from == AccountState::Suspended {
            let (_, page) = sheet(provider, &self.counter, login).await;
            self.counter.submit(&page, "#suspend", &[("reason", REASON)]).await;
        }
        assert_eq!(counter::state_of(provider, login).await, from.as_str());
        case
    }

    async fn letter_at_the_counter(&self, from: AccountState, login: &str) -> Answer {
        let provider = &self.provider;
        let serial = if from == AccountState::Erased {
            // None is printed for an erased account. Suppose one was.
            provider.printed_letter_of(login).await.serial
        } else {
            if from != AccountState::AwaitingCollection {
                counter::reissue(provider, login).await;
            }
            let printed = Letter::all_in(&counter::print_all(&self.printer.browser).await.body);
            printed.into_iter().find(|letter| letter.login == login).unwrap().serial
        };
        let page = counter::find(&self.counter.browser, &serial).await;
        assert_eq!(
            form::has(&page.body, "#hand-over"),
            from != AccountState::Erased,
            "{login}: {}",
            page.body
        );
        page
    }

    /// Brings the event about, or tries to: buttons are pressed also where this account's page does not have them now.
    async fn bring_about(&self, case: &Case, event: AccountEvent) -> Answer {
        let Self { provider, counter, .. } = self;
        match door_of(event) {
            Door::Counter => {
                let page = case.at_the_counter.clone().unwrap();
                if !form::has(&page.body, "#hand-over") {
                    return page;
                }
                counter.submit(&page, "#hand-over", &[("document", "passport")]).await
            }
            Door::Button(button) => {
                let (_, page) = self.pages.iter().find(|(known, _)| *known == button).unwrap();
                let (_, fields) = form::filled_in(&page.body, button, &[("reason", REASON)]);
                counter.browser.post(&format!("/office/accounts/{}", case.account), &fields).await
            }
            Door::Password => {
                let browser = provider.visitor();
                let landed = browser.sign_in(&case.person).await;
                if form::has(&landed.body, "#new-password") {
                    return browser.change_password_at(&landed, NEW, NEW).await;
                }
                let page = browser.get("/account/password").await;
                if page.status != 200 {
                    return landed;
                }
                let typed =
                    [("present_password", CHOSEN), ("new_password", NEW), ("new_password_repeat", NEW)];
                browser.submit(&page, "#replace-password", &typed).await
            }
            Door::Clock => unreachable!("nobody does what time does"),
        }
    }
}

/// Somebody whose account another system had closed.
async fn closed(provider: &TestProvider, login: &str) -> Person {
    let mut person = Person::active(login);
    AccountState::Closed.as_str().clone_into(&mut person.row.state);
    provider.import(&[&person]).await;
    person
}

/// Everything that a step may touch.
async fn what_is(provider: &TestProvider) -> Vec<(String, String)> {
    let mut rows = dump(&provider.database).await;
    rows.retain(|(table, _)| {
        ["account", "letter_order", "credential_letter", "recovery_code", "mail"].contains(&table.as_str())
    });
    rows.sort();
    rows
}

/// What was recorded about this account since.
async fn recorded(provider: &TestProvider, account: Uuid, seen: &HashSet<Uuid>) -> Vec<Record> {
    let all = records::audit(provider).await.into_iter();
    all.filter(|record| record.account == Some(account) && !seen.contains(&record.id)).collect()
}

async fn ids(provider: &TestProvider) -> HashSet<Uuid> {
    records::audit(provider).await.iter().map(|record| record.id).collect()
}

/// Exactly one record of what happened, by whom it was done.
#[track_caller]
fn assert_recorded_once(recorded: &[Record], action: &str, actor: &str, told: &str) {
    let of_it: Vec<_> = recorded.iter().filter(|record| record.action == action).collect();
    assert!(of_it.len() == 1 && of_it[0].actor_kind == actor, "{told}: {recorded:?}");
}

/// What the product writes down of a step that it did not take: a member of staff who tried, a password that was not
/// compared; of a letter that cannot be handed over, nothing.
#[track_caller]
fn assert_refusal(recorded: &[Record], event: AccountEvent, told: &str) {
    let is_expected = match door_of(event) {
        Door::Counter | Door::Clock => recorded.is_empty(),
        Door::Button(_) => {
            recorded.len() == 1
                && recorded[0].is("account.help_refused", "not_now")
                && recorded[0].actor_kind == "staff"
        }
        Door::Password => {
            !recorded.is_empty() && recorded.iter().all(|record| record.action.starts_with("sign_in."))
        }
    };
    assert!(is_expected, "{told}: {recorded:?}");
}

#[tokio::test]
async fn every_event_happens_in_its_states_and_changes_nothing_in_the_others() {
    let people: Vec<_> =
        AccountEvent::ALL.into_iter().filter(|event| door_of(*event) != Door::Clock).collect();
    let stage = Stage::new(&people).await;
    let provider = &stage.provider;
    for from in AccountState::ALL {
        for event in people.iter().copied() {
            let case = stage.reach(from, event).await;
            let login = login(from, event);
            let before = what_is(provider).await;
            let seen = ids(provider).await;
            let answer = stage.bring_about(&case, event).await;
            let told = format!("{event:?} in {from}: {} {}", answer.status, answer.body);
            assert!(answer.status != 403 && !answer.status.is_server_error(), "{told}");
            let recorded = recorded(provider, case.account, &seen).await;
            let is_now = counter::state_of(provider, &login).await;
            let Some((becomes, action, actor)) = allowed(from, event) else {
                assert_eq!(is_now, from.as_str(), "{told}");
                assert!(what_is(provider).await == before, "something changed: {told}");
                assert_refusal(&recorded, event, &told);
                continue;
            };
            assert_eq!(is_now, becomes.as_str(), "{told}");
            assert_recorded_once(&recorded, action, actor, &told);
            if matches!(door_of(event), Door::Button(_)) {
                let (_, page) = sheet(provider, &stage.counter, &login).await;
                assert!(page.body.contains(REASON), "{told}: {}", page.body);
            }
        }
    }
}

#[tokio::test]
async fn time_brings_its_events_about_in_their_states_and_changes_nothing_in_the_others() {
    for event in AccountEvent::ALL.into_iter().filter(|event| door_of(*event) == Door::Clock) {
        let stage = Stage::new(&[event]).await;
        let provider = &stage.provider;
        let mut cases = Vec::new();
        for from in AccountState::ALL {
            cases.push((from, stage.reach(from, event).await));
        }
        let seen = ids(provider).await;
        // Long enough for this event, and not for the other: a letter waits for 60 days, a closed account for a month.
        if event == AccountEvent::Erased {
            provider.advance(TimeDelta::days(40));
            provider.server.age_accounts().await.unwrap();
        } else {
            provider.advance(TimeDelta::days(61));
            provider.server.age_letters().await.unwrap();
        }
        for (from, case) in cases {
            let told = format!("{event:?} in {from}");
            let is_now = counter::state_of(provider, &login(from, event)).await;
            let recorded = recorded(provider, case.account, &seen).await;
            let Some((becomes, action, actor)) = allowed(from, event) else {
                assert_eq!(is_now, from.as_str(), "{told}");
                assert_refusal(&recorded, event, &told);
                continue;
            };
            assert_eq!(is_now, becomes.as_str(), "{told}");
            assert_recorded_once(&recorded, action, actor, &told);
        }
    }
}
