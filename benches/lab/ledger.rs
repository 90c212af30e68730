//! What the laboratory knows of itself: who sent what, and who was turned away.

use std::cell::RefCell;
use std::collections::HashSet;

use iok_id::domain::clock::Moment;
use serde::Serialize;

use super::browser::Answer;

/// From what an owner signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Device {
    /// On which they had signed in before.
    Own,
    /// A borrowed one, a new one.
    Unknown,
}

/// Owners who typed the right password.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Tally {
    pub(crate) tried: usize,
    pub(crate) refused: usize,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub(crate) strangers_sent: usize,
    /// Answered 503.
    pub(crate) shed: usize,
    pub(crate) own: Tally,
    pub(crate) unknown: Tally,
    /// When an owner typed something, right or wrong: a verdict of that moment is no stranger's.
    pub(crate) owners_at: HashSet<(String, Moment)>,
}

#[derive(Debug, Default)]
pub(crate) struct Ledger(RefCell<Counts>);

impl Ledger {
    pub(crate) fn stranger(&self, answer: Answer) {
        let mut counts = self.0.borrow_mut();
        counts.strangers_sent += 1;
        counts.shed += usize::from(answer == Answer::Shed);
    }

    /// An owner typed something, now.
    pub(crate) fn owner_typed(&self, login: &str, now: Moment) {
        self.0.borrow_mut().owners_at.insert((login.to_owned(), now));
    }

    /// An owner typed the right password.
    pub(crate) fn owner(&self, device: Device, answer: Answer) {
        let mut counts = self.0.borrow_mut();
        counts.shed += usize::from(answer == Answer::Shed);
        let tally = match device {
            Device::Own => &mut counts.own,
            Device::Unknown => &mut counts.unknown,
        };
        tally.tried += 1;
        tally.refused += usize::from(answer != Answer::SignedIn);
    }

    pub(crate) fn counts(&self) -> Counts {
        self.0.borrow().clone()
    }
}
