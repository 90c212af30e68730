//! Premises, and the legal titles by which contractors hold them.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;

/// What the premises are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PremisesKind {
    #[default]
    Residential,
    Commercial,
}

impl PremisesKind {
    pub const ALL: [Self; 2] = [Self::Residential, Self::Commercial];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Residential => "residential",
            Self::Commercial => "commercial",
        }
    }
}

/// What a contractor is to the premises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TitleRole {
    Owner,
    CoOwner,
    Tenant,
    Lessee,
    /// Acts for a title's holder until a date.
    AuthorisedPerson,
    /// Holds a power of attorney until a date.
    Proxy,
}

impl TitleRole {
    pub const ALL: [Self; 6] =
        [Self::Owner, Self::CoOwner, Self::Tenant, Self::Lessee, Self::AuthorisedPerson, Self::Proxy];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::CoOwner => "co_owner",
            Self::Tenant => "tenant",
            Self::Lessee => "lessee",
            Self::AuthorisedPerson => "authorised_person",
            Self::Proxy => "proxy",
        }
    }

    /// Who acts for somebody else does so until a date, never for good.
    pub const fn needs_expiry(self) -> bool {
        matches!(self, Self::AuthorisedPerson | Self::Proxy)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of premises")]
pub struct UnknownPremisesKind(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a role of a legal title")]
pub struct UnknownTitleRole(String);

impl FromStr for PremisesKind {
    type Err = UnknownPremisesKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownPremisesKind(text.to_owned()))
    }
}

impl FromStr for TitleRole {
    type Err = UnknownTitleRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownTitleRole(text.to_owned()))
    }
}

impl fmt::Display for PremisesKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for TitleRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A contractor's right to premises, with the days of the house (`domain::calendar`) it holds between.
///
/// It holds from `valid_from` (or ever since) up to, and not on, the day `valid_until`. Half open, because premises
/// that change hands on a day have one owner on it: the old owner's claims stop that day, the new one's begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LegalTitle {
    role: TitleRole,
    valid_from: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LegalTitleError {
    #[error("the role {0} needs the date it ends on")]
    NeedsExpiry(TitleRole),
    #[error("the title ends on {until}, before it begins on {from}")]
    EndsBeforeItBegins { from: NaiveDate, until: NaiveDate },
}

impl LegalTitle {
    /// # Errors
    /// If a role that needs an expiry has none, or the title would end before it begins.
    pub fn new(
        role: TitleRole,
        valid_from: Option<NaiveDate>,
        valid_until: Option<NaiveDate>,
    ) -> Result<Self, LegalTitleError> {
        if role.needs_expiry() && valid_until.is_none() {
            return Err(LegalTitleError::NeedsExpiry(role));
        }
        if let (Some(from), Some(until)) = (valid_from, valid_until)
            && until < from
        {
            return Err(LegalTitleError::EndsBeforeItBegins { from, until });
        }
        Ok(Self { role, valid_from, valid_until })
    }

    pub const fn role(&self) -> TitleRole {
        self.role
    }

    /// The first day the title holds on; `None`: it always has.
    pub const fn valid_from(&self) -> Option<NaiveDate> {
        self.valid_from
    }

    /// The first day the title no longer holds on; `None`: no end is known.
    pub const fn valid_until(&self) -> Option<NaiveDate> {
        self.valid_until
    }

    /// Does the title hold on this day of the house?
    pub fn is_valid_on(&self, date: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= date) && self.valid_until.is_none_or(|until| date < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).expect("a day of March")
    }

    #[test]
    fn names_read_back() {
        for role in TitleRole::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        for kind in PremisesKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("landlord".parse::<TitleRole>().is_err());
        assert!("Residential".parse::<PremisesKind>().is_err());
    }

    #[test]
    fn who_acts_for_others_does_so_until_a_date() {
        for role in TitleRole::ALL {
            let title = LegalTitle::new(role, None, None);
            assert_eq!(
                title.is_err(),
                matches!(role, TitleRole::AuthorisedPerson | TitleRole::Proxy),
                "{role}"
            );
            assert!(LegalTitle::new(role, None, Some(day(1))).is_ok(), "{role}");
        }
    }

    #[test]
    fn a_title_ends_by_its_date() {
        let title = LegalTitle::new(TitleRole::Owner, Some(day(10)), Some(day(20))).expect("a good title");
        for (date, valid) in [(9, false), (10, true), (19, true), (20, false), (21, false)] {
            assert_eq!(title.is_valid_on(day(date)), valid, "on day {date}");
        }
        let successor = LegalTitle::new(TitleRole::Owner, Some(day(20)), None).expect("a good title");
        for date in 1..=31 {
            assert!(
                !(title.is_valid_on(day(date)) && successor.is_valid_on(day(date))),
                "two owners on day {date}"
            );
        }
    }

    #[test]
    fn a_title_without_dates_holds_always() {
        let title = LegalTitle::new(TitleRole::Tenant, None, None).expect("a good title");
        assert!(title.is_valid_on(NaiveDate::MIN) && title.is_valid_on(NaiveDate::MAX));
    }

    #[test]
    fn a_title_does_not_end_before_it_begins() {
        assert_eq!(
            LegalTitle::new(TitleRole::Lessee, Some(day(2)), Some(day(1))),
            Err(LegalTitleError::EndsBeforeItBegins { from: day(2), until: day(1) }),
        );
    }
}
