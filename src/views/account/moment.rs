//! A moment on the house's clock, in parts: how they are put together is a matter of language.

use chrono::NaiveDateTime;
use serde::Serialize;

use crate::views::office_card::Day;

#[derive(Debug, Clone, Serialize)]
pub(super) struct ShownMoment {
    date: Day,
    /// `7:05`
    time: String,
}

impl ShownMoment {
    /// `local` as the house's calendar says it.
    pub(super) fn of(local: NaiveDateTime) -> Self {
        Self { date: Day::of(local.date()), time: local.format("%-H:%M").to_string() }
    }
}

/// An invented moment.
pub(super) fn sample(day: u32, hour: u32) -> NaiveDateTime {
    chrono::NaiveDate::from_ymd_opt(2026, 11, day)
        .and_then(|date| date.and_hms_opt(hour, 5, 0))
        .unwrap_or_default()
}
