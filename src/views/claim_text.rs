//! Single claims in words.

use serde::Serialize;

use crate::domain::claims::RELEASED_BY;

/// What a claim tells, in a few words; a claim that this program does not know is shown by its name.
#[derive(Debug, Serialize)]
pub(super) struct ClaimText<'a> {
    name: &'a str,
    key: Option<String>,
}

impl<'a> From<&'a String> for ClaimText<'a> {
    fn from(name: &'a String) -> Self {
        let is_known = RELEASED_BY.iter().any(|(known, _)| known == name);
        Self { name, key: is_known.then(|| format!("claim-{}", name.replace('_', "-"))) }
    }
}

/// Every claim that has words, for samples.
pub(super) fn every_claim() -> Vec<String> {
    RELEASED_BY.iter().map(|(name, _)| (*name).to_owned()).collect()
}
