//! What a contractor sees: one typed method per page and one for mails, over templates, texts and styles that are inside the binary.
//!
//! A page is a struct of plain data. Whoever fills it in needs to know nothing about HTML, languages or the company's
//! name; whoever reads a template needs to know nothing about HTTP.

mod account;
pub(crate) mod address;
mod application_form;
mod apply;
mod apply_follow;
mod apply_paper;
mod asking_service;
pub mod assets;
mod block;
pub mod brand;
mod change_password;
mod claim_text;
mod consent;
mod continue_page;
mod error_page;
mod form_post;
mod help;
mod home;
mod language_switch;
mod link;
mod mail;
pub mod office;
mod office_card;
mod page;
mod passkey;
mod password_rules;
mod qr;
mod recover;
mod regulations;
mod regulations_accept;
mod renderer;
mod scope_text;
mod second_factor;
mod sign_in;
mod sign_out;
mod signed_out;
#[cfg(test)]
mod tests;
mod texts;
mod wrapped;

use crate::domain::locale::Locale;

pub use account::{
    AcceptedEdition, AccountAccessPage, AccountClosurePage, AccountClosureProblem, AccountPage,
    AccountPasswordPage, AccountPasswordProblem, AccountSecondFactorsPage, AccountSessionsPage, ClientAccess,
    SecondFactorsNotice, SecondFactorsProblem, ShownDevice, ShownPasskey, ShownTitle, ShownTrustedDevice,
};
pub use application_form::OfficeChoice;
pub use apply::{ApplyPage, ApplyProblem, ApplyPurpose};
pub use apply_follow::{ApplyConfirmPage, ApplyConfirmProblem, ApplyNotice, ApplySentPage, ApplyStatusPage};
pub use apply_paper::ApplyPaperPage;
pub use asking_service::AskingService;
pub use block::{BlockPage, BlockStage};
pub use brand::Brand;
pub use change_password::{ChangePasswordPage, ChangePasswordProblem, ChangeReason};
pub use consent::{ConsentLasts, ConsentPage};
pub use continue_page::ContinuePage;
pub use error_page::{ErrorKind, ErrorPage};
pub use form_post::FormPostPage;
pub use help::HelpPage;
pub use home::{HomePage, Person, Service};
pub use link::Link;
pub use mail::{MailLinks, MailPage, MailText};
pub use page::Page;
pub use passkey::PasskeyPrompt;
pub use qr::QrDrawing;
pub use recover::{LetterKind, RecoverPage, RecoverProblem};
pub use regulations::{OtherEdition, RegulationsPage};
pub use regulations_accept::{RegulationsAcceptPage, RegulationsAcceptProblem};
pub use renderer::RenderError;
pub use second_factor::{SecondFactorForm, SecondFactorPage, SecondFactorProblem};
pub use sign_in::{SignInNotice, SignInPage, SignInProblem};
pub use sign_out::SignOutPage;
pub use signed_out::SignedOutPage;

use office::letter::{LetterOutcome, LetterPiece, LetterSheetsPage};
use office::{
    ApplicationPage, CollectionPage, IntakePage, LettersPage, OfficeHomePage, ReviewPage, StateNowPage,
};
use renderer::Renderer;

/// Every page, ready to be rendered for one company. Build it once at start; rendering never reads a file.
#[derive(Debug)]
pub struct Views(Renderer);

impl Views {
    pub fn new(brand: Brand) -> Self {
        Self(Renderer::new(brand))
    }

