//! Which browser this is, before anybody signs in.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::cookie::Cookie;

use super::csrf;
use crate::domain::secret::BearerSecret;
use crate::http::cookies::Kept;
use crate::http::state::Web;

/// The browser's pre-session: an old one, or a new one that the answer must set.
#[derive(Debug, Clone)]
pub(in crate::http) struct Visit {
    pub secret: BearerSecret,
    is_new: bool,
}

impl Visit {
    /// What this browser's forms carry.
    pub(in crate::http) fn csrf_token(&self) -> String {
        csrf::token(&self.secret)
    }

    /// The cookie, if the browser does not have it yet.
    pub(in crate::http) fn cookie(&self, web: &Web) -> Option<Cookie<'static>> {
        self.is_new.then(|| web.cookies.visit(&self.secret))
    }
}

impl FromRequestParts<Arc<Web>> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Infallible> {
        Ok(match web.cookies.read(&parts.headers, Kept::Visit) {
            Some(known) => Self { secret: BearerSecret::presented(known), is_new: false },
            None => Self { secret: web.ambient.new_secret(), is_new: true },
        })
    }
}
