//! A mail server for the product to send to: on a loopback port, with the moods that real ones have.

use std::collections::{HashMap, HashSet};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use iok_id::demo::mailbox::smtp::{Ended, converse, greet_and_converse};
use mail_parser::{HeaderName, MessageParser};
use mailin::{AuthMechanism, Handler, Response, SessionBuilder, response};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::BufStream;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::process::PATIENCE;

const GLANCE: Duration = Duration::from_millis(10);

/// A message, as somebody's mail program shows it.
#[derive(Debug, Clone)]
pub(crate) struct ReceivedMail {
    /// The envelope's recipients.
    pub(crate) to: Vec<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// `confirm_application`, …: what its Message-ID says.
    pub(crate) kind: String,
    pub(crate) message_id: String,
    /// As it came in.
    pub(crate) raw: String,
}

impl ReceivedMail {
    fn read(to: Vec<String>, bytes: &[u8]) -> Self {
        let parsed = MessageParser::default().parse(bytes).expect("a message");
        let message_id = parsed.message_id().unwrap_or_default().to_owned();
        Self {
            to,
            subject: parsed.subject().unwrap_or_default().to_owned(),
            text: parsed.body_text(0).unwrap_or_default().into_owned(),
            html: parsed.body_html(0).unwrap_or_default().into_owned(),
            kind: message_id.split('.').next().unwrap_or_default().to_owned(),
            message_id,
            raw: String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// The addresses in its text, one a line of its own.
    pub(crate) fn links(&self) -> Vec<String> {
        let is_link = |line: &&str| line.starts_with("http://") || line.starts_with("https://");
        self.text.lines().map(str::trim).filter(is_link).map(str::to_owned).collect()
    }

    /// The one link to a page, such as `/apply/confirm/`.
    #[track_caller]
    pub(crate) fn link_to(&self, page: &str) -> String {
        let links = self.links();
        let found = links.iter().find(|link| link.contains(page));
        found.unwrap_or_else(|| panic!("no link to {page}: {}", self.text)).clone()
    }

    /// A header, decoded.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let parsed = MessageParser::default().parse(self.raw.as_bytes())?;
        let found = parsed.header_values(HeaderName::Other(name.to_owned().into())).next();
        let found = found.and_then(|value| value.as_text()).map(str::to_owned);
        found.or_else(|| parsed.header_raw(name.to_owned()).map(|value| value.trim().to_owned()))
    }

    /// How many headers have this name.
    pub(crate) fn headers_named(&self, name: &str) -> usize {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default();
        let prefix = format!("{}:", name.to_lowercase());
        head.lines().filter(|line| line.to_lowercase().starts_with(&prefix)).count()
    }
}

type Hook = Box<dyn Fn() + Send>;

#[derive(Default)]
struct Mood {
    received: Vec<ReceivedMail>,
    /// Answers to `RCPT TO`, by address.
    refused: HashMap<String, (u16, String)>,
    /// Called when a message has come in, before the answer.
    on_received: Option<Hook>,
    /// Names that have signed in.
    signed_in: HashSet<String>,
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Mood>>);

impl Shared {
    fn mood(&self) -> MutexGuard<'_, Mood> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A private authority, and what it certifies a server by.
#[derive(Clone)]
pub(crate) struct Authority {
    /// What to trust (PEM).
    pub(crate) certificate: String,
    pub(crate) config: Arc<ServerConfig>,
}

impl Authority {
    /// Certifies a server of this name.
    pub(crate) fn for_server(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, "A private authority");
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let server =
            CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![server.der().clone()], key)
            .unwrap();
        Self { certificate: authority.pem(), config: Arc::new(config) }
    }
}

/// The one pair of name and password that [`MailServer::with_sign_in`] accepts.
pub(crate) const USERNAME: &str = "iok@poczta.test";
pub(crate) const PASSWORD: &str = "haslo do poczty";

pub(crate) struct MailServer {
    /// `host:port`, for `mail.server`.
    pub(crate) address: String,
    at: SocketAddr,
    shared: Shared,
    authority: Option<Authority>,
    asks_who: bool,
    running: Option<(CancellationToken, TaskTracker)>,
}

impl MailServer {
    /// Takes everything, asks nothing.
    pub(crate) async fn start() -> Self {
        Self::with(None, false).await
    }

    /// Offers STARTTLS, certified by this authority, at the name `localhost`.
    pub(crate) async fn start_tls(authority: Authority) -> Self {
        Self::with(Some(authority), false).await
    }

    /// Under STARTTLS, and only for [`USERNAME`] with [`PASSWORD`].
    pub(crate) async fn with_sign_in(authority: Authority) -> Self {
        Self::with(Some(authority), true).await
    }

