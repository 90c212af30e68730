//! Who is there: the browser with what it keeps for us.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::cookie::Cookie;

use super::language::Languages;
use super::origin::origin_of;
use super::visit::Visit;
use crate::domain::audit::Origin;
use crate::domain::secret::BearerSecret;
use crate::domain::session::Session;
use crate::http::continuation::Continue;
use crate::http::cookies::Kept;
use crate::http::errors::PageError;
use crate::http::security_log::Noted;
use crate::http::state::Web;
use crate::oidc::resume::Visited;

#[derive(Debug)]
pub(in crate::http) struct Browser {
    pub languages: Languages,
    pub visit: Visit,
    pub origin: Origin,
    /// The session's cookie, unchecked.
    pub session_secret: Option<BearerSecret>,
    /// What it keeps to be known again, unchecked.
    pub device: Option<BearerSecret>,
    noted: Noted,
}

impl Browser {
    /// The live session. It may owe something: doors that must not open then want a `SignedIn`.
    pub(in crate::http) async fn session(&self, web: &Web) -> Result<Option<Session>, PageError> {
        match &self.session_secret {
            Some(secret) => {
                let found = web.accounts.find_session(secret).await?;
                if let Some(session) = &found {
                    self.noted.who(session);
                }
                Ok(found)
            }
            None => Ok(None),
        }
    }

    /// The authorization request that waits for this page, if it still does: one that has expired meanwhile takes nothing
    /// from what is done here.
    pub(in crate::http) async fn waiting(&self, web: &Web, then: Continue) -> Option<Visited> {
        web.provider.visit_bound(then.authorization()?, &self.visit.secret).await.ok()
    }

    /// What a page must set: the visit, if it is new, and a language that was just chosen.
    pub(in crate::http) fn cookies(&self, web: &Web) -> impl Iterator<Item = Cookie<'static>> {
        self.visit.cookie(web).into_iter().chain(self.languages.remember(web))
    }
}

impl FromRequestParts<Arc<Web>> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Infallible> {
        Ok(Self {
            languages: Languages::of_request(web, &parts.uri, &parts.headers),
            visit: Visit::of_request(web, &parts.headers),
            origin: origin_of(parts, web),
            session_secret: web.cookies.read(&parts.headers, Kept::Session).map(BearerSecret::presented),
            device: web.cookies.read(&parts.headers, Kept::Device).map(BearerSecret::presented),
            noted: Noted::of(&parts.extensions),
        })
    }
}
