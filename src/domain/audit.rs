//! What an audit record says: who, when, what, how it ended. Public ids and codes only; what identifies a person
//! (address, device) goes into a part that is sealed under that person's key, so that erasure can destroy the key.

use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ids::{AccountId, ApplicationId, SessionId, TypedId as _};

/// Everything that is recorded, by its permanent name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A guess was compared with a stored hash.
    SignInVerdict,
    /// A sign-in was turned away without comparing anything of the person's.
    SignInRefused,
    AccountLocked,
    AccountUnlocked,
    /// Somebody guesses all over the place: budgets of unknown devices are tightened.
    GuessingNoticed,
    GuessingOver,
    AccountImported,
    /// The contractor register was imported, and something in it changed.
    RegisterImported,
    PasswordChanged,
    /// A password was re-hashed with stronger parameters.
    PasswordRehashed,
    SessionStarted,
    /// The same person signed in again.
    SessionRenewed,
    SessionEnded,
    ConsentGiven,
    ConsentDenied,
    GrantIssued,
    GrantRevoked,
    /// Filled in on-line; the address is not confirmed yet.
    ApplicationFiled,
    /// The link that confirms the address was sent once more.
    ApplicationLinkSent,
    /// Typed in from paper by a clerk.
    ApplicationTakenIn,
    ApplicationSubmitted,
    ApplicationSentBack,
    ApplicationCorrected,
    ApplicationApproved,
    ApplicationRejected,
    /// Somebody tried to decide what they may not, or what was decided already; the outcome says which.
    ApplicationDecisionRefused,
    ApplicationWithdrawn,
    ApplicationExpired,
    /// A supervisor looked at an application that one person took in and approved.
    ApplicationReviewed,
    LetterOrdered,
    LetterOrderApproved,
    LetterOrderRefused,
    LetterOrderCancelled,
    /// No second person agreed in time.
    LetterOrderLapsed,
    /// A supervisor looked at an order that one person asked for and agreed to.
    LetterOrderReviewed,
    LetterPrinted,
    LetterVoided,
    LetterCollected,
    /// A supervisor looked at what one person did alone.
    LetterReviewed,
    AccountCreated,
    AccountLapsed,
    AccountSuspended,
    AccountResumed,
    AccountClosed,
    AccountErased,
    AccountRecovered,
    /// Every session and every grant of an account was ended at once.
    SessionsEnded,
    /// A member of staff tried to do for an account what they may not, or what cannot be done any more; the outcome says
    /// which.
    AccountHelpRefused,
    /// A code was compared with a letter's.
    RecoveryVerdict,
    /// A recovery was turned away without comparing anything of the person's.
    RecoveryRefused,
    ContactChangeRequested,
    ContactChangeRefused,
    ContactChanged,
    ClosureRequested,
    DataExported,
    ConsentWithdrawn,
    MailGivenUp,
    MailRetried,
    /// A client could not be told that a session ended.
    LogoutNoticeGivenUp,
    LogoutNoticeRetried,
    /// What is personal in the records about somebody was opened, or records were taken away as a file.
    AuditRead,
    /// Who was affected between two moments was listed, for a breach notice.
    IncidentExported,
    ClientAdded,
    ClientSecretRotated,
    /// A client registered itself.
    ClientRegistered,
    ClientUpdated,
    /// With everything that it was given; the outcome says why, if time did it.
    ClientRemoved,
    /// Somebody may register clients.
    InitialAccessTokenMade,
    InitialAccessTokenRevoked,
    KeysRotated,
    /// A version of the Regulations came into force.
    RegulationsPublished,
    /// A person accepted the version in force.
    RegulationsAccepted,
    /// An account was given a role; the outcome is the role.
    StaffAdded,
    StaffEnded,
    SecondFactorEnrolled,
    /// A second factor was judged; in the outcome, how.
    SecondFactorVerdict,
    /// The recovery codes of a new second factor will not be shown again.
    SecondFactorCodesKept,
    SecondFactorReset,
    /// The owner signed in on a device, which has a budget of its own from now on.
    DeviceTrusted,
    /// One or more devices lost that; the outcome says why.
    DeviceDistrusted,
    /// One of somebody's second factors was taken away; the outcome says which, or by whom.
    SecondFactorRemoved,
    /// Somebody proved themselves again before changing how they sign in.
    IdentityConfirmed,
}

