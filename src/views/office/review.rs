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
    pub letters: Vec<AloneRow>,
    pub problem: Option<ReviewProblem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewProblem {
    FormExpired,
    /// It does not wait any more: somebody looked already.
    NotWaiting,
}

/// A letter that one person printed and handed over.
#[derive(Debug, Clone, Serialize)]
pub struct AloneRow {
    pub id: String,
    pub serial: String,
    pub name: String,
    pub login: String,
    pub office: Option<String>,
    pub by: String,
    pub printed: Stamp,
    pub collected: Stamp,
    /// By whoever looks: somebody else has to.
    pub is_own: bool,
}

impl Page for ReviewPage {
    const NAME: &'static str = "office-review";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/office/review", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let row = |number, is_own| AloneRow {
            id: format!("0197f3a0-0000-7000-8000-00000000000{number}"),
            serial: "34567-89AB9".to_owned(),
            name: "Anna Nowak".to_owned(),
            login: "iok1000001".to_owned(),
            office: Some("Administracja nr 1".to_owned()),
            by: "Jan Zieliński".to_owned(),
            printed: Stamp::sample(20),
            collected: Stamp::sample(21),
            is_own,
        };
        let busy = Self {
            frame: Frame::sample(Role::Supervisor, "/office/review"),
            letters: vec![row(1, false), row(2, true)],
            problem: None,
        };
        vec![
            busy.clone(),
            Self { letters: Vec::new(), ..busy.clone() },
            Self { problem: Some(ReviewProblem::FormExpired), ..busy.clone() },
            Self { problem: Some(ReviewProblem::NotWaiting), ..busy },
        ]
    }
}
