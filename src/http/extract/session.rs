//! The session of a request, if its cookie opens one.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::domain::secret::BearerSecret;
use crate::domain::session::Session;
use crate::http::cookies::Kept;
use crate::http::errors::PageError;
use crate::http::state::Web;

/// The cookie alone, unchecked.
#[derive(Debug)]
pub(in crate::http) struct SessionSecret(pub Option<BearerSecret>);

/// The live session. It may owe something: doors that must not open then want a `SignedIn`.
#[derive(Debug)]
pub(in crate::http) struct CurrentSession(pub Option<Session>);

impl FromRequestParts<Arc<Web>> for SessionSecret {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Self::Rejection> {
        Ok(Self(web.cookies.read(&parts.headers, Kept::Session).map(BearerSecret::presented)))
    }
}

impl FromRequestParts<Arc<Web>> for CurrentSession {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, PageError> {
        let Some(secret) = web.cookies.read(&parts.headers, Kept::Session).map(BearerSecret::presented)
        else {
            return Ok(Self(None));
        };
        Ok(Self(web.accounts.find_session(&secret).await?))
    }
}