impl Action {
    /// Every action: each has a sentence of its own in both languages.
    pub const ALL: &'static [Self] = &[
        Self::SignInVerdict,
        Self::SignInRefused,
        Self::AccountLocked,
        Self::AccountUnlocked,
        Self::GuessingNoticed,
        Self::GuessingOver,
        Self::AccountImported,
        Self::RegisterImported,
        Self::PasswordChanged,
        Self::PasswordRehashed,
        Self::SessionStarted,
        Self::SessionRenewed,
        Self::SessionEnded,
        Self::ConsentGiven,
        Self::ConsentDenied,
        Self::GrantIssued,
        Self::GrantRevoked,
        Self::ApplicationFiled,
        Self::ApplicationLinkSent,
        Self::ApplicationTakenIn,
        Self::ApplicationSubmitted,
        Self::ApplicationSentBack,
        Self::ApplicationCorrected,
        Self::ApplicationApproved,
        Self::ApplicationRejected,
        Self::ApplicationDecisionRefused,
        Self::ApplicationWithdrawn,
        Self::ApplicationExpired,
        Self::ApplicationReviewed,
        Self::LetterOrdered,
        Self::LetterOrderApproved,
        Self::LetterOrderRefused,
        Self::LetterOrderCancelled,
        Self::LetterOrderLapsed,
        Self::LetterOrderReviewed,
        Self::LetterPrinted,
        Self::LetterVoided,
        Self::LetterCollected,
        Self::LetterReviewed,
        Self::AccountCreated,
        Self::AccountLapsed,
        Self::AccountSuspended,
        Self::AccountResumed,
        Self::AccountClosed,
        Self::AccountErased,
        Self::AccountRecovered,
        Self::SessionsEnded,
        Self::AccountHelpRefused,
        Self::RecoveryVerdict,
        Self::RecoveryRefused,
        Self::ContactChangeRequested,
        Self::ContactChangeRefused,
        Self::ContactChanged,
        Self::ClosureRequested,
        Self::DataExported,
        Self::ConsentWithdrawn,
        Self::MailGivenUp,
        Self::MailRetried,
        Self::LogoutNoticeGivenUp,
        Self::LogoutNoticeRetried,
        Self::AuditRead,
        Self::IncidentExported,
        Self::ClientAdded,
        Self::ClientSecretRotated,
        Self::ClientRegistered,
        Self::ClientUpdated,
        Self::ClientRemoved,
        Self::InitialAccessTokenMade,
        Self::InitialAccessTokenRevoked,
        Self::KeysRotated,
        Self::RegulationsPublished,
        Self::RegulationsAccepted,
        Self::StaffAdded,
        Self::StaffEnded,
        Self::SecondFactorEnrolled,
        Self::SecondFactorVerdict,
        Self::SecondFactorCodesKept,
        Self::SecondFactorReset,
        Self::DeviceTrusted,
        Self::DeviceDistrusted,
        Self::SecondFactorRemoved,
        Self::IdentityConfirmed,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignInVerdict => "sign_in.verdict",
            Self::SignInRefused => "sign_in.refused",
            Self::AccountLocked => "account.locked",
            Self::AccountUnlocked => "account.unlocked",
            Self::GuessingNoticed => "guessing.noticed",
            Self::GuessingOver => "guessing.over",
            Self::AccountImported => "account.imported",
            Self::RegisterImported => "register.imported",
            Self::PasswordChanged => "password.changed",
            Self::PasswordRehashed => "password.rehashed",
            Self::SessionStarted => "session.started",
            Self::SessionRenewed => "session.renewed",
            Self::SessionEnded => "session.ended",
            Self::ConsentGiven => "consent.given",
            Self::ConsentDenied => "consent.denied",
            Self::GrantIssued => "grant.issued",
            Self::GrantRevoked => "grant.revoked",
            Self::ApplicationFiled => "application.filed",
            Self::ApplicationLinkSent => "application.link_sent",
            Self::ApplicationTakenIn => "application.taken_in",
            Self::ApplicationSubmitted => "application.submitted",
            Self::ApplicationSentBack => "application.sent_back",
            Self::ApplicationCorrected => "application.corrected",
            Self::ApplicationApproved => "application.approved",
            Self::ApplicationRejected => "application.rejected",
            Self::ApplicationDecisionRefused => "application.decision_refused",
            Self::ApplicationWithdrawn => "application.withdrawn",
            Self::ApplicationExpired => "application.expired",
            Self::ApplicationReviewed => "application.reviewed",
            Self::LetterOrdered => "letter.ordered",
            Self::LetterOrderApproved => "letter.order_approved",
            Self::LetterOrderRefused => "letter.order_refused",
            Self::LetterOrderCancelled => "letter.order_cancelled",
            Self::LetterOrderLapsed => "letter.order_lapsed",
            Self::LetterOrderReviewed => "letter.order_reviewed",
            Self::LetterPrinted => "letter.printed",
            Self::LetterVoided => "letter.voided",
            Self::LetterCollected => "letter.collected",
            Self::LetterReviewed => "letter.reviewed",
            Self::AccountCreated => "account.created",
            Self::AccountLapsed => "account.lapsed",
            Self::AccountSuspended => "account.suspended",
            Self::AccountResumed => "account.resumed",
            Self::AccountClosed => "account.closed",
            Self::AccountErased => "account.erased",
            Self::AccountRecovered => "account.recovered",
            Self::SessionsEnded => "sessions.ended",
            Self::AccountHelpRefused => "account.help_refused",
            Self::RecoveryVerdict => "recovery.verdict",
            Self::RecoveryRefused => "recovery.refused",
            Self::ContactChangeRequested => "contact_change.requested",
            Self::ContactChangeRefused => "contact_change.refused",
            Self::ContactChanged => "contact.changed",
            Self::ClosureRequested => "closure.requested",
            Self::DataExported => "data.exported",
            Self::ConsentWithdrawn => "consent.withdrawn",
            Self::MailGivenUp => "mail.given_up",
            Self::MailRetried => "mail.retried",
            Self::LogoutNoticeGivenUp => "logout_notice.given_up",
            Self::LogoutNoticeRetried => "logout_notice.retried",
            Self::AuditRead => "audit.read",
            Self::IncidentExported => "incident.exported",
            Self::ClientAdded => "client.added",
            Self::ClientSecretRotated => "client.secret_rotated",
            Self::ClientRegistered => "client.registered",
            Self::ClientUpdated => "client.updated",
            Self::ClientRemoved => "client.removed",
            Self::InitialAccessTokenMade => "initial_access_token.made",
            Self::InitialAccessTokenRevoked => "initial_access_token.revoked",
            Self::KeysRotated => "keys.rotated",
            Self::RegulationsPublished => "regulations.published",
            Self::RegulationsAccepted => "regulations.accepted",
            Self::StaffAdded => "staff.added",
            Self::StaffEnded => "staff.ended",
            Self::SecondFactorEnrolled => "second_factor.enrolled",
            Self::SecondFactorVerdict => "second_factor.verdict",
            Self::SecondFactorCodesKept => "second_factor.codes_kept",
            Self::SecondFactorReset => "second_factor.reset",
            Self::DeviceTrusted => "device.trusted",
            Self::DeviceDistrusted => "device.distrusted",
            Self::SecondFactorRemoved => "second_factor.removed",
            Self::IdentityConfirmed => "identity.confirmed",
        }
    }
}

