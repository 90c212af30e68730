//! The file by itself: rows of titles, told apart into contractors, premises and what links them.
//!
//! A contractor and premises are written out in every row that names them. They must be the same each time: where two
//! rows differ nobody can tell which one is right.

use std::collections::HashMap;
use std::io::Read;

use super::columns::Column;
use crate::domain::premises::{LegalTitle, PremisesKind};
use crate::integrations::csv::values::{self, Names, short_text};
use crate::integrations::csv::{self, ContractorNumber, ImportErrors, Row};

/// What a good file says.
#[derive(Debug, Default)]
pub(super) struct RegisterFile {
    pub contractors: Vec<FiledContractor>,
    pub premises: Vec<FiledPremises>,
    pub titles: Vec<FiledTitle>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FiledContractor {
    pub number: String,
    pub names: Names,
    pub office: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FiledPremises {
    pub code: String,
    pub kind: PremisesKind,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
}

/// A title of one of the file's contractors to some of its premises, by their positions.
#[derive(Debug, Clone, Copy)]
pub(super) struct FiledTitle {
    pub contractor: usize,
    pub premises: usize,
    pub title: LegalTitle,
}

/// # Errors
/// Everything that is wrong with the file, in the order of its lines.
pub(super) fn parse(file: impl Read) -> Result<RegisterFile, ImportErrors> {
    let mut gathered = Gathered::default();
    let (_, problems) = csv::read(file, |row| {
        let (contractor, premises, title) = title_row(row)?;
        gathered.add(row, &contractor, &premises, title);
        Some(())
    })?;
    if problems.is_empty() { Ok(gathered.file) } else { Err(ImportErrors::new(problems)) }
}

/// `None` if anything is wrong with the row; the row knows what.
fn title_row(row: &mut Row<'_, Column>) -> Option<(FiledContractor, FiledPremises, LegalTitle)> {
    let number = row.needed(Column::ContractorNumber, ContractorNumber::parse);
    let names = values::names(row, [Column::GivenName, Column::FamilyName, Column::OrganisationName]);
    let office = row.needed(Column::Office, |text| short_text(text, 100));
    let code = row.needed(Column::Premises, values::premises_code);
    let kind = row.needed(Column::PremisesKind, values::kind);
    let street = row.optional(Column::Street, |text| short_text(text, 200));
    let postal_code = row.optional(Column::PostalCode, |text| short_text(text, 20));
    let city = row.optional(Column::City, |text| short_text(text, 100));
    let role = row.needed(Column::Role, values::role);
    let valid_from = row.optional(Column::ValidFrom, values::date);
    let valid_until = row.optional(Column::ValidUntil, values::date);
    if row.has_problems() {
        return None;
    }
    let title = match LegalTitle::new(role?, valid_from, valid_until) {
        Ok(title) => title,
        Err(error) => {
            row.complain(Column::ValidUntil, error.to_string());
            return None;
        }
    };
    let contractor = FiledContractor { number: number?.as_str().to_owned(), names: names?, office: office? };
    let premises = FiledPremises { code: code?, kind: kind?, street, postal_code, city };
    Some((contractor, premises, title))
}

/// What was read so far, and in which line each was first.
#[derive(Default)]
struct Gathered {
    file: RegisterFile,
    contractors: HashMap<String, (usize, u64)>,
    premises: HashMap<String, (usize, u64)>,
    titles: HashMap<(usize, usize, &'static str), u64>,
}

impl Gathered {
    fn add(
        &mut self,
        row: &mut Row<'_, Column>,
        contractor: &FiledContractor,
        premises: &FiledPremises,
        title: LegalTitle,
    ) {
        let file = &mut self.file;
        let (holder, line) = *self.contractors.entry(contractor.number.clone()).or_insert_with(|| {
            file.contractors.push(contractor.clone());
            (file.contractors.len() - 1, row.line())
        });
        complain_about_contractor(row, contractor, &file.contractors[holder], line);
        let (held, line) = *self.premises.entry(premises.code.clone()).or_insert_with(|| {
            file.premises.push(premises.clone());
            (file.premises.len() - 1, row.line())
        });
        complain_about_premises(row, premises, &file.premises[held], line);
        let role = title.role();
        let line = *self.titles.entry((holder, held, role.as_str())).or_insert(row.line());
        if line != row.line() {
            let what = format!("{} is {role} of {} in line {line} already", contractor.number, premises.code);
            row.complain(Column::Role, what);
        }
        file.titles.push(FiledTitle { contractor: holder, premises: held, title });
    }
}

fn complain_about_contractor(
    row: &mut Row<'_, Column>,
    here: &FiledContractor,
    there: &FiledContractor,
    line: u64,
) {
    let name = |contractor: &FiledContractor| contractor.names.organisation_name.clone().unwrap_or_default();
    for (column, here, there) in [
        (Column::GivenName, here.names.given_name.clone(), there.names.given_name.clone()),
        (Column::FamilyName, here.names.family_name.clone(), there.names.family_name.clone()),
        (Column::OrganisationName, name(here), name(there)),
        (Column::Office, here.office.clone(), there.office.clone()),
    ] {
        complain_about_difference(row, column, &here, &there, line);
    }
}

fn complain_about_premises(
    row: &mut Row<'_, Column>,
    here: &FiledPremises,
    there: &FiledPremises,
    line: u64,
) {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    for (column, here, there) in [
        (Column::PremisesKind, here.kind.to_string(), there.kind.to_string()),
        (Column::Street, text(&here.street), text(&there.street)),
        (Column::PostalCode, text(&here.postal_code), text(&there.postal_code)),
        (Column::City, text(&here.city), text(&there.city)),
    ] {
        complain_about_difference(row, column, &here, &there, line);
    }
}

fn complain_about_difference(row: &mut Row<'_, Column>, column: Column, here: &str, there: &str, line: u64) {
    if here != there {
        row.complain(column, format!("is {here:?} here, and {there:?} in line {line}"));
    }
}
