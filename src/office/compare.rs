//! What was filled in, held against a row of the register, field by field.

use crate::domain::application::Particulars;
use crate::domain::register_key;
use crate::storage::matching::{RegisterRow, RegisterTitle};

/// A field of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComparedField {
    Number,
    Name,
    Organisation,
    Address,
    Role,
    Office,
}

impl ComparedField {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Name => "name",
            Self::Organisation => "organisation",
            Self::Address => "address",
            Self::Role => "role",
            Self::Office => "office",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// As far as the folded forms go: `ul. Katowicka 12/4` is `Katowicka 12 m. 4`.
    Same,
    Differs,
    /// One of the two does not say.
    Unknown,
}

impl Comparison {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::Unknown => "unknown",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    pub field: ComparedField,
    /// What the applicant says; empty if nothing. A role by its code.
    pub given: String,
    /// What the register says.
    pub registered: String,
    pub comparison: Comparison,
}

/// Compares; `office` is the name of the office that the applicant chose.
pub(super) fn compare(given: &Particulars, office: &str, row: &RegisterRow) -> Vec<Compared> {
    let title = title_in_question(row);
    let person = |given: &str, family: &str| format!("{given} {family}").trim().to_owned();
    let name_key = register_key::of_person;
    let registered_address = title.map(address_of).unwrap_or_default();
    let given_address =
        format!("{}, {} {}", given.premises.street, given.premises.postal_code, given.premises.city);
    let mut compared = vec![
        by_text(
            ComparedField::Number,
            given.contractor_number.clone().unwrap_or_default(),
            row.number.clone(),
        ),
        by_keys(
            ComparedField::Name,
            (person(&given.given_name, &given.family_name), person(&row.given_name, &row.family_name)),
            (name_key(&given.given_name, &given.family_name), name_key(&row.given_name, &row.family_name)),
        ),
        by_keys(
            ComparedField::Address,
            (given_address, registered_address),
            (
                register_key::of_address(&given.premises.street, &given.premises.city),
                title.and_then(|title| {
                    register_key::of_address(title.street.as_deref()?, title.city.as_deref()?)
                }),
            ),
        ),
        by_text(
            ComparedField::Role,
            given.title_role.as_str().to_owned(),
            title.map(|title| title.role.as_str().to_owned()).unwrap_or_default(),
        ),
        by_text(ComparedField::Office, office.to_owned(), row.office.clone().unwrap_or_default()),
    ];
    if given.organisation_name.is_some() || row.organisation_name.is_some() {
        let names =
            [&given.organisation_name, &row.organisation_name].map(|name| name.clone().unwrap_or_default());
        let keys = names.each_ref().map(|name| register_key::of_organisation(name));
        let ([given, registered], [given_key, registered_key]) = (names, keys);
        let firm = by_keys(ComparedField::Organisation, (given, registered), (given_key, registered_key));
        compared.insert(2, firm);
    }
    compared
}

/// The title that the application is about: the one to the premises that were named, if it holds, then any that does.
fn title_in_question(row: &RegisterRow) -> Option<&RegisterTitle> {
    let current = || row.titles.iter().filter(|title| title.is_current);
    current().find(|title| title.is_wanted_address).or_else(|| current().next()).or(row.titles.first())
}

fn address_of(title: &RegisterTitle) -> String {
    let place =
        [&title.postal_code, &title.city].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    [title.street.clone(), Some(place).filter(|place| !place.is_empty())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

fn by_text(field: ComparedField, given: String, registered: String) -> Compared {
    let keys = [&given, &registered].map(|text| Some(text.clone()).filter(|text| !text.is_empty()));
    let [given_key, registered_key] = keys;
    by_keys(field, (given, registered), (given_key, registered_key))
}

fn by_keys(
    field: ComparedField,
    (given, registered): (String, String),
    keys: (Option<String>, Option<String>),
) -> Compared {
    let comparison = match keys {
        (Some(given), Some(registered)) if given == registered => Comparison::Same,
        (Some(_), Some(_)) => Comparison::Differs,
        _ => Comparison::Unknown,
    };
    Compared { field, given, registered, comparison }
}
