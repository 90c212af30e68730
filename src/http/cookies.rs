//! Our cookies. Cookies ignore ports, so every name begins with `iok_id_`; on https also with `__Host-`, which no
//! neighbour under the same domain can set (RFC 6265bis §4.1.3.2).

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::accounts::sign_in::StartedSession;
use crate::accounts::trusted_devices::DeviceCookie;
use crate::domain::locale::Locale;
use crate::domain::secret::BearerSecret;

#[derive(Debug, Clone)]
pub(super) struct CookieNames {
    secure: bool,
}

/// What we keep in a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// The session's secret.
    Session,
    /// The pre-session: which browser this is, before anybody signs in.
    Visit,
    /// For each account whose owner signed in here, what this browser is known by. It outlives the session: it is what
    /// lets them in while strangers guess.
    Device,
    /// The language that was chosen.
    Locale,
}

impl Kept {
    const fn name(self) -> &'static str {
        match self {
            Self::Session => "iok_id_session",
            Self::Visit => "iok_id_visit",
            Self::Device => "iok_id_device",
            Self::Locale => "iok_id_locale",
        }
    }
}

impl CookieNames {
    pub(super) const fn new(secure: bool) -> Self {
        Self { secure }
    }

    pub(super) const fn is_secure(&self) -> bool {
        self.secure
    }

    pub(super) fn name(&self, kept: Kept) -> String {
        if self.secure { format!("__Host-{}", kept.name()) } else { kept.name().to_owned() }
    }

    /// Reads one; others' cookies are not looked at.
    pub(super) fn read(&self, headers: &HeaderMap, kept: Kept) -> Option<String> {
        let wanted = self.name(kept);
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == wanted && !cookie.value().is_empty())
            .map(|cookie| cookie.value().to_owned())
    }

    pub(super) fn session(&self, secret: &BearerSecret) -> Cookie<'static> {
        self.make(Kept::Session, secret.expose().to_owned())
    }

    /// What a browser gets that somebody has just signed in with.
    pub(super) fn started(&self, started: &StartedSession) -> impl Iterator<Item = Cookie<'static>> {
        std::iter::once(self.session(&started.secret)).chain(self.device(started.device.as_ref()))
    }

    /// What the browser is known by from now on, if that changes.
    pub(super) fn device(&self, device: Option<&DeviceCookie>) -> Option<Cookie<'static>> {
        let device = device?;
        let cookie = self.make(Kept::Device, device.value.expose().to_owned());
        // In words: the type of a `Max-Age` is a crate's that nothing else here needs.
        Cookie::parse(format!("{cookie}; Max-Age={}", device.lasts.num_seconds())).ok()
    }

    pub(super) fn visit(&self, secret: &BearerSecret) -> Cookie<'static> {
        self.make(Kept::Visit, secret.expose().to_owned())
    }

    pub(super) fn locale(&self, locale: Locale) -> Cookie<'static> {
        self.make(Kept::Locale, locale.tag().to_owned())
    }

    /// Tells the browser to forget it.
    pub(super) fn forget(&self, kept: Kept) -> Cookie<'static> {
        let mut cookie = self.make(kept, String::new());
        cookie.make_removal();
        cookie
    }

    fn make(&self, kept: Kept, value: String) -> Cookie<'static> {
        Cookie::build((self.name(kept), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .build()
    }
}
