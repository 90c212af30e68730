//! `/office/audit`: what happened.

use serde::Serialize;

use super::frame::Frame;
use super::record::RecordLine;
use super::stamp::Stamp;
use crate::domain::audit::Action;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

#[derive(Debug, Clone, Serialize)]
pub struct AuditPage {
    pub frame: Frame,
    /// What can be chosen from.
    actions: Vec<&'static str>,
    pub typed: TypedQuestion,
    /// `unknown-actor`, `unknown-account`, `opens-everybody`, `bad-day` or `form-expired`.
    pub problem: Option<&'static str>,
    /// How far the records are signed for; nothing beside a question that was not answered.
    pub chain: Option<ChainLine>,
    pub records: Vec<RecordLine>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many lines a file has at most.
    longest_file: u64,
}

/// How the chain of records stands.
#[derive(Debug, Clone, Serialize)]
pub struct ChainLine {
    pub sealed: u64,
    pub waiting: u64,
    pub newest: Option<CheckpointLine>,
}

/// The newest signed checkpoint.
#[derive(Debug, Clone, Serialize)]
pub struct CheckpointLine {
    pub number: u64,
    pub seq: u64,
    pub at: Stamp,
    pub holds: bool,
}

/// As typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TypedQuestion {
    pub action: String,
    pub outcome: String,
    pub actor: String,
    pub account: String,
    pub from: String,
    pub until: String,
    pub opened: bool,
    /// Is this an answer to a form?
    pub asked: bool,
}

impl AuditPage {
    pub fn new(frame: Frame, typed: TypedQuestion, longest_file: u64) -> Self {
        let actions = Action::ALL.iter().map(|action| action.as_str()).collect();
        Self {
            frame,
            actions,
            typed,
            problem: None,
            chain: None,
            records: Vec::new(),
            next: None,
            longest_file,
        }
    }
}

impl Page for AuditPage {
    const NAME: &'static str = "office-audit";

    fn address(&self) -> Option<Address<'_>> {
        (!self.typed.asked).then_some(Address { path: "/office/audit", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let typed = TypedQuestion {
            action: "letter.ordered".to_owned(),
            outcome: "approved".to_owned(),
            actor: "urszula.sowa".to_owned(),
            account: "iok1000001".to_owned(),
            from: "2026-11-01".to_owned(),
            until: "2026-11-30".to_owned(),
            opened: true,
            asked: true,
        };
        let page = |typed| Self::new(Frame::sample(Role::Auditor, "/office/audit"), typed, 10_000);
        let signed = |holds| CheckpointLine { number: 412, seq: 48_230, at: Stamp::sample(23), holds };
        let chain = |newest| Some(ChainLine { sealed: 48_231, waiting: 2, newest });
        let mut samples = vec![
            Self {
                chain: chain(Some(signed(true))),
                records: RecordLine::samples(),
                next: Some("1.2".to_owned()),
                ..page(TypedQuestion::default())
            },
            Self { chain: chain(Some(signed(false))), ..page(typed.clone()) },
            Self { chain: chain(None), ..page(typed.clone()) },
        ];
        samples.extend(
            ["unknown-actor", "unknown-account", "opens-everybody", "bad-day", "form-expired"]
                .map(|problem| Self { problem: Some(problem), ..page(typed.clone()) }),
        );
        samples
    }
}
