//! `/account/second-factors`.

use chrono::NaiveDateTime;
use serde::{Serialize, Serializer};

use super::moment::{self, ShownMoment};
use crate::views::language_switch::Address;
use crate::views::page::Page;
use crate::views::passkey::PasskeyPrompt;

/// What somebody proves themselves with beside the password: seen, added and taken away.
#[derive(Debug, Clone)]
pub struct AccountSecondFactorsPage {
    pub csrf: String,
    /// The request that goes on once there is a second factor.
    pub authorization: Option<String>,
    /// The service that asks for one.
    pub asked_by: Option<String>,
    pub login: String,
    /// Proved lately: changes are possible without the password.
    pub is_confirmed: bool,
    /// Codes of an app, with how many recovery codes are left.
    pub app: Option<u64>,
    pub passkeys: Vec<ShownPasskey>,
    /// Whoever works here keeps at least one.
    pub last_one_stays: bool,
    /// For a new passkey; `None` where there are none, and before the person is confirmed.
    pub prompt: Option<PasskeyPrompt>,
    pub notice: Option<SecondFactorsNotice>,
    pub problem: Option<SecondFactorsProblem>,
}

#[derive(Debug, Clone)]
pub struct ShownPasskey {
    pub id: String,
    /// Empty if its owner gave it none.
    pub name: String,
    /// These on the house's clock.
    pub created_at: NaiveDateTime,
    pub last_used_at: Option<NaiveDateTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorsNotice {
    Added,
    Removed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorsProblem {
    PasswordMissing,
    PasswordWrong,
    /// The page was open for too long, or the browser keeps no cookies.
    FormExpired,
    /// Too many passwords are being checked at this moment.
    Overloaded,
    /// The attempt budget has run out: no password is looked at for a while.
    UsedUp,
    /// The last proof is too long ago.
    ConfirmFirst,
    /// The browser's answer was not what was asked for.
    PasskeyRefused,
    TooManyPasskeys,
    LastOne,
}

impl SecondFactorsProblem {
    const ALL: [Self; 9] = [
        Self::PasswordMissing,
        Self::PasswordWrong,
        Self::FormExpired,
        Self::Overloaded,
        Self::UsedUp,
        Self::ConfirmFirst,
        Self::PasskeyRefused,
        Self::TooManyPasskeys,
        Self::LastOne,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::PasswordMissing => "password-missing",
            Self::PasswordWrong => "password-wrong",
            Self::FormExpired => "form-expired",
            Self::Overloaded => "overloaded",
            Self::UsedUp => "used-up",
            Self::ConfirmFirst => "confirm-first",
            Self::PasskeyRefused => "passkey-refused",
            Self::TooManyPasskeys => "too-many-passkeys",
            Self::LastOne => "last-one",
        }
    }

    /// What is said at the password's field.
    const fn at_password(self) -> Option<&'static str> {
        match self {
            Self::PasswordMissing => Some("present-password-missing"),
            Self::PasswordWrong => Some("present-password-wrong"),
            _ => None,
        }
    }
}

impl Serialize for AccountSecondFactorsPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Passkey<'a> {
            id: &'a str,
            name: &'a str,
            created_at: ShownMoment,
            last_used_at: Option<ShownMoment>,
        }

        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            authorization: Option<&'a str>,
            asked_by: Option<&'a str>,
            login: &'a str,
            is_confirmed: bool,
            app: Option<u64>,
            passkeys: Vec<Passkey<'a>>,
            /// How many there are.
            count: usize,
            last_one_stays: bool,
            prompt: Option<&'a PasskeyPrompt>,
            notice: Option<&'static str>,
            problem: Option<&'static str>,
            password_message: Option<&'static str>,
        }

        Data {
            csrf: &self.csrf,
            authorization: self.authorization.as_deref(),
            asked_by: self.asked_by.as_deref(),
            login: &self.login,
            is_confirmed: self.is_confirmed,
            app: self.app,
            passkeys: self
                .passkeys
                .iter()
                .map(|passkey| Passkey {
                    id: &passkey.id,
                    name: &passkey.name,
                    created_at: ShownMoment::of(passkey.created_at),
                    last_used_at: passkey.last_used_at.map(ShownMoment::of),
                })
                .collect(),
            count: self.passkeys.len() + usize::from(self.app.is_some()),
            last_one_stays: self.last_one_stays,
            prompt: self.prompt.as_ref(),
            notice: self.notice.map(|notice| match notice {
                SecondFactorsNotice::Added => "added",
                SecondFactorsNotice::Removed => "removed",
            }),
            problem: self.problem.map(SecondFactorsProblem::name),
            password_message: self.problem.and_then(SecondFactorsProblem::at_password),
        }
        .serialize(serializer)
    }
}

impl Page for AccountSecondFactorsPage {
    const NAME: &'static str = "account-second-factors";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/account/second-factors", authorization: self.authorization.as_deref() })
    }

    fn samples() -> Vec<Self> {
        let none = Self {
            csrf: "csrf-sample".to_owned(),
            authorization: None,
            asked_by: None,
            login: "jan.kowalski".to_owned(),
            is_confirmed: true,
            app: None,
            passkeys: Vec::new(),
            last_one_stays: false,
            prompt: Some(PasskeyPrompt::sample()),
            notice: None,
            problem: None,
        };
        let passkey = |number: u32, name: &str| ShownPasskey {
            id: format!("0197f3a0-0000-7000-8000-00000000000{number}"),
            name: name.to_owned(),
            created_at: moment::sample(20, 9),
            last_used_at: (number == 1).then(|| moment::sample(22, 10)),
        };
        let all = Self {
            app: Some(10),
            passkeys: vec![passkey(1, "Telefon Stanisławy"), passkey(2, "")],
            ..none.clone()
        };
        let unconfirmed = Self { is_confirmed: false, prompt: None, ..all.clone() };
        let mut samples = vec![
            none.clone(),
            Self { prompt: None, ..none.clone() },
            Self {
                authorization: Some("0197f3a0-0000-7000-8000-000000000001".to_owned()),
                asked_by: Some("Rozliczenia".to_owned()),
                ..none.clone()
            },
            Self { is_confirmed: false, prompt: None, ..none },
            all.clone(),
            Self { app: Some(2), last_one_stays: true, passkeys: Vec::new(), ..all.clone() },
            Self { notice: Some(SecondFactorsNotice::Added), ..all.clone() },
            Self { notice: Some(SecondFactorsNotice::Removed), ..all },
        ];
        samples.extend(
            SecondFactorsProblem::ALL.map(|problem| Self { problem: Some(problem), ..unconfirmed.clone() }),
        );
        samples
    }
}
