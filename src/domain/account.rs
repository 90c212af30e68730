//! An account and the states it passes through (the procedure's state diagram).

use std::fmt;
use std::str::FromStr;

use super::clock::Moment;
use super::ids::{AccountId, OfficeId};
use super::locale::Locale;
use super::login::Login;

/// Where an account stands. A lock is not a state: it is an attempt budget that has run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountState {
    /// Approved; the letter waits at the office. The initial password opens nothing yet.
    AwaitingCollection,
    /// The letter was collected; the initial password opens exactly one thing, its own replacement.
    InitialPassword,
    Active,
    Suspended,
    /// The letter was not collected in time.
    Lapsed,
    Closed,
    /// Only a pseudonymous stub is left.
    Erased,
}

/// Who had an account suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuspensionCause {
    Office,
    /// "It was not me": the link of an e-mail. What opened the account until then is in other hands.
    OwnersLink,
}

impl SuspensionCause {
    pub const ALL: [Self; 2] = [Self::Office, Self::OwnersLink];

    /// Its permanent name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Office => "by_office",
            Self::OwnersLink => "blocked_by_link",
        }
    }
}

/// What a correct password opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordKind {
    Initial,
    Chosen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an account that is {from} cannot {attempted}")]
pub struct IllegalTransition {
    pub from: AccountState,
    pub attempted: &'static str,
}

impl AccountState {
    pub const ALL: [Self; 7] = [
        Self::AwaitingCollection,
        Self::InitialPassword,
        Self::Active,
        Self::Suspended,
        Self::Lapsed,
        Self::Closed,
        Self::Erased,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingCollection => "awaiting_collection",
            Self::InitialPassword => "initial_password",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Lapsed => "lapsed",
            Self::Closed => "closed",
            Self::Erased => "erased",
        }
    }

    /// The password that may be tried in this state, if any.
    pub const fn password_kind(self) -> Option<PasswordKind> {
        match self {
            Self::InitialPassword => Some(PasswordKind::Initial),
            Self::Active => Some(PasswordKind::Chosen),
            Self::AwaitingCollection | Self::Suspended | Self::Lapsed | Self::Closed | Self::Erased => None,
        }
    }

    /// May its letter bring the owner back in? A letter never lifts a suspension, and reopens nothing.
    pub const fn can_be_recovered(self) -> bool {
        matches!(self, Self::InitialPassword | Self::Active)
    }

    /// May clients act for this account: refresh tokens, userinfo?
    pub const fn is_open_to_clients(self) -> bool {
        matches!(self, Self::Active)
    }

    /// A letter was handed over: from now on its initial password opens the account. Never lifts a suspension.
    ///
    /// # Errors
    /// While suspended, and once erased.
    pub const fn letter_collected(self) -> Result<Self, IllegalTransition> {
        match self {
            // Who lost the letter before the first sign-in gets another one.
            Self::AwaitingCollection | Self::InitialPassword | Self::Active | Self::Lapsed | Self::Closed => {
                Ok(Self::InitialPassword)
            }
            from @ (Self::Suspended | Self::Erased) => {
                Err(IllegalTransition { from, attempted: "have a letter collected" })
            }
        }
    }

    /// Nobody came for the letter in time.
    ///
    /// # Errors
    /// If no first letter waits.
    pub const fn lapsed(self) -> Result<Self, IllegalTransition> {
        match self {
            Self::AwaitingCollection => Ok(Self::Lapsed),
            from => Err(IllegalTransition { from, attempted: "lapse" }),
        }
    }

    /// # Errors
    /// If it cannot be signed in to anyway.
    pub const fn suspended(self) -> Result<Self, IllegalTransition> {
        match self {
            Self::InitialPassword | Self::Active => Ok(Self::Suspended),
            from => Err(IllegalTransition { from, attempted: "be suspended" }),
        }
    }

    /// Back to where it was: whoever had not chosen a password yet still has to.
    ///
    /// # Errors
    /// If it is not suspended.
    pub const fn resumed(self, has_chosen_password: bool) -> Result<Self, IllegalTransition> {
        match (self, has_chosen_password) {
            (Self::Suspended, true) => Ok(Self::Active),
            (Self::Suspended, false) => Ok(Self::InitialPassword),
            (from, _) => Err(IllegalTransition { from, attempted: "be resumed" }),
        }
    }

    /// # Errors
    /// If it is closed or erased already.
    pub const fn closed(self) -> Result<Self, IllegalTransition> {
        match self {
            Self::AwaitingCollection
            | Self::InitialPassword
            | Self::Active
            | Self::Suspended
            | Self::Lapsed => Ok(Self::Closed),
            from @ (Self::Closed | Self::Erased) => Err(IllegalTransition { from, attempted: "be closed" }),
        }
    }

    /// # Errors
    /// If it is not closed.
    pub const fn erased(self) -> Result<Self, IllegalTransition> {
        match self {
            Self::Closed => Ok(Self::Erased),
            from => Err(IllegalTransition { from, attempted: "be erased" }),
        }
    }

    /// The person chose a password: the initial one is dead, and stays dead.
    ///
    /// # Errors
    /// In every state that no sign-in leads to.
    pub const fn password_chosen(self) -> Result<Self, IllegalTransition> {
        match self {
            Self::InitialPassword | Self::Active => Ok(Self::Active),
            from => Err(IllegalTransition { from, attempted: "choose a password" }),
        }
    }
}

