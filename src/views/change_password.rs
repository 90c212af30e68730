//! `/change-password`.

use serde::{Serialize, Serializer};

use super::language_switch::Address;
use super::page::Page;
use super::password_rules::{self, RuleText, StrengthText};
use crate::domain::password_policy::{Assessment, BrokenRule, PolicySummary, Strength};

/// Asks for a password of one's own, instead of the letter's or of a lost one: `POST /change-password`.
#[derive(Debug, Clone)]
pub struct ChangePasswordPage {
    pub csrf: String,
    /// The stored authorization request that goes on afterwards.
    pub authorization: Option<String>,
    /// Whose password it is: password managers store the new one under this name.
    pub login: String,
    pub reason: ChangeReason,
    /// The rules that are listed beside the field.
    pub policy: PolicySummary,
    pub problem: Option<ChangePasswordProblem>,
}

/// Why a password is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeReason {
    /// The letter's password is only for the beginning.
    InitialPassword,
    /// The letter brought its owner back in, and has so many codes left.
    Recovered { codes_left: u64 },
    /// The same with a letter that had no codes: the office was asked for a new one.
    RecoveredFromBefore,
}

impl ChangeReason {
    const fn name(self) -> &'static str {
        match self {
            Self::InitialPassword => "initial-password",
            Self::Recovered { codes_left: 0 } => "no-codes-left",
            Self::Recovered { .. } => "codes-left",
            Self::RecoveredFromBefore => "from-before",
        }
    }

    const fn codes_left(self) -> u64 {
        match self {
            Self::Recovered { codes_left } => codes_left,
            Self::InitialPassword | Self::RecoveredFromBefore => 0,
        }
    }
}

/// Why the password has not been changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangePasswordProblem {
    /// The new password is not good enough, or the two fields differ, or both. Everything is said at once.
    Rules { assessment: Assessment, repeat_differs: bool },
    /// The page was open for too long, or the browser keeps no cookies.
    FormExpired,
    /// Too many passwords are being checked at this moment.
    Overloaded,
    /// The attempt budget has run out: no password is looked at for a while.
    Refused,
}

impl ChangePasswordProblem {
    const fn name(&self) -> &'static str {
        match self {
            Self::Rules { .. } => "rules",
            Self::FormExpired => "form-expired",
            Self::Overloaded => "overloaded",
            Self::Refused => "refused",
        }
    }

    fn messages(&self) -> Vec<RuleText> {
        let Self::Rules { assessment, repeat_differs } = self else {
            return Vec::new();
        };
        assessment
            .broken
            .iter()
            .map(password_rules::broken)
            .chain(repeat_differs.then_some(password_rules::REPEAT_DIFFERS))
            .collect()
    }
}

impl Serialize for ChangePasswordPage {
    /// What the template sees: rules and problems as keys of texts.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            authorization: Option<&'a str>,
            login: &'a str,
            reason: &'static str,
            codes_left: u64,
            rules: Vec<RuleText>,
            minimum: usize,
            maximum: usize,
            problem: Option<&'static str>,
            messages: Vec<RuleText>,
            password_is_wrong: bool,
            repeat_is_wrong: bool,
            strength: Option<StrengthText>,
        }

        let (password_is_wrong, repeat_is_wrong, strength) = match &self.problem {
            Some(ChangePasswordProblem::Rules { assessment, repeat_differs }) => {
                (!assessment.broken.is_empty(), *repeat_differs, assessment.strength.as_ref())
            }
            _ => (false, false, None),
        };
        Data {
            csrf: &self.csrf,
            authorization: self.authorization.as_deref(),
            login: &self.login,
            reason: self.reason.name(),
            codes_left: self.reason.codes_left(),
            rules: password_rules::required(&self.policy),
            minimum: self.policy.minimum,
            maximum: self.policy.maximum,
            problem: self.problem.as_ref().map(ChangePasswordProblem::name),
            messages: self.problem.as_ref().map(ChangePasswordProblem::messages).unwrap_or_default(),
            password_is_wrong,
            repeat_is_wrong,
            strength: strength.map(StrengthText::of),
        }
        .serialize(serializer)
    }
}

impl Page for ChangePasswordPage {
    const NAME: &'static str = "change-password";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/change-password", authorization: self.authorization.as_deref() })
    }

    fn samples() -> Vec<Self> {
        let plain = Self {
            csrf: "csrf-sample".to_owned(),
            authorization: None,
            login: "jan.kowalski".to_owned(),
            reason: ChangeReason::InitialPassword,
            policy: PolicySummary {
                minimum: 8,
                maximum: 12,
                needs_lower_case: true,
                needs_upper_case: true,
                needs_digit: true,
                needs_special: true,
            },
            problem: None,
        };
        let with_problem = |problem| Self {
            authorization: Some("0197f3a0-0000-7000-8000-000000000001".to_owned()),
            problem: Some(problem),
            ..plain.clone()
        };
        let rules = |broken: &[BrokenRule], repeat_differs| {
            let assessment = Assessment { broken: broken.to_vec(), strength: None };
            with_problem(ChangePasswordProblem::Rules { assessment, repeat_differs })
        };
        let estimated = |score, advice: &[&'static str]| {
            let strength = Some(Strength { score, advice: advice.to_vec() });
            let assessment = Assessment { broken: vec![BrokenRule::TooGuessable], strength };
            with_problem(ChangePasswordProblem::Rules { assessment, repeat_differs: false })
        };
        let because = |reason| Self { reason, ..plain.clone() };
        vec![
            plain.clone(),
            because(ChangeReason::Recovered { codes_left: 4 }),
            because(ChangeReason::Recovered { codes_left: 0 }),
            because(ChangeReason::RecoveredFromBefore),
            rules(
                &[
                    BrokenRule::TooShort { minimum: 8 },
                    BrokenRule::NoLowerCase,
                    BrokenRule::NoUpperCase,
                    BrokenRule::NoDigit,
                    BrokenRule::NoSpecial,
                    BrokenRule::Unprintable,
                ],
                true,
            ),
            rules(
                &[
                    BrokenRule::TooLong { maximum: 12 },
                    BrokenRule::IsInitialPassword,
                    BrokenRule::ContainsLogin,
                    BrokenRule::DeniedWord,
                    BrokenRule::KeyboardWalk,
                    BrokenRule::TooGuessable,
                    BrokenRule::UsedBefore,
                ],
                false,
            ),
            rules(&[], true),
            estimated(0, &Strength::ADVICE[..8]),
            estimated(1, &Strength::ADVICE[8..]),
            estimated(2, &[]),
            estimated(3, &[]),
            estimated(4, &[]),
            with_problem(ChangePasswordProblem::FormExpired),
            with_problem(ChangePasswordProblem::Overloaded),
            with_problem(ChangePasswordProblem::Refused),
        ]
    }
}
