//! Moments on the command line.

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use crate::domain::clock::Moment;

const WANTED: &str = "wanted is a moment such as 2026-11-22T14:00:00Z or 2026-11-22T15:00:00+01:00, or a day \
                      such as 2026-11-22, which is one in UTC";

/// A moment with its time zone; a day is its beginning.
pub(super) fn moment(text: &str) -> Result<Moment, &'static str> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    text.parse::<Moment>().map_err(|_| WANTED)
}

/// The end of what is asked for: a day counts as a whole.
pub(super) fn end(text: &str) -> Result<Moment, &'static str> {
    let at = moment(text)?;
    if text.parse::<NaiveDate>().is_ok() {
        return at.checked_add_signed(TimeDelta::days(1)).ok_or(WANTED);
    }
    Ok(at)
}
