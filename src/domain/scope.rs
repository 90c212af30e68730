//! Scope values, in the order they were asked for (RFC 6749 §3.3).

use std::fmt;

use serde::{Deserialize, Serialize};

pub const OPENID: &str = "openid";
pub const OFFLINE_ACCESS: &str = "offline_access";
/// The scope that releases contractor numbers, premises and the office.
pub const IOK: &str = "iok";

/// Every scope that releases something about a person.
pub const IDENTITY: [&str; 7] = [OPENID, "profile", "email", "phone", "address", IOK, OFFLINE_ACCESS];

/// An ordered set of scope values. oxide-auth's own is a hash set: it would answer in random order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ScopeSet(Vec<String>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scope value may not contain {0:?} (RFC 6749 §3.3)")]
pub struct InvalidScope(char);

impl ScopeSet {
    /// # Errors
    /// If a character is outside RFC 6749's `NQCHAR`.
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        let allowed = |c: char| matches!(c, ' ' | '\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e');
        if let Some(bad) = text.chars().find(|&c| !allowed(c)) {
            return Err(InvalidScope(bad));
        }
        Ok(text.split(' ').filter(|value| !value.is_empty()).collect())
    }

    pub fn identity() -> Self {
        IDENTITY.into_iter().collect()
    }

    pub fn contains(&self, value: &str) -> bool {
        self.0.iter().any(|own| own == value)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.iter().all(|value| other.contains(value))
    }

    /// What of this is also in `other`, in this order.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        self.iter().filter(|value| other.contains(value)).collect()
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).collect()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl<'a> FromIterator<&'a str> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = &'a str>>(values: I) -> Self {
        let mut set = Self::default();
        for value in values {
            if !set.contains(value) {
                set.0.push(value.to_owned());
            }
        }
        set
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl TryFrom<String> for ScopeSet {
    type Error = InvalidScope;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ScopeSet> for String {
    fn from(scope: ScopeSet) -> Self {
        scope.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn keeps_order_and_drops_repetition() {
        let scope = ScopeSet::parse("profile  openid profile").expect("valid");
        assert_eq!(scope.to_string(), "profile openid");
    }

    #[test]
    fn refuses_what_rfc_6749_refuses() {
        assert_eq!(ScopeSet::parse("open\"id"), Err(InvalidScope('"')));
        assert_eq!(ScopeSet::parse("zażółć"), Err(InvalidScope('ż')));
        assert_eq!(ScopeSet::parse("a\\b"), Err(InvalidScope('\\')));
    }

    proptest! {
        #[test]
        fn what_was_read_is_written_as_it_would_be_read_again(text in "([a-c ]{0,12}|[ -~\\u{e9}]{0,40})") {
            match ScopeSet::parse(&text) {
                Ok(scope) => {
                    let written = scope.to_string();
                    prop_assert_eq!(ScopeSet::parse(&written), Ok(scope.clone()));
                    let mut values: Vec<&str> = scope.iter().collect();
                    prop_assert!(text.split(' ').filter(|value| !value.is_empty()).all(|value| scope.contains(value)));
                    values.sort_unstable();
                    values.dedup();
                    prop_assert_eq!(values.len(), scope.iter().count(), "each value once");
                }
                Err(InvalidScope(bad)) => prop_assert!(text.contains(bad)),
            }
        }

        #[test]
        fn what_two_scopes_have_in_common_is_in_both_and_neither_is_more_than_both(
            one in "[a-d ]{0,12}",
            other in "[a-d ]{0,12}",
        ) {
            let [one, other] = [one, other].map(|text| ScopeSet::parse(&text).expect("letters"));
            let common = one.within(&other);
            prop_assert!(common.is_subset_of(&one) && common.is_subset_of(&other));
            let both = one.union(&other);
            prop_assert!(one.is_subset_of(&both) && other.is_subset_of(&both));
            prop_assert!(both.iter().all(|value| one.contains(value) || other.contains(value)));
        }
    }
}