impl fmt::Display for AccountState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an account state")]
pub struct UnknownState(String);

impl FromStr for AccountState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownState(text.to_owned()))
    }
}

/// A person's account as use cases see it. Hashes stay in storage: whoever needs to check a password goes
/// through `accounts::verdict`, which draws on the attempt budget.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: AccountId,
    pub login: Login,
    /// Permanent, random, independent of login and e-mail (OpenID Connect Core §8).
    pub subject: String,
    pub state: AccountState,
    pub profile: Profile,
    /// When anything of the profile changed last (`updated_at`, OpenID Connect Core §5.1).
    pub profile_updated_at: Moment,
    pub office: Option<OfficeId>,
}

/// What is known about the person, in the terms of OpenID Connect Core §5.1.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    pub given_name: String,
    pub family_name: String,
    pub organisation_name: Option<String>,
    pub email: Option<String>,
    pub email_verified: bool,
    pub phone_number: Option<String>,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub locale: Option<Locale>,
    /// Further standard claims, as imported.
    pub attributes: serde_json::Map<String, serde_json::Value>,
}

impl Profile {
    /// The person's name, or the firm's where no person is named.
    pub fn display_name(&self) -> String {
        let person = format!("{} {}", self.given_name, self.family_name);
        match (person.trim(), &self.organisation_name) {
            ("", Some(firm)) => firm.clone(),
            (person, _) => person.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_collected_or_active_accounts_have_a_password_to_try() {
        for state in AccountState::ALL {
            let expected = match state {
                AccountState::InitialPassword => Some(PasswordKind::Initial),
                AccountState::Active => Some(PasswordKind::Chosen),
                _ => None,
            };
            assert_eq!(state.password_kind(), expected, "{state}");
            assert_eq!(state.password_chosen().is_ok(), expected.is_some(), "{state}");
        }
    }

    #[test]
    fn transitions_are_those_of_the_procedure() {
        use AccountState::{Active, AwaitingCollection, Closed, Erased, InitialPassword, Lapsed, Suspended};
        for from in AccountState::ALL {
            let collected = !matches!(from, Suspended | Erased);
            assert_eq!(from.letter_collected().ok(), collected.then_some(InitialPassword), "{from}");
            assert_eq!(from.lapsed().ok(), (from == AwaitingCollection).then_some(Lapsed), "{from}");
            let is_open = matches!(from, Active | InitialPassword);
            assert_eq!(from.can_be_recovered(), is_open, "{from}");
            assert_eq!(from.suspended().ok(), is_open.then_some(Suspended), "{from}");
            assert_eq!(from.resumed(true).ok(), (from == Suspended).then_some(Active), "{from}");
            assert_eq!(from.resumed(false).ok(), (from == Suspended).then_some(InitialPassword), "{from}");
            assert_eq!(from.closed().ok(), (!matches!(from, Closed | Erased)).then_some(Closed), "{from}");
            assert_eq!(from.erased().ok(), (from == Closed).then_some(Erased), "{from}");
        }
    }

    #[test]
    fn names_read_back() {
        for state in AccountState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!("locked".parse::<AccountState>().is_err(), "a lock is not a state");
    }
}
