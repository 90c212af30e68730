//! A file that is good by itself goes into the database, if it is good beside what is there: as a whole, in one
//! transaction, with an audit record for each account.

use std::collections::HashMap;
use std::io::Read;

use sea_orm::{DatabaseTransaction, DbErr};

use super::{Column, ImportErrors, ImportProblem, ImportedAccount, parse};
use crate::domain::ambient::Ambient;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, OfficeId};
use crate::integrations::csv::Column as _;
use crate::storage::accounts::{self, NewAccount};
use crate::storage::database::Database;
use crate::storage::journal::Journal;
use crate::storage::letters;
use crate::storage::people::{self, NewContractor, NewTitle};

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    File(#[from] ImportErrors),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Imports a file. `progress` is told after each account how many are done, of how many.
///
/// # Errors
/// Everything that is wrong with the file; nothing was written then.
pub async fn import(
    database: &Database,
    ambient: &Ambient,
    journal: &Journal,
    file: impl Read,
    mut progress: impl FnMut(usize, usize),
) -> Result<usize, ImportError> {
    let rows = parse(file)?;
    let transaction = database.begin().await?;
    refuse_taken(&transaction, &rows).await?;
    let writer = Writer { transaction: &transaction, ambient, journal, now: ambient.now() };
    let mut offices = HashMap::new();
    for (done, row) in rows.iter().enumerate() {
        writer.write(row, &mut offices).await?;
        progress(done + 1, rows.len());
    }
    transaction.commit().await?;
    Ok(rows.len())
}

/// A login is never given twice, nor is a serial.
async fn refuse_taken(
    transaction: &DatabaseTransaction,
    rows: &[ImportedAccount],
) -> Result<(), ImportError> {
    let logins: Vec<String> = rows.iter().map(|row| row.login.to_string()).collect();
    let serials: Vec<String> = rows
        .iter()
        .filter_map(|row| row.letter_serial.as_ref())
        .map(|serial| serial.as_str().to_owned())
        .collect();
    let taken_logins = accounts::taken_logins(transaction, &logins).await?;
    let taken_serials = letters::taken_serials(transaction, &serials).await?;
    let mut problems = Vec::new();
    for row in rows {
        if taken_logins.iter().any(|taken| taken == row.login.as_str()) {
            let what = format!("{} is taken: a login is never given twice", row.login);
            problems.push(ImportProblem::in_column(row.line, Column::Login.as_str(), what));
        }
        if let Some(serial) = &row.letter_serial
            && taken_serials.iter().any(|taken| taken == serial.as_str())
        {
            let what = format!("{serial} is the serial of another letter");
            problems.push(ImportProblem::in_column(row.line, Column::LetterSerial.as_str(), what));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(ImportErrors::new(problems).into()) }
}

struct Writer<'a> {
    transaction: &'a DatabaseTransaction,
    ambient: &'a Ambient,
    journal: &'a Journal,
    now: Moment,
}

impl Writer<'_> {
    async fn write(
        &self,
        row: &ImportedAccount,
        offices: &mut HashMap<String, OfficeId>,
    ) -> Result<(), DbErr> {
        let office = match &row.office {
            Some(name) => Some(self.office(name, offices).await?),
            None => None,
        };
        let account: AccountId = self.ambient.new_id();
        accounts::insert(
            self.transaction,
            NewAccount {
                id: account,
                login: row.login.clone(),
                subject: self.ambient.new_secret().expose().to_owned(),
                state: row.state,
                initial_password_hash: row
                    .initial_password_hash
                    .as_ref()
                    .map(|hash| hash.as_str().to_owned()),
                password_hash: row.password_hash.as_ref().map(|hash| hash.as_str().to_owned()),
                profile: row.profile.clone(),
                office,
                created_at: self.now,
            },
        )
        .await?;
        if row.initial_password_hash.is_some() {
            // No letter of another system carries recovery codes.
            accounts::let_initial_password_recover(self.transaction, account, true).await?;
        }
        self.journal.make_person_key(self.transaction, account, self.now).await?;
        self.contractors_and_titles(row, account, office).await?;
        if let Some(serial) = &row.letter_serial {
            let letter = self.ambient.new_id();
            letters::insert_imported(self.transaction, letter, account, serial.as_str().to_owned(), self.now)
                .await?;
        }
        let record = AuditRecord::new(Action::AccountImported, Actor::Operator)
            .about(account)
            .outcome(row.state.as_str());
        self.journal.record(self.transaction, &record).await
    }

    async fn office(&self, name: &str, known: &mut HashMap<String, OfficeId>) -> Result<OfficeId, DbErr> {
        if let Some(office) = known.get(name) {
            return Ok(*office);
        }
        let office = people::office_named(self.transaction, self.ambient.new_id(), name, self.now).await?;
        known.insert(name.to_owned(), office);
        Ok(office)
    }

    /// The first contractor number holds the row's titles.
    async fn contractors_and_titles(
        &self,
        row: &ImportedAccount,
        account: AccountId,
        office: Option<OfficeId>,
    ) -> Result<(), DbErr> {
        let mut holder = None;
        for number in &row.contractor_numbers {
            let contractor = people::contractor_numbered(
                self.transaction,
                NewContractor {
                    id: self.ambient.new_id(),
                    number: number.as_str(),
                    given_name: &row.profile.given_name,
                    family_name: &row.profile.family_name,
                    organisation_name: row.profile.organisation_name.as_deref(),
                    office,
                    created_at: self.now,
                },
            )
            .await?;
            people::link_account(self.transaction, account, contractor).await?;
            holder.get_or_insert(contractor);
        }
        let Some(contractor) = holder else {
            return Ok(());
        };
        for held in &row.titles {
            let premises = people::premises_coded(
                self.transaction,
                self.ambient.new_id(),
                &held.premises_code,
                held.kind,
                self.now,
            )
            .await?;
            let title = NewTitle {
                id: self.ambient.new_id(),
                contractor,
                premises,
                role: held.title.role(),
                valid_until: held.title.valid_until(),
                created_at: self.now,
            };
            people::record_title(self.transaction, title).await?;
        }
        Ok(())
    }
}
