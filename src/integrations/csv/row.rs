//! One row, read field by field. What is wrong is noted, and reading goes on.

use csv::ByteRecord;
use unicode_normalization::UnicodeNormalization as _;

use super::columns::{Column, Header};
use super::problem::ImportProblem;

pub(in crate::integrations) struct Row<'a, C> {
    header: &'a Header<C>,
    record: &'a ByteRecord,
    /// That the row begins in.
    line: u64,
    problems: &'a mut Vec<ImportProblem>,
    /// How many problems there were before this row.
    problems_before: usize,
}

impl<'a, C: Column> Row<'a, C> {
    pub(super) fn new(
        header: &'a Header<C>,
        record: &'a ByteRecord,
        line: u64,
        problems: &'a mut Vec<ImportProblem>,
    ) -> Self {
        let problems_before = problems.len();
        Self { header, record, line, problems, problems_before }
    }

    pub(in crate::integrations) const fn line(&self) -> u64 {
        self.line
    }

    pub(in crate::integrations) fn complain(&mut self, column: C, what: String) {
        self.problems.push(ImportProblem::in_column(self.line, column.as_str(), what));
    }

    pub(in crate::integrations) fn has_problems(&self) -> bool {
        self.problems.len() > self.problems_before
    }

    /// With a field too few or too many nobody knows which is which, so that nothing else about the row can be told.
    pub(super) fn has_every_field(&mut self) -> bool {
        let (found, expected) = (self.record.len(), self.header.columns().len());
        if found == expected {
            return true;
        }
        let what = format!("the row has {found} fields, and the header {expected}");
        match self.header.columns().get(found).or(self.header.columns().last()) {
            Some(&column) => self.complain(column, what),
            None => self.problems.push(ImportProblem::in_line(self.line, what)),
        }
        false
    }

    /// Is anything in the field, good or not?
    pub(in crate::integrations) fn is_given(&self, column: C) -> bool {
        self.bytes(column).iter().any(|byte| !byte.is_ascii_whitespace())
    }

    /// A value that every row has.
    pub(in crate::integrations) fn needed<T>(
        &mut self,
        column: C,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if !self.is_given(column) {
            self.complain(column, "must not be empty".to_owned());
            return None;
        }
        self.optional(column, parse)
    }

    /// A value that a row may leave out: `None` then, and `None` if it is bad.
    pub(in crate::integrations) fn optional<T>(
        &mut self,
        column: C,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let parsed = self
            .text(column)
            .and_then(|text| if text.is_empty() { Ok(None) } else { parse(&text).map(Some) });
        parsed.unwrap_or_else(|what| {
            self.complain(column, what);
            None
        })
    }

    /// Values separated by `;`. Each bad one is told by itself.
    pub(in crate::integrations) fn list<T>(
        &mut self,
        column: C,
        parse: impl Fn(&[T], &str) -> Result<T, String>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        match self.text(column) {
            Ok(text) => {
                for entry in text.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
                    match parse(&values, entry) {
                        Ok(value) => values.push(value),
                        Err(what) => self.complain(column, what),
                    }
                }
            }
            Err(what) => self.complain(column, what),
        }
        values
    }

    fn bytes(&self, column: C) -> &'a [u8] {
        self.header.position(column).and_then(|position| self.record.get(position)).unwrap_or_default()
    }

    /// Trimmed and in NFC. Controls are refused: no value has one, and `PostgreSQL` cannot store NUL.
    fn text(&self, column: C) -> Result<String, String> {
        let text = std::str::from_utf8(self.bytes(column)).map_err(|_| "is not UTF-8".to_owned())?;
        let text: String = text.trim().nfc().collect();
        if text.chars().any(char::is_control) {
            return Err("has a control character or a line break in it".to_owned());
        }
        Ok(text)
    }
}
