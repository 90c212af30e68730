//! From where a request comes, for the audit record. No header is believed: a proxy would have to be trusted by
//! configuration first.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;

use crate::domain::audit::Origin;
use crate::http::state::Web;

/// Longer ones say nothing more.
const LONGEST_USER_AGENT: usize = 256;

#[derive(Debug)]
pub(in crate::http) struct From(pub Origin);

impl FromRequestParts<Arc<Web>> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Web>) -> Result<Self, Infallible> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let user_agent = parts
            .headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(|text| text.chars().take(LONGEST_USER_AGENT).collect());
        Ok(Self(Origin { address, user_agent }))
    }
}
