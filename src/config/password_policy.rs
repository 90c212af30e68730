//! `[password_policy]`: what a chosen password must be.

use serde::Deserialize;

use super::within::Within;
use crate::domain::password_policy::PasswordPolicy;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "four independent rules")]
pub struct PasswordPolicySettings {
    minimum: Within<1, 128>,
    /// The lower bound is the length of an initial password, the upper one that of the longest that is examined.
    maximum: Within<12, 128>,
    needs_lower_case: bool,
    needs_upper_case: bool,
    needs_digit: bool,
    needs_special: bool,
    minimum_score: Within<0, 4>,
    denied_words: Vec<String>,
    remembered: Within<0, 24>,
}

impl PasswordPolicySettings {
    pub fn policy(&self) -> PasswordPolicy {
        PasswordPolicy {
            minimum: self.minimum.as_usize(),
            maximum: self.maximum.as_usize(),
            needs_lower_case: self.needs_lower_case,
            needs_upper_case: self.needs_upper_case,
            needs_digit: self.needs_digit,
            needs_special: self.needs_special,
            minimum_score: u8::try_from(self.minimum_score.get()).unwrap_or(u8::MAX),
            denied_words: self.denied_words.clone(),
        }
    }

    /// So many of an account's former passwords are not taken again.
    pub const fn remembered(&self) -> u32 {
        self.remembered.get()
    }

    pub(super) fn conflict(&self) -> Option<(&'static str, String)> {
        let (minimum, maximum) = (self.minimum.get(), self.maximum.get());
        (minimum > maximum).then(|| {
            ("password_policy.minimum", format!("{minimum} is more than password_policy.maximum, {maximum}"))
        })
    }
}
