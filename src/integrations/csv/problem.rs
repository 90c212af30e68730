//! What is wrong with a file, for the person who made it.

use std::fmt;

/// Everything that is wrong with a file, in the order of its lines. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportErrors(Vec<ImportProblem>);

/// One thing that is wrong. It never shows a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProblem {
    /// Counted from 1, the header's line; `None` if the file could not be read at all.
    pub line: Option<u64>,
    /// `None` if it is the line as a whole.
    pub column: Option<String>,
    pub what: String,
}

impl ImportErrors {
    /// So many are written out; [`Self::problems`] has all.
    const SHOWN: usize = 100;

    pub(in crate::integrations) fn new(mut problems: Vec<ImportProblem>) -> Self {
        problems.sort_by_key(|problem| problem.line);
        Self(problems)
    }

    pub fn problems(&self) -> &[ImportProblem] {
        &self.0
    }
}

impl ImportProblem {
    pub(in crate::integrations) fn in_column(line: u64, column: &str, what: String) -> Self {
        Self { line: Some(line), column: Some(column.to_owned()), what }
    }

    pub(in crate::integrations) fn in_line(line: u64, what: impl Into<String>) -> Self {
        Self { line: Some(line), column: None, what: what.into() }
    }

    pub(in crate::integrations) fn unreadable(error: &dyn fmt::Display) -> Self {
        Self { line: None, column: None, what: format!("cannot be read: {error}") }
    }
}

impl fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}")?,
            None => f.write_str("the file")?,
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// One problem a line. A file in another encoding has one in every row: nobody reads a hundred thousand.
impl fmt::Display for ImportErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.0.iter().take(Self::SHOWN).enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        match self.0.len().checked_sub(Self::SHOWN) {
            Some(more @ 1..) => write!(f, "\nand {more} more"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for ImportErrors {}
