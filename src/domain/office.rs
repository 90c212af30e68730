//! An office (Administracja): where people collect their letters.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// When an office is open on one day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayHours {
    /// 1 is Monday, 7 is Sunday (ISO 8601).
    pub weekday: u8,
    pub opens: NaiveTime,
    pub closes: NaiveTime,
}

/// A day on which an office can be visited, in the office's own time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDay {
    pub date: NaiveDate,
    pub opens: NaiveTime,
    pub closes: NaiveTime,
}

/// What a person is told about an office, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeNotice {
    pub name: String,
    pub address: Option<String>,
    pub phone: Option<String>,
    /// Monday first; days that are not named are closed.
    pub hours: Vec<DayHours>,
    /// The next day on which it is open, today among them while it still is. Holidays are no such days.
    pub next_open: Option<OpenDay>,
}
