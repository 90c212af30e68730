//! The fields of an application, as a form shows them: on-line, and when a clerk types in paper.
//! `templates/application-form.html` draws them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::application::Applicant;
use crate::domain::application::form::{ApplicationForm, Field, FieldProblem};
use crate::domain::premises::TitleRole;

/// An office that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfficeChoice {
    pub id: String,
    pub name: String,
}

/// What the macros in `templates/application-form.html` see.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FormData<'a> {
    /// By name.
    fields: BTreeMap<&'static str, FieldData<'a>>,
    has_no_email: bool,
    accepts_regulations: bool,
    applicants: Vec<&'static str>,
    title_roles: Vec<&'static str>,
    offices: &'a [OfficeChoice],
    /// The version to be accepted, if there is one.
    regulations: Option<&'a str>,
    /// In the form's order.
    problems: Vec<ProblemData>,
}

#[derive(Debug, Clone, Serialize)]
struct FieldData<'a> {
    /// Its id in the page, and a part of the keys of its texts.
    id: String,
    name: &'static str,
    value: &'a str,
    problem: Option<ProblemData>,
}

#[derive(Debug, Clone, Serialize)]
struct ProblemData {
    /// Where one goes to mend it.
    anchor: String,
    /// The key of its text.
    key: String,
    /// The key of the field's label, for texts that any field may have.
    label: Option<String>,
    most: Option<usize>,
}

impl<'a> FormData<'a> {
    pub(super) fn new(
        form: &'a ApplicationForm,
        problems: &[(Field, FieldProblem)],
        offices: &'a [OfficeChoice],
        regulations: Option<&'a str>,
    ) -> Self {
        let problem_of = |field: Field| {
            problems
                .iter()
                .find(|(wrong, _)| *wrong == field)
                .map(|(_, problem)| problem_data(field, *problem))
        };
        let fields = Field::ALL.into_iter().map(|field| {
            let data = FieldData {
                id: id(field),
                name: field.name(),
                value: value(form, field),
                problem: problem_of(field),
            };
            (field.name(), data)
        });
        Self {
            fields: fields.collect(),
            has_no_email: form.has_no_email,
            accepts_regulations: form.accepts_regulations,
            applicants: Applicant::ALL.map(Applicant::as_str).to_vec(),
            title_roles: TitleRole::ALL.map(TitleRole::as_str).to_vec(),
            offices,
            regulations,
            problems: Field::ALL.into_iter().filter_map(problem_of).collect(),
        }
    }
}

fn id(field: Field) -> String {
    field.name().replace('_', "-")
}

fn problem_data(field: Field, problem: FieldProblem) -> ProblemData {
    let id = id(field);
    let (key, label) = match problem {
        FieldProblem::TooLong { .. } | FieldProblem::Unprintable => {
            (format!("apply-problem-{}", problem.name()), Some(format!("apply-{id}-label")))
        }
        _ => (format!("apply-{id}-{}", problem.name()), None),
    };
    let most = match problem {
        FieldProblem::TooLong { most } => Some(most),
        _ => None,
    };
    // Of a group of buttons, the first.
    let anchor = match field {
        Field::Applicant => format!("{id}-{}", Applicant::Person.as_str()),
        Field::TitleRole => format!("{id}-{}", TitleRole::Owner.as_str()),
        _ => id,
    };
    ProblemData { anchor, key, label, most }
}

/// What goes back into the field: everything that a page can hold.
fn value(form: &ApplicationForm, field: Field) -> &str {
    let typed = typed(form, field);
    if typed.contains('\0') { "" } else { typed }
}

fn typed(form: &ApplicationForm, field: Field) -> &str {
    match field {
        Field::Applicant => &form.applicant,
        Field::GivenName => &form.given_name,
        Field::FamilyName => &form.family_name,
        Field::OrganisationName => &form.organisation_name,
        Field::ContractorNumber => &form.contractor_number,
        Field::Street => &form.street,
        Field::PostalCode => &form.postal_code,
        Field::City => &form.city,
        Field::TitleRole => &form.title_role,
        Field::Office => &form.office,
        Field::Email => &form.email,
        Field::PhoneNumber => &form.phone_number,
        Field::Regulations => &form.regulations_version,
    }
}

/// An invented application, filled in.
pub(super) fn sample_form() -> ApplicationForm {
    let text = str::to_owned;
    ApplicationForm {
        applicant: text("person"),
        given_name: text("Stanisława"),
        family_name: text("Brzęczyszczykiewicz-Świętochłowska"),
        contractor_number: text("K/000123"),
        street: text("ul. Przykładowa 12/4"),
        postal_code: text("41-600"),
        city: text("Świętochłowice"),
        title_role: text("tenant"),
        office: text("0197f3a0-0000-7000-8000-00000000000a"),
        email: text("stanislawa@example.pl"),
        phone_number: text("32 000 00 00"),
        accepts_regulations: true,
        regulations_version: text("2026-1"),
        ..ApplicationForm::default()
    }
}

pub(super) fn sample_offices() -> Vec<OfficeChoice> {
    let office = |id: &str, name: &str| OfficeChoice { id: id.to_owned(), name: name.to_owned() };
    vec![
        office("0197f3a0-0000-7000-8000-00000000000a", "Administracja nr 1"),
        office("0197f3a0-0000-7000-8000-00000000000b", "Administracja nr 2"),
    ]
}

/// Every problem that a field can have, as few forms as show them all.
pub(super) fn sample_problems() -> Vec<Vec<(Field, FieldProblem)>> {
    use Field::{
        Applicant as Who, City, ContractorNumber, Email, FamilyName, GivenName, Office, OrganisationName,
        PhoneNumber, PostalCode, Regulations, Street, TitleRole as Role,
    };
    use FieldProblem::{
        EmailContradicted, EmailNeededOnline, Missing, NotAccepted, NotEmail, NotOnTheList, NotPhoneNumber,
        NotPlausible, NotPostalCode, PhoneNeededWithoutEmail, RegulationsChanged, TooLong, Unprintable,
    };
    vec![
        vec![
            (Who, Missing),
            (GivenName, Missing),
            (FamilyName, Missing),
            (OrganisationName, Missing),
            (ContractorNumber, NotPlausible),
            (Street, Missing),
            (PostalCode, Missing),
            (City, Missing),
            (Role, Missing),
            (Office, Missing),
            (Email, Missing),
            (PhoneNumber, NotPhoneNumber),
            (Regulations, NotAccepted),
        ],
        vec![
            (GivenName, NotPlausible),
            (FamilyName, NotPlausible),
            (OrganisationName, NotPlausible),
            (ContractorNumber, TooLong { most: 40 }),
            (Street, NotPlausible),
            (PostalCode, NotPostalCode),
            (City, NotPlausible),
            (Office, NotOnTheList),
            (Email, NotEmail),
            (PhoneNumber, PhoneNeededWithoutEmail),
            (Regulations, RegulationsChanged),
        ],
        vec![(GivenName, Unprintable), (Email, EmailNeededOnline)],
        vec![(Email, EmailContradicted)],
    ]
}
