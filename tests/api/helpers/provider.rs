//! The product, running in this process on a port of its own, with a clock that the test owns.

use std::sync::Arc;

use chrono::TimeDelta;
use iok_id::accounts::publish_regulations::Draft;
use iok_id::app::{Foundation, Server};
use iok_id::config::{Settings, Sources};
use iok_id::domain::ambient::Ambient;
use iok_id::domain::clock::{Clock, Moment, SettableClock, SystemClock};
use iok_id::domain::mail::Mail;
use iok_id::domain::secret::SystemEntropy;
use iok_id::integrations::mail::Round;
use iok_id::oidc::keys;
use reqwest::redirect::Policy;
use reqwest::{Certificate, ClientBuilder, Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::authority::PrivateAuthority;
use super::client_key::ClientKey;
use super::database::TestDatabase;
use super::open_browser::OpenBrowser;
use super::people::{self, Person};
use super::relying_party::RelyingParty;
use super::smtp::MailServer;
use super::visitor::Visitor;

pub(crate) struct TestProvider {
    pub(crate) issuer: String,
    pub(crate) clock: SettableClock,
    pub(crate) database: TestDatabase,
    pub(crate) server: Server,
    /// Whom its browsers and relying parties trust beside the system's authorities.
    trusted: Option<Certificate>,
}

impl TestProvider {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With settings that differ from the defaults, as `("section.key", "value")`.
    pub(crate) async fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::start_on(TestDatabase::started().await, settings).await
    }

    /// With a mail server beside it. What it is sent goes out within two seconds, or at once by
    /// [`Self::deliver_mail`].
    pub(crate) async fn start_with_mail() -> (Self, MailServer) {
        let mail = MailServer::start().await;
        let provider = Self::start_beside(&mail, &[]).await;
        (provider, mail)
    }

    /// With this mail server, and settings of its own.
    pub(crate) async fn start_beside(mail: &MailServer, settings: &[(&str, &str)]) -> Self {
        let leading_there = mail.settings();
        let mut all: Vec<(&str, &str)> =
            leading_there.iter().map(|(key, value)| (*key, value.as_str())).collect();
        all.extend(settings);
        Self::start_with(&all).await
    }

    /// Sends what is due by the test's clock, now. Once it returns, everything due was tried: by this call, or by the
    /// server itself a moment before; so look at what came in, not at this round's numbers.
    pub(crate) async fn deliver_mail(&self) -> Round {
        self.server.deliver_mail().await.unwrap()
    }

    /// Puts messages on their way, by the call that use cases make.
    pub(crate) async fn enqueue(&self, mails: &[Mail]) {
        let settings = settings_for(&self.database, &self.issuer, &[]);
        let foundation = Foundation::open(settings, ambient_of(&self.clock)).await.unwrap();
        let transaction = foundation.database.begin().await.unwrap();
        for mail in mails {
            foundation.journal.mail(&transaction, mail).await.unwrap();
        }
        transaction.commit().await.unwrap();
        foundation.close().await;
    }

    /// On a database that is there already: a restart, or a second replica.
    pub(crate) async fn start_on(database: TestDatabase, settings: &[(&str, &str)]) -> Self {
        log_failures();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let issuer = format!("http://localhost:{port}");
        let clock = SettableClock::starting_at(SystemClock.now());
        let server =
            Server::start(settings_for(&database, &issuer, settings), ambient_of(&clock), vec![listener])
                .await
                .unwrap();
        Self { issuer, clock, database, server, trusted: None }
    }

    /// With TLS of its own, certified by this authority.
    pub(crate) async fn start_https(authority: &PrivateAuthority) -> Self {
        Self::start_https_with(authority, &[]).await
    }

    /// The same, with settings of its own.
    pub(crate) async fn start_https_with(authority: &PrivateAuthority, own: &[(&str, &str)]) -> Self {
        let database = TestDatabase::started().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let (certificate, key) = authority.certify("localhost").written_to(database.folder.path());
        let mut settings =
            vec![("server.tls_certificate_file", &*certificate), ("server.tls_key_file", &*key)];
        settings.extend(own);
        Self::start_as(database, listener, &issuer, authority, &settings).await
    }

    /// In the clear, behind a proxy that people reach at the issuer.
    pub(crate) async fn start_behind(
        issuer: &str,
        authority: &PrivateAuthority,
        settings: &[(&str, &str)],
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::start_as(TestDatabase::started().await, listener, issuer, authority, settings).await
    }

    async fn start_as(
        database: TestDatabase,
        listener: TcpListener,
        issuer: &str,
        authority: &PrivateAuthority,
        settings: &[(&str, &str)],
    ) -> Self {
        log_failures();
        let clock = SettableClock::starting_at(SystemClock.now());
        let settings = settings_for(&database, issuer, settings);
        let server = Server::start(settings, ambient_of(&clock), vec![listener]).await.unwrap();
        let trusted = Some(authority.trusted());
        Self { issuer: issuer.to_owned(), clock, database, server, trusted }
    }

    /// A way to the server, for whoever wants to go it differently.
    pub(crate) fn client(&self) -> ClientBuilder {
        match &self.trusted {
            Some(authority) => reqwest::Client::builder().tls_certs_merge([authority.clone()]),
            None => reqwest::Client::builder(),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// Another process of the same provider: same issuer, database, sealing key and clock, its own address.
    pub(crate) async fn replica(&self) -> Replica {
        self.replica_with(&[]).await
    }

    /// The same with settings that differ from the defaults, as [`Self::start_with`] takes them.
    pub(crate) async fn replica_with(&self, settings: &[(&str, &str)]) -> Replica {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let settings = settings_for(&self.database, &self.issuer, settings);
        let server = Server::start(settings, ambient_of(&self.clock), vec![listener]).await.unwrap();
        Replica { address, server }
    }

    /// `keys rotate`, by the calls that the command makes, at the time of the test's clock.
    pub(crate) async fn rotate_keys(&self) -> Vec<String> {
        let settings = settings_for(&self.database, &self.issuer, &[]);
        let foundation = Foundation::open(settings, ambient_of(&self.clock)).await.unwrap();
        let Foundation { database, ambient, journal, sealing, .. } = &foundation;
        let (kids, _) =
            keys::rotate(database, ambient, journal, sealing, foundation.rotation_times()).await.unwrap();
        foundation.close().await;
        kids
    }

    /// A request without cookies, which follows no redirect.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let client = self.client().redirect(Policy::none()).build().unwrap();
        client.request(method, self.url(path))
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now().timestamp()
    }

    /// The published keys.
    pub(crate) async fn jwks(&self) -> Value {
        self.visitor().get("/jwks").await.json()
    }

    /// Changes a row behind the product's back, as another process of the company might.
    pub(crate) async fn execute(&self, sql: &str) {
        use sea_orm::ConnectionTrait as _;
        let connection = self.database.connect().await;
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    /// A browser that has never been here.
    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::with(&self.issuer, self.client())
    }

    /// A browser whose cookies lie open.
    pub(crate) fn open_browser(&self) -> OpenBrowser {
        OpenBrowser::new(&self.issuer)
    }

    /// A second server on the same database, with settings of its own.
    pub(crate) async fn second_server(&self, settings: &[(&str, &str)]) -> Self {
        Self::start_on(self.database.again(), settings).await
    }

    /// Moves the clock to a moment, such as `2030-04-30T13:30:00Z`.
    pub(crate) fn advance_to(&self, moment: &str) {
        let moment: Moment = moment.parse().unwrap();
        self.advance(moment - self.clock.now());
    }

    /// Publishes a version of the Regulations, as an operator does; the words name it. A second later, so that whoever
    /// was there before was there before.
    pub(crate) async fn publish_regulations(&self, version: &str) {
        self.advance(TimeDelta::seconds(1));
        let polish = format!("# Regulamin {version}\n\n1. Słowa wersji {version}.");
        let english = format!("# Regulations {version}\n\n1. The words of version {version}.");
        let draft = Draft { version, polish: &polish, english: &english };
        self.server.publish_regulations(draft).await.unwrap();
    }

    /// Imports people, as an operator does.
    pub(crate) async fn import(&self, people: &[&Person]) {
        self.server.import_accounts(&people::csv(people)).await.unwrap();
    }

    /// A contractor who holds a letter and has never signed in.
    pub(crate) async fn person_with_letter(&self, login: &str) -> Person {
        let person = Person::with_letter(login);
        self.import(&[&person]).await;
        person
    }

    /// A contractor who chose a password some time ago.
    pub(crate) async fn active_person(&self, login: &str) -> Person {
        let person = Person::active(login);
        self.import(&[&person]).await;
        person
    }

    /// Registers a client, with metadata beside the usual.
    pub(crate) async fn relying_party(&self, client_id: &str, metadata: Value) -> RelyingParty {
        let mut whole = json!({
            "client_name": client_id,
            "redirect_uris": [RelyingParty::REDIRECT_URI],
            "post_logout_redirect_uris": [RelyingParty::SIGNED_OUT_URI],
            "grant_types": ["authorization_code", "refresh_token"],
            "first_party": true,
        });
        for (name, value) in metadata.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let method = whole["token_endpoint_auth_method"].as_str().unwrap_or("client_secret_basic").to_owned();
        let key = (method == "private_key_jwt").then(|| ClientKey::new(self));
        if let Some(key) = &key
            && whole["jwks_uri"].is_null()
            && whole["jwks"].is_null()
        {
            whole["jwks"] = key.jwks();
        }
        let registered = self.register(client_id, whole, method.starts_with("client_secret")).await;
        let party = RelyingParty::new(&self.issuer, client_id, registered, method).through(self.client());
        match key {
            Some(key) => party.signing_with(key),
            None => party,
        }
    }

    async fn register(&self, client_id: &str, metadata: Value, confidential: bool) -> Option<String> {
        let secret = confidential.then(|| format!("secret-of-{client_id}-0123456789"));
        self.server.register_client_json(client_id, secret.as_deref(), metadata).await.unwrap();
        secret
    }
}

/// A second process on the first one's database.
pub(crate) struct Replica {
    pub(crate) address: String,
    pub(crate) server: Server,
}

impl Replica {
    pub(crate) async fn jwks(&self) -> Value {
        Visitor::new(&self.address).get("/jwks").await.json()
    }

    /// The same relying party, talking to this process.
    pub(crate) fn relying_party(&self, party: &RelyingParty) -> RelyingParty {
        party.at(&self.address)
    }
}

pub(crate) fn ambient_of(clock: &SettableClock) -> Ambient {
    Ambient::new(Arc::new(clock.clone()), Arc::new(SystemEntropy))
}

/// What the server says of its own failures stands beside a test that fails.
fn log_failures() {
    let _already = tracing_subscriber::fmt().with_env_filter("warn").with_test_writer().try_init();
}

/// The settings of a test: its database, its sealing key beside it, and what it sets itself.
pub(crate) fn settings_for(database: &TestDatabase, issuer: &str, settings: &[(&str, &str)]) -> Settings {
    let key_file = database.folder.path().join("secrets/sealing.key").display().to_string();
    let mut sources = Sources::only_defaults()
        .overriding("server.issuer", issuer)
        .overriding("database.url", database.url.as_str())
        .overriding("sealing.key_file", key_file)
        // Hundreds of refusals need not take their time; what it is good for is tested where it is set.
        .overriding("lockout.refusal_beat_milliseconds", "0")
        // No test says anything about speed by accident: a disk that holds its breath for seconds is no outage.
        .overriding("database.acquire_timeout_seconds", "60")
        .overriding("server.request_timeout_seconds", "240");
    for (key, value) in settings {
        sources = sources.overriding(*key, *value);
    }
    sources.load().unwrap()
}
