//! An office (Administracja): where people collect their letters.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
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

/// When an office is open on one kind of day, as it is written: `7-17`, `7:00-15:30`, `closed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    Closed,
    /// Open from the first moment up to, and not at, the second.
    Open(NaiveTime, NaiveTime),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("opening hours are written like 7-17, 7:00-15:30 or closed")]
pub struct NotOpeningHours;

impl FromStr for Opening {
    type Err = NotOpeningHours;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("closed") {
            return Ok(Self::Closed);
        }
        // A dash as people type it, or as word processors make it.
        let (opens, closes) = text.split_once(['-', '–']).ok_or(NotOpeningHours)?;
        let (opens, closes) = (time(opens)?, time(closes)?);
        if opens < closes { Ok(Self::Open(opens, closes)) } else { Err(NotOpeningHours) }
    }
}

/// `7` or `7:30`, of the 24-hour clock.
fn time(text: &str) -> Result<NaiveTime, NotOpeningHours> {
    let (hours, minutes) = text.trim().split_once(':').unwrap_or((text.trim(), "00"));
    let is_number = |text: &str, lengths: RangeInclusive<usize>| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(hours, 1..=2) || !is_number(minutes, 2..=2) {
        return Err(NotOpeningHours);
    }
    let number = |text: &str| text.parse::<u32>().map_err(|_| NotOpeningHours);
    NaiveTime::from_hms_opt(number(hours)?, number(minutes)?, 0).ok_or(NotOpeningHours)
}

/// An office's week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpeningHours(pub [Opening; 7]);

/// How far ahead an open day is looked for: an office that is closed for a year has none that is worth naming.
const DAYS_AHEAD: usize = 366;

impl OpeningHours {
    /// The days on which it is open at all, Monday first.
    pub fn days(&self) -> Vec<DayHours> {
        (1..)
            .zip(self.0)
            .filter_map(|(weekday, opening)| match opening {
                Opening::Open(opens, closes) => Some(DayHours { weekday, opens, closes }),
                Opening::Closed => None,
            })
            .collect()
    }

    /// The next day on which somebody can go there: today too, until it closes. `is_closed` names the days on which it
    /// is shut whatever the week says.
    pub fn next_open(&self, local: NaiveDateTime, is_closed: impl Fn(NaiveDate) -> bool) -> Option<OpenDay> {
        local.date().iter_days().take(DAYS_AHEAD).find_map(|date| {
            let Opening::Open(opens, closes) = self.on(date.weekday()) else {
                return None;
            };
            let is_over = date == local.date() && closes <= local.time();
            (!is_over && !is_closed(date)).then_some(OpenDay { date, opens, closes })
        })
    }

    fn on(&self, weekday: Weekday) -> Opening {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = self.0;
        match weekday {
            Weekday::Mon => monday,
            Weekday::Tue => tuesday,
            Weekday::Wed => wednesday,
            Weekday::Thu => thursday,
            Weekday::Fri => friday,
            Weekday::Sat => saturday,
            Weekday::Sun => sunday,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).expect("a time")
    }

    fn date(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a date")
    }

    /// Mon 7–17, Tue–Thu 7–15, Fri 7–13: the procedure's row 5.
    fn row_5() -> OpeningHours {
        OpeningHours(
            ["7-17", "7-15", "7-15", "7-15", "7-13", "closed", "closed"]
                .map(|day| day.parse().expect("hours")),
        )
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (text, expected) in [
            ("7-17", Opening::Open(at(7, 0), at(17, 0))),
            (" 7:00 - 15:30 ", Opening::Open(at(7, 0), at(15, 30))),
            ("07–13", Opening::Open(at(7, 0), at(13, 0))),
            ("Closed", Opening::Closed),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        for text in
            ["", "7", "17-7", "7-7", "7-25", "7:5-15", "7:60-15", "-7-15", "+7-15", "7-15-17", "seven-nine"]
        {
            assert_eq!(text.parse::<Opening>(), Err(NotOpeningHours), "{text}");
        }
    }

    #[test]
    fn today_counts_until_the_office_closes() {
        // 23 November 2026 is a Monday.
        let monday = date(11, 23);
        let next =
            |time: NaiveTime| row_5().next_open(monday.and_time(time), |_| false).expect("an open day");
        assert_eq!(next(at(3, 0)), OpenDay { date: monday, opens: at(7, 0), closes: at(17, 0) });
        assert_eq!(next(at(16, 59)).date, monday);
        assert_eq!(next(at(17, 0)), OpenDay { date: date(11, 24), opens: at(7, 0), closes: at(15, 0) });
    }

    #[test]
    fn weekends_and_closed_days_are_passed_over() {
        let friday_evening = date(11, 27).and_time(at(18, 0));
        let next = |closed: &[NaiveDate]| row_5().next_open(friday_evening, |day| closed.contains(&day));
        assert_eq!(next(&[]).map(|day| day.date), Some(date(11, 30)));
        assert_eq!(next(&[date(11, 30)]).map(|day| day.date), Some(date(12, 1)));
        assert_eq!(row_5().next_open(friday_evening, |_| true), None);
        assert_eq!(OpeningHours([Opening::Closed; 7]).next_open(friday_evening, |_| false), None);
    }

    #[test]
    fn a_week_is_told_without_its_closed_days() {
        let weekdays: Vec<u8> = row_5().days().iter().map(|day| day.weekday).collect();
        assert_eq!(weekdays, [1, 2, 3, 4, 5]);
    }
}
