//! Amounts in złoty, counted in grosze: money is never a floating-point number.

use std::iter::Sum;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use crate::domain::locale::Locale;

/// Neither a line break nor a stray wrap may tear an amount apart.
const NO_BREAK_SPACE: char = '\u{a0}';

/// An amount in grosze (1/100 PLN).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Grosze(i64);

impl Grosze {
    /// Without its sign: the page says in words which way the money goes.
    pub(super) const fn magnitude(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// `1 234,56 zł` in Polish, `PLN 1,234.56` in English.
    pub(super) fn text(self, locale: Locale) -> String {
        let (group, point) = match locale {
            Locale::Polish => (NO_BREAK_SPACE, ','),
            Locale::English => (',', '.'),
        };
        let sign = if self.0 < 0 { "−" } else { "" };
        let grosze = self.0.unsigned_abs();
        let number = format!("{sign}{}{point}{:02}", grouped(grosze / 100, group), grosze % 100);
        match locale {
            Locale::Polish => format!("{number}{NO_BREAK_SPACE}zł"),
            Locale::English => format!("PLN{NO_BREAK_SPACE}{number}"),
        }
    }
}

/// Digits in groups of three, counted from the right.
fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an amount such as 412.50")]
pub(super) struct NotAnAmount(String);

impl FromStr for Grosze {
    type Err = NotAnAmount;

    /// Reads `412.50`, the form of the sample files: exactly two decimals and no sign.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || NotAnAmount(text.to_owned());
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, cents) = text.split_once('.').ok_or_else(refused)?;
        if !all_digits(whole) || !all_digits(cents) || cents.len() != 2 {
            return Err(refused());
        }
        format!("{whole}{cents}").parse().map(Self).map_err(|_| refused())
    }
}

impl<'de> Deserialize<'de> for Grosze {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Add for Grosze {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Grosze {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Grosze {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_each_language_writes_them() {
        for (grosze, polish, english) in [
            (0, "0,00\u{a0}zł", "PLN\u{a0}0.00"),
            (5, "0,05\u{a0}zł", "PLN\u{a0}0.05"),
            (99_999, "999,99\u{a0}zł", "PLN\u{a0}999.99"),
            (123_456, "1\u{a0}234,56\u{a0}zł", "PLN\u{a0}1,234.56"),
            (-123_456_789, "−1\u{a0}234\u{a0}567,89\u{a0}zł", "PLN\u{a0}−1,234,567.89"),
        ] {
            assert_eq!(Grosze(grosze).text(Locale::Polish), polish);
            assert_eq!(Grosze(grosze).text(Locale::English), english);
        }
    }

    #[test]
    fn only_amounts_with_two_decimals_are_read() {
        assert_eq!("412.50".parse::<Grosze>().ok(), Some(Grosze(41_250)));
        for text in ["", "412", "412.5", "412,50", "-1.00", "1.-5", ".50", "1.000", "99999999999999999999.00"]
        {
            assert!(text.parse::<Grosze>().is_err(), "{text}");
        }
    }
}
