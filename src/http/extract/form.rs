//! Form bodies: the right content type, not too long, parameters as they came, and whether the form was ours.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use super::visit::Visit;
use crate::http::errors::{ClientError, PageError};
use crate::http::security_log::{Forged, Noted};
use crate::http::state::{Limits, Web};
use crate::oidc::error::{Failure, ProtocolError};
use crate::oidc::parameters::Parameters;
use crate::views::ErrorKind;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A form that a person sent from a page of ours, or from somewhere that pretends to be one.
#[derive(Debug)]
pub(in crate::http) struct OwnForm {
    pub fields: Parameters,
    /// Was it given to this very browser, and sent from our own page?
    pub is_ours: bool,
}

/// A form that another site may send.
#[derive(Debug)]
pub(in crate::http) struct ForeignForm(pub Parameters);

/// The body of a request that a client sent: the same, but errors are JSON.
#[derive(Debug)]
pub(in crate::http) struct ClientBody(pub Parameters);

/// Why a body was not read.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) enum BodyError {
    WrongType,
    TooLarge,
    /// It did not come in within the time: a byte now and then would keep a connection and a request for ever.
    TooSlow,
    Unreadable,
}

impl FromRequest<Arc<Web>> for OwnForm {
    type Rejection = PageError;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, PageError> {
        let visit = Visit::known(web, request.headers());
        let from_elsewhere = comes_from_elsewhere(request.headers());
        let noted = Noted::of(request.extensions());
        let ForeignForm(fields) = ForeignForm::from_request(request, web).await?;
        let token = fields.single("csrf").unwrap_or_default();
        let forged = if from_elsewhere {
            Some(Forged::FromElsewhere)
        } else if visit.is_some_and(|visit| visit.gave(token)) {
            None
        } else {
            Some(Forged::Token)
        };
        if let Some(why) = forged {
            noted.forged(why);
        }
        Ok(Self { fields, is_ours: forged.is_none() })
    }
}

impl FromRequest<Arc<Web>> for ForeignForm {
    type Rejection = PageError;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, PageError> {
        read(request, web.limits).await.map(Self).map_err(|error| {
            PageError::new(match error {
                BodyError::WrongType => ErrorKind::UnsupportedMediaType,
                BodyError::TooLarge => ErrorKind::TooLarge,
                BodyError::TooSlow => ErrorKind::TooSlow,
                BodyError::Unreadable => ErrorKind::BadForm,
            })
        })
    }
}

/// What the browser itself says (Fetch Metadata); old ones say nothing.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get(SEC_FETCH_SITE).is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"))
}

impl FromRequest<Arc<Web>> for ClientBody {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        read(request, web.limits).await.map(Self).map_err(|error| {
            let (status, description) = match error {
                BodyError::WrongType => {
                    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/x-www-form-urlencoded")
                }
                BodyError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
                BodyError::TooSlow => (StatusCode::REQUEST_TIMEOUT, "the body took too long to come"),
                BodyError::Unreadable => (StatusCode::BAD_REQUEST, "the body cannot be read"),
            };
            let failure = Failure::Protocol(ProtocolError::invalid_request(description));
            let mut response = ClientError { failure, by_header: false }.into_response();
            *response.status_mut() = status;
            response
        })
    }
}

async fn read(request: Request, limits: Limits) -> Result<Parameters, BodyError> {
    let text = read_text(request, "application/x-www-form-urlencoded", limits).await?;
    Ok(Parameters::parse(&text))
}

/// The text of a body of this type.
pub(super) async fn read_text(request: Request, essence: &str, limits: Limits) -> Result<String, BodyError> {
    let limit = limits.body;
    if !is_of_type(request.headers(), essence) {
        return Err(BodyError::WrongType);
    }
    // Said in advance: refused before a byte is read.
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(BodyError::TooLarge);
    }
    let body = timeout(limits.body_timeout, to_bytes(request.into_body(), limit)).await;
    let bytes = body.map_err(|_| BodyError::TooSlow)?.map_err(|error| {
        let too_large = std::error::Error::source(&error)
            .is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>);
        if too_large { BodyError::TooLarge } else { BodyError::Unreadable }
    })?;
    String::from_utf8(bytes.into()).map_err(|_| BodyError::Unreadable)
}

fn is_of_type(headers: &HeaderMap, essence: &str) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|own| own.trim().eq_ignore_ascii_case(essence))
}
