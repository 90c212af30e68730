//! A contractor's application for an account, and the states it passes through (the procedure's rows 1 to 3).

pub mod form;

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;

use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, ApplicationId, OfficeId, TypedId};
use crate::domain::locale::Locale;
use crate::domain::premises::TitleRole;

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApplicationState {
    /// Filled in on-line; the address is not confirmed yet, so nobody at the office sees it.
    EmailPending,
    /// Waits for a clerk's decision.
    Submitted,
    /// The applicant was asked to correct something.
    NeedsCorrection,
    /// It has become an account.
    Approved,
    Rejected,
    /// The address was never confirmed.
    Expired,
    /// By the applicant, or by time: the correction that was asked for was never made.
    Withdrawn,
}

/// What moves an application from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApplicationEvent {
    /// The address was confirmed.
    Confirmed,
    /// The address was never confirmed.
    Expired,
    Approved,
    Rejected,
    /// The applicant was asked to correct something.
    SentBack,
    /// By the applicant, or, on paper, by the office.
    Corrected,
    /// By the applicant, or by time.
    Withdrawn,
}

impl ApplicationEvent {
    pub const ALL: [Self; 7] = [
        Self::Confirmed,
        Self::Expired,
        Self::Approved,
        Self::Rejected,
        Self::SentBack,
        Self::Corrected,
        Self::Withdrawn,
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} does not happen to an application that is {from}")]
pub struct IllegalTransition {
    pub from: ApplicationState,
    pub event: ApplicationEvent,
}

impl ApplicationState {
    pub const ALL: [Self; 7] = [
        Self::EmailPending,
        Self::Submitted,
        Self::NeedsCorrection,
        Self::Approved,
        Self::Rejected,
        Self::Expired,
        Self::Withdrawn,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EmailPending => "email_pending",
            Self::Submitted => "submitted",
            Self::NeedsCorrection => "needs_correction",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Is it still to be decided?
    pub const fn is_open(self) -> bool {
        matches!(self, Self::EmailPending | Self::Submitted | Self::NeedsCorrection)
    }

    /// The state that follows: the whole machine of the procedure.
    ///
    /// # Errors
    /// If this does not happen to an application in this state.
    pub const fn after(self, event: ApplicationEvent) -> Result<Self, IllegalTransition> {
        use ApplicationEvent as Event;
        match (event, self) {
            (Event::Confirmed, Self::EmailPending) | (Event::Corrected, Self::NeedsCorrection) => {
                Ok(Self::Submitted)
            }
            (Event::Expired, Self::EmailPending) => Ok(Self::Expired),
            (Event::Approved, Self::Submitted) => Ok(Self::Approved),
            (Event::Rejected, Self::Submitted) => Ok(Self::Rejected),
            (Event::SentBack, Self::Submitted) => Ok(Self::NeedsCorrection),
            (Event::Withdrawn, Self::EmailPending | Self::Submitted | Self::NeedsCorrection) => {
                Ok(Self::Withdrawn)
            }
            (event, from) => Err(IllegalTransition { from, event }),
        }
    }
}

impl fmt::Display for ApplicationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How an application came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Online,
    /// Paper, post or a scan, typed in by a clerk.
    Paper,
}

/// Who applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Applicant {
    #[default]
    Person,
    Firm,
}

impl Channel {
    pub const ALL: [Self; 2] = [Self::Online, Self::Paper];

    /// Has whoever reads the address of a submitted application shown that it is theirs? What a clerk typed from paper
    /// may be anybody's: no link goes there.
    pub const fn confirms_addresses(self) -> bool {
        matches!(self, Self::Online)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Paper => "paper",
        }
    }
}

impl Applicant {
    pub const ALL: [Self; 2] = [Self::Person, Self::Firm];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Firm => "firm",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no word of an application")]
pub struct UnknownWord(String);

macro_rules! read_back {
    ($($name:ident)*) => {$(
        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .into_iter()
                    .find(|known| known.as_str() == text)
                    .ok_or_else(|| UnknownWord(text.to_owned()))
            }
        }
    )*};
}

read_back! { ApplicationState Channel Applicant }

/// What the contractor fills in, on-line or on paper; checked, trimmed and NFC.
#[derive(Debug, Clone)]
pub struct Particulars {
    pub applicant: Applicant,
    pub given_name: String,
    pub family_name: String,
    /// The firm's name; a person named above acts for it.
    pub organisation_name: Option<String>,
    pub contractor_number: Option<String>,
    pub premises: PremisesAddress,
    pub title_role: TitleRole,
    pub office: OfficeId,
    pub email: Option<String>,
    pub phone_number: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PremisesAddress {
    /// With the numbers of house and flat.
    pub street: String,
    pub postal_code: String,
    pub city: String,
}

/// A stored application.
#[derive(Debug, Clone)]
pub struct Application {
    pub id: ApplicationId,
    pub state: ApplicationState,
    pub state_since: Moment,
    pub channel: Channel,
    pub locale: Locale,
    pub particulars: Particulars,
    pub regulations_version: String,
    pub regulations_accepted_at: Moment,
    pub scan_reference: Option<String>,
    /// The member of staff who typed it in.
    pub taken_in_by: Option<AccountId>,
    /// The member of staff who corrected it last, from paper.
    pub corrected_by: Option<AccountId>,
    /// The day on which the paper came.
    pub received_on: Option<NaiveDate>,
    pub created_at: Moment,
    pub link_sent_at: Option<Moment>,
    pub submitted_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub decided_by: Option<AccountId>,
    /// Why it was rejected, or what has to be corrected.
    pub decision_reason: Option<String>,
    /// Why a supervisor approved it without a current title.
    pub override_reason: Option<String>,
}

impl Application {
    /// The account that it becomes if it is approved.
    pub fn becomes(&self) -> AccountId {
        AccountId::from(self.id.uuid())
    }

    /// How the applicant is called.
    pub fn display_name(&self) -> String {
        let Particulars { given_name, family_name, organisation_name, .. } = &self.particulars;
        match (format!("{given_name} {family_name}").trim(), organisation_name) {
            ("", Some(firm)) => firm.clone(),
            (person, _) => person.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transitions_are_those_of_the_procedure() {
        use ApplicationState::{
            Approved, EmailPending, Expired, NeedsCorrection, Rejected, Submitted, Withdrawn,
        };
        for from in ApplicationState::ALL {
            let only = |state: ApplicationState, to| (from == state).then_some(to);
            for event in ApplicationEvent::ALL {
                let expected = match event {
                    ApplicationEvent::Confirmed => only(EmailPending, Submitted),
                    ApplicationEvent::Expired => only(EmailPending, Expired),
                    ApplicationEvent::Approved => only(Submitted, Approved),
                    ApplicationEvent::Rejected => only(Submitted, Rejected),
                    ApplicationEvent::SentBack => only(Submitted, NeedsCorrection),
                    ApplicationEvent::Corrected => only(NeedsCorrection, Submitted),
                    ApplicationEvent::Withdrawn => from.is_open().then_some(Withdrawn),
                };
                assert_eq!(from.after(event), expected.ok_or(IllegalTransition { from, event }));
            }
        }
    }

    #[test]
    fn names_read_back() {
        for state in ApplicationState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert_eq!("paper".parse(), Ok(Channel::Paper));
        assert_eq!("firm".parse(), Ok(Applicant::Firm));
    }
}
