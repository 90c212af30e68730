//! `/office`: where staff land, and the queue for those who read applications.

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

/// Where staff land after signing in.
#[derive(Debug, Clone, Serialize)]
pub struct OfficeHomePage {
    pub frame: Frame,
    /// How many of their recovery codes are left, once that is few.
    pub few_codes_left: Option<u64>,
    /// Does somebody guess passwords all over the place? Told to those who could do something about it.
    pub guessing_noticed: bool,
    /// `None` for whoever reads no applications.
    pub queue: Option<QueueView>,
}

/// The queue as it was asked for.
#[derive(Debug, Clone, Serialize)]
pub struct QueueView {
    pub state: &'static str,
    pub states: Vec<StateTab>,
    pub channel: Option<&'static str>,
    pub text: String,
    /// To choose from; empty for whoever is bound to one office.
    pub offices: Vec<OfficeOption>,
    pub lines: Vec<QueueLine>,
    pub number: u64,
    pub page: u64,
    pub pages: u64,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// Is it narrowed by anything but the state?
    pub is_filtered: bool,
}

/// A state, how many there are in it, and the way there.
#[derive(Debug, Clone, Serialize)]
pub struct StateTab {
    pub state: &'static str,
    pub number: u64,
    pub href: String,
    pub current: bool,
}

/// An office in a list to choose from.
#[derive(Debug, Clone, Serialize)]
pub struct OfficeOption {
    pub id: String,
    pub name: String,
    pub chosen: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct QueueLine {
    pub href: String,
    pub name: String,
    pub organisation: Option<String>,
    pub number: Option<String>,
    pub address: String,
    pub office: String,
    pub channel: &'static str,
    pub since: Stamp,
}

impl Page for OfficeHomePage {
    const NAME: &'static str = "office-home";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/office", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let home = |role: Role, few_codes_left, queue| Self {
            frame: Frame::sample(role, "/office"),
            few_codes_left,
            guessing_noticed: matches!(role, Role::Administrator | Role::Auditor),
            queue,
        };
        vec![
            home(Role::Clerk, None, Some(sample(Role::Clerk))),
            home(Role::Supervisor, Some(2), Some(sample(Role::Supervisor))),
            home(Role::Administrator, Some(1), None),
            home(Role::Auditor, Some(0), Some(QueueView { lines: Vec::new(), ..sample(Role::Auditor) })),
            home(
                Role::Clerk,
                None,
                Some(QueueView { lines: Vec::new(), is_filtered: false, pages: 1, ..sample(Role::Clerk) }),
            ),
        ]
    }
}

fn sample(role: Role) -> QueueView {
    let tab = |state, number| StateTab {
        state,
        number,
        href: format!("/office?state={state}"),
        current: state == "submitted",
    };
    let line = |name: &str, organisation: Option<&str>, number: Option<&str>, channel| QueueLine {
        href: "/office/applications/0197f3a0-0000-7000-8000-000000000001".to_owned(),
        name: name.to_owned(),
        organisation: organisation.map(str::to_owned),
        number: number.map(str::to_owned),
        address: "ul. Wiśniowa 3/4, 41-600 Świętochłowice".to_owned(),
        office: "Administracja nr 1".to_owned(),
        channel,
        since: Stamp::sample(20),
    };
    let office = |name: &str, chosen| OfficeOption {
        id: format!("0197f3a0-0000-7000-8000-00000000000{}", u8::from(chosen)),
        name: name.to_owned(),
        chosen,
    };
    QueueView {
        state: "submitted",
        states: vec![
            tab("submitted", 52),
            tab("needs_correction", 3),
            tab("approved", 117),
            tab("rejected", 4),
            tab("withdrawn", 0),
        ],
        channel: Some("paper"),
        text: "Wrona".to_owned(),
        offices: if role.is_bound_to_an_office() {
            Vec::new()
        } else {
            vec![office("Administracja nr 1", true), office("Administracja nr 2", false)]
        },
        lines: vec![
            line("Halina Wrona", None, Some("K-000123"), "online"),
            line("Jan Brzęczyszczykiewicz", Some("Piekarnia Kłos sp. z o.o."), None, "paper"),
        ],
        number: 52,
        page: 2,
        pages: 3,
        previous: Some("/office?page=1".to_owned()),
        next: Some("/office?page=3".to_owned()),
        is_filtered: true,
    }
}
