//! `/office/sign-outs`: which services were told that a session ended, and which were not.

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

#[derive(Debug, Clone, Serialize)]
pub struct SignOutsPage {
    pub frame: Frame,
    /// The services that were told anything lately, or are to be.
    pub clients: Vec<ToldClientLine>,
    /// What was not delivered: the given-up first, then the oldest first.
    pub notices: Vec<NoticeLine>,
    pub may_retry: bool,
    /// `due`, `not-waiting` or `form-expired`.
    pub notice: Option<&'static str>,
}

/// A service, and how much news for it stands where.
#[derive(Debug, Clone, Serialize)]
pub struct ToldClientLine {
    pub name: String,
    pub id: String,
    pub waiting: u64,
    pub delivered: u64,
    pub given_up: u64,
}

/// News that has not arrived: for which service, never about whom.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeLine {
    pub id: String,
    pub client: String,
    /// Why the session ended, by its permanent name.
    pub why: String,
    pub since: Stamp,
    pub attempts: u32,
    pub next: Option<Stamp>,
    pub given_up: Option<Stamp>,
    pub error: Option<String>,
}

impl Page for SignOutsPage {
    const NAME: &'static str = "office-sign-outs";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/office/sign-outs", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let line = |number: usize, given_up: bool| NoticeLine {
            id: format!("0197f3a0-0000-7000-8000-00000000000{number}"),
            client: "Czynsze i opłaty".to_owned(),
            why: "signed_out".to_owned(),
            since: Stamp::sample(23),
            attempts: 3,
            next: (!given_up).then(|| Stamp::sample(23)),
            given_up: given_up.then(|| Stamp::sample(24)),
            error: given_up.then(|| "no answer: connection refused".to_owned()),
        };
        let client = |name: &str, id: &str, waiting, delivered, given_up| ToldClientLine {
            name: name.to_owned(),
            id: id.to_owned(),
            waiting,
            delivered,
            given_up,
        };
        let empty = || Self {
            frame: Frame::sample(Role::Administrator, "/office/sign-outs"),
            clients: Vec::new(),
            notices: Vec::new(),
            may_retry: true,
            notice: None,
        };
        let full = || Self {
            clients: vec![
                client("Czynsze i opłaty", "billing", 1, 1204, 1),
                client("Zgłoszenia", "complaints", 0, 1187, 0),
            ],
            notices: vec![line(1, true), line(2, false)],
            ..empty()
        };
        let mut samples = vec![
            empty(),
            full(),
            Self { may_retry: false, frame: Frame::sample(Role::Auditor, "/office/sign-outs"), ..full() },
        ];
        samples.extend(
            ["due", "not-waiting", "form-expired"].map(|notice| Self { notice: Some(notice), ..full() }),
        );
        samples
    }
}