    pub fn sign_in(&self, locale: Locale, page: &SignInPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn change_password(&self, locale: Locale, page: &ChangePasswordPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn second_factor(&self, locale: Locale, page: &SecondFactorPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn recover(&self, locale: Locale, page: &RecoverPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn block(&self, locale: Locale, page: &BlockPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn consent(&self, locale: Locale, page: &ConsentPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn continue_page(&self, locale: Locale, page: &ContinuePage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn form_post(&self, locale: Locale, page: &FormPostPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn home(&self, locale: Locale, page: &HomePage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn sign_out(&self, locale: Locale, page: &SignOutPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn signed_out(&self, locale: Locale, page: &SignedOutPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn help(&self, locale: Locale, page: &HelpPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn account(&self, locale: Locale, page: &AccountPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn account_password(
        &self,
        locale: Locale,
        page: &AccountPasswordPage,
    ) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn account_second_factors(
        &self,
        locale: Locale,
        page: &AccountSecondFactorsPage,
    ) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn account_sessions(
        &self,
        locale: Locale,
        page: &AccountSessionsPage,
    ) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn account_access(&self, locale: Locale, page: &AccountAccessPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn account_closure(&self, locale: Locale, page: &AccountClosurePage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn regulations(&self, locale: Locale, page: &RegulationsPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn regulations_accept(
        &self,
        locale: Locale,
        page: &RegulationsAcceptPage,
    ) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn apply(&self, locale: Locale, page: &ApplyPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn apply_sent(&self, locale: Locale, page: &ApplySentPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn apply_confirm(&self, locale: Locale, page: &ApplyConfirmPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn apply_status(&self, locale: Locale, page: &ApplyStatusPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn apply_paper(&self, locale: Locale, page: &ApplyPaperPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn error(&self, locale: Locale, page: &ErrorPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_home(&self, locale: Locale, page: &OfficeHomePage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    /// A mail, as plain text and as HTML.
    pub fn mail(&self, locale: Locale, page: &MailPage<'_>) -> Result<MailText, RenderError> {
        mail::render(&self.0, locale, page)
    }

    /// Every kind of mail: what the tests look at.
    pub fn mail_samples(&self, locale: Locale) -> Result<Vec<(String, MailText)>, RenderError> {
        mail::samples(&self.0, locale)
    }

    pub fn office_letters(&self, locale: Locale, page: &LettersPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    /// What stands before the letters of a batch, and what after them.
    pub fn around_letters(
        &self,
        locale: Locale,
        page: &LetterSheetsPage,
    ) -> Result<(String, String), RenderError> {
        page.around(&self.0, locale)
    }

    /// One place of a batch, as it comes: a letter in its addressee's language, or why there is none.
    pub fn letter(&self, locale: Locale, outcome: &LetterOutcome) -> Result<String, RenderError> {
        outcome.render(&self.0, locale)
    }

    /// How far a batch is.
    pub fn letter_progress(
        &self,
        locale: Locale,
        number: usize,
        total: usize,
    ) -> Result<String, RenderError> {
        LetterPiece::progress(&self.0, locale, number, total)
    }

    pub fn office_collection(&self, locale: Locale, page: &CollectionPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_review(&self, locale: Locale, page: &ReviewPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_application(&self, locale: Locale, page: &ApplicationPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_intake(&self, locale: Locale, page: &IntakePage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_state_now(&self, locale: Locale, page: &StateNowPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_accounts(
        &self,
        locale: Locale,
        page: &office::AccountsPage,
    ) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_account(&self, locale: Locale, page: &office::AccountPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_approvals(
        &self,
        locale: Locale,
        page: &office::ApprovalsPage,
    ) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_mail(&self, locale: Locale, page: &office::MailPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_sign_outs(
        &self,
        locale: Locale,
        page: &office::SignOutsPage,
    ) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_audit(&self, locale: Locale, page: &office::AuditPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    pub fn office_staff(&self, locale: Locale, page: &office::StaffPage) -> Result<String, RenderError> {
        self.0.render(locale, page)
    }

    /// Every state of every page as `(name, html)`: what the tests, and a browser with axe-core, look at.
    pub fn samples(&self, locale: Locale) -> Result<Vec<(String, String)>, RenderError> {
        let mut samples = Vec::new();
        self.0.render_samples::<SignInPage>(locale, &mut samples)?;
        self.0.render_samples::<ChangePasswordPage>(locale, &mut samples)?;
        self.0.render_samples::<SecondFactorPage>(locale, &mut samples)?;
        self.0.render_samples::<RecoverPage>(locale, &mut samples)?;
        self.0.render_samples::<BlockPage>(locale, &mut samples)?;
        self.0.render_samples::<ConsentPage>(locale, &mut samples)?;
        self.0.render_samples::<ContinuePage>(locale, &mut samples)?;
        self.0.render_samples::<FormPostPage>(locale, &mut samples)?;
        self.0.render_samples::<HomePage>(locale, &mut samples)?;
        self.0.render_samples::<SignOutPage>(locale, &mut samples)?;
        self.0.render_samples::<SignedOutPage>(locale, &mut samples)?;
        self.0.render_samples::<HelpPage>(locale, &mut samples)?;
        self.0.render_samples::<AccountPage>(locale, &mut samples)?;
        self.0.render_samples::<AccountPasswordPage>(locale, &mut samples)?;
        self.0.render_samples::<AccountSecondFactorsPage>(locale, &mut samples)?;
        self.0.render_samples::<AccountSessionsPage>(locale, &mut samples)?;
        self.0.render_samples::<AccountAccessPage>(locale, &mut samples)?;
        self.0.render_samples::<AccountClosurePage>(locale, &mut samples)?;
        self.0.render_samples::<RegulationsPage>(locale, &mut samples)?;
        self.0.render_samples::<RegulationsAcceptPage>(locale, &mut samples)?;
        self.0.render_samples::<ApplyPage>(locale, &mut samples)?;
        self.0.render_samples::<ApplySentPage>(locale, &mut samples)?;
        self.0.render_samples::<ApplyConfirmPage>(locale, &mut samples)?;
        self.0.render_samples::<ApplyStatusPage>(locale, &mut samples)?;
        self.0.render_samples::<ApplyPaperPage>(locale, &mut samples)?;
        self.0.render_samples::<ErrorPage>(locale, &mut samples)?;
        self.0.render_samples::<OfficeHomePage>(locale, &mut samples)?;
        self.0.render_samples::<LettersPage>(locale, &mut samples)?;
        self.0.render_samples::<LetterSheetsPage>(locale, &mut samples)?;
        self.0.render_samples::<CollectionPage>(locale, &mut samples)?;
        self.0.render_samples::<ReviewPage>(locale, &mut samples)?;
        self.0.render_samples::<ApplicationPage>(locale, &mut samples)?;
        self.0.render_samples::<IntakePage>(locale, &mut samples)?;
        self.0.render_samples::<StateNowPage>(locale, &mut samples)?;
        self.0.render_samples::<office::AccountsPage>(locale, &mut samples)?;
        self.0.render_samples::<office::AccountPage>(locale, &mut samples)?;
        self.0.render_samples::<office::ApprovalsPage>(locale, &mut samples)?;
        self.0.render_samples::<office::MailPage>(locale, &mut samples)?;
        self.0.render_samples::<office::SignOutsPage>(locale, &mut samples)?;
        self.0.render_samples::<office::AuditPage>(locale, &mut samples)?;
        self.0.render_samples::<office::StaffPage>(locale, &mut samples)?;
        Ok(samples)
    }
}
