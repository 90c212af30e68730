//! `/apply/paper`: the same form, to be printed and filled in by hand.

use serde::{Serialize, Serializer};

use super::language_switch::Address;
use super::office_card::{self, OfficeCard};
use super::page::Page;
use crate::domain::application::Applicant;
use crate::domain::office::OfficeNotice;
use crate::domain::premises::TitleRole;

/// One sheet of paper, and where to hand it in.
#[derive(Debug, Clone)]
pub struct ApplyPaperPage {
    /// The version of the Regulations that a signature accepts, if one was published.
    pub regulations: Option<String>,
    /// By name.
    pub offices: Vec<OfficeNotice>,
}

impl Serialize for ApplyPaperPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            regulations: Option<&'a str>,
            offices: Vec<OfficeCard<'a>>,
            applicants: Vec<&'static str>,
            title_roles: Vec<&'static str>,
        }

        Data {
            regulations: self.regulations.as_deref(),
            offices: self.offices.iter().map(OfficeCard::of).collect(),
            applicants: Applicant::ALL.map(Applicant::as_str).to_vec(),
            title_roles: TitleRole::ALL.map(TitleRole::as_str).to_vec(),
        }
        .serialize(serializer)
    }
}

impl Page for ApplyPaperPage {
    const NAME: &'static str = "apply-paper";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/apply/paper", authorization: None })
    }

    fn samples() -> Vec<Self> {
        vec![
            Self { regulations: Some("2026-1".to_owned()), offices: office_card::samples() },
            Self { regulations: None, offices: Vec::new() },
        ]
    }
}
