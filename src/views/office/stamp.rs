//! A day and a time as the console tells them: the house's own clock, in numbers.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use serde::Serialize;

/// In parts: how they are put together is a matter of language (`templates/office/stamp.html`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamp {
    day: String,
    month: String,
    year: i32,
    /// `7:05`; only for a moment.
    time: Option<String>,
}

impl Stamp {
    pub fn of_moment(local: NaiveDateTime) -> Self {
        Self { time: Some(local.format("%-H:%M").to_string()), ..Self::of_day(local.date()) }
    }

    pub fn of_day(day: NaiveDate) -> Self {
        Self {
            day: format!("{:02}", day.day()),
            month: format!("{:02}", day.month()),
            year: day.year(),
            time: None,
        }
    }

    /// For samples.
    pub(in crate::views) fn sample(day: u32) -> Self {
        let day = NaiveDate::from_ymd_opt(2026, 11, day).unwrap_or_default();
        Self::of_moment(day.and_hms_opt(9, 41, 0).unwrap_or_default())
    }
}
