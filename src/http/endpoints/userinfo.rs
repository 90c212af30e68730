//! `/userinfo` (OpenID Connect Core §5.3).

use axum::Json;
use axum::extract::{FromRequest as _, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::http::errors::BearerError;
use crate::http::extract::authorization::authorization;
use crate::http::extract::form::ClientBody;
use crate::http::state::{State, Web};
use crate::oidc::error::{Failure, ProtocolError};
use crate::oidc::userinfo::UserInfo;

/// OpenID Connect Core §5.3.2.
const APPLICATION_JWT: HeaderValue = HeaderValue::from_static("application/jwt");

pub(in crate::http) async fn get(web: State, headers: HeaderMap) -> Result<Response, BearerError> {
    answer(&web, bearer(&headers)?).await
}

/// The token comes in the header, or in a form body (RFC 6750 §2.2), not in both.
pub(in crate::http) async fn post(web: State, request: Request) -> Result<Response, Response> {
    let in_header = bearer(request.headers()).map_err(IntoResponse::into_response)?.map(str::to_owned);
    let in_body = if has_body(request.headers()) {
        let ClientBody(form) = ClientBody::from_request(request, &web).await?;
        if let Some(fault) = form.fault() {
            let error = ProtocolError::faulty(fault);
            return Err(BearerError::Failure(error.into()).into_response());
        }
        form.get("access_token").map(str::to_owned)
    } else {
        None
    };
    let token = match (in_header, in_body) {
        (Some(_), Some(_)) => {
            let error = ProtocolError::invalid_request("the token was sent in two ways (RFC 6750 section 2)");
            return Err(BearerError::Failure(error.into()).into_response());
        }
        (header, body) => header.or(body),
    };
    answer(&web, token.as_deref()).await.map_err(IntoResponse::into_response)
}

async fn answer(web: &Web, token: Option<&str>) -> Result<Response, BearerError> {
    let token = token.ok_or(BearerError::NoToken)?;
    let claims = web.provider.userinfo(token).await.map_err(BearerError::Failure)?;
    Ok(match claims {
        UserInfo::Plain(claims) => Json(claims).into_response(),
        UserInfo::Signed(token) => ([(CONTENT_TYPE, APPLICATION_JWT)], token).into_response(),
    })
}

fn has_body(headers: &HeaderMap) -> bool {
    let announced = headers.get(CONTENT_LENGTH).is_some_and(|length| length != "0");
    announced || headers.contains_key(TRANSFER_ENCODING) || headers.contains_key(CONTENT_TYPE)
}

/// RFC 6750 §2.1. A header of another scheme is a malformed request, not a missing token.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, BearerError> {
    let malformed = || {
        BearerError::Failure(Failure::Protocol(ProtocolError::invalid_request(
            "the Authorization header must be `Bearer` and a token",
        )))
    };
    let Some(value) = authorization(headers) else {
        return Ok(None);
    };
    let (scheme, token) = value.split_once(' ').ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(malformed());
    }
    Ok(Some(token.trim()))
}
