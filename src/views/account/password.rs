//! `/account/password`.

use serde::{Serialize, Serializer};

use crate::domain::password_policy::{BrokenRule, PolicySummary, Strength};
use crate::views::language_switch::Address;
use crate::views::page::Page;
use crate::views::password_rules::{self, RuleText, StrengthText};

/// Asks for another password, by the one that opens the account now.
#[derive(Debug, Clone)]
pub struct AccountPasswordPage {
    pub csrf: String,
    /// Whose password it is: password managers store the new one under this name.
    pub login: String,
    /// The rules that are listed beside the field.
    pub policy: PolicySummary,
    /// It was changed a moment ago.
    pub was_changed: bool,
    pub problem: Option<AccountPasswordProblem>,
}

/// Why the password has not been changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountPasswordProblem {
    /// Everything that is wrong with what was typed, at once.
    Faults {
        present_is_missing: bool,
        present_is_wrong: bool,
        broken: Vec<BrokenRule>,
        strength: Option<Strength>,
        /// The new password is the present one.
        is_same: bool,
        repeat_differs: bool,
    },
    /// The page was open for too long, or the browser keeps no cookies.
    FormExpired,
    /// Too many passwords are being checked at this moment.
    Overloaded,
    /// The attempt budget has run out: no password is looked at for a while.
    UsedUp,
}

impl AccountPasswordProblem {
    const fn name(&self) -> &'static str {
        match self {
            Self::Faults { .. } => "faults",
            Self::FormExpired => "form-expired",
            Self::Overloaded => "overloaded",
            Self::UsedUp => "used-up",
        }
    }
}

/// What is said at the fields.
#[derive(Default, Serialize)]
struct Messages {
    present: Option<RuleText>,
    password: Vec<RuleText>,
    repeat: Option<RuleText>,
}

impl Messages {
    fn of(problem: Option<&AccountPasswordProblem>) -> Self {
        let Some(AccountPasswordProblem::Faults {
            present_is_missing,
            present_is_wrong,
            broken,
            strength: _,
            is_same,
            repeat_differs,
        }) = problem
        else {
            return Self::default();
        };
        let present = match (present_is_missing, present_is_wrong) {
            (true, _) => Some(password_rules::PRESENT_IS_MISSING),
            (false, true) => Some(password_rules::PRESENT_IS_WRONG),
            (false, false) => None,
        };
        Self {
            present,
            password: broken
                .iter()
                .map(password_rules::broken)
                .chain(is_same.then_some(password_rules::IS_SAME))
                .collect(),
            repeat: repeat_differs.then_some(password_rules::REPEAT_DIFFERS),
        }
    }
}

impl Serialize for AccountPasswordPage {
    /// What the template sees: rules and problems as keys of texts.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            login: &'a str,
            rules: Vec<RuleText>,
            minimum: usize,
            maximum: usize,
            was_changed: bool,
            problem: Option<&'static str>,
            messages: Messages,
            strength: Option<StrengthText>,
        }

        Data {
            csrf: &self.csrf,
            login: &self.login,
            rules: password_rules::required(&self.policy),
            minimum: self.policy.minimum,
            maximum: self.policy.maximum,
            was_changed: self.was_changed,
            problem: self.problem.as_ref().map(AccountPasswordProblem::name),
            messages: Messages::of(self.problem.as_ref()),
            strength: match &self.problem {
                Some(AccountPasswordProblem::Faults { strength, .. }) => {
                    strength.as_ref().map(StrengthText::of)
                }
                _ => None,
            },
        }
        .serialize(serializer)
    }
}

impl Page for AccountPasswordPage {
    const NAME: &'static str = "account-password";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/account/password", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let plain = Self {
            csrf: "csrf-sample".to_owned(),
            login: "jan.kowalski".to_owned(),
            policy: PolicySummary {
                minimum: 8,
                maximum: 12,
                needs_lower_case: true,
                needs_upper_case: true,
                needs_digit: true,
                needs_special: true,
            },
            was_changed: false,
            problem: None,
        };
        let faults = |present_is_missing: bool, broken: &[BrokenRule], is_same: bool, repeat_differs| {
            AccountPasswordProblem::Faults {
                present_is_missing,
                present_is_wrong: !present_is_missing && !is_same,
                broken: broken.to_vec(),
                strength: (!broken.is_empty()).then(|| Strength { score: 1, advice: vec!["names", "years"] }),
                is_same,
                repeat_differs,
            }
        };
        let rules = [BrokenRule::TooShort { minimum: 8 }, BrokenRule::NoDigit, BrokenRule::UsedBefore];
        let problems = [
            faults(true, &rules, false, true),
            faults(false, &rules, false, false),
            faults(false, &[], true, false),
            faults(false, &[], false, false),
            AccountPasswordProblem::FormExpired,
            AccountPasswordProblem::Overloaded,
            AccountPasswordProblem::UsedUp,
        ];
        let mut samples = vec![plain.clone(), Self { was_changed: true, ..plain.clone() }];
        samples.extend(problems.map(|problem| Self { problem: Some(problem), ..plain.clone() }));
        samples
    }
}
