//! The database goes away and comes back.

use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};
use serde_json::json;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::helpers::database::{Kind, TestDatabase};
use crate::helpers::form;
use crate::helpers::people::Person;
use crate::helpers::process::PATIENCE;
use crate::helpers::provider::TestProvider;
use crate::helpers::visitor::Answer;
use crate::helpers::wire::{self, Wire};

const SETTINGS: &[(&str, &str)] = &[("database.acquire_timeout_seconds", "1")];

/// How a test takes the database away. SQLite is a file of the same machine: what can happen to it is that another
/// process keeps it locked, and then reading goes on.
enum Outage {
    Wire(watch::Sender<Wire>),
    Lock(DatabaseConnection),
}

impl Outage {
    async fn begin(&self, how: Wire) {
        match self {
            Self::Wire(wire) => {
                wire.send_replace(how);
            }
            Self::Lock(other) => {
                other.execute_unprepared("BEGIN EXCLUSIVE").await.unwrap();
            }
        }
    }

    async fn end(&self) {
        match self {
            Self::Wire(wire) => {
                wire.send_replace(Wire::Whole);
            }
            Self::Lock(other) => {
                other.execute_unprepared("ROLLBACK").await.unwrap();
            }
        }
    }
}

async fn provider() -> (TestProvider, Outage) {
    let mut database = TestDatabase::fresh().await;
    if database.kind == Kind::Sqlite {
        let url = database.url.clone();
        let provider = TestProvider::start_on(database, SETTINGS).await;
        let mut options = ConnectOptions::new(url);
        // One connection: the lock is let go by who took it.
        options.max_connections(1).sqlx_logging(false);
        return (provider, Outage::Lock(Database::connect(options).await.unwrap()));
    }
    let mut url = url::Url::parse(&database.url).unwrap();
    let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
    let (address, wire) = wire::lay(server).await;
    url.set_port(address.rsplit_once(':').and_then(|(_, port)| port.parse().ok())).unwrap();
    database.url = url.into();
    (TestProvider::start_on(database, SETTINGS).await, Outage::Wire(wire))
}

/// A page that says what happened and what to do, and the id by which it is found in the log.
#[track_caller]
fn is_a_break_page(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.headers.contains_key(RETRY_AFTER), "{:?}", answer.headers);
    assert!(answer.headers[CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{:?}", answer.headers);
    assert!(form::has(&answer.body, "#error"), "{}", answer.body);
    let shown = form::text(&answer.body, "#request-id").unwrap();
    assert_eq!(shown, answer.headers["x-request-id"].to_str().unwrap());
    assert_eq!(shown.len(), 32, "{shown}");
    for private in ["sqlx", "postgres", "sqlite", "pool", "SELECT", "panicked"] {
        assert!(!answer.body.contains(private), "{private} is on the page: {}", answer.body);
    }
}

/// RFC 6749 §5.2's form, with the code that §4.1.2.1 has for it.
#[track_caller]
fn is_a_break_in_json(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.headers.contains_key(RETRY_AFTER), "{:?}", answer.headers);
    assert_eq!(answer.json()["error"], "temporarily_unavailable", "{}", answer.body);
}

#[tokio::test]
async fn a_database_that_is_down_is_503_everywhere_and_comes_back_by_itself() {
    the_database_goes_away_and_comes_back(Wire::Cut).await;
}

#[tokio::test]
async fn a_database_that_hangs_is_503_everywhere_and_comes_back_by_itself() {
    the_database_goes_away_and_comes_back(Wire::Frozen).await;
}

async fn the_database_goes_away_and_comes_back(how: Wire) {
    let (provider, outage) = provider().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let (access, refresh) =
        (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let code = billing.code(&browser, &person, &[]).await;
    let stranger = provider.visitor();
    let sign_in_page = stranger.open("/sign-in").await;

    for _ in 0..2 {
        outage.begin(how).await;
        // Whatever has to write, on both kinds of database.
        is_a_break_page(&stranger.sign_in_at(&sign_in_page, &person.login, &person.password).await);
        is_a_break_page(&stranger.get(&billing.authorization(&[])).await);
        is_a_break_in_json(&billing.redeem(&code).await);
        is_a_break_in_json(&billing.refresh(refresh).await);
        assert_eq!(browser.get("/healthz").await.status, 200, "the process lives");
        if matches!(outage, Outage::Wire(_)) {
            assert_eq!(browser.get("/readyz").await.status, 503, "the database does not");
            is_a_break_page(&browser.get("/").await);
            is_a_break_in_json(&billing.userinfo(access).await);
        }
        // What is in memory goes on: tokens can be verified.
        assert_eq!(browser.get("/jwks").await.status, 200);
        assert_eq!(browser.get("/.well-known/openid-configuration").await.status, 200);
        outage.end().await;

        let began = Instant::now();
        while browser.get("/readyz").await.status != 200 {
            assert!(began.elapsed() < PATIENCE, "it does not come back by itself");
            sleep(Duration::from_millis(50)).await;
        }
        let home = browser.get("/").await;
        assert!(form::has(&home.body, "#sign-out"), "the session is kept: {}", home.body);
        let userinfo = billing.userinfo(access).await;
        assert_eq!(userinfo.status, 200, "{}", userinfo.body);
    }

    // Nothing was used up by attempts that came to nothing: code, refresh token, and the budget of guesses.
    let redeemed = billing.redeem(&code).await;
    assert_eq!(redeemed.status, 200, "{}", redeemed.body);
    let refreshed = billing.refresh(refresh).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
    let wrong = Person { password: "Zgadywanka#1".to_owned(), ..person.clone() };
    for _ in 0..4 {
        assert_eq!(provider.visitor().sign_in(&wrong).await.status, 401);
    }
    let answer = stranger.sign_in_at(&sign_in_page, &person.login, &person.password).await;
    assert_eq!(answer.location(), "/", "{}", answer.body);
}
