//! What the desks of things on their way have in common: a list of what did not arrive, and a button that tries one of
//! them again.

use std::str::FromStr;

use axum::http::StatusCode;
use axum::response::Response;

use crate::http::errors::PageError;
use crate::http::extract::form::OwnForm;
use crate::http::pages::see_other;
use crate::oidc::parameters::Parameters;
use crate::views::ErrorKind;

/// What stands above the list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Notice {
    Due,
    NotWaiting,
    FormExpired,
}

impl Notice {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::NotWaiting => "not-waiting",
            Self::FormExpired => "form-expired",
        }
    }

    /// Of the page that says it.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::Due => StatusCode::OK,
            Self::NotWaiting => StatusCode::CONFLICT,
            Self::FormExpired => StatusCode::FORBIDDEN,
        }
    }

    /// What the address asks for: the last one was tried again.
    pub(super) fn asked_for(query: &Parameters) -> Option<Self> {
        (query.single("notice") == Some("due")).then_some(Self::Due)
    }
}

/// Which one is to be tried again. `None`: the form was not ours, or is too old.
pub(super) fn chosen<Id: FromStr>(form: &OwnForm, field: &str) -> Result<Option<Id>, PageError> {
    if !form.is_ours {
        return Ok(None);
    }
    match form.fields.single(field).and_then(|id| id.parse().ok()) {
        Some(id) => Ok(Some(id)),
        None => Err(PageError::new(ErrorKind::BadForm)),
    }
}

/// It is tried again: back to the list, which says so.
pub(super) fn due(place: &str) -> Response {
    see_other(&format!("{place}?notice={}", Notice::Due.as_str()))
}
