//! `/regulations/accept`.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::language_switch::Address;
use super::office_card::Day;
use super::page::Page;
use super::regulations::{sample_day, sample_text};
use crate::domain::regulations::text::Block;

/// Asks a person who signed in to accept a new version: `POST /regulations/accept` with `accept` = `id`.
#[derive(Debug, Clone)]
pub struct RegulationsAcceptPage {
    pub csrf: String,
    /// The stored authorization request that goes on afterwards.
    pub authorization: Option<String>,
    /// Which version is on the page, and so which one would be accepted.
    pub id: String,
    pub version: String,
    /// The house's day.
    pub published_on: NaiveDate,
    /// In the page's language.
    pub text: Vec<Block>,
    pub problem: Option<RegulationsAcceptProblem>,
}

/// Why nothing was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegulationsAcceptProblem {
    NotTicked,
    /// The page was open for too long, or the browser keeps no cookies.
    FormExpired,
    /// Yet another version has come into force meanwhile; this page shows it.
    Outdated,
}

impl RegulationsAcceptProblem {
    const fn name(self) -> &'static str {
        match self {
            Self::NotTicked => "not-ticked",
            Self::FormExpired => "form-expired",
            Self::Outdated => "outdated",
        }
    }
}

impl Serialize for RegulationsAcceptPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            authorization: Option<&'a str>,
            id: &'a str,
            version: &'a str,
            published_on: Day,
            text: &'a [Block],
            problem: Option<&'static str>,
            is_not_ticked: bool,
        }

        Data {
            csrf: &self.csrf,
            authorization: self.authorization.as_deref(),
            id: &self.id,
            version: &self.version,
            published_on: Day::of(self.published_on),
            text: &self.text,
            problem: self.problem.map(RegulationsAcceptProblem::name),
            is_not_ticked: self.problem == Some(RegulationsAcceptProblem::NotTicked),
        }
        .serialize(serializer)
    }
}

impl Page for RegulationsAcceptPage {
    const NAME: &'static str = "regulations-accept";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/regulations/accept", authorization: self.authorization.as_deref() })
    }

    fn samples() -> Vec<Self> {
        let plain = Self {
            csrf: "csrf-sample".to_owned(),
            authorization: None,
            id: "0197f3a0-0000-7000-8000-000000000002".to_owned(),
            version: "2026-1".to_owned(),
            published_on: sample_day(),
            text: sample_text(),
            problem: None,
        };
        let with_problem = |problem| Self {
            authorization: Some("0197f3a0-0000-7000-8000-000000000001".to_owned()),
            problem: Some(problem),
            ..plain.clone()
        };
        vec![
            plain.clone(),
            with_problem(RegulationsAcceptProblem::NotTicked),
            with_problem(RegulationsAcceptProblem::FormExpired),
            with_problem(RegulationsAcceptProblem::Outdated),
        ]
    }
}
