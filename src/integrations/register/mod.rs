//! The contractor register from the billing system's CSV: who has which title to which premises, and for how long.
//!
//! One row is one title; its contractor and premises are written out in every row that names them. How such a file is
//! written at all: `integrations::csv`.
//!
//! ```csv
//! contractor_number,given_name,…,office,premises,premises_kind,street,…,role,valid_from,valid_until
//! K-17,Anna,…,Administracja nr 1,SW/12/4,residential,ul. Bytomska 8/4,…,owner,2019-05-01,
//! ```
//!
//! An import writes what differs, and nothing if nothing does. A row that is missing is not an end, unless the file is
//! said to be a full snapshot; and one that would end more than [`Brake::PERCENT`] of the titles that hold today is
//! stopped until somebody confirms the very number: half a file must not close half of the accounts.

mod change;
mod columns;
mod compare;
mod file;
mod terms;

use std::collections::HashMap;
use std::fmt;
use std::io::Read;

use sea_orm::{DatabaseTransaction, DbErr};
use serde::Serialize;

use self::compare::{Plan, compare};
use self::file::RegisterFile;
use super::csv::ImportErrors;
use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::people;
use crate::storage::register::{self, CHUNK};

pub use self::change::{Change, Counts, FieldChange, NamedTitle};
pub use self::terms::{Scope, Step, Terms};

/// What an import did, or would do.
#[derive(Debug)]
pub struct Outcome {
    /// Titles in the file.
    pub rows: usize,
    pub counts: Counts,
    pub changes: Vec<Change>,
    /// Of a preview: what would stop the import itself.
    pub stopped: Option<Brake>,
}

/// A full snapshot that would end too many titles, or another number of them than was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brake {
    /// How many would end.
    pub ending: usize,
    /// How many hold today.
    pub current: usize,
    /// How many were said to end.
    pub confirmed: Option<usize>,
    /// The first of those that would end.
    pub first: Vec<NamedTitle>,
}

impl Brake {
    /// More than so much of the titles that hold today does not end by itself.
    pub const PERCENT: usize = 2;

    const SHOWN: usize = 10;

    fn on(plan: &Plan, scope: Scope) -> Option<Self> {
        let Scope::FullSnapshot { end_titles: confirmed } = scope else {
            return None;
        };
        let (ending, current) = (plan.ending.len(), plan.current_titles);
        let is_fine = match confirmed {
            Some(confirmed) => confirmed == ending,
            None => ending * 100 <= current * Self::PERCENT,
        };
        let first = plan.ending.iter().take(Self::SHOWN).cloned().collect();
        (!is_fine).then_some(Self { ending, current, confirmed, first })
    }
}

