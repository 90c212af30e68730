//! Everything that a request needs.

use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};

use super::language::Language;
use super::oidc::{Provider, ProviderFault};
use super::pages::{Pages, Trouble};
use super::party::RelyingParty;
use super::session::Sessions;
use crate::domain::ambient::Ambient;
use crate::domain::secret::BearerSecret;

pub(super) struct Desk {
    pub relying_party: RelyingParty,
    pub provider: Provider,
    pub sessions: Sessions,
    pub pages: Pages,
}

impl Desk {
    pub(super) fn open(relying_party: RelyingParty, ambient: Ambient) -> anyhow::Result<Self> {
        Ok(Self {
            provider: Provider::new(&relying_party, ambient.clone())?,
            sessions: Sessions::new(ambient),
            pages: Pages::new(relying_party.service, relying_party.port)?,
            relying_party,
        })
    }

    pub(super) fn port(&self) -> u16 {
        self.relying_party.port
    }

    pub(super) fn cookie_name(&self) -> &'static str {
        self.relying_party.service.cookie_name()
    }

    pub(super) fn trouble(&self, language: Language, trouble: Trouble<'_>) -> Response {
        let status = trouble.status();
        let mut response = self.pages.trouble(language, trouble);
        *response.status_mut() = status;
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }

    /// Tells the person kindly and the log exactly.
    pub(super) fn provider_trouble(&self, language: Language, fault: &ProviderFault) -> Response {
        let service = self.relying_party.service.key();
        tracing::warn!(service, error = %fault, "a sign-in did not come about");
        self.trouble(
            language,
            match fault {
                ProviderFault::Unreachable(_) => Trouble::ProviderUnreachable,
                ProviderFault::Refused(_) => Trouble::SignInFailed,
                ProviderFault::Unverified(_) => Trouble::ProviderUnbelievable,
            },
        )
    }

    pub(super) fn with_cookie(&self, mut response: Response, value: &BearerSecret) -> Response {
        // No `Secure`: the demo speaks plain HTTP on the loopback. Lax: the provider's answer is a cross-site
        // navigation when the service is used at 127.0.0.1.
        let cookie = Cookie::build((self.cookie_name(), value.expose()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .build();
        if let Ok(cookie) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}
