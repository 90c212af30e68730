//! `/regulations`, and below it every earlier version.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::language_switch::Address;
use super::office_card::Day;
use super::page::Page;
use crate::domain::regulations::text::{Block, blocks};

/// The Regulations to read.
#[derive(Debug, Clone)]
pub struct RegulationsPage {
    /// Where this version was asked for: `/regulations`, or `/regulations/{version}`.
    pub path: String,
    pub version: String,
    /// The house's day.
    pub published_on: NaiveDate,
    /// Or has another one come into force since?
    pub is_in_force: bool,
    /// In the page's language.
    pub text: Vec<Block>,
    /// Every other version, the newest first.
    pub others: Vec<OtherEdition>,
}

/// A version that is not on this page.
#[derive(Debug, Clone)]
pub struct OtherEdition {
    pub version: String,
    pub published_on: NaiveDate,
}

impl Serialize for RegulationsPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Other<'a> {
            version: &'a str,
            published_on: Day,
        }

        #[derive(Serialize)]
        struct Data<'a> {
            version: &'a str,
            published_on: Day,
            is_in_force: bool,
            text: &'a [Block],
            others: Vec<Other<'a>>,
        }

        Data {
            version: &self.version,
            published_on: Day::of(self.published_on),
            is_in_force: self.is_in_force,
            text: &self.text,
            others: self
                .others
                .iter()
                .map(|other| Other { version: &other.version, published_on: Day::of(other.published_on) })
                .collect(),
        }
        .serialize(serializer)
    }
}

/// An invented text with every kind of part.
pub(super) fn sample_text() -> Vec<Block> {
    blocks(
        "# Regulamin serwisu\n\nKilka słów na początek.\n\n## § 1. Kto może korzystać\n1. Każdy kontrahent:\n\
         a) właściciel,\nb) najemca.\n2. Korzystanie jest bezpłatne.\n\n### Uwaga\n\nTo tylko <przykład> & nic więcej.",
    )
}

/// 1 October 2026, or the nearest thing to it.
pub(super) fn sample_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 1).unwrap_or_default()
}

impl Page for RegulationsPage {
    const NAME: &'static str = "regulations";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: &self.path, authorization: None })
    }

    fn samples() -> Vec<Self> {
        let other = |version: &str| OtherEdition { version: version.to_owned(), published_on: sample_day() };
        let in_force = Self {
            path: "/regulations".to_owned(),
            version: "2026-1".to_owned(),
            published_on: sample_day(),
            is_in_force: true,
            text: sample_text(),
            others: vec![other("2025-2"), other("2025-1")],
        };
        vec![
            in_force.clone(),
            Self { others: Vec::new(), ..in_force.clone() },
            Self {
                path: "/regulations/2025-2".to_owned(),
                version: "2025-2".to_owned(),
                is_in_force: false,
                others: vec![other("2026-1")],
                ..in_force
            },
        ]
    }
}
