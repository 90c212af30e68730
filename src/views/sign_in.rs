//! `/sign-in`.

use serde::Serialize;

use super::asking_service::AskingService;
use super::language_switch::Address;
use super::page::Page;
use super::passkey::PasskeyPrompt;

/// Asks for login and password: `POST /sign-in`.
#[derive(Debug, Clone, Serialize)]
pub struct SignInPage {
    pub csrf: String,
    /// The stored authorization request that goes on after signing in.
    pub authorization: Option<String>,
    /// What the login field holds already. A password is never put back into a page.
    pub login: String,
    /// The service that asked for the sign-in.
    pub service: Option<AskingService>,
    /// The person is signed in, and the service wants to be sure that it is still them.
    pub reauthentication: bool,
    /// Are there passkeys at this address?
    pub has_passkeys: bool,
    /// `None` where a password was just refused: the way to one is a link then.
    pub passkey: Option<PasskeyPrompt>,
    pub problem: Option<SignInProblem>,
    pub notice: Option<SignInNotice>,
}

/// Why the person is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInProblem {
    /// A wrong password, an unknown login and a locked account: nobody may learn which it was, so there is one text.
    Refused,
    /// The page was open for too long, or the browser keeps no cookies.
    FormExpired,
    /// Too many people are signing in at this moment.
    Overloaded,
    /// No passkey of an account that is open, or its answer came too late: one text for all.
    PasskeyRefused,
}

/// What has just happened elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInNotice {
    SignedOut,
    PasswordAlreadyChanged,
}

impl Page for SignInPage {
    const NAME: &'static str = "sign-in";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/sign-in", authorization: self.authorization.as_deref() })
    }

    fn samples() -> Vec<Self> {
        let plain = Self {
            csrf: "csrf-sample".to_owned(),
            authorization: None,
            login: String::new(),
            service: None,
            reauthentication: false,
            has_passkeys: true,
            passkey: None,
            problem: None,
            notice: None,
        };
        let for_client = Self {
            authorization: Some("0197f3a0-0000-7000-8000-000000000001".to_owned()),
            service: Some(AskingService::named("Rozliczenia")),
            ..plain.clone()
        };
        let with_problem = |problem| Self {
            login: "stanislawa.brzeczyszczykiewicz".to_owned(),
            problem: Some(problem),
            ..for_client.clone()
        };
        vec![
            Self { has_passkeys: false, ..plain.clone() },
            Self { passkey: Some(PasskeyPrompt::sample()), ..for_client.clone() },
            Self {
                passkey: Some(PasskeyPrompt::sample()),
                problem: Some(SignInProblem::PasskeyRefused),
                ..plain.clone()
            },
            for_client.clone(),
            Self { service: Some(AskingService::sample()), ..for_client.clone() },
            Self { reauthentication: true, login: "jan.kowalski".to_owned(), ..for_client.clone() },
            Self { reauthentication: true, login: "jan.kowalski".to_owned(), ..plain.clone() },
            with_problem(SignInProblem::Refused),
            with_problem(SignInProblem::FormExpired),
            with_problem(SignInProblem::Overloaded),
            Self { notice: Some(SignInNotice::SignedOut), ..plain.clone() },
            Self { notice: Some(SignInNotice::PasswordAlreadyChanged), ..plain },
        ]
    }
}
