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

/// What moves an account from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountEvent {
    /// A letter was handed over: from now on its initial password opens the account.
    LetterCollected,
    /// Nobody came for the first letter in time.
    Lapsed,
    Suspended,
    /// Back to where it was: whoever had not chosen a password yet still has to.
    Resumed {
        has_chosen_password: bool,
    },
    Closed,
    Erased,
    /// The person chose a password: the initial one is dead, and stays dead.
    PasswordChosen,
}

impl AccountEvent {
    pub const ALL: [Self; 8] = [
        Self::LetterCollected,
        Self::Lapsed,
        Self::Suspended,
        Self::Resumed { has_chosen_password: true },
        Self::Resumed { has_chosen_password: false },
        Self::Closed,
        Self::Erased,
        Self::PasswordChosen,
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} does not happen to an account that is {from}")]
pub struct IllegalTransition {
    pub from: AccountState,
    pub event: AccountEvent,
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

    /// The state that follows: the whole machine of the procedure.
    ///
    /// # Errors
    /// If this does not happen to an account in this state.
    pub const fn after(self, event: AccountEvent) -> Result<Self, IllegalTransition> {
        use AccountEvent as Event;
        match (event, self) {
            // Who lost the letter before the first sign-in gets another one. A letter never lifts a suspension.
            (
                Event::LetterCollected,
                Self::AwaitingCollection | Self::InitialPassword | Self::Active | Self::Lapsed | Self::Closed,
            )
            | (Event::Resumed { has_chosen_password: false }, Self::Suspended) => Ok(Self::InitialPassword),
            (Event::Lapsed, Self::AwaitingCollection) => Ok(Self::Lapsed),
            (Event::Suspended, Self::InitialPassword | Self::Active) => Ok(Self::Suspended),
            (Event::PasswordChosen, Self::InitialPassword | Self::Active)
            | (Event::Resumed { has_chosen_password: true }, Self::Suspended) => Ok(Self::Active),
            (
                Event::Closed,
                Self::AwaitingCollection
                | Self::InitialPassword
                | Self::Active
                | Self::Suspended
                | Self::Lapsed,
            ) => Ok(Self::Closed),
            (Event::Erased, Self::Closed) => Ok(Self::Erased),
            (event, from) => Err(IllegalTransition { from, event }),
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
            assert_eq!(state.after(AccountEvent::PasswordChosen).is_ok(), expected.is_some(), "{state}");
        }
    }

    #[test]
    fn transitions_are_those_of_the_procedure() {
        use AccountState::{Active, AwaitingCollection, Closed, Erased, InitialPassword, Lapsed, Suspended};
        for from in AccountState::ALL {
            let is_open = matches!(from, Active | InitialPassword);
            assert_eq!(from.can_be_recovered(), is_open, "{from}");
            for event in AccountEvent::ALL {
                let expected = match event {
                    AccountEvent::LetterCollected => {
                        (!matches!(from, Suspended | Erased)).then_some(InitialPassword)
                    }
                    AccountEvent::Lapsed => (from == AwaitingCollection).then_some(Lapsed),
                    AccountEvent::Suspended => is_open.then_some(Suspended),
                    AccountEvent::Resumed { has_chosen_password } => {
                        let back = if has_chosen_password { Active } else { InitialPassword };
                        (from == Suspended).then_some(back)
                    }
                    AccountEvent::Closed => (!matches!(from, Closed | Erased)).then_some(Closed),
                    AccountEvent::Erased => (from == Closed).then_some(Erased),
                    AccountEvent::PasswordChosen => is_open.then_some(Active),
                };
                assert_eq!(from.after(event), expected.ok_or(IllegalTransition { from, event }));
            }
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
