//! A relying party's ear for the news that a session ended, on a loopback port, with the moods that real ones have.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::serve::Listener;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::jose;
use super::process::PATIENCE;
use super::smtp::Authority;

const GLANCE: Duration = Duration::from_millis(10);

/// Settings that let a provider reach it.
pub(crate) const ALLOWED: (&str, &str) = ("outbound.allowed_networks", "127.0.0.0/8,::1/128");

/// A request that came in.
#[derive(Debug, Clone)]
pub(crate) struct ReceivedNews {
    pub(crate) content_type: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl ReceivedNews {
    #[track_caller]
    pub(crate) fn token(&self) -> &str {
        let [(name, token)] = &self.fields[..] else { panic!("one parameter: {self:?}") };
        assert_eq!(name, "logout_token");
        token
    }

    /// The claims, if the signature fits the published key that the token names.
    #[track_caller]
    pub(crate) fn claims(&self, jwks: &Value) -> Value {
        jose::verify_access_token(jwks, self.token())
    }

    /// What session it is about, unverified.
    #[track_caller]
    pub(crate) fn sid(&self) -> String {
        super::relying_party::claims(self.token())["sid"].as_str().unwrap().to_owned()
    }
}

#[derive(Default)]
struct Mood {
    received: Vec<ReceivedNews>,
    /// What it answers; without: 200.
    status: Option<StatusCode>,
    /// It takes the news and says nothing.
    hangs: bool,
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Mood>>);

impl Shared {
    fn mood(&self) -> MutexGuard<'_, Mood> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) struct LogoutReceiver {
    /// For `backchannel_logout_uri`.
    pub(crate) uri: String,
    shared: Shared,
}

impl LogoutReceiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let uri = format!("http://{}/logout", listener.local_addr().unwrap());
        Self::on(listener, uri)
    }

    /// Over TLS, certified by this authority, at the name `localhost`.
    pub(crate) async fn start_tls(authority: &Authority) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let uri = format!("https://localhost:{}/logout", listener.local_addr().unwrap().port());
        Self::on(Tls { listener, acceptor: TlsAcceptor::from(Arc::clone(&authority.config)) }, uri)
    }

    fn on<L>(listener: L, uri: String) -> Self
    where
        L: Listener<Addr = SocketAddr>,
    {
        let shared = Shared::default();
        let app = Router::new().route("/logout", post(take)).with_state(shared.clone());
        // Ends with the test's runtime.
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { uri, shared }
    }

    /// Metadata of a client that is told here.
    pub(crate) fn metadata(&self) -> Value {
        json!({"backchannel_logout_uri": self.uri, "backchannel_logout_session_required": true})
    }

    /// From now on it answers so.
    pub(crate) fn answer(&self, status: u16) {
        self.shared.mood().status = Some(StatusCode::from_u16(status).unwrap());
    }

    /// From now on it answers nothing; what hangs already goes on hanging.
    pub(crate) fn hang(&self, hangs: bool) {
        self.shared.mood().hangs = hangs;
    }

    pub(crate) fn received(&self) -> Vec<ReceivedNews> {
        self.shared.mood().received.clone()
    }

    /// Waits until so much came in.
    pub(crate) async fn until_received(&self, count: usize) -> Vec<ReceivedNews> {
        let began = Instant::now();
        loop {
            let received = self.received();
            if received.len() >= count {
                return received;
            }
            assert!(began.elapsed() < PATIENCE, "{} of {count} came in", received.len());
            sleep(GLANCE).await;
        }
    }
}

async fn take(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let (status, hangs) = {
        let mut mood = shared.mood();
        mood.received.push(ReceivedNews {
            content_type: headers["content-type"].to_str().unwrap().to_owned(),
            fields: url::form_urlencoded::parse(&body).into_owned().collect(),
        });
        (mood.status, mood.hangs)
    };
    if hangs {
        std::future::pending::<()>().await;
    }
    status.unwrap_or(StatusCode::OK)
}

/// A listener that speaks TLS. Whoever does not get through it is not seen any further.
struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let Ok((stream, address)) = self.listener.accept().await else { continue };
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
