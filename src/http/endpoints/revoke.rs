//! `/revoke` (RFC 7009 §2).

use axum::http::{HeaderMap, StatusCode};

use crate::http::errors::ClientError;
use crate::http::extract::authorization::authorization;
use crate::http::extract::form::ClientBody;
use crate::http::extract::origin::From;
use crate::http::state::State;

pub(in crate::http) async fn post(
    web: State,
    From(origin): From,
    headers: HeaderMap,
    ClientBody(parameters): ClientBody,
) -> Result<StatusCode, ClientError> {
    let authorization = authorization(&headers);
    web.provider
        .revoke(authorization, &parameters, &origin)
        .await
        .map_err(|failure| ClientError { failure, by_header: authorization.is_some() })?;
    // RFC 7009 §2.2: the status is the whole answer.
    Ok(StatusCode::OK)
}
