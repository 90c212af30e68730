//! An ordinary OpenID Connect client, as a partner would write one with the `openidconnect` crate.
//!
//! It knows the provider by its issuer only: everything else comes from discovery, when the first person asks.

mod address;
mod desk;
mod endpoints;
pub(super) mod language;
mod logout_token;
mod oidc;
mod pages;
mod party;
mod person;
mod security;
mod session;
mod visit;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio_util::sync::CancellationToken;

use self::desk::Desk;
pub use self::party::RelyingParty;
use crate::domain::ambient::Ambient;

/// How long open connections may take to finish after the signal to stop.
const FAREWELL: Duration = Duration::from_secs(3);

/// Answers until `shutdown`. The provider need not be there yet, and may come and go.
///
/// # Errors
/// If the issuer is no URL, or the HTTP client cannot be made.
pub async fn serve<L>(listener: L, relying_party: RelyingParty, shutdown: CancellationToken) -> io::Result<()>
where
    L: Listener,
    L::Addr: fmt::Debug,
{
    let desk = Desk::open(relying_party, Ambient::system()).map_err(io::Error::other)?;
    let serving = axum::serve(listener, endpoints::router(Arc::new(desk)))
        .with_graceful_shutdown(shutdown.clone().cancelled_owned());
    tokio::select! {
        ended = serving => ended,
        // A browser keeps connections open on which it never asks anything.
        () = async { shutdown.cancelled().await; tokio::time::sleep(FAREWELL).await } => Ok(()),
    }
}
