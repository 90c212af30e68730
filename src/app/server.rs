//! A running server: its listeners, and what it does beside answering.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::certificate::ServerCertificate;
use super::connections::ConnectionLimits;
use super::doors::Doors;
use super::foundation::Foundation;
use super::trail::trail;
use super::{aging, offices, rooms, sweeper};
use crate::config::Settings;
use crate::domain::ambient::Ambient;
use crate::http::router::router;
use crate::http::state::Web;
use crate::integrations::mail::{Delivery, Round};
use crate::integrations::outbox;
use crate::oidc::backchannel_logout::BackchannelLogout;

/// How often the key ring is read again. Shorter than a new key is published before it signs.
const KEYS_EVERY: Duration = Duration::from_secs(5);
const OUTBOX_EVERY: Duration = Duration::from_secs(2);
const MAIL_EVERY: Duration = Duration::from_secs(2);
/// A person who signs out of one service sees it at the others with the next click.
const TELL_CLIENTS_EVERY: Duration = Duration::from_secs(1);
const END_SESSIONS_EVERY: Duration = Duration::from_mins(1);
/// An alarm lasts at least so long anyway.
const END_ALARM_EVERY: Duration = Duration::from_mins(1);
/// How soon a renewed certificate is shown.
const CERTIFICATE_EVERY: Duration = Duration::from_secs(5);
const SWEEP_EVERY: Duration = Duration::from_mins(10);
const AGE_EVERY: Duration = Duration::from_mins(10);
/// How long a record lies open to whoever can change the database unseen, but for the next checkpoint.
const SEAL_AUDIT_EVERY: Duration = Duration::from_secs(10);

