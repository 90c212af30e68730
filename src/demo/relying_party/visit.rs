//! What a request says, read once and strictly.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use url::form_urlencoded;

use super::address::Address;
use super::desk::Desk;
use super::language::Language;
use super::pages::Trouble;
use crate::domain::secret::BearerSecret;

/// One request to a page of ours.
pub(super) struct Visit {
    pub address: Address,
    pub language: Language,
    /// The value of our own cookie; other cookies are not looked at.
    pub cookie: Option<BearerSecret>,
    pub parameters: Parameters,
}

impl FromRequestParts<Arc<Desk>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Self::Rejection> {
        let parameters = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let language = language(&parts.headers, &parameters);
        let Some(address) = Address::of(parts, desk.port()) else {
            return Err(desk.trouble(language, Trouble::WrongAddress));
        };
        let cookie = CookieJar::from_headers(&parts.headers)
            .get(desk.cookie_name())
            .map(|cookie| BearerSecret::presented(cookie.value()));
        Ok(Self { address, language, cookie, parameters })
    }
}

/// The language alone, for pages that are shown whatever else the request says.
pub(super) struct Speaks(pub Language);

impl<S: Sync> FromRequestParts<S> for Speaks {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let parameters = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self(language(&parts.headers, &parameters)))
    }
}

fn language(headers: &HeaderMap, parameters: &Parameters) -> Language {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Language::negotiate(parameters.one("lang").unwrap_or_default(), accepted)
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// A form that a machine sent: no cookie of ours comes with it, and nothing of it is believed as it is.
pub(super) struct MachineForm(pub Parameters);

impl FromRequest<Arc<Desk>> for MachineForm {
    type Rejection = StatusCode;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, StatusCode> {
        if !is_form(request.headers()) {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let body = axum::body::Bytes::from_request(request, desk).await;
        body.map(|body| Self(Parameters::parse(&body))).map_err(|rejection| rejection.status())
    }
}

/// A form that a page of ours sent. A cross-site page cannot name our origin, and our cookie would not come with it.
pub(super) struct OwnForm {
    pub visit: Visit,
    pub fields: Parameters,
}

impl FromRequest<Arc<Desk>> for OwnForm {
    type Rejection = Response;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, desk).await?;
        let plain = |status: StatusCode| {
            let mut response = Response::default();
            *response.status_mut() = status;
            response
        };
        if !is_form(&parts.headers) {
            return Err(plain(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let own_origin = visit.address.origin(desk.port());
        if parts.headers.get(ORIGIN).is_some_and(|origin| origin.as_bytes() != own_origin.as_bytes()) {
            return Err(desk.trouble(visit.language, Trouble::StaleForm));
        }
        let body = axum::body::Bytes::from_request(Request::from_parts(parts, body), desk)
            .await
            .map_err(|rejection| plain(rejection.status()))?;
        let fields = Parameters::parse(&body);
        let language = Language::negotiate(fields.one("lang").unwrap_or_default(), None).choice();
        Ok(Self { visit: Visit { language: visit.language.or_remembered(language), ..visit }, fields })
    }
}

/// Parameters of a query or a form.
pub(super) struct Parameters(Vec<(String, String)>);

/// The parameter occurs more than once (RFC 6749 §3.1 forbids it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Repeated;

impl Parameters {
    fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The parameter's one value; without a value it counts as missing.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let first = values.next();
        match values.next() {
            None => Ok(first.filter(|value| !value.is_empty())),
            Some(_) => Err(Repeated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_has_one_value_or_is_refused() {
        let parameters = Parameters::parse(b"code=a%2Bb&state=&iss=x&iss=x");
        assert_eq!(parameters.one("code"), Ok(Some("a+b")));
        assert_eq!(parameters.one("state"), Ok(None));
        assert_eq!(parameters.one("error"), Ok(None));
        assert_eq!(parameters.one("iss"), Err(Repeated));
    }
}
