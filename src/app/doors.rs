//! Listeners: connections come in, in the clear or over TLS, and are served until the server stops.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Layer as _;

/// HTTP/2, as TLS negotiates it (RFC 9113 §3.1).
pub(super) const H2: &[u8] = b"h2";

/// How long a handshake may take, and the head of a request. Somebody who sends a byte now and then would keep a
/// connection for ever; between two requests, one is kept for as long.
const HANDSHAKE: Duration = Duration::from_secs(10);
const HEAD: Duration = Duration::from_secs(15);
/// How often an HTTP/2 connection is asked whether somebody is still there, and how long an answer may take.
const STILL_THERE_EVERY: Duration = Duration::from_secs(30);
const STILL_THERE: Duration = Duration::from_secs(20);
/// Requests at a time on one HTTP/2 connection. A browser has a page and its assets.
const STREAMS: u32 = 64;
/// How long nothing is accepted when the system has no file descriptor to spare.
const BREATHER: Duration = Duration::from_secs(1);

/// What every door of a server leads to.
#[derive(Clone)]
pub(super) struct Doors {
    app: Router,
    tls: Option<TlsAcceptor>,
    tasks: TaskTracker,
    shutdown: CancellationToken,
}

impl Doors {
    pub(super) fn new(
        app: Router,
        tls: Option<ServerConfig>,
        tasks: &TaskTracker,
        shutdown: &CancellationToken,
    ) -> Self {
        let tls = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
        Self { app, tls, tasks: tasks.clone(), shutdown: shutdown.clone() }
    }

    /// Takes connections in until the server stops; those that are open then end with what they are being asked.
    pub(super) fn open(self, listener: TcpListener) {
        let tasks = self.tasks.clone();
        tasks.spawn(async move {
            loop {
                let accepted = tokio::select! {
                    () = self.shutdown.cancelled() => return,
                    accepted = listener.accept() => accepted,
                };
                match accepted {
                    Ok((stream, peer)) => {
                        self.tasks.spawn(self.clone().welcome(stream, peer));
                    }
                    Err(error) if is_of_one_connection(&error) => {}
                    Err(error) => {
                        tracing::error!(%error, "no connection can be accepted");
                        sleep(BREATHER).await;
                    }
                }
            }
        });
    }

    async fn welcome(self, stream: TcpStream, peer: SocketAddr) {
        // An answer is written at once, and is not to wait for more.
        let _unsupported = stream.set_nodelay(true);
        let Some(tls) = &self.tls else {
            return self.converse(stream, peer, http_1()).await;
        };
        let accepted = tokio::select! {
            () = self.shutdown.cancelled() => return,
            accepted = timeout(HANDSHAKE, tls.accept(stream)) => accepted,
        };
        match accepted {
            Ok(Ok(stream)) => {
                let speaks_h2 = stream.get_ref().1.alpn_protocol() == Some(H2);
                let http = if speaks_h2 { http_2() } else { http_1() };
                self.converse(stream, peer, http).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn converse<S>(&self, stream: S, peer: SocketAddr, http: Builder<TokioExecutor>)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let app = Extension(ConnectInfo(peer)).layer(self.app.clone());
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app)));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}

/// In the clear nothing negotiates HTTP/2, and waiting for its first words would be waiting without an end.
fn http_1() -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new()).http1_only();
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    http
}

fn http_2() -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new()).http2_only();
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(STILL_THERE_EVERY)
        .keep_alive_timeout(STILL_THERE)
        .max_concurrent_streams(STREAMS);
    http
}

/// Somebody hung up before we came to the door.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
