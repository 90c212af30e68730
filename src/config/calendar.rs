//! `[calendar]`: the house's own time, and when its offices are open.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::text;
use crate::domain::office::{Opening, OpeningHours};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSettings {
    #[serde(deserialize_with = "time_zone")]
    time_zone: Tz,
    monday: Hours,
    tuesday: Hours,
    wednesday: Hours,
    thursday: Hours,
    friday: Hours,
    saturday: Hours,
    sunday: Hours,
    closed_days: ClosedDays,
}

impl CalendarSettings {
    pub fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// Of an office that has none of its own.
    pub fn hours(&self) -> OpeningHours {
        let week = [
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        ];
        OpeningHours(week.map(|day| day.0))
    }

    /// Of every office.
    pub fn closed_days(&self) -> &BTreeSet<NaiveDate> {
        &self.closed_days.0
    }
}

/// The hours of one day of the week.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hours(pub(super) Opening);

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::parsed(deserializer, |hours| {
            hours.parse().map_err(|_| "opening hours such as `7-17`, `7:00-15:30` or `closed`")
        })
        .map(Self)
    }
}

/// Single days, as a list of dates.
#[derive(Debug, Clone, Default)]
pub(super) struct ClosedDays(pub(super) BTreeSet<NaiveDate>);

impl<'de> Deserialize<'de> for ClosedDays {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Vec::<String>::deserialize(deserializer)?;
        let days = written.iter().map(|text| {
            text.trim().parse().map_err(|_| {
                D::Error::invalid_value(
                    serde::de::Unexpected::Str(text),
                    &"a list of dates such as `2026-12-31`",
                )
            })
        });
        days.collect::<Result<_, _>>().map(Self)
    }
}

fn time_zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
    text::parsed(deserializer, |name| name.parse().map_err(|_| "a time zone such as `Europe/Warsaw`"))
}
