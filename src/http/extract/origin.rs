//! From where a request comes, for the audit record and for limits. The one place that asks.

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

/// For endpoints that no browser visits.
#[derive(Debug)]
pub(in crate::http) struct From(pub Origin);

impl FromRequestParts<Arc<Web>> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Infallible> {
        Ok(Self(origin_of(parts, web)))
    }
}

pub(super) fn origin_of(parts: &Parts, web: &Web) -> Origin {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    Origin {
        address: peer.map(|peer| web.proxies.client(peer, &parts.headers)),
        user_agent: parts
            .headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(|text| text.chars().take(LONGEST_USER_AGENT).collect()),
    }
}
