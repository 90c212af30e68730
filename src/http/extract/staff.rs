//! Who works at this page of the console. The guard has asked already; the handler only takes it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::domain::staff::StaffMember;
use crate::http::errors::PageError;
use crate::http::state::Web;
use crate::views::ErrorKind;

/// The member of staff behind a [`Guard::Staff`](crate::http::guard::Guard::Staff) door.
#[derive(Debug, Clone)]
pub(in crate::http) struct Staff(pub StaffMember);

impl FromRequestParts<Arc<Web>> for Staff {
    type Rejection = PageError;

    /// # Errors
    /// On a route without that guard: nobody is let in by mistake.
    async fn from_request_parts(parts: &mut Parts, _: &Arc<Web>) -> Result<Self, PageError> {
        let member = parts.extensions.get::<StaffMember>().cloned();
        member.map(Self).ok_or_else(|| PageError::new(ErrorKind::Internal))
    }
}
