//! Polish public holidays, by rule: the act of 18 January 1951 on days free from work (Dz.U. 1951 nr 4 poz. 28, as
//! amended). No list has to be kept up for it.

use chrono::{Datelike as _, Days, NaiveDate};

/// The first year in which Christmas Eve is one of them (Dz.U. 2024 poz. 1965).
const CHRISTMAS_EVE_SINCE: i32 = 2025;

/// Is this day a public holiday? Saturdays and ordinary Sundays are not; opening hours take care of those.
pub fn is_public_holiday(date: NaiveDate) -> bool {
    is_fixed(date) || is_movable(date)
}

fn is_fixed(date: NaiveDate) -> bool {
    match (date.month(), date.day()) {
        // New Year, Epiphany; Labour Day, Constitution Day; Assumption; All Saints, Independence; Christmas.
        (1, 1 | 6) | (5, 1 | 3) | (8, 15) | (11, 1 | 11) | (12, 25 | 26) => true,
        (12, 24) => date.year() >= CHRISTMAS_EVE_SINCE,
        _ => false,
    }
}

fn is_movable(date: NaiveDate) -> bool {
    // Easter Sunday and Monday, Whit Sunday, Corpus Christi.
    easter_sunday(date.year()).is_some_and(|easter| {
        [0, 1, 49, 60].into_iter().any(|days| easter.checked_add_days(Days::new(days)) == Some(date))
    })
}

/// Easter Sunday of a Gregorian year. By the anonymous algorithm that Nature printed in 1876 (vol. 13, p. 487), as Jean
/// Meeus gives it (Astronomical Algorithms, 1991, chapter 8). `None` outside the years of the calendar's type.
pub fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - correction + 15).rem_euclid(30);
    let weekday =
        (32 + 2 * century.rem_euclid(4) + 2 * of_century.div_euclid(4) - epact - of_century.rem_euclid(4))
            .rem_euclid(7);
    let late = (golden + 11 * epact + 22 * weekday).div_euclid(451);
    let since_march = epact + weekday - 7 * late + 114;
    let month = u32::try_from(since_march.div_euclid(31)).ok()?;
    let day = u32::try_from(since_march.rem_euclid(31) + 1).ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a date")
    }

    #[test]
    fn easter_of_known_years() {
        for (year, month, day) in [
            (1818, 3, 22),
            (1943, 4, 25),
            (1954, 4, 18),
            (2000, 4, 23),
            (2008, 3, 23),
            (2011, 4, 24),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
            (2049, 4, 18),
        ] {
            assert_eq!(easter_sunday(year), Some(date(year, month, day)));
        }
    }

    #[test]
    fn a_whole_year_of_holidays_is_the_published_one() {
        let of = |year: i32| -> Vec<(u32, u32)> {
            date(year, 1, 1)
                .iter_days()
                .take_while(|day| day.year() == year)
                .filter(|day| is_public_holiday(*day))
                .map(|day| (day.month(), day.day()))
                .collect()
        };
        let fixed_until_christmas = [(8, 15), (11, 1), (11, 11)];
        let year_2026 = [(1, 1), (1, 6), (4, 5), (4, 6), (5, 1), (5, 3), (5, 24), (6, 4)];
        assert_eq!(
            of(2026),
            [&year_2026[..], &fixed_until_christmas, &[(12, 24), (12, 25), (12, 26)]].concat()
        );
        let year_2024 = [(1, 1), (1, 6), (3, 31), (4, 1), (5, 1), (5, 3), (5, 19), (5, 30)];
        assert_eq!(of(2024), [&year_2024[..], &fixed_until_christmas, &[(12, 25), (12, 26)]].concat());
    }

    #[test]
    fn christmas_eve_is_one_since_2025() {
        assert!(!is_public_holiday(date(2024, 12, 24)));
        assert!(is_public_holiday(date(2025, 12, 24)));
    }

    #[test]
    fn the_ends_of_time_do_no_harm() {
        assert!(is_public_holiday(NaiveDate::MIN), "a first of January");
        assert!(!is_public_holiday(NaiveDate::MAX), "a last of December");
    }
}
