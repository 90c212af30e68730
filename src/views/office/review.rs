//! `/office/review`: what one person did alone.

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

#[derive(Debug, Clone, Serialize)]
pub struct ReviewPage {
    pub frame: Frame,
    pub rows: Vec<AloneRow>,
    pub problem: Option<ReviewProblem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewProblem {
    FormExpired,
    /// It does not wait any more: somebody looked already.
    NotWaiting,
}

/// Two steps that one person took.
#[derive(Debug, Clone, Serialize)]
pub struct AloneRow {
    /// `application`, `order` or `letter`.
    pub kind: &'static str,
    pub id: String,
    /// Where there is more about it.
    pub href: String,
    pub name: String,
    pub login: Option<String>,
    pub office: Option<String>,
    /// Of a letter.
    pub serial: Option<String>,
    pub by: String,
    pub first: Stamp,
    pub then: Stamp,
    /// By whoever looks: somebody else has to.
    pub is_own: bool,
}

impl Page for ReviewPage {
    const NAME: &'static str = "office-review";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/office/review", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let row = |number, kind, serial: Option<&str>, is_own| AloneRow {
            kind,
            id: format!("0197f3a0-0000-7000-8000-00000000000{number}"),
            href: "/office/accounts/0197f3a0-0000-7000-8000-0000000000a1".to_owned(),
            serial: serial.map(str::to_owned),
            name: "Anna Nowak".to_owned(),
            login: serial.map(|_| "iok1000001".to_owned()),
            office: Some("Administracja nr 1".to_owned()),
            by: "Jan Zieliński".to_owned(),
            first: Stamp::sample(20),
            then: Stamp::sample(21),
            is_own,
        };
        let serial = Some("34567-89AB9");
        let busy = Self {
            frame: Frame::sample(Role::Supervisor, "/office/review"),
            rows: vec![
                row(1, "application", None, false),
                row(2, "order", None, false),
                row(3, "letter", serial, false),
                row(4, "letter", serial, true),
            ],
            problem: None,
        };
        vec![
            busy.clone(),
            Self { rows: Vec::new(), ..busy.clone() },
            Self { problem: Some(ReviewProblem::FormExpired), ..busy.clone() },
            Self { problem: Some(ReviewProblem::NotWaiting), ..busy },
        ]
    }
}
