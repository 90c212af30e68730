//! The letter itself, and the page that letters come out on: made for paper, one A4 page a letter.
//!
//! Letters are many and slow to make, so the page goes out in parts: [`LetterSheetsPage`] gives what stands before and
//! after them, and each letter is rendered when it is there, in its addressee's language.

use std::fmt;

use serde::Serialize;

use super::frame::Frame;
use super::stamp::Stamp;
use crate::domain::credential_letter::collection::IdentityDocument;
use crate::domain::locale::Locale;
use crate::domain::staff::Role;
use crate::views::page::Page;
use crate::views::qr::QrDrawing;
use crate::views::renderer::{RenderError, Renderer};

/// Where the letters come, in `pages/office-letters-printed.html`.
const LETTERS: &str = "<!-- letters -->";

/// The page around the letters.
#[derive(Debug, Clone, Serialize)]
pub struct LetterSheetsPage {
    pub frame: Frame,
    pub total: usize,
    /// For samples; letters that are really printed are rendered one by one.
    pieces: Vec<LetterPiece>,
}

/// One place in the batch.
#[derive(Debug, Clone, Serialize)]
pub struct LetterPiece {
    /// The first is 1.
    pub number: usize,
    pub total: usize,
    pub outcome: LetterOutcome,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterOutcome {
    Letter(Box<LetterSheet>),
    /// Why there is none.
    Missing(MissingLetter),
}

/// What stands in a letter.
#[derive(Clone, Serialize)]
pub struct LetterSheet {
    pub name: String,
    pub login: String,
    pub office_name: String,
    pub office_address: Option<String>,
    pub office_phone: Option<String>,
    /// In groups.
    pub serial: String,
    pub initial_password: String,
    /// In groups.
    pub codes: Vec<String>,
    pub sign_in_address: String,
    pub recovery_address: String,
    pub printed_on: Stamp,
    pub collect_until: Stamp,
    qr: Option<QrDrawing>,
    documents: Vec<&'static str>,
}

/// What a letter is made of, from outside.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "it holds a password")]
pub struct LetterFacts {
    pub name: String,
    pub login: String,
    pub office_name: String,
    pub office_address: Option<String>,
    pub office_phone: Option<String>,
    pub serial: String,
    pub initial_password: String,
    pub codes: Vec<String>,
    /// The provider's address, without a slash at its end.
    pub issuer: String,
    pub printed_on: Stamp,
    pub collect_until: Stamp,
}

/// It says a password.
impl fmt::Debug for LetterSheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LetterSheet").field("login", &self.login).finish_non_exhaustive()
    }
}

impl LetterSheet {
    pub fn new(facts: LetterFacts) -> Self {
        let sign_in_address = format!("{}/sign-in", facts.issuer);
        Self {
            qr: QrDrawing::of(&sign_in_address),
            recovery_address: format!("{}/recover", facts.issuer),
            sign_in_address,
            name: facts.name,
            login: facts.login,
            office_name: facts.office_name,
            office_address: facts.office_address,
            office_phone: facts.office_phone,
            serial: facts.serial,
            initial_password: facts.initial_password,
            codes: facts.codes,
            printed_on: facts.printed_on,
            collect_until: facts.collect_until,
            documents: IdentityDocument::ALL.map(IdentityDocument::as_str).to_vec(),
        }
    }

    fn sample() -> Self {
        Self::new(LetterFacts {
            name: "Bronisława Wrona-Świętochłowska-Brzęczyszczykiewicz".to_owned(),
            login: "iok1000001".to_owned(),
            office_name: "Administracja nr 1 Centrum".to_owned(),
            office_address: Some("ul. Przykładowa 1, 41-600 Świętochłowice".to_owned()),
            office_phone: Some("32 000 00 01".to_owned()),
            serial: "34567-89AB9".to_owned(),
            initial_password: "wAb4&TuM#7pd".to_owned(),
            codes: ["7KQ2-MXA9-TBC4", "2222-3333-4444", "AAAA-BBBB-CCCC", "XYZ2-XYZ3-XYZ4", "9876-5432-WXYA"]
                .map(str::to_owned)
                .to_vec(),
            issuer: "https://konto.przyklad.example".to_owned(),
            printed_on: Stamp::sample(22),
            collect_until: Stamp::sample(29),
        })
    }
}

/// A place in the batch that stayed empty.
#[derive(Debug, Clone, Serialize)]
pub struct MissingLetter {
    /// Whose it would be, where that is known.
    pub login: Option<String>,
    pub why: WhyMissing,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum WhyMissing {
    Unknown,
    OwnAccount,
    /// Somebody printed it meanwhile.
    Newer {
        serial: String,
        by: String,
        at: Stamp,
    },
    /// The order was collected, refused or withdrawn.
    OrderEnded,
    /// It is not approved yet.
    NotApproved,
    /// The account is suspended or erased.
    AccountNotReady,
    /// Too much work at this moment.
    Overloaded,
    /// A failure of ours.
    Failed,
}

impl Page for LetterSheetsPage {
    const NAME: &'static str = "office-letters-printed";

    fn samples() -> Vec<Self> {
        let missing = [
            WhyMissing::Unknown,
            WhyMissing::OwnAccount,
            WhyMissing::Newer {
                serial: "34567-89AB9".to_owned(),
                by: "Jan Zieliński".to_owned(),
                at: Stamp::sample(22),
            },
            WhyMissing::OrderEnded,
            WhyMissing::NotApproved,
            WhyMissing::AccountNotReady,
            WhyMissing::Overloaded,
            WhyMissing::Failed,
        ];
        let outcomes: Vec<LetterOutcome> = missing
            .into_iter()
            .map(|why| {
                let login = (why != WhyMissing::Unknown).then(|| "iok1000002".to_owned());
                LetterOutcome::Missing(MissingLetter { login, why })
            })
            .chain([LetterOutcome::Letter(Box::new(LetterSheet::sample()))])
            .collect();
        let total = outcomes.len();
        let pieces =
            (1..).zip(outcomes).map(|(number, outcome)| LetterPiece { number, total, outcome }).collect();
        vec![Self { pieces, ..Self::new(Frame::sample(Role::Clerk, "/office/letters"), total) }]
    }
}

impl LetterSheetsPage {
    pub fn new(frame: Frame, total: usize) -> Self {
        Self { frame, total, pieces: Vec::new() }
    }

    /// What stands before the letters, and what after them.
    pub(in crate::views) fn around(
        &self,
        renderer: &Renderer,
        locale: Locale,
    ) -> Result<(String, String), RenderError> {
        let whole = renderer.render(locale, self)?;
        let (before, after) = whole.split_once(LETTERS).unwrap_or((&whole, ""));
        Ok((before.to_owned(), after.to_owned()))
    }
}

impl LetterPiece {
    /// The line that tells how far it is; it is not printed.
    pub(in crate::views) fn progress(
        renderer: &Renderer,
        locale: Locale,
        number: usize,
        total: usize,
    ) -> Result<String, RenderError> {
        renderer.render_part(locale, "office/letter-progress.html", &Progress { number, total })
    }
}

#[derive(Serialize)]
struct Progress {
    number: usize,
    total: usize,
}

impl LetterOutcome {
    pub(in crate::views) fn render(
        &self,
        renderer: &Renderer,
        locale: Locale,
    ) -> Result<String, RenderError> {
        match self {
            Self::Letter(sheet) => renderer.render_part(locale, "office/letter.html", sheet),
            Self::Missing(missing) => renderer.render_part(locale, "office/letter-missing.html", missing),
        }
    }
}
