//! `/office/letters`: what is to be printed, and what waits to be collected.

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

#[derive(Debug, Clone, Serialize)]
pub struct LettersPage {
    pub frame: Frame,
    /// Ways to the letters of one office, for who sees more than one.
    pub offices: Vec<OfficeChoice>,
    /// The office that is shown alone, by id.
    pub office: Option<String>,
    pub to_print: Vec<OrderRow>,
    pub waiting: Vec<WaitingRow>,
    /// Is there more than is shown?
    pub is_cut: bool,
    /// How many are printed at one press.
    pub at_most: usize,
    pub problem: Option<LettersProblem>,
}

/// Why nothing was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LettersProblem {
    /// No letter was chosen, or none was ordered today.
    NothingChosen,
    TooMany,
    /// The page was open for too long.
    FormExpired,
}

#[derive(Debug, Clone, Serialize)]
pub struct OfficeChoice {
    pub id: String,
    pub name: String,
    pub is_shown: bool,
}

/// A letter to print.
#[derive(Debug, Clone, Serialize)]
pub struct OrderRow {
    pub order: String,
    pub name: String,
    pub login: String,
    pub office: Option<String>,
    pub is_reissue: bool,
    pub ordered: Stamp,
}

/// A letter that waits for its owner.
#[derive(Debug, Clone, Serialize)]
pub struct WaitingRow {
    pub order: String,
    /// As it is stored: what the press of "print again" is conditional on.
    pub seen: String,
    /// In groups.
    pub serial: String,
    pub name: String,
    pub login: String,
    pub office: Option<String>,
    pub printed_by: String,
    pub printed: Stamp,
    pub collect_until: Stamp,
    /// `None` once the time is over.
    pub days_left: Option<i64>,
}

impl Page for LettersPage {
    const NAME: &'static str = "office-letters";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/office/letters", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let order = |number: u32, name: &str, office: Option<&str>| OrderRow {
            order: format!("0197f3a0-0000-7000-8000-00000000000{number}"),
            name: name.to_owned(),
            login: format!("iok100000{number}"),
            office: office.map(str::to_owned),
            is_reissue: number.is_multiple_of(2),
            ordered: Stamp::sample(number),
        };
        let waiting = |number: u32, days_left| WaitingRow {
            order: format!("0197f3a0-0000-7000-8000-00000000001{number}"),
            seen: "3456789AB9".to_owned(),
            serial: "34567-89AB9".to_owned(),
            name: "Anna Nowak".to_owned(),
            login: format!("iok200000{number}"),
            office: Some("Administracja nr 1 Centrum".to_owned()),
            printed_by: "Jan Zieliński".to_owned(),
            printed: Stamp::sample(number),
            collect_until: Stamp::sample(20 + number),
            days_left,
        };
        let busy = Self {
            frame: Frame::sample(Role::Supervisor, "/office/letters"),
            offices: vec![
                OfficeChoice { id: "1".to_owned(), name: "Administracja nr 1".to_owned(), is_shown: true },
                OfficeChoice { id: "2".to_owned(), name: "Administracja nr 2".to_owned(), is_shown: false },
            ],
            office: Some("1".to_owned()),
            to_print: vec![
                order(1, "Jan Kowalski", Some("Administracja nr 1")),
                order(2, "Bronisława Wrona-Świętochłowska-Brzęczyszczykiewicz", None),
            ],
            waiting: vec![waiting(1, Some(21)), waiting(2, Some(1)), waiting(3, Some(0)), waiting(4, None)],
            is_cut: true,
            at_most: 100,
            problem: None,
        };
        let quiet = Self {
            frame: Frame::sample(Role::Clerk, "/office/letters"),
            offices: Vec::new(),
            office: None,
            to_print: Vec::new(),
            waiting: Vec::new(),
            is_cut: false,
            ..busy.clone()
        };
        let all = Self {
            office: None,
            offices: busy.offices.iter().cloned().map(|it| OfficeChoice { is_shown: false, ..it }).collect(),
            ..busy.clone()
        };
        let with = |problem| Self { problem: Some(problem), ..busy.clone() };
        vec![
            busy.clone(),
            quiet,
            all,
            with(LettersProblem::NothingChosen),
            with(LettersProblem::TooMany),
            with(LettersProblem::FormExpired),
        ]
    }
}
