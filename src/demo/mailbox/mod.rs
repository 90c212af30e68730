//! The demo's post: a mail server of its own on the loopback, which delivers to nobody, and a page that shows what
//! came in. Mail takes the very way it takes for an operator, as far as a mail server.

mod inbox;
mod pages;
pub mod smtp;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use self::inbox::Inbox;
use super::error::DemoError;
use crate::domain::ambient::Ambient;

/// Where the page is, at the provider's address.
pub(super) const PATH: &str = "/demo/mail";

/// Open: what the provider sends to its address is shown.
#[derive(Debug)]
pub(super) struct Mailbox {
    address: SocketAddr,
    inbox: Arc<Inbox>,
    task: JoinHandle<()>,
    shutdown: CancellationToken,
}

impl Mailbox {
    /// On a port that the system chooses: nobody has to know it but the provider.
    pub(super) async fn open(ambient: Ambient) -> Result<Self, DemoError> {
        let doing = "the demo's mailbox cannot be opened";
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(DemoError::failed(doing))?;
        let address = listener.local_addr().map_err(DemoError::failed(doing))?;
        let inbox = Arc::new(Inbox::new(ambient));
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(smtp::serve(listener, Arc::clone(&inbox), shutdown.clone()));
        Ok(Self { address, inbox, task, shutdown })
    }

    /// `mail.server` for the provider.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The page, to be served beside the provider's.
    pub(super) fn router(&self) -> Result<Router, DemoError> {
        pages::router(Arc::clone(&self.inbox))
            .map_err(DemoError::failed("the demo's mailbox cannot be shown"))
    }

    pub(super) async fn close(self) {
        self.shutdown.cancel();
        if let Err(error) = self.task.await {
            tracing::debug!(%error, "the demo's mail server ended badly");
        }
    }
}
