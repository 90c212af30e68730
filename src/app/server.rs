//! A running server: its listeners, and what it does beside answering.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::time::{interval, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::foundation::Foundation;
use super::{offices, rooms, sweeper};
use crate::config::Settings;
use crate::domain::ambient::Ambient;
use crate::http::router::router;
use crate::http::state::Web;
use crate::integrations::outbox;

/// How often the key ring is read again. Shorter than a new key is published before it signs.
const KEYS_EVERY: Duration = Duration::from_secs(5);
const OUTBOX_EVERY: Duration = Duration::from_secs(2);
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// How long open requests may take to end when the server stops.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Started; stops when it is told to.
#[derive(Debug)]
pub struct Server {
    foundation: Foundation,
    web: Arc<Web>,
    addresses: Vec<SocketAddr>,
    tasks: TaskTracker,
    shutdown: CancellationToken,
}

impl Server {
    /// Builds the rooms and begins to answer on these listeners.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn start(
        settings: Settings,
        ambient: Ambient,
        listeners: Vec<TcpListener>,
    ) -> anyhow::Result<Self> {
        let foundation = Foundation::open(settings, ambient).await?;
        offices::found(&foundation).await.context("the offices cannot be recorded")?;
        let web = rooms::web(&foundation).await?;
        let mut server = Self {
            foundation,
            web,
            addresses: Vec::new(),
            tasks: TaskTracker::new(),
            shutdown: CancellationToken::new(),
        };
        for listener in listeners {
            server.addresses.push(listener.local_addr().context("a listener without an address")?);
            server.answer_on(listener);
        }
        server.keep_house();
        tracing::info!(
            issuer = server.web.provider.issuer,
            listening = ?server.addresses,
            database = server.foundation.database.kind(),
            "started"
        );
        Ok(server)
    }

    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    pub(super) fn foundation(&self) -> &Foundation {
        &self.foundation
    }

    /// Answers what is being asked, takes nothing new, and closes the database.
    pub async fn stop(self) {
        self.shutdown.cancel();
        self.tasks.close();
        if timeout(LAST_REQUESTS, self.tasks.wait()).await.is_err() {
            tracing::warn!("requests that were still open have been cut off");
        }
        drop(self.web);
        self.foundation.close().await;
        tracing::info!("stopped");
    }

    fn answer_on(&self, listener: TcpListener) {
        let app = router(Arc::clone(&self.web)).into_make_service_with_connect_info::<SocketAddr>();
        let shutdown = self.shutdown.clone();
        self.tasks.spawn(async move {
            let serving = axum::serve(listener, app).with_graceful_shutdown(shutdown.cancelled_owned());
            if let Err(error) = serving.await {
                tracing::error!(%error, "a listener stopped");
            }
        });
    }

    /// What goes on beside requests. Each failure is logged and tried again next time: the database may be away.
    fn keep_house(&self) {
        let web = Arc::clone(&self.web);
        self.every(KEYS_EVERY, move || {
            let web = Arc::clone(&web);
            async move { web.provider.keys.reload().await.map_err(anyhow::Error::from) }
        });
        let foundation = self.foundation.clone();
        self.every(OUTBOX_EVERY, move || {
            let foundation = foundation.clone();
            async move {
                outbox::deliver(&foundation.database, &foundation.ambient).await?;
                Ok(())
            }
        });
        let foundation = self.foundation.clone();
        self.every(SWEEP_EVERY, move || {
            let foundation = foundation.clone();
            async move {
                let swept = sweeper::sweep(&foundation).await?;
                tracing::debug!(swept, "swept");
                Ok(())
            }
        });
    }

    fn every<F, T>(&self, period: Duration, mut task: T)
    where
        T: FnMut() -> F + Send + 'static,
        F: Future<Output = anyhow::Result<()>> + Send,
    {
        let shutdown = self.shutdown.clone();
        self.tasks.spawn(async move {
            let mut ticks = interval(period);
            loop {
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    _ = ticks.tick() => {}
                }
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    done = task() => if let Err(error) = done {
                        tracing::warn!(error = format!("{error:#}"), "housekeeping failed, and will be tried again");
                    }
                }
            }
        });
    }
}
