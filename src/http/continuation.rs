//! Where a person goes on after a page: one of these, never an address that came with the request.

use crate::domain::ids::AuthorizationId;
use crate::domain::session::Owed;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Continue {
    Authorization(AuthorizationId),
    Home,
}

impl Continue {
    /// From the `authorization` field of a form or query. What is no id is no id: the person ends at home.
    pub(super) fn from_field(field: Option<&str>) -> Self {
        field.and_then(|text| text.parse().ok()).map_or(Self::Home, Self::Authorization)
    }

    pub(super) fn authorization(self) -> Option<AuthorizationId> {
        match self {
            Self::Authorization(id) => Some(id),
            Self::Home => None,
        }
    }

    /// As the forms carry it.
    pub(super) fn field(self) -> Option<String> {
        self.authorization().map(|id| id.to_string())
    }

    /// The address where it goes on.
    pub(super) fn path(self) -> String {
        match self {
            Self::Authorization(id) => format!("/authorize/{id}"),
            Self::Home => "/".to_owned(),
        }
    }

    /// The address of a page on the way there.
    pub(super) fn by_way_of(self, page: &str) -> String {
        match self {
            Self::Authorization(id) => format!("{page}?authorization={id}"),
            Self::Home => page.to_owned(),
        }
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
