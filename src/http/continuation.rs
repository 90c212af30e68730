//! Where a person goes on after a page: one of these, never an address that came with the request.

use sea_orm::DbErr;

use super::state::Web;
use crate::domain::ids::AuthorizationId;
use crate::domain::session::{Owed, Session};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Continue {
    Authorization(AuthorizationId),
    /// The office's console.
    Office,
    /// Where people look after their second factors.
    SecondFactors,
    Home,
}

/// What stands in the field of a form that goes on at the office: no id looks like it.
const OFFICE: &str = "office";
const SECOND_FACTORS: &str = "second-factors";

impl Continue {
    /// From the `authorization` field of a form or query. What names nothing names nothing: the person ends at home.
    pub(super) fn from_field(field: Option<&str>) -> Self {
        match field {
            Some(OFFICE) => Self::Office,
            Some(SECOND_FACTORS) => Self::SecondFactors,
            Some(text) => text.parse().map_or(Self::Home, Self::Authorization),
            None => Self::Home,
        }
    }

    pub(super) fn authorization(self) -> Option<AuthorizationId> {
        match self {
            Self::Authorization(id) => Some(id),
            Self::Office | Self::SecondFactors | Self::Home => None,
        }
    }

    /// As the forms carry it.
    pub(super) fn field(self) -> Option<String> {
        match self {
            Self::Authorization(id) => Some(id.to_string()),
            Self::Office => Some(OFFICE.to_owned()),
            Self::SecondFactors => Some(SECOND_FACTORS.to_owned()),
            Self::Home => None,
        }
    }

    /// The address where it goes on.
    pub(super) fn path(self) -> String {
        match self {
            Self::Authorization(id) => format!("/authorize/{id}"),
            Self::Office => "/office".to_owned(),
            Self::SecondFactors => "/account/second-factors".to_owned(),
            Self::Home => "/".to_owned(),
        }
    }

    /// The address of a page on the way there.
    pub(super) fn by_way_of(self, page: &str) -> String {
        match self.field() {
            Some(field) => format!("{page}?authorization={field}"),
            None => page.to_owned(),
        }
    }

    /// Where this person is at home: staff, once they proved a second factor, in the office.
    pub(super) async fn at_home(self, web: &Web, session: &Session) -> Result<Self, DbErr> {
        if self != Self::Home || !session.has_second_factor() {
            return Ok(self);
        }
        let works_here = web.accounts.staff_member(session.account).await?.is_some();
        Ok(if works_here { Self::Office } else { self })
    }

    /// Where a session goes on: to what it owes first, or to the end of the way.
    pub(super) fn next(self, owed: &[Owed]) -> String {
        owed.first().map_or_else(|| self.path(), |owed| self.settling(*owed))
    }

    /// The page that settles a debt.
    pub(super) fn settling(self, owed: Owed) -> String {
        match owed {
            Owed::PasswordChange => self.by_way_of("/change-password"),
            Owed::SecondFactor => self.by_way_of("/second-factor"),
            Owed::Regulations => self.by_way_of("/regulations/accept"),
        }
    }
}
