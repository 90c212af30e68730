//! `/recover`.

use serde::Serialize;

use super::language_switch::Address;
use super::page::Page;

/// Asks for what stands in the letter: `POST /recover`.
#[derive(Debug, Clone, Serialize)]
pub struct RecoverPage {
    pub csrf: String,
    /// The stored authorization request that goes on afterwards.
    pub authorization: Option<String>,
    /// Which of the two forms is open.
    pub kind: LetterKind,
    /// Do letters from before recover at all? Without them there is nothing to choose.
    pub from_before: bool,
    /// What the fields hold already. A code or a password is never put back into a page.
    pub login: String,
    pub serial: String,
    pub problem: Option<RecoverProblem>,
}

/// Which letter somebody holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterKind {
    /// With a serial and recovery codes.
    #[default]
    WithCodes,
    /// Printed by another system, with a login and a password only.
    FromBefore,
}

/// Why the person is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecoverProblem {
    /// Whatever is wrong with what was typed, a used code and a budget that has run out: one text for all.
    Refused,
    /// The page was open for too long, or the browser keeps no cookies.
    FormExpired,
    /// Too many secrets are being checked at this moment.
    Overloaded,
}

impl Page for RecoverPage {
    const NAME: &'static str = "recover";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/recover", authorization: self.authorization.as_deref() })
    }

    fn samples() -> Vec<Self> {
        let plain = Self {
            csrf: "csrf-sample".to_owned(),
            authorization: None,
            kind: LetterKind::WithCodes,
            from_before: true,
            login: String::new(),
            serial: String::new(),
            problem: None,
        };
        let with_problem = |kind, problem| Self {
            authorization: Some("0197f3a0-0000-7000-8000-000000000001".to_owned()),
            kind,
            login: "jan.kowalski".to_owned(),
            serial: match kind {
                LetterKind::WithCodes => "7kq2m xa9tb".to_owned(),
                LetterKind::FromBefore => String::new(),
            },
            problem: Some(problem),
            ..plain.clone()
        };
        let mut samples = vec![plain.clone(), Self { from_before: false, ..plain.clone() }];
        for kind in [LetterKind::WithCodes, LetterKind::FromBefore] {
            for problem in [RecoverProblem::Refused, RecoverProblem::FormExpired, RecoverProblem::Overloaded]
            {
                samples.push(with_problem(kind, problem));
            }
        }
        samples
    }
}
