//! `contractor_number`: one or more, separated by `;`.

use std::fmt;

/// What the company's register knows a contractor by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContractorNumber(String);

impl ContractorNumber {
    /// In characters.
    const LONGEST: usize = 40;

    fn parse(text: &str) -> Result<Self, String> {
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

/// At least one.
pub(super) fn parse_list(text: &str) -> Result<Vec<ContractorNumber>, String> {
    let mut numbers: Vec<ContractorNumber> = Vec::new();
    for entry in text.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
        let number = ContractorNumber::parse(entry)?;
        if numbers.contains(&number) {
            return Err(format!("{number} is there twice"));
        }
        numbers.push(number);
    }
    if numbers.is_empty() { Err("must not be empty".to_owned()) } else { Ok(numbers) }
}
