//! `/office/mail`: what has not gone out.

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

#[derive(Debug, Clone, Serialize)]
pub struct MailPage {
    pub frame: Frame,
    pub waiting: u64,
    pub sent_today: u64,
    pub given_up: u64,
    /// The given-up first, then the oldest first.
    pub mails: Vec<MailLine>,
    pub may_retry: bool,
    /// `due`, `not-waiting` or `form-expired`.
    pub notice: Option<&'static str>,
}

/// A message: what it is, never to whom.
#[derive(Debug, Clone, Serialize)]
pub struct MailLine {
    pub id: String,
    /// Its permanent name.
    pub kind: String,
    pub written: Stamp,
    pub attempts: u32,
    pub next: Option<Stamp>,
    pub given_up: Option<Stamp>,
    pub error: Option<String>,
}

impl Page for MailPage {
    const NAME: &'static str = "office-mail";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/office/mail", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let line = |number: usize, given_up: bool| MailLine {
            id: format!("0197f3a0-0000-7000-8000-00000000000{number}"),
            kind: "application_approved".to_owned(),
            written: Stamp::sample(23),
            attempts: 3,
            next: (!given_up).then(|| Stamp::sample(23)),
            given_up: given_up.then(|| Stamp::sample(23)),
            error: given_up.then(|| "451 4.3.2 please try again later".to_owned()),
        };
        let empty = || Self {
            frame: Frame::sample(Role::Administrator, "/office/mail"),
            waiting: 0,
            sent_today: 12,
            given_up: 0,
            mails: Vec::new(),
            may_retry: true,
            notice: None,
        };
        let full = || Self { waiting: 1, given_up: 1, mails: vec![line(1, true), line(2, false)], ..empty() };
        let mut samples = vec![
            empty(),
            full(),
            Self { may_retry: false, frame: Frame::sample(Role::Auditor, "/office/mail"), ..full() },
        ];
        samples.extend(
            ["due", "not-waiting", "form-expired"].map(|notice| Self { notice: Some(notice), ..full() }),
        );
        samples
    }
}
