//! Clients that keep a connection and say little: slow bodies, silence, and very many of them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;

use crate::helpers::authority::PrivateAuthority;
use crate::helpers::process::PATIENCE;
use crate::helpers::provider::TestProvider;

/// A form that says how long it is, and of which this is all that comes for now.
fn beginning(path: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 1000\r\n\r\na="
    )
}

async fn say(address: SocketAddr, words: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(words.as_bytes()).await.unwrap();
    stream
}

/// What comes until the connection ends.
async fn rest(mut stream: impl AsyncRead + Unpin) -> String {
    let mut bytes = Vec::new();
    // Cut off with something unread, it may end by a reset.
    let _reset = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("it is kept for ever");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn rfc_9110_15_5_9_a_body_that_comes_too_slowly_is_408_and_ends_the_connection() {
    let provider = TestProvider::start_with(&[("server.body_timeout_seconds", "1")]).await;
    let address = provider.server.addresses()[0];
    for (path, kind, expected) in [
        ("/sign-in", "text/html; charset=utf-8", "id=\"error\""),
        ("/token", "application/json", "\"invalid_request\""),
        ("/authorize", "text/html; charset=utf-8", "id=\"error\""),
    ] {
        let mut stream = say(address, &beginning(path)).await;
        // A byte now and then makes it no faster.
        let (reading, mut writing) = stream.split();
        let dripping = async {
            while writing.write_all(b"x").await.is_ok() {
                sleep(Duration::from_millis(300)).await;
            }
            std::future::pending::<String>().await
        };
        let answer = tokio::select! {
            answer = rest(reading) => answer,
            answer = dripping => answer,
        };
        assert!(answer.starts_with("HTTP/1.1 408 "), "{path}: {answer}");
        assert!(answer.contains(kind) && answer.contains(expected), "{path}: {answer}");
    }
    // The control: what comes within the time is read.
    let mut stream = say(address, &beginning("/token").replace("1000", "4")).await;
    sleep(Duration::from_millis(300)).await;
    stream.write_all(b"xx").await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 401");
}

#[tokio::test]
async fn idle_connections_make_room_and_nobody_who_asks_is_kept_out() {
    let provider = TestProvider::start_with(&[("server.max_connections", "16")]).await;
    let address = provider.server.addresses()[0];
    let mut silent = Vec::new();
    for number in 0..60 {
        let words = if number % 2 == 0 { "" } else { "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: " };
        silent.push(say(address, words).await);
    }
    let began = Instant::now();
    for _ in 0..20 {
        assert_eq!(provider.visitor().get("/healthz").await.status, 200);
    }
    assert!(began.elapsed() < Duration::from_secs(10), "before anything could have run out");
    // The first of them were sent away for those who came after.
    assert_eq!(rest(silent.remove(0)).await, "");
}

#[tokio::test]
async fn when_all_are_being_answered_the_next_is_turned_away_and_places_come_back() {
    let provider = TestProvider::start_with(&[("server.max_connections", "16")]).await;
    let address = provider.server.addresses()[0];
    let mut busy = Vec::new();
    for _ in 0..16 {
        busy.push(say(address, &beginning("/token")).await);
    }
    let began = Instant::now();
    let answer = loop {
        let answer = rest(TcpStream::connect(address).await.unwrap()).await;
        // Until all sixteen have been read as far as that they ask for something, one of them makes room.
        if !answer.is_empty() || began.elapsed() > PATIENCE {
            break answer;
        }
        busy.push(say(address, &beginning("/token")).await);
    };
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 5"), "{answer:?}");
    drop(busy);
    let began = Instant::now();
    while reqwest::get(provider.url("/healthz")).await.is_ok_and(|answer| answer.status() != 200) {
        assert!(began.elapsed() < PATIENCE, "the places do not come back");
        sleep(Duration::from_millis(50)).await;
    }
}

/// An HTTP/2 client that keeps its connection alive by every rule, and asks for nothing.
#[tokio::test]
async fn an_http_2_connection_on_which_nothing_is_asked_is_let_go() {
    let authority = PrivateAuthority::found();
    let provider =
        TestProvider::start_https_with(&authority, &[("server.idle_connection_seconds", "5")]).await;
    let mut trusted = rustls::RootCertStore::empty();
    trusted
        .add(rustls::pki_types::CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap())
        .unwrap();
    let mut config = rustls::ClientConfig::builder().with_root_certificates(trusted).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = TcpStream::connect(provider.server.addresses()[0]).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    // The preface, no settings of its own, and the server's acknowledged (RFC 9113 sections 3.4 and 6.5).
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\0\x04\x01\0\0\0\0")
        .await
        .unwrap();
    let began = Instant::now();
    let mut bytes = Vec::new();
    let _reset = timeout(Duration::from_secs(30), stream.read_to_end(&mut bytes)).await.expect("it is kept");
    assert!(began.elapsed() >= Duration::from_secs(4), "let go at once: {:?}", began.elapsed());
    // GOAWAY (section 6.8) told it so.
    assert!(bytes.windows(5).any(|frame| frame == b"\0\0\x08\x07\0"), "{bytes:?}");
}
