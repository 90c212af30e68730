//! The desk at the printer: what is to be printed, and what waits to be collected.

use chrono::NaiveDate;
use sea_orm::DbErr;

use super::context::Office;
use super::printing::{PrintRequest, name_in};
use crate::domain::ids::OfficeId;
use crate::domain::staff::{OfficeScope, StaffMember};
use crate::storage::letter_queue::{self, QueuedLetter, QueuedOrder};
use crate::storage::people;

/// How many letters are printed at one press: what a tray holds, and half a minute of hashing.
pub const AT_MOST: usize = 100;

/// How many rows a list shows. More is nobody's work for one day.
const SHOWN: u64 = 300;

/// What the printer's desk shows.
#[derive(Debug)]
pub struct LetterDesk {
    /// Oldest first.
    pub to_print: Vec<QueuedOrder>,
    /// Oldest first.
    pub waiting: Vec<WaitingLetter>,
    /// Every office, for who sees more than one.
    pub offices: Vec<(OfficeId, String)>,
    /// Is there more than is shown?
    pub is_cut: bool,
}

/// A letter that waits to be collected.
#[derive(Debug)]
pub struct WaitingLetter {
    pub queued: QueuedLetter,
    pub printed_by: String,
    /// The last day.
    pub collect_until: NaiveDate,
    /// Until that day; negative once it is over.
    pub days_left: i64,
}

impl Office {
    /// `only`: of this office, for who sees more than one.
    pub async fn letter_desk(
        &self,
        member: &StaffMember,
        only: Option<OfficeId>,
    ) -> Result<LetterDesk, DbErr> {
        let connection = self.database.read();
        let now = self.ambient.now();
        let scope = narrowed(member, only);
        let to_print = letter_queue::to_print(connection, scope, None, SHOWN).await?;
        let waiting = letter_queue::waiting(connection, scope, SHOWN).await?;
        let is_cut = [to_print.len(), waiting.len()].iter().any(|shown| *shown as u64 == SHOWN);
        let printers = waiting.iter().filter_map(|queued| queued.letter.printed_by);
        let names = letter_queue::names_of(connection, printers).await?;
        let today = self.calendar.today(now);
        let waiting = waiting
            .into_iter()
            .map(|queued| {
                let QueuedLetter { letter, kind, addressee } = &queued;
                let until =
                    self.collect_until(*kind, addressee.state, addressee.state_since, letter.printed_at);
                let collect_until = self.calendar.day_of(until);
                WaitingLetter {
                    printed_by: name_in(&names, letter.printed_by),
                    collect_until,
                    days_left: (collect_until - today).num_days(),
                    queued,
                }
            })
            .collect();
        let offices = match member.office_scope() {
            OfficeScope::All => people::offices(connection).await?,
            OfficeScope::Only(_) | OfficeScope::Nothing => Vec::new(),
        };
        Ok(LetterDesk { to_print, waiting, offices, is_cut })
    }

    /// Everything that was ordered today and is still to be printed, oldest first, as far as one press goes.
    pub async fn ordered_today(
        &self,
        member: &StaffMember,
        only: Option<OfficeId>,
    ) -> Result<Vec<PrintRequest>, DbErr> {
        let midnight = self.calendar.begin_of(self.calendar.today(self.ambient.now()));
        let queued = letter_queue::to_print(
            self.database.read(),
            narrowed(member, only),
            Some(midnight),
            AT_MOST as u64,
        )
        .await?;
        Ok(queued.into_iter().map(|queued| PrintRequest { order: queued.order.id, seen: None }).collect())
    }
}

/// Who is bound to an office sees that one, whatever they ask for.
fn narrowed(member: &StaffMember, only: Option<OfficeId>) -> OfficeScope {
    match (member.office_scope(), only) {
        (OfficeScope::All, Some(office)) => OfficeScope::Only(office),
        (scope, _) => scope,
    }
}
