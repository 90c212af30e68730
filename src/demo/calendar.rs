//! Days as people write them.

use chrono::NaiveDate;

use crate::domain::locale::Locale;

/// `10.11.2026` in Polish, `10 Nov 2026` in English.
pub(super) fn day(date: NaiveDate, locale: Locale) -> String {
    let format = match locale {
        Locale::Polish => "%d.%m.%Y",
        Locale::English => "%-d %b %Y",
    };
    date.format(format).to_string()
}
