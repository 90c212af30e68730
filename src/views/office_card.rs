//! An office as pages show it: where it is, when it is open, on which day next. `templates/office-card.html` draws it.

use chrono::{Datelike as _, NaiveDate, NaiveTime};
use serde::Serialize;

use crate::domain::office::{DayHours, OfficeNotice, OpenDay};

/// What the macros in `templates/office-card.html` see.
#[derive(Debug, Clone, Serialize)]
pub(super) struct OfficeCard<'a> {
    name: &'a str,
    address: Option<&'a str>,
    phone: Option<&'a str>,
    hours: Vec<DaysAlike>,
    next_open: Option<NextOpen>,
}

/// Neighbouring days with the same hours, told in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct DaysAlike {
    /// 1 is Monday.
    from: u8,
    to: u8,
    opens: String,
    closes: String,
}

#[derive(Debug, Clone, Serialize)]
struct NextOpen {
    date: Day,
    opens: String,
    closes: String,
}

/// A day in parts: how they are put together is a matter of language (the text `office-date`).
#[allow(clippy::struct_field_names, reason = "a date has a day")]
#[derive(Debug, Clone, Serialize)]
pub(super) struct Day {
    weekday: u32,
    day: u32,
    month: u32,
    year: i32,
}

impl<'a> OfficeCard<'a> {
    pub(super) fn of(notice: &'a OfficeNotice) -> Self {
        Self {
            name: &notice.name,
            address: notice.address.as_deref(),
            phone: notice.phone.as_deref(),
            hours: days_alike(&notice.hours),
            next_open: notice.next_open.map(next_open),
        }
    }
}

impl Day {
    pub(super) fn of(date: NaiveDate) -> Self {
        Self {
            weekday: date.weekday().number_from_monday(),
            day: date.day(),
            month: date.month(),
            year: date.year(),
        }
    }
}

fn next_open(day: OpenDay) -> NextOpen {
    NextOpen { date: Day::of(day.date), opens: clock(day.opens), closes: clock(day.closes) }
}

fn days_alike(hours: &[DayHours]) -> Vec<DaysAlike> {
    let mut lines: Vec<DaysAlike> = Vec::new();
    for day in hours {
        let (opens, closes) = (clock(day.opens), clock(day.closes));
        match lines.last_mut() {
            Some(line) if line.to + 1 == day.weekday && line.opens == opens && line.closes == closes => {
                line.to = day.weekday;
            }
            _ => lines.push(DaysAlike { from: day.weekday, to: day.weekday, opens, closes }),
        }
    }
    lines
}

/// `7:00`: as a door says it, in both languages.
fn clock(time: NaiveTime) -> String {
    time.format("%-H:%M").to_string()
}

/// An invented office with everything that may be known, and one of which only the name is.
pub(super) fn samples() -> Vec<OfficeNotice> {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let day = |weekday, closes| DayHours { weekday, opens: time(7), closes: time(closes) };
    let hours = vec![day(1, 17), day(2, 15), day(3, 15), day(4, 15), day(5, 13)];
    let next_open =
        NaiveDate::from_ymd_opt(2026, 11, 23).map(|date| OpenDay { date, opens: time(7), closes: time(17) });
    vec![
        OfficeNotice {
            name: "Administracja nr 1".to_owned(),
            address: Some("ul. Przykładowa 1, 41-600 Świętochłowice".to_owned()),
            phone: Some("32 000 00 01".to_owned()),
            hours,
            next_open,
        },
        OfficeNotice {
            name: "Administracja nr 2".to_owned(),
            address: None,
            phone: None,
            hours: Vec::new(),
            next_open: None,
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_days_with_the_same_hours_share_a_line() {
        let notice = samples().remove(0);
        let lines: Vec<(u8, u8, String)> =
            days_alike(&notice.hours).into_iter().map(|line| (line.from, line.to, line.closes)).collect();
        assert_eq!(
            lines,
            [(1, 1, "17:00".to_owned()), (2, 4, "15:00".to_owned()), (5, 5, "13:00".to_owned())]
        );
    }

    #[test]
    fn a_closed_day_in_between_parts_them() {
        let mut hours = samples().remove(0).hours;
        hours.remove(2);
        assert_eq!(days_alike(&hours).len(), 4);
    }
}
