//! The wish for a letter, on its way to the printer.

use std::fmt;
use std::str::FromStr;

/// Why a letter is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// The account was just approved.
    First,
    /// Another one, for an account that has one already or had one.
    Reissue,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderState {
    /// A second person has to agree: a letter for an account that was ever active opens it to whoever collects it.
    AwaitingApproval,
    /// To be printed.
    Approved,
    /// The letter was printed, and waits at the office. It can be printed again.
    Printed,
    /// The letter was handed over.
    Collected,
    Refused,
    /// Withdrawn, or the account closed or lapsed.
    Cancelled,
    /// No second person agreed in time.
    Lapsed,
}

impl OrderKind {
    pub const ALL: [Self; 2] = [Self::First, Self::Reissue];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Reissue => "reissue",
        }
    }
}

impl OrderState {
    pub const ALL: [Self; 7] = [
        Self::AwaitingApproval,
        Self::Approved,
        Self::Printed,
        Self::Collected,
        Self::Refused,
        Self::Cancelled,
        Self::Lapsed,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingApproval => "awaiting_approval",
            Self::Approved => "approved",
            Self::Printed => "printed",
            Self::Collected => "collected",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Lapsed => "lapsed",
        }
    }

    /// Is it still on its way?
    pub const fn is_open(self) -> bool {
        matches!(self, Self::AwaitingApproval | Self::Approved | Self::Printed)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no word of a letter's order")]
pub struct UnknownWord(String);

impl FromStr for OrderKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| UnknownWord(text.to_owned()))
    }
}

impl FromStr for OrderState {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| UnknownWord(text.to_owned()))
    }
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
