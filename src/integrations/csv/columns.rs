//! The columns of a file.

use csv::ByteRecord;

use super::problem::ImportProblem;

/// The columns that one kind of file has.
pub(in crate::integrations) trait Column: Copy + PartialEq + 'static {
    const ALL: &'static [Self];

    fn as_str(self) -> &'static str;

    /// Must the file have it? Whether a row may leave it empty is another question.
    fn is_required(self) -> bool;
}

/// An enum of columns: `Name = "name", is it required;`.
macro_rules! columns {
    ($($column:ident = $name:literal, $is_required:literal;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Column {
            $($column,)*
        }

        impl $crate::integrations::csv::Column for Column {
            const ALL: &'static [Self] = &[$(Self::$column,)*];

            fn as_str(self) -> &'static str {
                match self {
                    $(Self::$column => $name,)*
                }
            }

            fn is_required(self) -> bool {
                match self {
                    $(Self::$column => $is_required,)*
                }
            }
        }
    };
}
pub(in crate::integrations) use columns;

/// Which field of a row is which column.
#[derive(Debug)]
pub(super) struct Header<C> {
    columns: Vec<C>,
}

impl<C: Column> Header<C> {
    /// # Errors
    /// Every column that is unknown, there twice, or missing.
    pub(super) fn read(record: &ByteRecord, line: u64) -> Result<Self, Vec<ImportProblem>> {
        let mut columns = Vec::new();
        let mut problems = Vec::new();
        for field in record {
            let name = String::from_utf8_lossy(field).trim().to_lowercase();
            match C::ALL.iter().find(|column| column.as_str() == name) {
                Some(&column) if columns.contains(&column) => {
                    problems.push(ImportProblem::in_column(
                        line,
                        column.as_str(),
                        "the column is there twice".to_owned(),
                    ));
                }
                Some(&column) => columns.push(column),
                None => problems.push(unknown::<C>(line, &name)),
            }
        }
        for &column in C::ALL.iter().filter(|column| column.is_required() && !columns.contains(column)) {
            problems.push(ImportProblem::in_column(
                line,
                column.as_str(),
                "the column is missing".to_owned(),
            ));
        }
        if columns.is_empty()
            && record.get(0).is_some_and(|field| field.contains(&b';') || field.contains(&b'\t'))
        {
            return Err(vec![ImportProblem::in_line(line, "columns must be separated by commas")]);
        }
        if problems.is_empty() { Ok(Self { columns }) } else { Err(problems) }
    }

    pub(super) fn columns(&self) -> &[C] {
        &self.columns
    }

    /// `None` if the file has no such column.
    pub(super) fn position(&self, column: C) -> Option<usize> {
        self.columns.iter().position(|known| *known == column)
    }
}

fn unknown<C: Column>(line: u64, name: &str) -> ImportProblem {
    let neighbour = C::ALL.iter().min_by_key(|column| strsim::damerau_levenshtein(column.as_str(), name));
    let what = match neighbour {
        Some(neighbour) => format!("unknown column; did you mean {}?", neighbour.as_str()),
        None => "unknown column".to_owned(),
    };
    let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    ImportProblem { line: Some(line), column: Some(shown), what }
}
