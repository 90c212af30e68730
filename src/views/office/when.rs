//! A moment on the house's clock.

use chrono::NaiveDateTime;
use serde::Serialize;

use crate::views::office_card::Day;

/// What the macro `when` in `templates/office/parts.html` sees: a day in parts, because how they are put together is a
/// matter of language, and the time, which both languages write alike.
#[derive(Debug, Clone, Serialize)]
pub struct When {
    date: Day,
    time: String,
}

impl When {
    /// `local` is the house's own time (`domain::calendar::Calendar::local`).
    pub fn of(local: NaiveDateTime) -> Self {
        Self { date: Day::of(local.date()), time: local.format("%-H:%M").to_string() }
    }

    /// For samples: this day of November 2026.
    pub(in crate::views) fn sample(day: u32, hour: u32) -> Self {
        let local = chrono::NaiveDate::from_ymd_opt(2026, 11, day)
            .and_then(|date| date.and_hms_opt(hour, 5, 0))
            .unwrap_or_default();
        Self::of(local)
    }
}
