//! An office in a mail: where it is, and when it is open, in words.

use chrono::{Datelike as _, NaiveTime, Timelike as _};
use minijinja::Error;

use super::{Writer, one_line};
use crate::domain::office::{DayHours, OfficeNotice};

impl Writer<'_> {
    pub(super) fn office_lines(&self, notice: &OfficeNotice) -> Result<Vec<String>, Error> {
        let mut lines = Vec::new();
        if let Some(address) = &notice.address {
            lines.push(self.text("mail-office-address", &[("address", one_line(address).into())])?);
        }
        if let Some(phone) = &notice.phone {
            lines.push(self.text("mail-office-phone", &[("phone", one_line(phone).into())])?);
        }
        if !notice.hours.is_empty() {
            let hours = self.hours_of_the_week(&notice.hours)?;
            lines.push(self.text("mail-office-hours", &[("hours", hours.into())])?);
        }
        if let Some(next) = notice.next_open {
            let weekday = self.weekday(next.date.weekday().number_from_monday())?;
            let date = self.date(next.date)?;
            let hours = from_to(next.opens, next.closes);
            let arguments = [("weekday", weekday.into()), ("date", date.into()), ("hours", hours.into())];
            lines.push(self.text("mail-office-next", &arguments)?);
        }
        Ok(lines)
    }

    /// `Monday 7–17, Tuesday–Thursday 7–15, Friday 7–13`.
    fn hours_of_the_week(&self, hours: &[DayHours]) -> Result<String, Error> {
        let mut said = Vec::new();
        for run in hours.chunk_by(goes_on) {
            let [first, .., last] = run else {
                said.extend(run.first().map(|day| self.hours_of(day.weekday, None, day)).transpose()?);
                continue;
            };
            said.push(self.hours_of(first.weekday, Some(last.weekday), first)?);
        }
        Ok(said.join(", "))
    }

    fn hours_of(&self, first: u8, last: Option<u8>, hours: &DayHours) -> Result<String, Error> {
        let mut days = self.weekday(first.into())?;
        if let Some(last) = last {
            days = format!("{days}–{}", self.weekday(last.into())?);
        }
        Ok(format!("{days} {}", from_to(hours.opens, hours.closes)))
    }

    fn weekday(&self, weekday: u32) -> Result<String, Error> {
        self.text("mail-weekday", &[("weekday", i64::from(weekday).into())])
    }
}

/// The next day, with the same hours.
fn goes_on(one: &DayHours, next: &DayHours) -> bool {
    next.weekday == one.weekday + 1 && (next.opens, next.closes) == (one.opens, one.closes)
}

/// `7–17`, or `7:00–15:30` where minutes count.
fn from_to(opens: NaiveTime, closes: NaiveTime) -> String {
    if opens.minute() == 0 && closes.minute() == 0 {
        format!("{}–{}", opens.hour(), closes.hour())
    } else {
        format!("{}–{}", opens.format("%-H:%M"), closes.format("%-H:%M"))
    }
}
