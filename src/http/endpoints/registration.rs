//! `/register` and `/register/{client_id}`: clients register themselves (RFC 7591) and look after it (RFC 7592).

use axum::Json;
use axum::extract::Request;
use axum::http::header::{PRAGMA, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::userinfo::bearer;
use crate::domain::secret::BearerSecret;
use crate::http::errors::{BearerError, ClientError};
use crate::http::extract::form::BodyError;
use crate::http::extract::json::json_text;
use crate::http::extract::origin::From;
use crate::http::extract::path::Path;
use crate::http::state::State;
use crate::oidc::error::{ErrorCode, ProtocolError};
use crate::oidc::registration::{ClientInformation, Refusal};

pub(in crate::http) async fn post(
    web: State,
    From(origin): From,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Response> {
    web.provider.registration_is_on().map_err(refused)?;
    let token = presented(&headers).map_err(IntoResponse::into_response)?;
    let body = json_text(request, &web).await.map_err(unreadable)?;
    let information = web.provider.register_client(token.as_ref(), &body, &origin).await.map_err(refused)?;
    Ok((StatusCode::CREATED, answer(information)).into_response())
}

pub(in crate::http) async fn get(
    web: State,
    Path(client_id): Path,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let token = presented(&headers).map_err(IntoResponse::into_response)?;
    web.provider.read_registration(&client_id, token.as_ref()).await.map(answer).map_err(refused)
}

pub(in crate::http) async fn put(
    web: State,
    Path(client_id): Path,
    From(origin): From,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Response> {
    let token = presented(&headers).map_err(IntoResponse::into_response)?;
    let body = json_text(request, &web).await.map_err(unreadable)?;
    let updated = web.provider.update_registration(&client_id, token.as_ref(), &body, &origin).await;
    updated.map(answer).map_err(refused)
}

pub(in crate::http) async fn delete(
    web: State,
    Path(client_id): Path,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let token = presented(&headers).map_err(IntoResponse::into_response)?;
    web.provider.remove_registration(&client_id, token.as_ref()).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn presented(headers: &HeaderMap) -> Result<Option<BearerSecret>, BearerError> {
    Ok(bearer(headers)?.map(BearerSecret::presented))
}

/// It holds secrets: no-store is on every answer of ours, and this is for what is older.
fn answer(ClientInformation(members): ClientInformation) -> Response {
    ([(PRAGMA, HeaderValue::from_static("no-cache"))], Json(members)).into_response()
}

fn refused(refusal: Refusal) -> Response {
    match refusal {
        Refusal::Off => {
            error(StatusCode::NOT_FOUND, "access_denied", "clients do not register themselves here")
        }
        Refusal::NoToken => BearerError::NoToken.into_response(),
        Refusal::InvalidToken => {
            let unknown = ProtocolError::new(ErrorCode::InvalidToken, "the token is not good for this");
            BearerError::Failure(unknown.into()).into_response()
        }
        Refusal::Metadata(wrong) => error(StatusCode::BAD_REQUEST, wrong.code(), wrong.description()),
        Refusal::TooMany { retry_after } => {
            let description = "too many clients registered lately; try again later";
            let mut response = error(StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", description);
            // Rounded up: whoever comes back on the second must not be too early.
            let seconds = retry_after.num_seconds() + 1;
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        Refusal::Failure(failure) => ClientError { failure, by_header: false }.into_response(),
    }
}

fn unreadable(body: BodyError) -> Response {
    let (status, description) = match body {
        BodyError::WrongType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json"),
        BodyError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
        BodyError::TooSlow => (StatusCode::REQUEST_TIMEOUT, "the body took too long to come"),
        BodyError::Unreadable => (StatusCode::BAD_REQUEST, "the body cannot be read"),
    };
    error(status, "invalid_client_metadata", description)
}

/// RFC 7591 §3.2.2. What is wrong quotes what was sent, and the description is ASCII.
fn error(status: StatusCode, code: &str, description: &str) -> Response {
    const LONGEST: usize = 300;
    let ascii = description.replace('§', "section ");
    let ascii: String = ascii
        .chars()
        .filter(|c| matches!(c, ' ' | '!' | '\x23'..='\x5b' | '\x5d'..='\x7e'))
        .take(LONGEST)
        .collect();
    (status, Json(serde_json::json!({"error": code, "error_description": ascii}))).into_response()
}
