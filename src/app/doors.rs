//! Listeners: connections come in, in the clear or over TLS, and are served until the server stops.

use std::io::{self, Write as _};
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

use super::connections::{ConnectionLimits, Connections, Over, Place, Watched};

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
/// Bytes of a request's head; a longer one is answered with 431. Twice the longest address that is read,
/// for cookies and the rest.
const HEAD_BYTES: u32 = 65_536;
/// How long an idle HTTP/2 client has to take note that its connection ends.
const PARTING: Duration = Duration::from_secs(5);
/// What is said, in the clear, to whom there is no place for.
const TURNED_AWAY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
/// How long nothing is accepted when the system has no file descriptor to spare.
const BREATHER: Duration = Duration::from_secs(1);

/// What every door of a server leads to.
#[derive(Clone)]
pub(super) struct Doors {
    app: Router,
    tls: Option<TlsAcceptor>,
    connections: Arc<Connections>,
    tasks: TaskTracker,
    shutdown: CancellationToken,
}

impl Doors {
    pub(super) fn new(
        app: Router,
        tls: Option<ServerConfig>,
        limits: ConnectionLimits,
        tasks: &TaskTracker,
        shutdown: &CancellationToken,
    ) -> Self {
        let tls = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
        let connections = Connections::new(limits);
        Self { app, tls, connections, tasks: tasks.clone(), shutdown: shutdown.clone() }
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
                    Ok((stream, peer)) => match self.connections.admit(peer.ip()) {
                        Some(place) => {
                            self.tasks.spawn(self.clone().welcome(stream, peer, place));
                        }
                        None => self.turn_away(stream),
                    },
                    Err(error) if is_of_one_connection(&error) => {}
                    Err(error) => {
                        tracing::error!(%error, "no connection can be accepted");
                        sleep(BREATHER).await;
                    }
                }
            }
        });
    }

    /// Costs next to nothing: no handshake, no task, and no waiting for whoever does not listen.
    fn turn_away(&self, stream: TcpStream) {
        tracing::debug!("a connection was turned away: all places are taken");
        if self.tls.is_none()
            && let Ok(mut stream) = stream.into_std()
        {
            let _gone = stream.write(TURNED_AWAY);
        }
    }

    async fn welcome(self, stream: TcpStream, peer: SocketAddr, place: Place) {
        // An answer is written at once, and is not to wait for more.
        let _unsupported = stream.set_nodelay(true);
        let Some(tls) = &self.tls else {
            return self.converse(stream, peer, place, http_1()).await;
        };
        let accepted = tokio::select! {
            () = self.shutdown.cancelled() => return,
            _ = place.is_over() => return,
            accepted = timeout(HANDSHAKE, tls.accept(stream)) => accepted,
        };
        match accepted {
            Ok(Ok(stream)) => {
                let speaks_h2 = stream.get_ref().1.alpn_protocol() == Some(H2);
                let http = if speaks_h2 { http_2() } else { http_1() };
                self.converse(stream, peer, place, http).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn converse<S>(&self, stream: S, peer: SocketAddr, place: Place, http: Builder<TokioExecutor>)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let app = Extension(ConnectInfo(peer)).layer(self.app.clone());
        let app = TowerToHyperService::new(Watched { app, activity: Arc::clone(&place.activity) });
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), app));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            over = place.is_over() => {
                tracing::debug!(?over, "a connection is ended");
                // A client of HTTP/2 is told first, and may have a request on its way.
                if over == Over::Idle {
                    connection.as_mut().graceful_shutdown();
                    let _kept = timeout(PARTING, connection).await;
                }
                return;
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
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES as usize);
    http
}

fn http_2() -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new()).http2_only();
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(STILL_THERE_EVERY)
        .keep_alive_timeout(STILL_THERE)
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEAD_BYTES);
    http
}

/// Somebody hung up before we came to the door.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
