//! What came in, newest first. In memory only, and no more than fits.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use mail_parser::MessageParser;

use super::smtp::Recipients;
use crate::domain::ambient::Ambient;
use crate::domain::clock::Moment;

/// The oldest make room. Messages are bounded by `smtp::LONGEST`: 16 MiB in all, at worst.
const KEPT: usize = 64;

/// A message, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub number: u64,
    pub at: Moment,
    pub to: String,
    pub from: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

#[derive(Debug)]
pub(super) struct Inbox {
    ambient: Ambient,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    count: u64,
    /// The newest first.
    messages: VecDeque<Received>,
}

impl Inbox {
    pub(super) fn new(ambient: Ambient) -> Self {
        Self { ambient, kept: Mutex::default() }
    }

    /// Every message, the newest first.
    pub(super) fn all(&self) -> Vec<Received> {
        self.lock().messages.iter().cloned().collect()
    }

    pub(super) fn find(&self, number: u64) -> Option<Received> {
        self.lock().messages.iter().find(|message| message.number == number).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recipients for Inbox {
    fn take(&self, to: &[String], message: &[u8]) {
        let Some(parsed) = MessageParser::default().parse(message) else {
            return;
        };
        let from = parsed.from().and_then(|from| from.first());
        let body = |text: Option<std::borrow::Cow<'_, str>>| text.unwrap_or_default().into_owned();
        let mut kept = self.lock();
        kept.count += 1;
        let received = Received {
            number: kept.count,
            at: self.ambient.now(),
            to: to.join(", "),
            from: from.map(shown).unwrap_or_default(),
            subject: parsed.subject().unwrap_or_default().to_owned(),
            text: body(parsed.body_text(0)),
            html: body(parsed.body_html(0)),
        };
        kept.messages.push_front(received);
        kept.messages.truncate(KEPT);
    }
}

fn shown(mailbox: &mail_parser::Addr<'_>) -> String {
    let address = mailbox.address().unwrap_or_default();
    match mailbox.name() {
        Some(name) => format!("{name} <{address}>"),
        None => address.to_owned(),
    }
}
