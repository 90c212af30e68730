//! `contractor_number`: one or more, separated by `;`.

use crate::integrations::csv::ContractorNumber;

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
