//! The contractor register, as the billing system hands it over.

use chrono::NaiveDate;

/// A row of the file; tests change what they are about.
#[derive(Debug, Clone)]
pub(crate) struct TitleRow {
    pub(crate) contractor_number: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) organisation_name: String,
    pub(crate) office: String,
    pub(crate) premises: String,
    pub(crate) premises_kind: String,
    pub(crate) street: String,
    pub(crate) postal_code: String,
    pub(crate) city: String,
    pub(crate) role: String,
    pub(crate) valid_from: String,
    pub(crate) valid_until: String,
}

impl TitleRow {
    /// An owner, who always was and stays one.
    pub(crate) fn new(contractor_number: &str, premises: &str) -> Self {
        Self {
            contractor_number: contractor_number.to_owned(),
            given_name: "Halina".to_owned(),
            family_name: "Wrona".to_owned(),
            organisation_name: String::new(),
            office: "Administracja nr 1".to_owned(),
            premises: premises.to_owned(),
            premises_kind: "residential".to_owned(),
            street: "ul. Wiśniowa 3/4".to_owned(),
            postal_code: "41-600".to_owned(),
            city: "Świętochłowice".to_owned(),
            role: "owner".to_owned(),
            valid_from: String::new(),
            valid_until: String::new(),
        }
    }

    pub(crate) fn named(self, given_name: &str, family_name: &str) -> Self {
        Self { given_name: given_name.to_owned(), family_name: family_name.to_owned(), ..self }
    }

    pub(crate) fn at(self, street: &str) -> Self {
        Self { street: street.to_owned(), ..self }
    }

    pub(crate) fn from(self, day: NaiveDate) -> Self {
        Self { valid_from: day.to_string(), ..self }
    }

    /// Over on this day.
    pub(crate) fn until(self, day: NaiveDate) -> Self {
        Self { valid_until: day.to_string(), ..self }
    }
}

/// The file of these rows.
pub(crate) fn csv<'a>(rows: impl IntoIterator<Item = &'a TitleRow>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record([
            "contractor_number",
            "given_name",
            "family_name",
            "organisation_name",
            "office",
            "premises",
            "premises_kind",
            "street",
            "postal_code",
            "city",
            "role",
            "valid_from",
            "valid_until",
        ])
        .unwrap();
    for row in rows {
        writer
            .write_record([
                &row.contractor_number,
                &row.given_name,
                &row.family_name,
                &row.organisation_name,
                &row.office,
                &row.premises,
                &row.premises_kind,
                &row.street,
                &row.postal_code,
                &row.city,
                &row.role,
                &row.valid_from,
                &row.valid_until,
            ])
            .unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}
