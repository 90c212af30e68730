//! From where a request comes, for the audit record. No header is believed: a proxy would have to be trusted by
//! configuration first.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;

use crate::domain::audit::Origin;

/// Longer ones say nothing more.
const LONGEST_USER_AGENT: usize = 256;

/// For endpoints that no browser visits.
#[derive(Debug)]
pub(in crate::http) struct From(pub Origin);

impl<S: Sync> FromRequestParts<S> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(origin_of(parts)))
    }
}

pub(super) fn origin_of(parts: &Parts) -> Origin {
    Origin {
        address: parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip()),
        user_agent: parts
            .headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(|text| text.chars().take(LONGEST_USER_AGENT).collect()),
    }
}
