//! Pages on their way out: HTML with a policy made for this very page.

use axum::body::Body;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::Cookie;

use crate::accounts::passkeys::PasskeyQuestion;
use crate::oidc::redirect::{form_action_exactly, form_action_source};
use crate::views::PasskeyPrompt;

const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// An HTML page. No inline code, nothing from elsewhere, no frames.
#[derive(Debug)]
#[must_use]
pub(super) struct HtmlPage {
    html: String,
    status: StatusCode,
    /// Sources of `form-action`.
    forms_end_at: String,
    image_from: Option<String>,
    cookies: Vec<Cookie<'static>>,
}

pub(super) fn page(html: String) -> HtmlPage {
    HtmlPage {
        html,
        status: StatusCode::OK,
        forms_end_at: "'self'".to_owned(),
        image_from: None,
        cookies: Vec::new(),
    }
}

impl HtmlPage {
    pub(super) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// A form on this page may end at this proven address: browsers follow redirects of a form only to where
    /// `form-action` allows.
    pub(super) fn form_may_end_at(mut self, address: Option<&str>) -> Self {
        if let Some(source) = address.and_then(form_action_source) {
            self.forms_end_at = format!("'self' {source}");
        }
        self
    }

    /// The form on this page goes to this proven address and nowhere else.
    pub(super) fn form_ends_only_at(mut self, address: &str) -> Self {
        self.forms_end_at = form_action_exactly(address).unwrap_or_else(|| "'none'".to_owned());
        self
    }

    /// One image on this page comes from elsewhere: from the origin of this address, and from nowhere else.
    pub(super) fn image_may_come_from(mut self, address: Option<&str>) -> Self {
        self.image_from = address.filter(|address| address.starts_with("http")).and_then(form_action_source);
        self
    }

    pub(super) fn cookies(mut self, cookies: impl IntoIterator<Item = Cookie<'static>>) -> Self {
        self.cookies.extend(cookies);
        self
    }
}

/// Marks an answer that goes out in parts, as they are made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Streamed;

impl HtmlPage {
    /// The page's headers, before a body that comes in parts.
    pub(super) fn streamed(self, parts: Body) -> Response {
        let mut response = self.into_response();
        *response.body_mut() = parts;
        response.extensions_mut().insert(Streamed);
        // A reverse proxy in front (nginx) would keep the parts back, too.
        response.headers_mut().insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
        response
    }
}

impl IntoResponse for HtmlPage {
    fn into_response(self) -> Response {
        let image_from = self.image_from.map(|source| format!(" {source}")).unwrap_or_default();
        let policy = format!(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'{image_from}; base-uri 'none'; \
             frame-ancestors 'none'; form-action {}",
            self.forms_end_at
        );
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        let mut response = (self.status, [(CONTENT_TYPE, html)], self.html).into_response();
        // An origin is made of ASCII that a header may hold; if ever not, the page without any forms abroad is safe.
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
        add_cookies(&mut response, self.cookies);
        response
    }
}

/// 303: go on there with a GET, whatever this was (RFC 9110 §15.4.4).
pub(super) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        // Proven addresses are visible ASCII (`ClientMetadata::validate`), and ours are our own.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A question to a browser, as pages carry it.
pub(super) fn passkey_prompt(question: PasskeyQuestion) -> PasskeyPrompt {
    let PasskeyQuestion { options, ceremony } = question;
    PasskeyPrompt { options, ceremony }
}

pub(super) fn add_cookies(response: &mut Response, cookies: impl IntoIterator<Item = Cookie<'static>>) {
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
}

/// A file that changes its address with its content.
pub(super) fn immutable(content_type: &'static str, body: &'static [u8]) -> Response {
    let headers: [(HeaderName, HeaderValue); 2] = [
        (CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (axum::http::header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, body).into_response()
}
