//! `/office/collection`: a letter is handed over.

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::credential_letter::collection::IdentityDocument;
use crate::domain::staff::Role;
use crate::views::language_switch::Address;
use crate::views::page::Page;

#[derive(Debug, Clone, Serialize)]
pub struct CollectionPage {
    pub frame: Frame,
    /// As typed.
    pub serial: String,
    /// What is wrong with what was typed.
    pub problem: Option<CollectionProblem>,
    pub letter: Option<ShownLetter>,
    /// The collection was just recorded.
    pub done: Option<Handed>,
    documents: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum CollectionProblem {
    /// Too short or too long.
    Length {
        found: usize,
    },
    /// A character that is in no serial.
    Character {
        character: String,
    },
    /// The check character does not fit.
    Check,
    Unknown,
    OtherOffice {
        office: String,
    },
    /// Another office's, and nobody knows which.
    NoOffice,
    FormExpired,
    /// What was shown or signed is not filled in.
    Incomplete {
        no_document: bool,
        not_signed: bool,
    },
}

#[derive(Debug, Clone, Serialize)]
pub struct ShownLetter {
    /// As the form sends it.
    pub serial: String,
    pub printed_serial: String,
    pub name: String,
    pub login: String,
    pub office: Option<String>,
    pub printed: Stamp,
    pub printed_by: String,
    pub is_reissue: bool,
    pub refusal: Option<ShownRefusal>,
    /// What was chosen before, if something else was missing.
    pub chosen: Option<&'static str>,
    pub signed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum ShownRefusal {
    VoidedReplaced { at: Stamp },
    VoidedLapsed { at: Stamp },
    VoidedClosed { at: Stamp },
    Voided { at: Stamp },
    Collected { at: Stamp, by: String },
    PrintedByYourself,
    OwnAccount,
    Suspended,
    AccountEnded,
    NoOrder,
}

#[derive(Debug, Clone, Serialize)]
pub struct Handed {
    pub name: String,
    pub login: String,
}

impl CollectionPage {
    pub fn new(frame: Frame, serial: String) -> Self {
        let documents = IdentityDocument::ALL.map(IdentityDocument::as_str).to_vec();
        Self { frame, serial, problem: None, letter: None, done: None, documents }
    }
}

impl Page for CollectionPage {
    const NAME: &'static str = "office-collection";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/office/collection", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let empty = || Self::new(Frame::sample(Role::Clerk, "/office/collection"), "34567 89ab9".to_owned());
        let letter = |refusal, is_reissue: bool| ShownLetter {
            serial: "3456789AB9".to_owned(),
            printed_serial: "34567-89AB9".to_owned(),
            name: "Bronisława Wrona-Świętochłowska-Brzęczyszczykiewicz".to_owned(),
            login: "iok1000001".to_owned(),
            office: (!is_reissue).then(|| "Administracja nr 1 Centrum".to_owned()),
            printed: Stamp::sample(20),
            printed_by: "Jan Zieliński".to_owned(),
            is_reissue,
            refusal,
            chosen: Some("passport"),
            signed: true,
        };
        let with = |problem| Self { problem: Some(problem), ..empty() };
        let refused = |refusal| Self { letter: Some(letter(Some(refusal), false)), ..empty() };
        let incomplete = |no_document, not_signed| Self {
            letter: Some(ShownLetter { chosen: None, signed: false, ..letter(None, false) }),
            ..with(CollectionProblem::Incomplete { no_document, not_signed })
        };
        let at = || Stamp::sample(21);
        vec![
            Self { serial: String::new(), ..empty() },
            Self { letter: Some(letter(None, false)), ..empty() },
            Self { letter: Some(letter(None, true)), ..empty() },
            Self {
                done: Some(Handed { name: "Anna Nowak".to_owned(), login: "iok1000002".to_owned() }),
                serial: String::new(),
                ..empty()
            },
            with(CollectionProblem::Length { found: 9 }),
            with(CollectionProblem::Character { character: "0".to_owned() }),
            with(CollectionProblem::Check),
            with(CollectionProblem::Unknown),
            with(CollectionProblem::OtherOffice { office: "Administracja nr 2".to_owned() }),
            with(CollectionProblem::NoOffice),
            with(CollectionProblem::FormExpired),
            incomplete(true, true),
            incomplete(true, false),
            incomplete(false, true),
            refused(ShownRefusal::VoidedReplaced { at: at() }),
            refused(ShownRefusal::VoidedLapsed { at: at() }),
            refused(ShownRefusal::VoidedClosed { at: at() }),
            refused(ShownRefusal::Voided { at: at() }),
            refused(ShownRefusal::Collected { at: at(), by: "Jan Zieliński".to_owned() }),
            refused(ShownRefusal::PrintedByYourself),
            refused(ShownRefusal::OwnAccount),
            refused(ShownRefusal::Suspended),
            refused(ShownRefusal::AccountEnded),
            refused(ShownRefusal::NoOrder),
        ]
    }
}
