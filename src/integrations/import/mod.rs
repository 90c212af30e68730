//! Accounts from a CSV file: read, checked, and told apart from what no account can be; `write` puts them into the database.
//!
//! One row is one account: one person. How such a file is written at all: `integrations::csv`.
//!
//! ```csv
//! login,contractor_number,given_name,family_name,…,premises,state,initial_password_hash,password_hash
//! 10017,K-17,Anna,Nowak,…,SW/12/4:co_owner;SW/G3:lessee:commercial,active,,$argon2id$v=19$…
//! ```
//!
//! Several rows may name one contractor number (a couple who own together); one row may name several, separated by
//! `;`, and holds its premises under the first.

mod attributes;
mod columns;
mod contractor;
mod hash;
mod premises;
mod profile;
mod state;
mod write;

use std::collections::HashMap;
use std::io::Read;

use self::columns::Column;
use super::csv::values::short_text;
use super::csv::{self, Row};
use crate::domain::account::{AccountState, Profile};
use crate::domain::credential_letter::LetterSerial;
use crate::domain::login::Login;

pub use self::hash::ImportedHash;
pub use self::premises::ImportedTitle;
pub use self::write::{ImportError, import};
pub use super::csv::{ContractorNumber, ImportErrors, ImportProblem};

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
pub fn parse(file: impl Read) -> Result<Vec<ImportedAccount>, ImportErrors> {
    let mut firsts = Firsts::default();
    let (mut accounts, mut problems) = csv::read(file, |row| {
        let account = account(row)?;
        firsts.complain_about_repetition(&account, row);
        Some(account)
    })?;
    premises::settle_kinds(&mut accounts, &mut problems);
    if problems.is_empty() { Ok(accounts) } else { Err(ImportErrors::new(problems)) }
}

/// `None` if anything is wrong with the row; the row knows what.
fn account(row: &mut Row<'_, Column>) -> Option<ImportedAccount> {
    let login = row.needed(Column::Login, |text| Login::parse(text).map_err(|error| error.to_string()));
    let state = row.needed(Column::State, state::parse);
    let profile = profile::read(row);
    let office = row.optional(Column::Office, |text| short_text(text, 100));
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
    fn complain_about_repetition(&mut self, account: &ImportedAccount, row: &mut Row<'_, Column>) {
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
