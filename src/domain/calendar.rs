//! The house's calendar: what day it is there, and when its offices can be visited.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use chrono_tz::Tz;

use super::clock::Moment;
use super::holidays::is_public_holiday;
use super::office::{OfficeNotice, OpeningHours};

/// What is known about one office beside its name.
#[derive(Debug, Clone, Default)]
pub struct OfficeFacts {
    pub address: Option<String>,
    pub phone: Option<String>,
    /// `None`: the hours of the house.
    pub hours: Option<OpeningHours>,
    /// Beside public holidays and the days on which the whole house is closed.
    pub closed_days: BTreeSet<NaiveDate>,
}

/// The time zone of the house, its days off, its offices. One for each process.
#[derive(Debug, Clone)]
pub struct Calendar {
    pub time_zone: Tz,
    /// Of every office that has none of its own.
    pub hours: OpeningHours,
    /// Days on which no office is open, beside Sundays and holidays.
    pub closed_days: BTreeSet<NaiveDate>,
    /// By name. An office that is not named here is an office all the same, with the hours of the house.
    pub offices: BTreeMap<String, OfficeFacts>,
}

impl Calendar {
    /// The clock on the house's wall at this moment.
    pub fn local(&self, moment: Moment) -> NaiveDateTime {
        moment.with_timezone(&self.time_zone).naive_local()
    }

    /// The house's day at this moment. Titles, letters and terms go by it, not by the day in UTC.
    pub fn day_of(&self, moment: Moment) -> NaiveDate {
        self.local(moment).date()
    }

    /// When this day of the house begins.
    pub fn begin_of(&self, day: NaiveDate) -> Moment {
        let midnight = day.and_time(NaiveTime::MIN);
        // In a zone whose clocks go forward at midnight, the day begins later.
        let begin = self.time_zone.from_local_datetime(&midnight).earliest();
        begin.map_or_else(|| midnight.and_utc(), |begin| begin.to_utc())
    }

    /// [`Self::day_of`] for the present: `now` as the injected clock says it.
    pub fn today(&self, now: Moment) -> NaiveDate {
        self.day_of(now)
    }

    /// What a person is told about this office now.
    pub fn notice(&self, office: &str, now: Moment) -> OfficeNotice {
        let facts = self.offices.get(office);
        let hours = facts.and_then(|facts| facts.hours).unwrap_or(self.hours);
        let is_closed = |day: NaiveDate| {
            is_public_holiday(day)
                || self.closed_days.contains(&day)
                || facts.is_some_and(|facts| facts.closed_days.contains(&day))
        };
        OfficeNotice {
            name: office.to_owned(),
            address: facts.and_then(|facts| facts.address.clone()),
            phone: facts.and_then(|facts| facts.phone.clone()),
            hours: hours.days(),
            next_open: hours.next_open(self.local(now), is_closed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::office::Opening;

    const WEEK: [&str; 7] = ["7-17", "7-15", "7-15", "7-15", "7-13", "closed", "closed"];

    fn calendar() -> Calendar {
        Calendar {
            time_zone: chrono_tz::Europe::Warsaw,
            hours: OpeningHours(WEEK.map(|day| day.parse().expect("hours"))),
            closed_days: BTreeSet::new(),
            offices: BTreeMap::new(),
        }
    }

    fn moment(text: &str) -> Moment {
        text.parse().expect("a moment")
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn the_day_begins_at_the_houses_own_midnight_in_winter_and_summer() {
        let calendar = calendar();
        for (utc, day) in [
            ("2026-11-22T22:59:59Z", "2026-11-22"),
            ("2026-11-22T23:00:00Z", "2026-11-23"),
            ("2026-06-30T21:59:59Z", "2026-06-30"),
            ("2026-06-30T22:00:00Z", "2026-07-01"),
        ] {
            assert_eq!(calendar.day_of(moment(utc)), date(day), "{utc}");
        }
    }

    #[test]
    fn christmas_is_passed_over() {
        // Wednesday 23 December 2026, 15:00 in Warsaw: closed now, holidays until Saturday, then a Sunday.
        let notice = calendar().notice("Administracja nr 1", moment("2026-12-23T14:00:00Z"));
        assert_eq!(notice.next_open.map(|day| day.date), Some(date("2026-12-28")));
        let before = calendar().notice("Administracja nr 1", moment("2026-12-23T13:59:00Z"));
        assert_eq!(before.next_open.map(|day| day.date), Some(date("2026-12-23")));
    }

    #[test]
    fn an_office_may_have_hours_and_closed_days_of_its_own() {
        let mut calendar = calendar();
        calendar.closed_days.insert(date("2026-11-24"));
        let own = OfficeFacts {
            address: Some("ul. Katowicka 1".to_owned()),
            phone: Some("32 245 00 00".to_owned()),
            hours: Some(OpeningHours(["10-12"; 7].map(|day| day.parse().expect("hours")))),
            closed_days: BTreeSet::from([date("2026-11-25")]),
        };
        calendar.offices.insert("Administracja nr 2".to_owned(), own);
        let now = moment("2026-11-23T20:00:00Z");
        let known = calendar.notice("Administracja nr 2", now);
        assert_eq!(known.hours.len(), 7);
        assert_eq!(known.address.as_deref(), Some("ul. Katowicka 1"));
        assert_eq!(known.next_open.map(|day| day.date), Some(date("2026-11-26")));
        let unknown = calendar.notice("Administracja nr 3", now);
        assert_eq!((unknown.hours.len(), unknown.phone), (5, None));
        assert_eq!(unknown.next_open.map(|day| day.date), Some(date("2026-11-25")));
    }

    #[test]
    fn an_office_that_never_opens_has_no_next_day() {
        let mut calendar = calendar();
        calendar.hours = OpeningHours([Opening::Closed; 7]);
        assert_eq!(calendar.notice("Archiwum", moment("2026-11-23T08:00:00Z")).next_open, None);
    }
}
