//! Which browser this is, before anybody signs in; and which forms are its own.
//!
//! Every form carries a token made of the visit cookie, which no other site can read. The token stays the same across
//! signing in, so that a form that was open in a second tab still works.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::Cookie;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

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
    pub(super) fn of_request(web: &Web, headers: &HeaderMap) -> Self {
        match Self::known(web, headers) {
            Some(known) => known,
            None => Self { secret: web.ambient.new_secret(), is_new: true },
        }
    }

    pub(super) fn known(web: &Web, headers: &HeaderMap) -> Option<Self> {
        let secret = BearerSecret::presented(web.cookies.read(headers, Kept::Visit)?);
        Some(Self { secret, is_new: false })
    }

    /// What this browser's forms carry.
    pub(in crate::http) fn csrf_token(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"iok-id form token\0");
        hash.update(self.secret.expose().as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
    }

    /// Was a form with this token given to this browser?
    pub(super) fn gave(&self, csrf_token: &str) -> bool {
        csrf_token.as_bytes().ct_eq(self.csrf_token().as_bytes()).into()
    }

    /// The cookie, if the browser does not have it yet.
    pub(in crate::http) fn cookie(&self, web: &Web) -> Option<Cookie<'static>> {
        self.is_new.then(|| web.cookies.visit(&self.secret))
    }
}
