//! What contractors are known by.

use std::fmt;

/// What the company's register knows a contractor by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContractorNumber(String);

impl ContractorNumber {
    /// In characters.
    const LONGEST: usize = 40;

    pub(in crate::integrations) fn parse(text: &str) -> Result<Self, String> {
        let is_good = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
        if text.chars().count() > Self::LONGEST || !text.chars().all(is_good) {
            return Err(format!(
                "{text:?} is not a contractor number: at most {} letters, digits and . _ - /",
                Self::LONGEST
            ));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContractorNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