impl fmt::Display for Brake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} titles would end", self.ending, self.current)?;
        match self.confirmed {
            Some(confirmed) => write!(f, ", and not {confirmed}")?,
            None => write!(f, ", more than {} %", Self::PERCENT)?,
        }
        for (position, title) in self.first.iter().enumerate() {
            write!(f, "{}{title}", if position == 0 { ": " } else { "; " })?;
        }
        if self.ending > self.first.len() {
            write!(f, "; and {} more", self.ending - self.first.len())?;
        }
        write!(f, ". If that is right, say so with --end-titles {}", self.ending)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error(transparent)]
    File(#[from] ImportErrors),
    #[error("a full snapshot without a single title would end them all: it is taken for a mistake")]
    EmptySnapshot,
    #[error("{0}")]
    Stopped(Brake),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What an import of this file would change. Nothing is written.
///
/// # Errors
/// Everything that is wrong with the file.
pub async fn preview(
    database: &Database,
    ambient: &Ambient,
    file: impl Read,
    terms: Terms,
    mut progress: impl FnMut(Step, usize, usize),
) -> Result<Outcome, RegisterError> {
    let file = read(file, terms.scope)?;
    let transaction = database.begin_read().await?;
    let plan = compare(&transaction, ambient, &file, terms, &mut progress).await?;
    transaction.rollback().await?;
    let stopped = Brake::on(&plan, terms.scope);
    Ok(Outcome { rows: file.titles.len(), counts: Counts::of(&plan.changes), changes: plan.changes, stopped })
}

/// Imports a file. `progress` is told how much of each step is done, of how much.
///
/// # Errors
/// Everything that is wrong with the file, or that it would end too many titles; nothing was written then.
pub async fn import(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    file: impl Read,
    terms: Terms,
    mut progress: impl FnMut(Step, usize, usize),
) -> Result<Outcome, RegisterError> {
    let file = read(file, terms.scope)?;
    let transaction = database.begin().await?;
    register::lock(&transaction).await?;
    let mut plan = compare(&transaction, ambient, &file, terms, &mut progress).await?;
    if let Some(brake) = Brake::on(&plan, terms.scope) {
        return Err(RegisterError::Stopped(brake));
    }
    let counts = Counts::of(&plan.changes);
    if plan.changes.is_empty() {
        transaction.rollback().await?;
    } else {
        write(&transaction, ambient, &mut plan, &mut progress).await?;
        record(&transaction, journal, terms.scope, file.titles.len(), counts).await?;
        transaction.commit().await?;
    }
    Ok(Outcome { rows: file.titles.len(), counts, changes: plan.changes, stopped: None })
}

fn read(file: impl Read, scope: Scope) -> Result<RegisterFile, RegisterError> {
    let file = file::parse(file)?;
    let is_snapshot = matches!(scope, Scope::FullSnapshot { .. });
    if is_snapshot && file.titles.is_empty() { Err(RegisterError::EmptySnapshot) } else { Ok(file) }
}

/// Parents before children.
async fn write(
    transaction: &DatabaseTransaction,
    ambient: &Ambient,
    plan: &mut Plan,
    progress: &mut impl FnMut(Step, usize, usize),
) -> Result<(), DbErr> {
    let of = plan.contractors.len() + plan.premises.len() + plan.titles.len();
    let mut done = 0;
    let mut tell = |rows: usize| {
        done += rows;
        progress(Step::Writing, done, of);
    };
    let mut offices = HashMap::new();
    for (id, name) in &plan.offices {
        let office = people::office_named(transaction, *id, name, ambient.now()).await?;
        offices.insert(*id, office);
    }
    // Another process may have made an office of that name meanwhile: then it is that one.
    for contractor in &mut plan.contractors {
        contractor.office = contractor.office.map(|office| offices.get(&office).copied().unwrap_or(office));
    }
    for rows in plan.contractors.chunks(CHUNK) {
        register::put_contractors(transaction, rows).await?;
        tell(rows.len());
    }
    for rows in plan.premises.chunks(CHUNK) {
        register::put_premises(transaction, rows).await?;
        tell(rows.len());
    }
    for rows in plan.titles.chunks(CHUNK) {
        register::put_titles(transaction, rows).await?;
        tell(rows.len());
    }
    Ok(())
}

/// That it happened, in the audit; how much changed, as an event.
async fn record(
    transaction: &DatabaseTransaction,
    journal: &Journal,
    scope: Scope,
    rows: usize,
    counts: Counts,
) -> Result<(), DbErr> {
    let outcome = match scope {
        Scope::Changes => "changes",
        Scope::FullSnapshot { end_titles: None } => "full_snapshot",
        Scope::FullSnapshot { end_titles: Some(_) } => "full_snapshot_confirmed",
    };
    let action = Action::RegisterImported;
    journal.record(transaction, &AuditRecord::new(action, Actor::Operator).outcome(outcome)).await?;
    let payload = serde_json::json!({"scope": outcome, "rows": rows, "counts": counts});
    journal.announce(transaction, action.as_str(), payload).await
}

/// For the fuzz targets.
#[cfg(feature = "fuzzing")]
pub(crate) fn read_file(file: &[u8]) {
    file::parse(file).ok();
}
