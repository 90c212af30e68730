//! The password policy in words: what is asked for, and what is wrong.

use serde::Serialize;

use crate::domain::password_policy::{BrokenRule, PolicySummary, Strength};

/// One rule as a text with at most two numbers in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct RuleText {
    key: &'static str,
    /// What the page's script looks at to tick the rule off while somebody types. The server decides all the same.
    check: Option<&'static str>,
    minimum: Option<usize>,
    maximum: Option<usize>,
}

impl RuleText {
    const fn new(key: &'static str) -> Self {
        Self { key, check: None, minimum: None, maximum: None }
    }

    const fn checked(key: &'static str, check: &'static str) -> Self {
        Self { check: Some(check), ..Self::new(key) }
    }
}

/// What a password must have, as a list beside the field.
pub(super) fn required(policy: &PolicySummary) -> Vec<RuleText> {
    let length = RuleText {
        minimum: Some(policy.minimum),
        maximum: Some(policy.maximum),
        ..RuleText::checked("rule-length", "length")
    };
    let kinds = [
        (policy.needs_lower_case, RuleText::checked("rule-lower-case", "lower-case")),
        (policy.needs_upper_case, RuleText::checked("rule-upper-case", "upper-case")),
        (policy.needs_digit, RuleText::checked("rule-digit", "digit")),
        (policy.needs_special, RuleText::checked("rule-special", "special")),
    ];
    std::iter::once(length)
        .chain(kinds.into_iter().filter(|(needed, _)| *needed).map(|(_, text)| text))
        .collect()
}

/// What is wrong with the password that was typed.
pub(super) fn broken(rule: &BrokenRule) -> RuleText {
    match *rule {
        BrokenRule::TooShort { minimum } => {
            RuleText { minimum: Some(minimum), ..RuleText::new("broken-too-short") }
        }
        BrokenRule::TooLong { maximum } => {
            RuleText { maximum: Some(maximum), ..RuleText::new("broken-too-long") }
        }
        BrokenRule::NoLowerCase => RuleText::new("broken-no-lower-case"),
        BrokenRule::NoUpperCase => RuleText::new("broken-no-upper-case"),
        BrokenRule::NoDigit => RuleText::new("broken-no-digit"),
        BrokenRule::NoSpecial => RuleText::new("broken-no-special"),
        BrokenRule::Unprintable => RuleText::new("broken-unprintable"),
        BrokenRule::IsInitialPassword => RuleText::new("broken-is-initial-password"),
        BrokenRule::ContainsLogin => RuleText::new("broken-contains-login"),
        BrokenRule::DeniedWord => RuleText::new("broken-denied-word"),
        BrokenRule::KeyboardWalk => RuleText::new("broken-keyboard-walk"),
        BrokenRule::TooGuessable => RuleText::new("broken-too-guessable"),
        BrokenRule::UsedBefore => RuleText::new("broken-used-before"),
    }
}

/// How hard the password that was typed is to guess, as keys of texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct StrengthText {
    score: u8,
    advice: Vec<&'static str>,
}

impl StrengthText {
    pub(super) fn of(strength: &Strength) -> Self {
        Self { score: strength.score, advice: strength.advice.clone() }
    }
}

/// The two fields hold different passwords.
pub(super) const REPEAT_DIFFERS: RuleText = RuleText::new("broken-repeat-differs");
/// The new password is the one that opens the account already.
pub(super) const IS_SAME: RuleText = RuleText::new("broken-is-same");
pub(super) const PRESENT_IS_MISSING: RuleText = RuleText::new("present-password-missing");
pub(super) const PRESENT_IS_WRONG: RuleText = RuleText::new("present-password-wrong");
