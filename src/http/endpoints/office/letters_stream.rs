//! Letters on their way to the browser, each as soon as it is made and committed.
//!
//! A hundred letters are six hundred slow hashes: whoever prints them sees them come. If the browser hangs up, what was
//! not made stays in the queue; the one letter that was being made can be printed again.

use axum::body::{Body, Bytes};
use axum::response::Response;
use http_body_util::channel::{Channel, Sender};

use super::desk::stamp;
use crate::domain::credential_letter::order::OrderState;
use crate::domain::locale::Locale;
use crate::domain::staff::StaffMember;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::pages::page;
use crate::http::state::{State, Web};
use crate::office::printing::{NotPrinted, PrintError, PrintRequest, PrintedLetter};
use crate::views::RenderError;
use crate::views::office::letter::{
    LetterFacts, LetterOutcome, LetterSheet, LetterSheetsPage, MissingLetter, WhyMissing,
};
use crate::views::office::{Frame, Stamp};

/// Why a batch ends early.
enum Stopped {
    /// The browser is gone.
    HungUp,
    Unrenderable(RenderError),
}

impl From<RenderError> for Stopped {
    fn from(error: RenderError) -> Self {
        Self::Unrenderable(error)
    }
}

/// Everything a batch needs, on a task of its own.
struct Batch {
    web: State,
    browser: Browser,
    member: StaffMember,
    requests: Vec<PrintRequest>,
    locale: Locale,
}

pub(super) fn answer(
    web: State,
    browser: Browser,
    member: StaffMember,
    requests: Vec<PrintRequest>,
) -> Result<Response, PageError> {
    let locale = browser.languages.resolve(None);
    let frame = Frame::new(&member, browser.visit.csrf_token(), "/office/letters");
    let (before, after) = web.views.around_letters(locale, &LetterSheetsPage::new(frame, requests.len()))?;
    // One part at a time: the next letter is made once the browser took what is before it.
    let (sender, parts) = Channel::<Bytes>::new(1);
    let headers = page(String::new()).cookies(browser.cookies(&web));
    let batch = Batch { web, browser, member, requests, locale };
    tokio::spawn(async move {
        match batch.send(sender, before, after).await {
            Ok(()) => {}
            Err(Stopped::HungUp) => {
                tracing::info!("a browser hung up on its letters; what was not made stays in the queue");
            }
            Err(Stopped::Unrenderable(error)) => tracing::error!(%error, "a letter cannot be shown"),
        }
    });
    Ok(headers.streamed(Body::new(parts)))
}

impl Batch {
    async fn send(self, mut to: Sender<Bytes>, before: String, after: String) -> Result<(), Stopped> {
        part(&mut to, before).await?;
        let total = self.requests.len();
        for (number, request) in (1..).zip(&self.requests) {
            part(&mut to, self.web.views.letter_progress(self.locale, number, total)?).await?;
            let printed = self.web.office.print(&self.member, request, &self.browser.origin).await;
            let (locale, outcome) = match printed {
                Ok(Ok(letter)) => {
                    let locale = letter.locale;
                    (locale, LetterOutcome::Letter(Box::new(sheet(&self.web, letter))))
                }
                Ok(Err(refused)) => (self.locale, LetterOutcome::Missing(missing(&self.web, refused))),
                Err(error) => (self.locale, LetterOutcome::Missing(failed(&error))),
            };
            part(&mut to, self.web.views.letter(locale, &outcome)?).await?;
        }
        part(&mut to, after).await
    }
}

async fn part(to: &mut Sender<Bytes>, html: String) -> Result<(), Stopped> {
    to.send_data(Bytes::from(html)).await.map_err(|_| Stopped::HungUp)
}

fn sheet(web: &Web, letter: PrintedLetter) -> LetterSheet {
    LetterSheet::new(LetterFacts {
        name: letter.name,
        login: letter.login,
        office_name: letter.office.name,
        office_address: letter.office.address,
        office_phone: letter.office.phone,
        serial: letter.serial.to_string(),
        initial_password: letter.initial_password.expose().to_owned(),
        codes: letter.codes.iter().map(|code| code.printed().to_string()).collect(),
        issuer: web.provider.issuer.clone(),
        printed_on: Stamp::of_day(letter.printed_on),
        collect_until: Stamp::of_day(letter.collect_until),
    })
}

fn missing(web: &Web, refused: NotPrinted) -> MissingLetter {
    let (login, why) = match refused {
        NotPrinted::Unknown => (None, WhyMissing::Unknown),
        NotPrinted::OwnAccount { login } => (Some(login), WhyMissing::OwnAccount),
        NotPrinted::NewerLetter { login, serial, by, at } => {
            let at = stamp(web, at);
            (Some(login), WhyMissing::Newer { serial: serial.to_string(), by, at })
        }
        NotPrinted::Order { login, state: OrderState::AwaitingApproval } => {
            (Some(login), WhyMissing::NotApproved)
        }
        NotPrinted::Order { login, .. } => (Some(login), WhyMissing::OrderEnded),
        NotPrinted::Account { login, .. } => (Some(login), WhyMissing::AccountNotReady),
    };
    MissingLetter { login, why }
}

/// The page says that it failed; why is in the log.
fn failed(error: &PrintError) -> MissingLetter {
    let why = match error {
        PrintError::Hash(crate::crypto::password::HashError::Overloaded) => WhyMissing::Overloaded,
        _ => WhyMissing::Failed,
    };
    tracing::error!(%error, "a letter was not printed");
    MissingLetter { login: None, why }
}