    async fn with(authority: Option<Authority>, asks_who: bool) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let at = listener.local_addr().unwrap();
        let host = if authority.is_some() { "localhost".to_owned() } else { at.ip().to_string() };
        let mut server = Self {
            address: format!("{host}:{}", at.port()),
            at,
            shared: Shared::default(),
            authority,
            asks_who,
            running: None,
        };
        server.answer_on(listener);
        server
    }

    /// The settings that lead to it.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("mail.server", self.address.clone()),
            ("mail.security", if self.authority.is_some() { "starttls" } else { "none" }.to_owned()),
            ("mail.from", "MPGL Świętochłowice <iok@example.test>".to_owned()),
            ("mail.timeout_seconds", "5".to_owned()),
        ]
    }

    /// Everything that came in, the oldest first.
    pub(crate) fn received(&self) -> Vec<ReceivedMail> {
        self.shared.mood().received.clone()
    }

    /// What came in for this address.
    pub(crate) fn received_by(&self, to: &str) -> Vec<ReceivedMail> {
        self.received().into_iter().filter(|mail| mail.to.iter().any(|address| address == to)).collect()
    }

    /// Waits for the newest message of this kind to this address.
    pub(crate) async fn wait_for(&self, to: &str, kind: &str) -> ReceivedMail {
        let began = Instant::now();
        loop {
            if let Some(mail) = self.received_by(to).into_iter().rev().find(|mail| mail.kind == kind) {
                return mail;
            }
            let kinds: Vec<_> = self.received().into_iter().map(|mail| (mail.to, mail.kind)).collect();
            assert!(began.elapsed() < PATIENCE, "no {kind} for {to}: {kinds:?}");
            sleep(GLANCE).await;
        }
    }

    /// Answers with this code and text when somebody writes to this address.
    pub(crate) fn refuse(&self, to: &str, code: u16, text: &str) {
        self.shared.mood().refused.insert(to.to_owned(), (code, text.to_owned()));
    }

    /// Takes mail for this address again.
    pub(crate) fn accept(&self, to: &str) {
        self.shared.mood().refused.remove(to);
    }

    /// Who has signed in so far.
    pub(crate) fn has_let_in(&self, username: &str) -> bool {
        self.shared.mood().signed_in.contains(username)
    }

    /// Does something when a message has come in whole, before the server says so.
    pub(crate) fn on_received(&self, hook: impl Fn() + Send + 'static) {
        self.shared.mood().on_received = Some(Box::new(hook));
    }

    /// Down: connections are cut, new ones refused.
    pub(crate) async fn stop(&mut self) {
        if let Some((shutdown, tasks)) = self.running.take() {
            shutdown.cancel();
            tasks.close();
            tasks.wait().await;
        }
    }

    /// Up again, at the same address.
    pub(crate) async fn resume(&mut self) {
        assert!(self.running.is_none(), "it runs");
        let began = Instant::now();
        loop {
            match TcpListener::bind(self.at).await {
                Ok(listener) => return self.answer_on(listener),
                Err(error) => assert!(began.elapsed() < PATIENCE, "{}: {error}", self.at),
            }
            sleep(GLANCE).await;
        }
    }

    fn answer_on(&mut self, listener: TcpListener) {
        let (shutdown, tasks) = (CancellationToken::new(), TaskTracker::new());
        self.running = Some((shutdown.clone(), tasks.clone()));
        let (shared, authority, asks_who) = (self.shared.clone(), self.authority.clone(), self.asks_who);
        let conversations = tasks.clone();
        tasks.spawn(async move {
            loop {
                let accepted = tokio::select! {
                    () = shutdown.cancelled() => return,
                    accepted = listener.accept() => accepted,
                };
                let Ok((stream, _)) = accepted else { continue };
                let (shutdown, authority) = (shutdown.clone(), authority.clone());
                let postman =
                    Postman { shared: shared.clone(), asks_who, let_in: false, ..Postman::default() };
                conversations.spawn(async move {
                    tokio::select! {
                        () = shutdown.cancelled() => {}
                        // That somebody hangs up is a test's own business.
                        _ended = talk(stream, postman, authority) => {}
                    }
                });
            }
        });
    }
}

async fn talk(stream: TcpStream, postman: Postman, authority: Option<Authority>) -> io::Result<()> {
    let mut builder = SessionBuilder::new("poczta.test");
    if authority.is_some() {
        builder.enable_start_tls();
    }
    if postman.asks_who {
        builder.enable_auth(AuthMechanism::Plain);
    }
    let mut session = builder.build(IpAddr::V4(Ipv4Addr::LOCALHOST), postman);
    let mut stream = BufStream::new(stream);
    let ended = greet_and_converse(&mut stream, &mut session).await?;
    if let (Ended::UpgradeToTls, Some(authority)) = (ended, authority) {
        let stream = TlsAcceptor::from(authority.config).accept(stream.into_inner()).await?;
        session.tls_active();
        converse(&mut BufStream::new(stream), &mut session).await?;
    }
    Ok(())
}

/// One conversation.
#[derive(Default)]
struct Postman {
    shared: Shared,
    asks_who: bool,
    let_in: bool,
    to: Vec<String>,
    message: Vec<u8>,
}

impl Handler for Postman {
    fn mail(&mut self, _ip: IpAddr, _domain: &str, _from: &str) -> Response {
        if self.asks_who && !self.let_in { response::AUTHENTICATION_REQUIRED } else { response::OK }
    }

    fn rcpt(&mut self, to: &str) -> Response {
        match self.shared.mood().refused.get(to) {
            Some((code, text)) => Response::custom(*code, text.clone()),
            None => response::OK,
        }
    }

    fn data_start(&mut self, _domain: &str, _from: &str, _is8bit: bool, to: &[String]) -> Response {
        self.to = to.to_vec();
        self.message.clear();
        response::START_DATA
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.message.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let received = ReceivedMail::read(std::mem::take(&mut self.to), &self.message);
        let mut mood = self.shared.mood();
        mood.received.push(received);
        if let Some(hook) = &mood.on_received {
            hook();
        }
        response::OK
    }

    fn auth_plain(&mut self, _authorization_id: &str, username: &str, password: &str) -> Response {
        self.let_in = (username, password) == (USERNAME, PASSWORD);
        if self.let_in {
            self.shared.mood().signed_in.insert(username.to_owned());
            response::AUTH_OK
        } else {
            response::INVALID_CREDENTIALS
        }
    }
}
