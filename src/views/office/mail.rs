//! `/office/mail`: what has not gone out.

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::mail::Message;
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
    /// What it is about: the last part of its words' key; `other` for a kind that this program does not know.
    pub kind: String,
    /// Its permanent name.
    pub code: String,
    pub written: Stamp,
    pub attempts: u32,
    pub next: Option<Stamp>,
    pub given_up: Option<Stamp>,
    pub error: Option<String>,
}

impl MailLine {
    /// `code`: the message's permanent name.
    pub fn new(id: String, code: String, written: Stamp) -> Self {
        let is_known = Message::KINDS.contains(&code.as_str());
        let kind = if is_known { code.replace('_', "-") } else { "other".to_owned() };
        Self { id, kind, code, written, attempts: 0, next: None, given_up: None, error: None }
    }
}

impl Page for MailPage {
    const NAME: &'static str = "office-mail";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/office/mail", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let of_kind = |number: usize, code: &str| {
            let id = format!("0197f3a0-0000-7000-8000-0000000000{number:02}");
            MailLine::new(id, code.to_owned(), Stamp::sample(23))
        };
        let line = |number: usize, given_up: bool| MailLine {
            attempts: 3,
            next: (!given_up).then(|| Stamp::sample(23)),
            given_up: given_up.then(|| Stamp::sample(23)),
            error: given_up.then(|| "451 4.3.2 please try again later".to_owned()),
            ..of_kind(number, "application_approved")
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
        let every_kind = Message::KINDS.into_iter().chain(["from_another_version"]);
        let every_kind = (10..)
            .zip(every_kind)
            .map(|(number, code)| MailLine { next: Some(Stamp::sample(23)), ..of_kind(number, code) });
        let mut samples = vec![
            empty(),
            full(),
            Self { waiting: 26, mails: every_kind.collect(), ..empty() },
            Self { may_retry: false, frame: Frame::sample(Role::Auditor, "/office/mail"), ..full() },
        ];
        samples.extend(
            ["due", "not-waiting", "form-expired"].map(|notice| Self { notice: Some(notice), ..full() }),
        );
        samples
    }
}
