//! The lockout over two processes on one database, one of which is killed with `kill -9` in between.

use std::time::Duration;

use futures_util::future::{join, join_all};
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use reqwest::header::{CONTENT_TYPE, COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use sea_orm::{ConnectionTrait as _, DatabaseConnection};

use crate::helpers::binary::{Installation, Serving, iok_id, until_ready};
use crate::helpers::form;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::Person;
use crate::helpers::ports::free_ports;
use crate::helpers::process::Running;
use crate::helpers::records::rows_on;
use crate::helpers::relying_party::encode;

/// A short lease, so that a dead server's places are failures soon; patience, since the machine may be busy.
const SETTINGS: &str = "lockout.lease_seconds = 5\nlockout.waiting = 200\nlockout.wait_seconds = 60\n\
                        server.request_timeout_seconds = 240\ndatabase.acquire_timeout_seconds = 60";

/// A second server of the same installation, at an address of its own.
async fn serve_beside(installation: &Installation) -> (Serving, String) {
    let port = free_ports(1);
    let issuer = format!("http://localhost:{port}");
    let config = installation.file(
        "second.toml",
        &format!(
            "server.listen = \"127.0.0.1:{port}\"\nserver.issuer = \"{issuer}\"\ndatabase.url = \"{}\"\n{SETTINGS}\n",
            installation.database.url
        ),
    );
    let mut process = Running::start(&mut iok_id(installation.folder(), ["serve", "--config", &config]));
    until_ready(&mut process, &issuer).await;
    (Serving { process }, issuer)
}

/// A browser with the sign-in page open.
struct Browser {
    http: Client,
    address: String,
    cookies: String,
    fields: Vec<(String, String)>,
}

impl Browser {
    async fn at(issuer: &str, login: &str) -> Self {
        let mut browser = OpenBrowser::new(issuer);
        let page = browser.get("/sign-in").await;
        let (action, fields) = form::filled_in(&page.body, "#sign-in", &[("login", login)]);
        let held: Vec<String> =
            browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Self {
            http: Client::builder().redirect(Policy::none()).build().unwrap(),
            address: format!("{issuer}{action}"),
            cookies: held.join("; "),
            fields,
        }
    }

    /// `None` if the server died before it answered.
    async fn send(&self, password: &str) -> Option<StatusCode> {
        let mut fields = self.fields.clone();
        fields.retain(|(name, _)| name != "password");
        fields.push(("password".to_owned(), password.to_owned()));
        let request = self
            .http
            .post(&self.address)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, &self.cookies)
            .body(encode(&fields));
        request.send().await.ok().map(|answer| answer.status())
    }
}

async fn number_of(connection: &DatabaseConnection, action: &str, outcome: &str) -> i64 {
    rows_on(connection, "audit", &format!("action = '{action}' AND outcome = '{outcome}'")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_wrong_guesses_at_two_processes_get_at_most_five_verdicts_although_one_is_killed() {
    let installation = Installation::with_settings(SETTINGS).await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    let mut one = installation.serve().await;
    let (_two, second_issuer) = serve_beside(&installation).await;
    let here = Browser::at(&installation.issuer, &person.login).await;
    let there = Browser::at(&second_issuer, &person.login).await;
    let connection = installation.database.connect().await;

    let guesses: Vec<String> = (0..100).map(|number| format!("Zgadywanka#{number}")).collect();
    let at_one = async {
        let mut answers: FuturesUnordered<_> = guesses.iter().map(|guess| here.send(guess)).collect();
        // As soon as one of its guesses is in flight, while others are.
        while rows_on(&connection, "attempt", "1 = 1").await == 0 {
            tokio::select! {
                answer = answers.next() => assert_eq!(answer.flatten(), Some(StatusCode::UNAUTHORIZED)),
                () = tokio::time::sleep(Duration::from_millis(2)) => {}
            }
        }
        one.process.kill();
        let rest: Vec<_> = answers.collect().await;
        rest.into_iter().flatten().for_each(|status| assert_eq!(status, 401));
    };
    let at_two = join_all(guesses.iter().map(|guess| there.send(guess)));
    let ((), answers) = join(at_one, at_two).await;
    assert!(answers.iter().all(|status| *status == Some(StatusCode::UNAUTHORIZED)), "{answers:?}");

    let verdicts = number_of(&connection, "sign_in.verdict", "wrong").await;
    let places = rows_on(&connection, "attempt", "1 = 1").await;
    assert!(verdicts <= 5 && places == 5, "{verdicts} verdicts, {places} places");
    assert_eq!(number_of(&connection, "account.locked", "budget_used_up").await, 1);
    assert_eq!(there.send(&person.password).await, Some(StatusCode::UNAUTHORIZED), "it is locked");
    let _again = installation.serve().await;
    assert_eq!(here.send(&person.password).await, Some(StatusCode::UNAUTHORIZED), "everywhere");
    assert_eq!(number_of(&connection, "sign_in.verdict", "correct").await, 0);

    // The lock ends, and with it what the dead server held.
    let sql = "UPDATE attempt_budget SET locked_until = '2026-01-01 00:00:00+00:00'";
    connection.execute_unprepared(sql).await.unwrap();
    assert_eq!(here.send(&person.password).await, Some(StatusCode::SEE_OTHER));
    assert_eq!(there.send(&person.password).await, Some(StatusCode::SEE_OTHER));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_right_passwords_at_two_processes_all_sign_in() {
    let installation = Installation::with_settings(SETTINGS).await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    let _one = installation.serve().await;
    let (_two, second_issuer) = serve_beside(&installation).await;
    let browsers =
        join(Browser::at(&installation.issuer, &person.login), Browser::at(&second_issuer, &person.login));
    let (here, there) = browsers.await;
    let sent = (0..25).flat_map(|_| [here.send(&person.password), there.send(&person.password)]);
    let answers = join_all(sent).await;
    assert!(answers.iter().all(|status| *status == Some(StatusCode::SEE_OTHER)), "{answers:?}");
    let connection = installation.database.connect().await;
    assert_eq!(number_of(&connection, "sign_in.verdict", "correct").await, 50);
    assert_eq!(rows_on(&connection, "attempt", "1 = 1").await, 0, "every place came back");
}
