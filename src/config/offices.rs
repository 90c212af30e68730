//! `[offices."NAME"]`: the company's offices. Their names are keys that nobody can know beforehand; what stands below
//! each of them is checked like every other section.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::calendar::{CalendarSettings, ClosedDays, Hours};
use super::text;
use crate::domain::calendar::OfficeFacts;
use crate::domain::office::OpeningHours;

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Offices(BTreeMap<String, Office>);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Office {
    #[serde(default, deserialize_with = "text::line_or_none")]
    address: Option<String>,
    #[serde(default, deserialize_with = "text::line_or_none")]
    phone: Option<String>,
    monday: Option<Hours>,
    tuesday: Option<Hours>,
    wednesday: Option<Hours>,
    thursday: Option<Hours>,
    friday: Option<Hours>,
    saturday: Option<Hours>,
    sunday: Option<Hours>,
    #[serde(default)]
    closed_days: ClosedDays,
}

/// What may stand below an office's name.
pub(super) const KEYS_OF_AN_OFFICE: [&str; 10] = [
    "address",
    "phone",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "closed_days",
];

impl Office {
    fn facts(&self, house: OpeningHours) -> OfficeFacts {
        let own = [
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        ];
        let mut hours = house;
        for (day, own) in hours.0.iter_mut().zip(own) {
            if let Some(own) = own {
                *day = own.0;
            }
        }
        OfficeFacts {
            address: self.address.clone(),
            phone: self.phone.clone(),
            hours: Some(hours),
            closed_days: self.closed_days.0.clone(),
        }
    }
}

impl Offices {
    /// In the order of the alphabet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn facts(&self, house: &CalendarSettings) -> BTreeMap<String, OfficeFacts> {
        self.0.iter().map(|(name, office)| (name.clone(), office.facts(house.hours()))).collect()
    }

    /// A name is found again by its letters (`office.name`), and stands in one line of a page.
    pub(super) fn conflict(&self) -> Option<(&'static str, String)> {
        let bad =
            self.names().find(|name| name.is_empty() || name.trim() != *name || !text::is_line(name))?;
        let reason = format!(
            "the name {bad:?} of an office will not do; wanted is one line of at most 200 characters, without spaces \
             around it"
        );
        Some(("offices", reason))
    }
}
