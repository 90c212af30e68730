//! Accounts from a CSV file: read, checked, and told apart from what no account can be; `write` puts them into the database.
//!
//! One row is one account: one person. A file is good as a whole or not at all, so every row is read to its end and all
//! that is wrong is told at once, each with its line and column.
//!
//! ```csv
//! login,contractor_number,given_name,family_name,…,premises,state,initial_password_hash,password_hash
//! 10017,K-17,Anna,Nowak,…,SW/12/4:co_owner;SW/G3:lessee:commercial,active,,$argon2id$v=19$…
//! ```
//!
//! UTF-8 (a byte order mark is fine), separated by commas, quoted as RFC 4180 says, columns in any order. Several rows
//! may name one contractor number (a couple who own together); one row may name several, separated by `;`, and holds
//! its premises under the first.

mod attributes;
mod columns;
mod contractor;
mod hash;
mod premises;
mod problem;
mod profile;
mod row;
mod state;
mod write;

use std::collections::HashMap;
use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use self::columns::{Column, Header};
use self::row::Row;
use crate::domain::account::{AccountState, Profile};
use crate::domain::credential_letter::LetterSerial;
use crate::domain::login::Login;

pub use self::contractor::ContractorNumber;
pub use self::hash::ImportedHash;
pub use self::premises::ImportedTitle;
pub use self::problem::{ImportErrors, ImportProblem};
pub use self::write::{ImportError, import};

/// A row's bytes, before anybody knows whether they are text.
type Record = ByteRecord;

/// One account, good by itself and beside the others of its file. Whether it is good beside those in the database is
/// for whoever writes it to find out; `line` is where it stood, to say so.
#[derive(Debug, Clone)]
pub struct ImportedAccount {
    /// Lines are counted from 1, the header's line.
    pub line: u64,
    pub login: Login,
    /// Any but `Erased`. It agrees with the hashes.
    pub state: AccountState,
    pub profile: Profile,
    /// The office's name. There is one if the letter is yet to be collected.
    pub office: Option<String>,
    /// At least one; the first holds the titles.
    pub contractor_numbers: Vec<ContractorNumber>,
    pub titles: Vec<ImportedTitle>,
    pub initial_password_hash: Option<ImportedHash>,
    pub password_hash: Option<ImportedHash>,
    pub letter_serial: Option<LetterSerial>,
}

/// Reads a whole file.
///
/// # Errors
/// Everything that is wrong with it, in the order of its lines.
pub fn parse(mut file: impl Read) -> Result<Vec<ImportedAccount>, ImportErrors> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)
        .map_err(|error| ImportErrors::new(vec![ImportProblem::unreadable(&error)]))?;
    let mut rows =
        ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]).into_byte_records();
    let header = match rows.next() {
        Some(Ok(record)) => Header::read(&record, line_of(&record, &bytes)).map_err(ImportErrors::new)?,
        Some(Err(error)) => return Err(ImportErrors::new(vec![ImportProblem::unreadable(&error)])),
        None => return Err(ImportErrors::new(vec![ImportProblem::in_line(1, "the file is empty")])),
    };

    let mut accounts = Vec::new();
    let mut problems = Vec::new();
    let mut firsts = Firsts::default();
    for record in rows {
        match record {
            // Spreadsheets leave rows of nothing but commas at the end.
            Ok(record) if record.iter().all(<[u8]>::is_empty) => {}
            Ok(record) => {
                let mut row = Row::new(&header, &record, line_of(&record, &bytes), &mut problems);
                if let Some(account) = account(&mut row) {
                    firsts.complain_about_repetition(&account, &mut row);
                    accounts.push(account);
                }
            }
            // The reader itself failed: there is nothing more to be had from it.
            Err(error) => {
                problems.push(ImportProblem::unreadable(&error));
                break;
            }
        }
    }
    premises::settle_kinds(&mut accounts, &mut problems);
    if problems.is_empty() { Ok(accounts) } else { Err(ImportErrors::new(problems)) }
}

/// The line that a row begins in. The CSV reader takes the empty lines before a row for a part of it.
fn line_of(record: &Record, file: &[u8]) -> u64 {
    let Some(position) = record.position() else {
        return 0;
    };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let skipped =
        file.get(start..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    skipped.fold(position.line(), |line, byte| line + u64::from(*byte == b'\n'))
}

/// `None` if anything is wrong with the row; the row knows what.
fn account(row: &mut Row<'_>) -> Option<ImportedAccount> {
    if !row.has_every_field() {
        return None;
    }
    let login = row.needed(Column::Login, |text| Login::parse(text).map_err(|error| error.to_string()));
    let state = row.needed(Column::State, state::parse);
    let profile = profile::read(row);
    let office = row.optional(Column::Office, |text| profile::short_text(text, 100));
    let contractor_numbers = row.needed(Column::ContractorNumber, contractor::parse_list);
    let titles = row.list(Column::Premises, premises::parse);
    let initial_password_hash = row.optional(Column::InitialPasswordHash, ImportedHash::parse);
    let password_hash = row.optional(Column::PasswordHash, ImportedHash::parse);
    let letter_serial = row.optional(Column::LetterSerial, |text| {
        LetterSerial::of_any_system(text).map_err(|error| error.to_string())
    });
    if let Some(state) = state {
        state::complain_about_disagreement(state, row);
    }
    if initial_password_hash.is_some() && initial_password_hash == password_hash {
        row.complain(Column::PasswordHash, "the chosen password is the initial one".to_owned());
    }

    if row.has_problems() {
        return None;
    }
    Some(ImportedAccount {
        line: row.line(),
        login: login?,
        state: state?,
        profile: profile?,
        office,
        contractor_numbers: contractor_numbers?,
        titles,
        initial_password_hash,
        password_hash,
        letter_serial,
    })
}

/// Where what may be there only once was seen first.
#[derive(Default)]
struct Firsts {
    logins: HashMap<Login, u64>,
    serials: HashMap<LetterSerial, u64>,
}

impl Firsts {
    fn complain_about_repetition(&mut self, account: &ImportedAccount, row: &mut Row<'_>) {
        let first = *self.logins.entry(account.login.clone()).or_insert(account.line);
        if first != account.line {
            row.complain(Column::Login, format!("{} is in line {first} already", account.login));
        }
        if let Some(serial) = &account.letter_serial {
            let first = *self.serials.entry(serial.clone()).or_insert(account.line);
            if first != account.line {
                row.complain(Column::LetterSerial, format!("{serial} is in line {first} already"));
            }
        }
    }
}

#[cfg(test)]
mod tests;
