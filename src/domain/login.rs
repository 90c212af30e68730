//! The name a person signs in with. A login is permanent and never reused.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization as _;

/// How much of what was typed into a sign-in form is looked at, in characters.
const LONGEST_TYPED: usize = 256;

/// A login in its one canonical form: trimmed, NFC, lower case.
///
/// The database compares logins byte by byte. `SQLite` and `PostgreSQL` fold case by different tables, so it is done here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Login(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    #[error("a login has at least {} characters", Login::SHORTEST)]
    TooShort,
    #[error("a login has at most {} characters", Login::LONGEST)]
    TooLong,
    #[error("a login has letters, digits and . _ - @ only, not {0:?}")]
    Character(char),
}

impl Login {
    /// In characters (Unicode scalar values).
    pub const SHORTEST: usize = 3;
    /// In characters (Unicode scalar values).
    pub const LONGEST: usize = 64;

    /// Reads a login that is to be given to somebody.
    ///
    /// # Errors
    /// If it is too short or too long, or has characters that a login does not have.
    pub fn parse(text: &str) -> Result<Self, LoginError> {
        // Checked before anything is folded: the canonical form of a very long text is cut off.
        if text.trim().chars().nth(LONGEST_TYPED).is_some() {
            return Err(LoginError::TooLong);
        }
        let canonical = Self::canonical_of(text);
        if let Some(stranger) = text.trim().chars().chain(canonical.chars()).find(|c| c.is_control()) {
            return Err(LoginError::Character(stranger));
        }
        if let Some(stranger) = canonical.chars().find(|c| !belongs_in_login(*c)) {
            return Err(LoginError::Character(stranger));
        }
        match canonical.chars().count() {
            ..Self::SHORTEST => Err(LoginError::TooShort),
            Self::SHORTEST..=Self::LONGEST => Ok(Self(canonical)),
            _ => Err(LoginError::TooLong),
        }
    }

    /// A login as it was stored: canonical already, and valid by the rules of the day it was given out.
    pub fn from_stored(canonical: String) -> Self {
        Self(canonical)
    }

    /// What somebody typed into a sign-in form, in the form logins are stored in. Never fails: a text that cannot be
    /// a login simply finds none, at the same cost as one that could. At most 256 characters are looked at.
    pub fn canonical_of(typed: &str) -> String {
        let composed: String = typed.trim().chars().take(LONGEST_TYPED).nfc().collect();
        composed
            .to_lowercase()
            .nfc()
            // No login has one, and PostgreSQL refuses a text with NUL: it would be a server error, not an unknown login.
            .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
            .take(LONGEST_TYPED)
            .collect()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn belongs_in_login(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@')
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Login {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Login {
    type Err = LoginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_login_has_one_form() {
        let decomposed = "  Z\u{307}o\u{301}\u{142}w.17@Example.PL\t";
        let login = Login::parse(decomposed).expect("a good login");
        assert_eq!(login.as_str(), "\u{17c}\u{f3}\u{142}w.17@example.pl");
        assert_eq!(Login::canonical_of(decomposed), login.as_str());
        assert_eq!(Login::parse(login.as_str()), Ok(login), "the canonical form is its own");
    }

    #[test]
    fn contractor_numbers_are_logins() {
        for number in ["000123", "K-2024_17", "12.345"] {
            assert!(Login::parse(number).is_ok(), "{number}");
        }
    }

    #[test]
    fn impossible_logins_are_refused() {
        assert_eq!(Login::parse(" ab "), Err(LoginError::TooShort));
        assert_eq!(Login::parse(""), Err(LoginError::TooShort));
        assert_eq!(Login::parse(&"a".repeat(64)).map(|login| login.as_str().len()), Ok(64));
        assert_eq!(Login::parse(&"a".repeat(65)), Err(LoginError::TooLong));
        assert_eq!(Login::parse(&"a".repeat(10_000)), Err(LoginError::TooLong));
        assert_eq!(Login::parse("jan kowalski"), Err(LoginError::Character(' ')));
        assert_eq!(Login::parse("jan<script>"), Err(LoginError::Character('<')));
        assert_eq!(Login::parse("jan\0kowalski"), Err(LoginError::Character('\0')));
    }

    #[test]
    fn anything_may_be_typed_into_a_form() {
        assert_eq!(Login::canonical_of("jan\0"), "jan\u{fffd}", "a NUL never reaches the database");
        assert_eq!(Login::canonical_of(&"\u{fdfa}".repeat(100_000)).chars().count(), LONGEST_TYPED);
        assert_eq!(Login::canonical_of(""), "");
    }
}
