//! What an import is told, and what it tells while it goes on.

use chrono::NaiveDate;

/// What the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Some rows, or all: what it does not name stays as it is.
    Changes,
    /// Every title that there is: what it does not name ends.
    FullSnapshot {
        /// So many titles are meant to end, whatever share of all it is.
        end_titles: Option<usize>,
    },
}

#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub scope: Scope,
    /// The house's day: titles that are missing from a full snapshot are over on it.
    pub today: NaiveDate,
}

/// What the progress is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Comparing,
    Writing,
}
