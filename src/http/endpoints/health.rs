//! `/healthz`: the process runs. `/readyz`: the database answers, too.

use std::time::Duration;

use axum::http::StatusCode;
use tokio::time::timeout;

use crate::http::state::State;

/// A load balancer asks every few seconds: better no answer from the database than a late one.
const PATIENCE: Duration = Duration::from_secs(2);

pub(in crate::http) async fn process() -> &'static str {
    "alive\n"
}

pub(in crate::http) async fn database(web: State) -> (StatusCode, &'static str) {
    match timeout(PATIENCE, web.database.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n"),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
