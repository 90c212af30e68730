//! What is written to people. The words are `templates/locales`; here is what each message is about.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::account::Account;
use super::application::Application;
use super::clock::Moment;
use super::ids::{AccountId, ApplicationId, TypedId as _};
use super::locale::Locale;
use super::office::OfficeNotice;
use super::second_factor::Factor;

/// A message, before it is put into words. Links are made when it is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// How the person is called.
    pub name: String,
    pub locale: Locale,
    /// The application or account it is about: the same id, if the one became the other.
    pub about: Uuid,
    pub message: Message,
}

impl Mail {
    /// To an account's own address, in the language of its person; `None` if there is no address.
    pub fn to_account(account: &Account, message: Message) -> Option<Self> {
        let to = account.profile.email.clone().filter(|email| !email.is_empty())?;
        Some(Self {
            to,
            name: account.profile.display_name(),
            locale: account.profile.locale.unwrap_or_default(),
            about: account.id.uuid(),
            message,
        })
    }

    /// To the address on an application, in the language it was filled in; `None` if there is no address.
    pub fn to_applicant(application: &Application, message: Message) -> Option<Self> {
        Some(Self {
            to: application.particulars.email.clone()?,
            name: application.display_name(),
            locale: application.locale,
            about: application.id.uuid(),
            message,
        })
    }
}

/// Everything that is ever mailed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// The link that submits the application.
    ConfirmApplication {
        application: ApplicationId,
    },
    /// The address was confirmed, or paper was taken in: the office will decide.
    ApplicationReceived {
        application: ApplicationId,
        office: OfficeNotice,
        /// Only then a link may go there. Mail of before this was kept carries none.
        #[serde(default)]
        address_confirmed: bool,
    },
    /// The procedure's row 3: the account is set up, and the letter can be collected.
    ApplicationApproved {
        application: ApplicationId,
        office: OfficeNotice,
        collect_until: NaiveDate,
    },
    /// With what has to be corrected, in the clerk's words, and the link to do so, if the address was confirmed.
    ApplicationNeedsCorrection {
        application: ApplicationId,
        what: String,
        office: OfficeNotice,
        #[serde(default)]
        address_confirmed: bool,
    },
    /// The correction is still to be made; with the link to do so, if the address was confirmed.
    CorrectionReminder {
        office: OfficeNotice,
        correct_until: NaiveDate,
        address_confirmed: bool,
    },
    /// Nobody made the correction in time: the application has ended.
    CorrectionLapsed {
        office: OfficeNotice,
    },
    /// With the reason, in the clerk's words.
    ApplicationRejected {
        application: ApplicationId,
        reason: String,
        office: OfficeNotice,
    },
    ApplicationWithdrawn {
        application: ApplicationId,
    },
    /// The letter still waits.
    LetterReminder {
        office: OfficeNotice,
        collect_until: NaiveDate,
    },
    /// Nobody came for the letter in time.
    LetterLapsed {
        office: OfficeNotice,
    },
    /// The office was asked for a new letter: a notice to the owner, in case it was somebody else.
    LetterReissued {
        office: OfficeNotice,
    },
    /// A letter was handed over: the initial password works from now on.
    LetterCollected {
        office: OfficeNotice,
    },
    /// Somebody came in with the letter. With the link that blocks the account.
    AccountRecovered {
        account: AccountId,
        at: Moment,
        codes_left: u8,
    },
    /// Too many wrong passwords.
    AccountLocked {
        until: Moment,
    },
    /// To the operator: somebody guesses all over the place.
    GuessingNoticed {
        /// So many failures of unknown devices, within so many minutes.
        failures: i64,
        minutes: i64,
        at: Moment,
    },
    /// With the link that blocks the account.
    PasswordChanged {
        account: AccountId,
        at: Moment,
    },
    /// Somebody signed in on a device that was not trusted. With the link that blocks the account.
    NewDevice {
        account: AccountId,
        at: Moment,
        /// Roughly what device it is, if the browser said so.
        device: Option<String>,
    },
    /// The office signed everybody out.
    SessionsEnded {
        office: OfficeNotice,
        /// And no device is trusted any more.
        devices_too: bool,
    },
    /// Another way to prove oneself. With the link that blocks the account.
    SecondFactorAdded {
        account: AccountId,
        at: Moment,
        factor: Factor,
    },
    /// With the link that blocks the account.
    SecondFactorRemoved {
        account: AccountId,
        at: Moment,
        factor: Factor,
    },
    AccountSuspended {
        office: OfficeNotice,
    },
    AccountResumed {
        /// What opened it before does not any more: the office that hands over a new letter. Messages of an older
        /// version say nothing of it.
        #[serde(default)]
        new_letter: Option<OfficeNotice>,
    },
    AccountClosed {
        office: OfficeNotice,
    },
    /// Another account was set up that acts for the same contractor.
    AnotherAccount {
        office: OfficeNotice,
    },
    /// To the old address, if there was one, and to the new one.
    EmailChanged {
        office: OfficeNotice,
        is_new_address: bool,
    },
}

impl Message {
    /// The permanent name of every kind: the console has words for each.
    pub const KINDS: [&'static str; 25] = [
        "confirm_application",
        "application_received",
        "application_approved",
        "application_needs_correction",
        "correction_reminder",
        "correction_lapsed",
        "application_rejected",
        "application_withdrawn",
        "letter_reminder",
        "letter_lapsed",
        "letter_reissued",
        "letter_collected",
        "account_recovered",
        "account_locked",
        "guessing_noticed",
        "password_changed",
        "new_device",
        "sessions_ended",
        "second_factor_added",
        "second_factor_removed",
        "account_suspended",
        "account_resumed",
        "account_closed",
        "another_account",
        "email_changed",
    ];

    /// Its permanent name, one of [`Self::KINDS`].
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ConfirmApplication { .. } => "confirm_application",
            Self::ApplicationReceived { .. } => "application_received",
            Self::ApplicationApproved { .. } => "application_approved",
            Self::ApplicationNeedsCorrection { .. } => "application_needs_correction",
            Self::CorrectionReminder { .. } => "correction_reminder",
            Self::CorrectionLapsed { .. } => "correction_lapsed",
            Self::ApplicationRejected { .. } => "application_rejected",
            Self::ApplicationWithdrawn { .. } => "application_withdrawn",
            Self::LetterReminder { .. } => "letter_reminder",
            Self::LetterLapsed { .. } => "letter_lapsed",
            Self::LetterReissued { .. } => "letter_reissued",
            Self::LetterCollected { .. } => "letter_collected",
            Self::AccountRecovered { .. } => "account_recovered",
            Self::AccountLocked { .. } => "account_locked",
            Self::GuessingNoticed { .. } => "guessing_noticed",
            Self::PasswordChanged { .. } => "password_changed",
            Self::NewDevice { .. } => "new_device",
            Self::SessionsEnded { .. } => "sessions_ended",
            Self::SecondFactorAdded { .. } => "second_factor_added",
            Self::SecondFactorRemoved { .. } => "second_factor_removed",
            Self::AccountSuspended { .. } => "account_suspended",
            Self::AccountResumed { .. } => "account_resumed",
            Self::AccountClosed { .. } => "account_closed",
            Self::AnotherAccount { .. } => "another_account",
            Self::EmailChanged { .. } => "email_changed",
        }
    }
}