/// A record may be of a newer version of this program, or of an older one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no action")]
pub struct UnknownAction(String);

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.iter().copied().find(|action| action.as_str() == text);
        known.ok_or_else(|| UnknownAction(text.to_owned()))
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The person whose account it is.
    Account(AccountId),
    /// Somebody who has not proved who they are.
    Visitor,
    /// A relying party.
    Client(String),
    /// A member of staff, in the office's console.
    Staff(AccountId),
    /// Whoever runs the command line.
    Operator,
    /// The passing of time.
    Clock,
}

impl Actor {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Visitor => "visitor",
            Self::Client(_) => "client",
            Self::Staff(_) => "staff",
            Self::Operator => "operator",
            Self::Clock => "clock",
        }
    }

    pub fn id(&self) -> Option<String> {
        match self {
            Self::Account(id) | Self::Staff(id) => Some(id.to_string()),
            Self::Client(id) => Some(id.clone()),
            Self::Visitor | Self::Operator | Self::Clock => None,
        }
    }
}

/// From where. Personal: sealed before it is written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Origin {
    pub address: Option<IpAddr>,
    pub user_agent: Option<String>,
}

/// One record, before it is written.
#[derive(Debug, Clone)]
pub struct AuditRecord {
    pub action: Action,
    pub actor: Actor,
    /// The account it is about, and whose key seals the origin.
    pub account: Option<AccountId>,
    pub session: Option<SessionId>,
    pub client: Option<String>,
    /// How it ended or why it happened, as a code (`correct`, `wrong`, `locked`, `code_replayed`).
    pub outcome: Option<&'static str>,
    /// Why, in the words of who did it. Personal: sealed before it is written.
    pub reason: Option<String>,
    pub origin: Origin,
}

/// What of a record is personal: sealed under the person's key.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Personal {
    #[serde(flatten)]
    pub origin: Origin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl AuditRecord {
    pub fn new(action: Action, actor: Actor) -> Self {
        Self {
            action,
            actor,
            account: None,
            session: None,
            client: None,
            outcome: None,
            reason: None,
            origin: Origin::default(),
        }
    }

    /// A record by a person about their own account.
    pub fn of_account(action: Action, account: AccountId) -> Self {
        Self::new(action, Actor::Account(account)).about(account)
    }

    #[must_use]
    pub fn about(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// About an application: under the id of the account that it may become.
    #[must_use]
    pub fn about_application(self, application: ApplicationId) -> Self {
        self.about(AccountId::from(application.uuid()))
    }

    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    #[must_use]
    pub fn session(mut self, session: SessionId) -> Self {
        self.session = Some(session);
        self
    }

    #[must_use]
    pub fn client(mut self, client: impl Into<String>) -> Self {
        self.client = Some(client.into());
        self
    }

    #[must_use]
    pub fn outcome(mut self, outcome: &'static str) -> Self {
        self.outcome = Some(outcome);
        self
    }

    #[must_use]
    pub fn from(mut self, origin: &Origin) -> Self {
        self.origin = origin.clone();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_in_the_list_and_reads_back() {
        // Nothing in the language makes a list of an enum's names: what is written above is counted.
        let named = include_str!("audit.rs").lines().filter(|line| line.trim_start().starts_with("Self::"));
        let with_a_name = named.filter(|line| line.contains(" => \"") && line.contains('.')).count();
        assert_eq!(with_a_name, Action::ALL.len());
        for action in Action::ALL {
            assert_eq!(action.as_str().parse(), Ok(*action));
        }
        assert!("account.sold".parse::<Action>().is_err());
    }
}
