//! The Regulations (Regulamin): the terms that every contractor accepts, version by version.

pub mod text;

use std::fmt;
use std::str::FromStr;

use super::clock::Moment;
use super::ids::RegulationsId;
use super::locale::Locale;

/// A version as it was published. It never changes afterwards: people accepted these very words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regulations {
    pub edition: Edition,
    pub polish: String,
    pub english: String,
}

impl Regulations {
    pub fn text(&self, locale: Locale) -> &str {
        match locale {
            Locale::Polish => &self.polish,
            Locale::English => &self.english,
        }
    }
}

/// A version without its words. The one that was published last is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    pub id: RegulationsId,
    pub version: Version,
    pub published_at: Moment,
}

/// That a person accepted a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    pub regulations: RegulationsId,
    pub version: Version,
    pub accepted_at: Moment,
}

impl Edition {
    /// Must this version, which is in force, still be accepted by an account?
    ///
    /// `last` is what it accepted last. An account that never accepted anything here came from elsewhere, and counts as
    /// having accepted what was in force when it was made. Versions are compared, not times: somebody who accepts the
    /// old one in the moment in which the new one is published has not accepted the new one.
    pub fn is_owed_by(&self, last: Option<&Acceptance>, account_made_at: Moment) -> bool {
        match last {
            Some(last) => last.regulations != self.id,
            None => self.published_at > account_made_at,
        }
    }
}

/// What a version is called, in the address of its page too: `2026-1`, `3.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(String);

const LONGEST_VERSION: usize = 40;

/// Addresses below `/regulations/` that are pages of their own.
const TAKEN_BY_PAGES: [&str; 1] = ["accept"];

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a version: wanted are 1 to {LONGEST_VERSION} letters a-z, digits, `.`, `-` and `_`, the first one a \
     letter or digit, and not `accept`"
)]
pub struct NotAVersion(String);

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        let fits = (1..=LONGEST_VERSION).contains(&text.len())
            && text.bytes().all(is_plain)
            && text.starts_with(|first: char| first.is_ascii_alphanumeric())
            && !TAKEN_BY_PAGES.iter().any(|page| text.eq_ignore_ascii_case(page));
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAVersion(text.to_owned())) }
    }
}

impl Version {
    /// As a database holds it: it was checked when it was published.
    pub(crate) fn from_stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    use super::*;

    fn at(minutes: i64) -> Moment {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn edition(number: u128, published: i64) -> Edition {
        Edition {
            id: Uuid::from_u128(number).into(),
            version: Version::from_stored(number.to_string()),
            published_at: at(published),
        }
    }

    fn accepted(edition: &Edition, minutes: i64) -> Acceptance {
        Acceptance { regulations: edition.id, version: edition.version.clone(), accepted_at: at(minutes) }
    }

    #[test]
    fn a_new_version_is_owed_until_it_is_accepted() {
        let (old, new) = (edition(1, 10), edition(2, 100));
        assert!(!old.is_owed_by(Some(&accepted(&old, 20)), at(5)));
        assert!(new.is_owed_by(Some(&accepted(&old, 20)), at(5)));
        assert!(!new.is_owed_by(Some(&accepted(&new, 101)), at(5)));
    }

    #[test]
    fn the_old_version_accepted_after_the_new_one_came_out_is_still_the_old_one() {
        let (old, new) = (edition(1, 10), edition(2, 100));
        assert!(new.is_owed_by(Some(&accepted(&old, 101)), at(5)));
    }

    #[test]
    fn who_never_accepted_counts_as_having_accepted_what_was_in_force() {
        assert!(!edition(1, 10).is_owed_by(None, at(10)));
        assert!(!edition(1, 10).is_owed_by(None, at(11)));
        assert!(edition(1, 10).is_owed_by(None, at(9)));
    }

    #[test]
    fn a_version_fits_into_an_address() {
        for good in ["1", "2026-1", "v2.0_final"] {
            assert_eq!(good.parse::<Version>().map(|version| version.to_string()), Ok(good.to_owned()));
        }
        let long = "1".repeat(41);
        for bad in ["", "..", ".", "-1", "1/2", "1 2", "wersja pierwsza", "ż", "accept", "Accept", &long] {
            assert!(bad.parse::<Version>().is_err(), "{bad}");
        }
    }
}