/// How long an answer may wait for a client that takes nothing of it.
const UNTAKEN: Duration = Duration::from_secs(30);
/// How long open requests may take to end when the server stops.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Started; stops when it is told to.
#[derive(Debug)]
pub struct Server {
    foundation: Foundation,
    web: Arc<Web>,
    /// `None`: there is no mail server.
    mail: Option<Arc<Delivery>>,
    /// `None`: it speaks plain HTTP.
    certificate: Option<Arc<ServerCertificate>>,
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
        // Boxed: it is a large future, and every caller's would be as large.
        Box::pin(Self::start_beside(settings, ambient, listeners, Router::new())).await
    }

    /// The same, with pages of somebody else's at the same address: the demo's mailbox. Theirs to secure, too.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn start_beside(
        settings: Settings,
        ambient: Ambient,
        listeners: Vec<TcpListener>,
        beside: Router,
    ) -> anyhow::Result<Self> {
        // First: without it nothing is to begin.
        let certificate =
            settings.server.tls().map(|files| ServerCertificate::read(files, &ambient)).transpose()?;
        let foundation = Foundation::open_for_requests(settings, ambient).await?;
        offices::found(&foundation).await.context("the offices cannot be recorded")?;
        let web = rooms::web(&foundation).await?;
        let mail = rooms::mail_delivery(&foundation)?.map(Arc::new);
        let mut server = Self {
            foundation,
            web,
            mail,
            certificate,
            addresses: Vec::new(),
            tasks: TaskTracker::new(),
            shutdown: CancellationToken::new(),
        };
        let doors = server.doors(beside)?;
        for listener in listeners {
            server.addresses.push(listener.local_addr().context("a listener without an address")?);
            doors.clone().open(listener);
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

    /// Sends the mail that is due, now instead of within two seconds. Without a mail server nothing is sent.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn deliver_mail(&self) -> anyhow::Result<Round> {
        match &self.mail {
            Some(mail) => Ok(mail.round(&self.shutdown).await?),
            None => Ok(Round::default()),
        }
    }

    /// What is done every five seconds with the signing keys, now.
    ///
    /// # Errors
    /// If the database does not answer, or the keys do not open.
    pub async fn look_after_keys(&self) -> anyhow::Result<()> {
        look_after_keys(&self.web).await
    }

    /// Ends the sessions that have run out, now instead of within a minute. Returns how many.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn end_expired_sessions(&self) -> anyhow::Result<usize> {
        Ok(self.web.accounts.end_expired_sessions().await?)
    }

    /// Ends an alarm of guessing whose time is over, now instead of within a minute. Returns whether there was one.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn end_guessing_alarm(&self) -> anyhow::Result<bool> {
        Ok(self.web.accounts.end_guessing_alarm().await?)
    }

    pub(super) fn web(&self) -> &Web {
        &self.web
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
        if let Some(mail) = &self.mail {
            mail.close().await;
        }
        drop(self.web);
        self.foundation.close().await;
        tracing::info!("stopped");
    }

    fn doors(&self, beside: Router) -> anyhow::Result<Doors> {
        let app = router(Arc::clone(&self.web)).merge(beside);
        let tls = self.certificate.as_ref().map(ServerCertificate::tls).transpose()?;
        let limits = self.connection_limits().within_the_system();
        Ok(Doors::new(app, tls, limits, &self.tasks, &self.shutdown))
    }

    fn connection_limits(&self) -> ConnectionLimits {
        let settings = &self.foundation.settings.server;
        ConnectionLimits {
            at_most: settings.max_connections(),
            per_source: settings.max_connections_per_source(),
            proxies: settings.trusted_proxies().to_vec(),
            idle: settings.idle_connection(),
            // A request that takes too long is answered by itself; what stands still beyond that is not taken.
            stalled: settings.request_timeout() + UNTAKEN,
        }
    }

    /// What goes on beside requests. Each failure is logged and tried again next time: the database may be away.
    fn keep_house(&self) {
        let web = Arc::clone(&self.web);
        self.every(KEYS_EVERY, move || {
            let web = Arc::clone(&web);
            async move { look_after_keys(&web).await }
        });
        let foundation = self.foundation.clone();
        self.every(OUTBOX_EVERY, move || {
            let foundation = foundation.clone();
            async move {
                outbox::deliver(&foundation.database, &foundation.ambient).await?;
                Ok(())
            }
        });
        self.keep_mail_going();
        self.keep_clients_told();
        let web = Arc::clone(&self.web);
        self.every(END_SESSIONS_EVERY, move || {
            let web = Arc::clone(&web);
            async move {
                let ended = web.accounts.end_expired_sessions().await?;
                tracing::debug!(ended, "looked for sessions that have run out");
                Ok(())
            }
        });
        let web = Arc::clone(&self.web);
        self.every(END_ALARM_EVERY, move || {
            let web = Arc::clone(&web);
            async move {
                web.accounts.end_guessing_alarm().await?;
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
        let (foundation, web) = (self.foundation.clone(), Arc::clone(&self.web));
        self.every(AGE_EVERY, move || {
            let (foundation, web) = (foundation.clone(), Arc::clone(&web));
            async move { aging::age(&foundation, &web).await }
        });
        self.keep_audit_sealed();
        if let Some(certificate) = &self.certificate {
            let certificate = Arc::clone(certificate);
            self.every(CERTIFICATE_EVERY, move || {
                let certificate = Arc::clone(&certificate);
                async move {
                    let looked = tokio::task::spawn_blocking(move || certificate.look_again()).await?;
                    looked.context("the certificate of before goes on being shown")
                }
            });
        }
    }

    /// Not by [`Self::every`], which drops what is under way when the server stops: a mail that was just handed over
    /// would be sent once more by the next server.
    fn keep_mail_going(&self) {
        let Some(mail) = self.mail.clone() else { return };
        let shutdown = self.shutdown.clone();
        self.tasks.spawn(async move {
            let mut ticks = interval(MAIL_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    _ = ticks.tick() => {}
                }
                if let Err(error) = mail.round(&shutdown).await {
                    tracing::warn!(%error, "mail could not be looked after, and will be tried again");
                }
            }
        });
    }

    /// What is being told when the server stops is told to its end, as with mail; the rest waits for the next server.
    fn keep_clients_told(&self) {
        let backchannel = BackchannelLogout::new(Arc::clone(&self.web.provider));
        let (tasks, shutdown) = (self.tasks.clone(), self.shutdown.clone());
        self.tasks.spawn(async move {
            let mut ticks = interval(TELL_CLIENTS_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    _ = ticks.tick() => {}
                }
                if let Err(error) = backchannel.begin(&tasks, &shutdown).await {
                    tracing::warn!(%error, "clients could not be told of sign-outs, and will be later");
                }
            }
        });
    }

    /// Not by [`Self::every`] either: what is dropped under way would keep the chain from other servers until its lease
    /// is over.
    fn keep_audit_sealed(&self) {
        let trail = trail(&self.foundation);
        let shutdown = self.shutdown.clone();
        self.tasks.spawn(async move {
            let mut ticks = interval(SEAL_AUDIT_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    _ = ticks.tick() => {}
                }
                match trail.round().await {
                    Ok(round) => tracing::debug!(chained = round.chained, "audit records chained"),
                    Err(error) => {
                        tracing::warn!(%error, "audit records could not be chained and signed, and will be later");
                    }
                }
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

async fn look_after_keys(web: &Web) -> anyhow::Result<()> {
    let provider = &web.provider;
    Ok(provider.keys.look_after(&provider.ambient, &provider.journal).await?)
}
