//! The columns of the file.

use super::Record;
use super::problem::ImportProblem;

macro_rules! columns {
    ($($column:ident = $name:literal, $is_required:literal;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Column {
            $($column,)*
        }

        impl Column {
            pub(super) const ALL: &'static [Self] = &[$(Self::$column,)*];

            pub(super) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$column => $name,)*
                }
            }

            /// Must the file have it? Whether a row may leave it empty is another question.
            const fn is_required(self) -> bool {
                match self {
                    $(Self::$column => $is_required,)*
                }
            }
        }
    };
}

columns! {
    Login = "login", true;
    ContractorNumber = "contractor_number", true;
    GivenName = "given_name", true;
    FamilyName = "family_name", true;
    Email = "email", true;
    Phone = "phone", true;
    Street = "street", true;
    PostalCode = "postal_code", true;
    City = "city", true;
    Office = "office", true;
    Premises = "premises", true;
    State = "state", true;
    InitialPasswordHash = "initial_password_hash", true;
    PasswordHash = "password_hash", true;
    LetterSerial = "letter_serial", false;
    EmailVerified = "email_verified", false;
    Locale = "locale", false;
    OrganisationName = "organisation_name", false;
    Attributes = "attributes", false;
}

/// Which field of a row is which column.
#[derive(Debug)]
pub(super) struct Header {
    columns: Vec<Column>,
}

impl Header {
    /// # Errors
    /// Every column that is unknown, there twice, or missing.
    pub(super) fn read(record: &Record, line: u64) -> Result<Self, Vec<ImportProblem>> {
        let mut columns = Vec::new();
        let mut problems = Vec::new();
        for field in record {
            let name = String::from_utf8_lossy(field).trim().to_lowercase();
            match Column::ALL.iter().find(|column| column.as_str() == name) {
                Some(&column) if columns.contains(&column) => {
                    problems.push(ImportProblem::in_column(
                        line,
                        column.as_str(),
                        "the column is there twice".to_owned(),
                    ));
                }
                Some(&column) => columns.push(column),
                None => problems.push(unknown(line, &name)),
            }
        }
        for &column in Column::ALL.iter().filter(|column| column.is_required() && !columns.contains(column)) {
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

    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// `None` if the file has no such column.
    pub(super) fn position(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|known| *known == column)
    }
}

fn unknown(line: u64, name: &str) -> ImportProblem {
    let neighbour =
        Column::ALL.iter().min_by_key(|column| strsim::damerau_levenshtein(column.as_str(), name));
    let what = match neighbour {
        Some(neighbour) => format!("unknown column; did you mean {}?", neighbour.as_str()),
        None => "unknown column".to_owned(),
    };
    let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    ImportProblem { line: Some(line), column: Some(shown), what }
}
