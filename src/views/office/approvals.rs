//! `/office/approvals`: what waits for a second person.

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

#[derive(Debug, Clone, Serialize)]
pub struct ApprovalsPage {
    pub frame: Frame,
    /// Oldest first.
    pub lines: Vec<ApprovalLine>,
    pub problem: Option<ApprovalProblem>,
    /// `agree` or `refuse`.
    pub done: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ApprovalLine {
    /// `letter` or `email`.
    pub kind: &'static str,
    pub id: String,
    pub account: String,
    pub name: String,
    pub login: String,
    pub office: Option<String>,
    pub requested: Stamp,
    pub requested_by: Option<String>,
    pub reason: Option<String>,
    pub old_email: Option<String>,
    pub new_email: Option<String>,
    /// Somebody else has to decide this.
    pub needs_a_colleague: bool,
}

/// Why nothing was decided.
#[derive(Debug, Clone, Serialize)]
pub struct ApprovalProblem {
    /// `reason-missing`, `reason-too-long`, `form-expired`, `own-request`, `own-account`, `decided`, `gone`, `undecided`.
    pub kind: &'static str,
    /// The line it is about.
    pub id: String,
    /// As typed.
    pub reason: String,
    /// When it was decided, and by whom.
    pub at: Option<Stamp>,
    pub by: Option<String>,
}

impl Page for ApprovalsPage {
    const NAME: &'static str = "office-approvals";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/office/approvals", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let some = |text: &str| Some(text.to_owned());
        let line = |kind: &'static str, number: usize, needs_a_colleague: bool| ApprovalLine {
            kind,
            id: format!("0197f3a0-0000-7000-8000-00000000000{number}"),
            account: "0197f3a0-0000-7000-8000-000000000009".to_owned(),
            name: "Bronisława Wrona-Brzęczyszczykiewicz".to_owned(),
            login: "iok1000001".to_owned(),
            office: some("Administracja nr 1").filter(|_| needs_a_colleague),
            requested: Stamp::sample(23),
            requested_by: some("Urszula Sowa").filter(|_| !needs_a_colleague),
            reason: some("Zgubiła list, była osobiście.").filter(|_| !needs_a_colleague),
            old_email: some("stary@example.pl").filter(|_| kind == "email" && !needs_a_colleague),
            new_email: some("nowy.bardzo.dlugi.adres.poczty@example.pl")
                .filter(|_| kind == "email" && needs_a_colleague),
            needs_a_colleague,
        };
        let empty = || Self {
            frame: Frame::sample(Role::Supervisor, "/office/approvals"),
            lines: Vec::new(),
            problem: None,
            done: None,
        };
        let full = || Self {
            lines: vec![
                line("letter", 1, false),
                line("email", 2, false),
                line("letter", 3, true),
                line("email", 4, true),
            ],
            ..empty()
        };
        let mut samples = vec![
            empty(),
            full(),
            Self { done: Some("agree"), ..empty() },
            Self { done: Some("refuse"), ..empty() },
        ];
        let kinds = [
            "reason-missing",
            "reason-too-long",
            "form-expired",
            "own-request",
            "own-account",
            "decided",
            "gone",
            "undecided",
        ];
        for kind in kinds {
            for known in [true, false] {
                samples.push(Self {
                    problem: Some(ApprovalProblem {
                        kind,
                        id: line("letter", 1, false).id,
                        reason: "Rozmawiałam z nią.".to_owned(),
                        at: Some(Stamp::sample(23)).filter(|_| known),
                        by: some("Irena Czajka").filter(|_| known),
                    }),
                    ..full()
                });
            }
        }
        samples
    }
}
