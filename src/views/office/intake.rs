//! `/office/intake`: a paper application is typed in.

use serde::Serialize;

use super::application::{LikeAccountLine, LikeApplicationLine};
use super::frame::Frame;
use super::home::OfficeOption;
use crate::domain::application::Applicant;
use crate::domain::application::form::{ApplicationForm, Field, FieldProblem};
use crate::domain::premises::TitleRole;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

/// The form, empty or as it was typed.
#[derive(Debug, Clone, Serialize)]
pub struct IntakePage {
    pub frame: Frame,
    /// The id that the application will have.
    pub id: String,
    /// `None`: it is a new one.
    pub correcting: Option<PaperToCorrect>,
    pub typed: TypedPaper,
    pub offices: Vec<OfficeOption>,
    /// Of the Regulations, the one in force first.
    pub versions: Vec<String>,
    /// The house's day, as fields of a date have it.
    pub today: String,
    /// In the form's order.
    pub problems: Vec<IntakeProblem>,
    /// The page was open for too long.
    pub form_expired: bool,
    /// Who it may be already; `None` before anybody looked.
    pub duplicates: Option<DuplicatesView>,
    pub roles: Vec<&'static str>,
    pub applicants: Vec<&'static str>,
}

/// An application that was sent back.
#[derive(Debug, Clone, Serialize)]
pub struct PaperToCorrect {
    /// Its page; below it is where the correction is sent.
    pub back: String,
    /// Which request for a correction is answered.
    pub seen: String,
    pub name: String,
    /// What has to be corrected, in the words of who asked.
    pub asked: String,
}

/// As it was typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TypedPaper {
    pub applicant: String,
    pub given_name: String,
    pub family_name: String,
    pub organisation_name: String,
    pub contractor_number: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub title_role: String,
    pub email: String,
    pub has_no_email: bool,
    pub phone_number: String,
    pub accepts_regulations: bool,
    pub regulations_version: String,
    pub scan_reference: String,
    pub received_on: String,
    pub locale: &'static str,
}

impl TypedPaper {
    pub fn of(form: &ApplicationForm, scan_reference: &str, received_on: &str, locale: &'static str) -> Self {
        Self {
            applicant: form.applicant.clone(),
            given_name: form.given_name.clone(),
            family_name: form.family_name.clone(),
            organisation_name: form.organisation_name.clone(),
            contractor_number: form.contractor_number.clone(),
            street: form.street.clone(),
            postal_code: form.postal_code.clone(),
            city: form.city.clone(),
            title_role: form.title_role.clone(),
            email: form.email.clone(),
            has_no_email: form.has_no_email,
            phone_number: form.phone_number.clone(),
            accepts_regulations: form.accepts_regulations,
            regulations_version: form.regulations_version.clone(),
            scan_reference: scan_reference.to_owned(),
            received_on: received_on.to_owned(),
            locale,
        }
    }
}

/// What is wrong with a field: its name, and the last part of the text's key.
#[derive(Debug, Clone, Serialize)]
pub struct IntakeProblem {
    pub field: &'static str,
    pub problem: &'static str,
    /// For a text that is too long, in characters.
    pub most: Option<usize>,
}

impl IntakeProblem {
    pub fn of_field(field: Field, problem: FieldProblem) -> Self {
        let most = match problem {
            FieldProblem::TooLong { most } => Some(most),
            _ => None,
        };
        Self { field: field.name(), problem: problem.name(), most }
    }
}

/// Who it may be already.
#[derive(Debug, Clone, Serialize)]
pub struct DuplicatesView {
    pub applications: Vec<LikeApplicationLine>,
    pub accounts: Vec<LikeAccountLine>,
}

impl IntakePage {
    /// Roles and kinds of applicants, as the form offers them.
    pub fn roles() -> Vec<&'static str> {
        TitleRole::ALL.map(TitleRole::as_str).to_vec()
    }

    pub fn applicants() -> Vec<&'static str> {
        Applicant::ALL.map(Applicant::as_str).to_vec()
    }
}

impl Page for IntakePage {
    const NAME: &'static str = "office-intake";

    fn address(&self) -> Option<Address<'_>> {
        // What was typed would be lost on the way to the other language.
        let is_fresh = self.problems.is_empty()
            && !self.form_expired
            && self.duplicates.is_none()
            && self.correcting.is_none();
        is_fresh.then_some(Address { path: "/office/intake", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            frame: Frame::sample(Role::Clerk, "/office/intake"),
            id: "0197f3a0-0000-7000-8000-000000000001".to_owned(),
            correcting: None,
            typed: TypedPaper { locale: "pl", ..TypedPaper::default() },
            offices: vec![OfficeOption {
                id: "0197f3a0-0000-7000-8000-0000000000a1".to_owned(),
                name: "Administracja nr 1".to_owned(),
                chosen: true,
            }],
            versions: vec!["2026-1".to_owned(), "2025-1".to_owned()],
            today: "2026-11-22".to_owned(),
            problems: Vec::new(),
            form_expired: false,
            duplicates: None,
            roles: Self::roles(),
            applicants: Self::applicants(),
        };
        let problem = |(field, problem, most)| IntakeProblem { field, problem, most };
        let problems = vec![
            ("applicant", "missing", None),
            ("given_name", "missing", None),
            ("family_name", "too-long", Some(100)),
            ("organisation_name", "unprintable", None),
            ("contractor_number", "not-plausible", None),
            ("street", "missing", None),
            ("postal_code", "not-postal-code", None),
            ("city", "missing", None),
            ("title_role", "missing", None),
            ("office", "not-on-the-list", None),
            ("email", "not-email", None),
            ("phone_number", "not-phone-number", None),
            ("regulations", "not-accepted", None),
            ("scan_reference", "missing", None),
            ("received_on", "unreadable", None),
        ];
        let others = vec![
            ("email", "contradicted", None),
            ("phone_number", "needed-without-email", None),
            ("regulations", "changed", None),
            ("received_on", "in-future", None),
        ];
        let with = |problems: Vec<_>| Self {
            problems: problems.into_iter().map(problem).collect(),
            typed: TypedPaper { applicant: "firm".to_owned(), locale: "en", ..empty.typed.clone() },
            ..empty.clone()
        };
        let [like, ..] = &super::application::ApplicationPage::samples()[..] else {
            return vec![empty];
        };
        let duplicates = || {
            Some(DuplicatesView { applications: like.applications.clone(), accounts: like.accounts.clone() })
        };
        let correcting = Self {
            correcting: Some(PaperToCorrect {
                back: "/office/applications/0197f3a0-0000-7000-8000-000000000001".to_owned(),
                seen: "1790000000000000".to_owned(),
                name: "Halina Wrona".to_owned(),
                asked: "Brakuje numeru lokalu.".to_owned(),
            }),
            typed: TypedPaper {
                applicant: "person".to_owned(),
                given_name: "Halina".to_owned(),
                family_name: "Wrona".to_owned(),
                accepts_regulations: true,
                ..empty.typed.clone()
            },
            ..empty.clone()
        };
        vec![
            empty.clone(),
            correcting.clone(),
            Self { duplicates: duplicates(), ..correcting },
            with(problems),
            with(others),
            with(vec![("email", "missing", None)]),
            Self { form_expired: true, ..empty.clone() },
            Self { versions: Vec::new(), ..empty.clone() },
            Self { duplicates: duplicates(), ..empty },
        ]
    }
}
