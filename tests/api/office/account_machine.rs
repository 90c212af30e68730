//! The account's state machine: in every state the office's doors are tried, and open exactly where the procedure says.
//!
//! Here: a letter collected, suspension, its end, closure. The other rows have tests of their own:
//! made by an approval, `decisions::approval_makes_the_account_orders_the_letter_and_tells_the_applicant`;
//! `InitialPassword → Active`, `accounts::audit::every_transition_leaves_its_record`;
//! `AwaitingCollection → Lapsed`, `lapse::a_letter_that_is_not_collected_in_sixty_days_lapses_with_its_account`;
//! suspended by the owner's link, `accounts::block`; closed by time and `Closed → Erased`, `accounts::erasure`;
//! who may not do it though the state allows it, `support` and `collection`.

use std::collections::HashSet;

use uuid::Uuid;

use crate::helpers::counter::{self, Letter, OFFICE};
use crate::helpers::database::dump;
use crate::helpers::form;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::staff::Clerk;
use crate::helpers::visitor::Answer;

const STATES: [&str; 6] =
    ["awaiting_collection", "initial_password", "active", "suspended", "lapsed", "closed"];
const DOORS: [Door; 4] = [Door::Collect, Door::Suspend, Door::Resume, Door::Close];
const REASON: &str = "Była osobiście, z takiego powodu.";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Collect,
    Suspend,
    Resume,
    Close,
}

impl Door {
    fn button(self) -> &'static str {
        match self {
            Self::Collect => "#hand-over",
            Self::Suspend => "#suspend",
            Self::Resume => "#resume",
            Self::Close => "#close",
        }
    }
}

/// These doors' whole machine: what it becomes, and what is written down. Whatever stands in no row is refused.
fn allowed(from: &str, door: Door) -> Option<(&'static str, &'static str)> {
    Some(match (from, door) {
        ("awaiting_collection" | "initial_password" | "active" | "lapsed" | "closed", Door::Collect) => {
            ("initial_password", "letter.collected")
        }
        ("initial_password" | "active", Door::Suspend) => ("suspended", "account.suspended"),
        ("suspended", Door::Resume) => ("active", "account.resumed"),
        ("awaiting_collection" | "initial_password" | "active" | "suspended" | "lapsed", Door::Close) => {
            ("closed", "account.closed")
        }
        _ => return None,
    })
}

struct Stage {
    provider: TestProvider,
    printer: Clerk,
    counter: Clerk,
    /// Pages of people who are in the right state for it.
    pages: Vec<(Door, Answer)>,
}

async fn sheet(provider: &TestProvider, clerk: &Clerk, login: &str) -> (String, Answer) {
    let path = format!("/office/accounts/{}", provider.account_id(login).await);
    let page = clerk.open(&path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    (path, page)
}

impl Stage {
    async fn new() -> Self {
        let provider = TestProvider::start().await;
        let printer = provider.clerk("urszula.sowa", OFFICE).await;
        let counter = provider.clerk("jan.okienko", OFFICE).await;
        provider.active_person("model.active").await;
        provider.active_person("model.suspended").await;
        let (_, active) = sheet(&provider, &counter, "model.active").await;
        let (path, page) = sheet(&provider, &counter, "model.suspended").await;
        assert_eq!(counter.submit(&page, "#suspend", &[("reason", REASON)]).await.status, 303);
        let suspended = counter.open(&path).await;
        let pages = vec![(Door::Suspend, active.clone()), (Door::Close, active), (Door::Resume, suspended)];
        Self { provider, printer, counter, pages }
    }

    /// Somebody in this state; the page at the counter, if a letter of theirs is to be collected: opened while it could
    /// be.
    async fn reach(&self, login: &str, state: &str, door: Door) -> Option<Answer> {
        let provider = &self.provider;
        match state {
            "awaiting_collection" => drop(counter::approved(provider, login).await),
            "initial_password" => drop(provider.person_with_letter(login).await),
            "active" | "suspended" => drop(provider.active_person(login).await),
            ended => {
                // Who lapsed has never chosen a password.
                let mut person =
                    if ended == "lapsed" { Person::with_letter(login) } else { Person::active(login) };
                ended.clone_into(&mut person.row.state);
                provider.import(&[&person]).await;
            }
        }
        let mut at_the_counter = None;
        if door == Door::Collect {
            if state != "awaiting_collection" {
                counter::reissue(provider, login).await;
            }
            let printed = Letter::all_in(&counter::print_all(&self.printer.browser).await.body);
            let letter = printed.into_iter().find(|letter| letter.login == login).unwrap();
            let page = counter::find(&self.counter.browser, &letter.serial).await;
            assert!(form::has(&page.body, "#hand-over"), "{login}: {}", page.body);
            at_the_counter = Some(page);
        }
        if state == "suspended" {
            let (_, page) = sheet(provider, &self.counter, login).await;
            self.counter.submit(&page, "#suspend", &[("reason", REASON)]).await;
        }
        assert_eq!(counter::state_of(provider, login).await, state);
        at_the_counter
    }

    /// Presses a button, also one that the page of this account does not have now.
    async fn press(&self, path: &str, door: Door, at_the_counter: Option<Answer>) -> Answer {
        if let Some(page) = at_the_counter {
            return self.counter.submit(&page, door.button(), &[("document", "passport")]).await;
        }
        let (_, page) = self.pages.iter().find(|(known, _)| *known == door).unwrap();
        let (_, fields) = form::filled_in(&page.body, door.button(), &[("reason", REASON)]);
        self.counter.browser.post(path, &fields).await
    }
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

#[tokio::test]
async fn every_door_opens_in_its_states_and_changes_nothing_in_the_others() {
    let stage = Stage::new().await;
    let provider = &stage.provider;
    for from in STATES {
        for door in DOORS {
            let login = format!("{from}.{door:?}").to_lowercase();
            let at_the_counter = stage.reach(&login, from, door).await;
            let (path, _) = sheet(provider, &stage.counter, &login).await;
            let before = what_is(provider).await;
            let mut seen: HashSet<Uuid> =
                records::audit(provider).await.iter().map(|record| record.id).collect();
            let answer = stage.press(&path, door, at_the_counter).await;
            let told = format!("{door:?} in {from}: {} {}", answer.status, answer.body);
            assert!(answer.status != 403 && !answer.status.is_server_error(), "{told}");
            let recorded: Vec<_> =
                records::audit(provider).await.into_iter().filter(|record| seen.insert(record.id)).collect();
            let told = format!("{told}: {recorded:?}");
            let Some((becomes, action)) = allowed(from, door) else {
                assert_eq!(counter::state_of(provider, &login).await, from, "{told}");
                assert!(what_is(provider).await == before, "something changed: {told}");
                let tried = recorded.iter().all(|record| {
                    record.is("account.help_refused", "not_now") && record.actor_kind == "staff"
                });
                assert!(tried && recorded.len() == usize::from(door != Door::Collect), "{told}");
                continue;
            };
            assert_eq!(counter::state_of(provider, &login).await, becomes, "{told}");
            let mut of_it = recorded.iter().filter(|record| record.action == action);
            assert_eq!(of_it.next().map(|record| record.actor_kind.as_str()), Some("staff"), "{told}");
            assert!(of_it.next().is_none(), "{told}");
            if door != Door::Collect {
                let history = stage.counter.open(&path).await;
                assert!(history.body.contains(REASON), "{told}: {}", history.body);
            }
        }
    }
}
