//! `/apply` and `/apply/correct/{token}`: the form on which one applies for an account.

use serde::{Serialize, Serializer};

use super::application_form::{FormData, OfficeChoice, sample_form, sample_offices, sample_problems};
use super::language_switch::Address;
use super::page::Page;
use crate::domain::application::form::{ApplicationForm, Field, FieldProblem};

/// Asks for everything that an application needs. The same page corrects one.
#[derive(Debug, Clone)]
pub struct ApplyPage {
    pub csrf: String,
    pub purpose: ApplyPurpose,
    /// As it was typed.
    pub form: ApplicationForm,
    /// By name.
    pub offices: Vec<OfficeChoice>,
    /// The version of the Regulations that is to be accepted; `None`: there is none, or it was accepted before.
    pub regulations: Option<String>,
    pub problem: Option<ApplyProblem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplyPurpose {
    /// `POST /apply`.
    New {
        /// Of this page: sent twice, it is one application.
        form_id: String,
    },
    /// `POST` to the page's own address.
    Correction {
        path: String,
        /// In the clerk's words.
        asked: String,
        /// It was confirmed, and stays.
        email: Option<String>,
    },
}

/// Why nothing was sent. What was typed is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplyProblem {
    Fields(Vec<(Field, FieldProblem)>),
    /// The page was open for too long, or the browser keeps no cookies.
    FormExpired,
    /// Too many applications came from this network.
    TooMany {
        /// On the house's clock, as `14:00`.
        again_at: String,
    },
}

impl ApplyProblem {
    const fn name(&self) -> &'static str {
        match self {
            Self::Fields(_) => "fields",
            Self::FormExpired => "form-expired",
            Self::TooMany { .. } => "too-many",
        }
    }
}

impl Serialize for ApplyPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            action: &'a str,
            form_id: Option<&'a str>,
            asked: Option<&'a str>,
            email: Option<&'a str>,
            is_correction: bool,
            form: FormData<'a>,
            problem: Option<&'static str>,
            again_at: Option<&'a str>,
        }

        let (problems, again_at) = match &self.problem {
            Some(ApplyProblem::Fields(problems)) => (problems.as_slice(), None),
            Some(ApplyProblem::TooMany { again_at }) => (&[][..], Some(again_at.as_str())),
            Some(ApplyProblem::FormExpired) | None => (&[][..], None),
        };
        let (action, form_id, asked, email) = match &self.purpose {
            ApplyPurpose::New { form_id } => ("/apply", Some(form_id.as_str()), None, None),
            ApplyPurpose::Correction { path, asked, email } => {
                (path.as_str(), None, Some(asked.as_str()), email.as_deref())
            }
        };
        Data {
            csrf: &self.csrf,
            action,
            form_id,
            asked,
            email,
            is_correction: form_id.is_none(),
            form: FormData::new(&self.form, problems, &self.offices, self.regulations.as_deref()),
            problem: self.problem.as_ref().map(ApplyProblem::name),
            again_at,
        }
        .serialize(serializer)
    }
}

impl Page for ApplyPage {
    const NAME: &'static str = "apply";

    fn address(&self) -> Option<Address<'_>> {
        // What was typed would be lost on the way to the other language.
        if self.problem.is_some() {
            return None;
        }
        let path = match &self.purpose {
            ApplyPurpose::New { .. } => "/apply",
            ApplyPurpose::Correction { path, .. } => path,
        };
        Some(Address { path, authorization: None })
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            csrf: "csrf-sample".to_owned(),
            purpose: ApplyPurpose::New { form_id: "0197f3a0-0000-7000-8000-000000000003".to_owned() },
            form: ApplicationForm::default(),
            offices: sample_offices(),
            regulations: Some("2026-1".to_owned()),
            problem: None,
        };
        let filled = |problem| Self { form: sample_form(), problem: Some(problem), ..empty.clone() };
        let correction = |problem, email: Option<&str>| Self {
            purpose: ApplyPurpose::Correction {
                path: "/apply/correct/token-sample".to_owned(),
                asked: "Proszę podać numer mieszkania.".to_owned(),
                email: email.map(str::to_owned),
            },
            form: sample_form(),
            regulations: None,
            problem,
            ..empty.clone()
        };
        let mut samples = vec![
            empty.clone(),
            Self { offices: Vec::new(), regulations: None, ..empty.clone() },
            filled(ApplyProblem::FormExpired),
            filled(ApplyProblem::TooMany { again_at: "14:00".to_owned() }),
            correction(None, Some("stanislawa@example.pl")),
            correction(Some(ApplyProblem::FormExpired), None),
        ];
        samples.extend(sample_problems().into_iter().map(|problems| filled(ApplyProblem::Fields(problems))));
        samples
    }
}
