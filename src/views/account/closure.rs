//! `/account/closure`.

use chrono::NaiveDateTime;
use serde::{Serialize, Serializer};

use super::moment::{self, ShownMoment};
use crate::views::language_switch::Address;
use crate::views::page::Page;

/// Asks the office to close the account, or takes that back.
#[derive(Debug, Clone)]
pub struct AccountClosurePage {
    pub csrf: String,
    pub login: String,
    /// How long a closed account is kept before it is erased.
    pub kept_months: u32,
    /// On the house's clock; `None`: the person has not asked.
    pub requested_at: Option<NaiveDateTime>,
    /// As typed.
    pub reason: String,
    /// How long it may be.
    pub longest_reason: usize,
    pub problem: Option<AccountClosureProblem>,
}

/// Why the office has not been asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountClosureProblem {
    /// Everything that is wrong with what was typed, at once.
    Faults {
        password_is_missing: bool,
        password_is_wrong: bool,
        reason_is_too_long: bool,
    },
    FormExpired,
    /// Too many passwords are being checked at this moment.
    Overloaded,
    /// The attempt budget has run out: no password is looked at for a while.
    UsedUp,
}

impl AccountClosureProblem {
    const fn name(self) -> &'static str {
        match self {
            Self::Faults { .. } => "faults",
            Self::FormExpired => "form-expired",
            Self::Overloaded => "overloaded",
            Self::UsedUp => "used-up",
        }
    }

    const fn password_message(self) -> Option<&'static str> {
        match self {
            Self::Faults { password_is_missing: true, .. } => Some("present-password-missing"),
            Self::Faults { password_is_wrong: true, .. } => Some("present-password-wrong"),
            _ => None,
        }
    }
}

impl Serialize for AccountClosurePage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            login: &'a str,
            kept_months: u32,
            requested_at: Option<ShownMoment>,
            reason: &'a str,
            longest_reason: usize,
            problem: Option<&'static str>,
            password_message: Option<&'static str>,
            reason_is_too_long: bool,
        }

        let reason_is_too_long =
            matches!(self.problem, Some(AccountClosureProblem::Faults { reason_is_too_long: true, .. }));
        Data {
            csrf: &self.csrf,
            login: &self.login,
            kept_months: self.kept_months,
            requested_at: self.requested_at.map(ShownMoment::of),
            reason: &self.reason,
            longest_reason: self.longest_reason,
            problem: self.problem.map(AccountClosureProblem::name),
            password_message: self.problem.and_then(AccountClosureProblem::password_message),
            reason_is_too_long,
        }
        .serialize(serializer)
    }
}

impl Page for AccountClosurePage {
    const NAME: &'static str = "account-closure";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/account/closure", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let plain = Self {
            csrf: "csrf-sample".to_owned(),
            login: "jan.kowalski".to_owned(),
            kept_months: 24,
            requested_at: None,
            reason: String::new(),
            longest_reason: 1000,
            problem: None,
        };
        let faults = |password_is_missing, password_is_wrong, reason_is_too_long| {
            AccountClosureProblem::Faults { password_is_missing, password_is_wrong, reason_is_too_long }
        };
        let problems = [
            faults(true, false, true),
            faults(false, true, false),
            AccountClosureProblem::FormExpired,
            AccountClosureProblem::Overloaded,
            AccountClosureProblem::UsedUp,
        ];
        let asked = Self { requested_at: Some(moment::sample(21, 8)), kept_months: 1, ..plain.clone() };
        let mut samples = vec![plain.clone(), asked];
        samples.extend(problems.map(|problem| Self {
            problem: Some(problem),
            reason: "Wyprowadzam się.\n</textarea><b>Dziękuję".to_owned(),
            ..plain.clone()
        }));
        samples
    }
}
