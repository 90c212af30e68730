//! What no honest client sends, at every endpoint of the protocol: one row a request, with its exact answer, and nothing
//! issued by it.
//!
//! Each endpoint has a file of rows and a server for all of them. A row that is answered otherwise is listed with what it
//! got, and the others are tried all the same.

#![allow(clippy::too_many_lines, reason = "tables: one row a request")]

mod authorize;
mod client_authentication;
mod continuations;
mod introspection;
mod logout;
mod metadata;
mod registration;
mod request_object;
mod revocation;
mod token;
mod userinfo;

use std::collections::BTreeSet;

use iok_id::views::ErrorKind;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::relying_party::encode;
use crate::helpers::visitor::{Answer, Visitor};

const FORM: &str = "application/x-www-form-urlencoded";

/// What would grow if a request got something.
const ISSUED: [&str; 6] =
    ["authorization_code", "token_grant", "refresh_token", "consent", "client", "session"];

struct Row {
    name: String,
    request: Request,
    answer: Answered,
}

fn row(name: impl Into<String>, request: Request, answer: Answered) -> Row {
    Row { name: name.into(), request, answer }
}

#[derive(Debug, Clone)]
struct Request {
    method: Method,
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Vec<u8>>,
}

impl Request {
    fn of(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: None }
    }

    fn get(path: impl Into<String>) -> Self {
        Self::of(Method::GET, path)
    }

    /// A form, whatever is in it.
    fn post(path: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self::of(Method::POST, path).header("content-type", FORM).body(body)
    }

    fn form(path: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let fields: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self::post(path, encode(&fields))
    }

    /// Beside those that are there already, of the same name or not.
    fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((HeaderName::from_static(name), HeaderValue::from_bytes(value.as_ref()).unwrap()));
        self
    }

    fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some(body.into()), ..self }
    }
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answered {
    /// A page that tells a person what went wrong, and its kind.
    Page(u16, String),
    /// An error at the client's address, and where in it.
    ToClient(In, String),
    /// A client's error (RFC 6749 §5.2).
    Error(u16, String),
    /// A protected resource's error (RFC 6750 §3).
    Bearer(u16, String),
    /// RFC 6750 §3.1: no token, and no error code.
    NoToken,
    /// The person is asked who they are.
    SignIn,
    /// The person is asked whether they allow it.
    Consent,
    /// Nothing is said about a token, and nobody learns why (RFC 7662 §2.2).
    Inactive,
    /// No row wants this.
    Other(u16, String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum In {
    Query,
    Fragment,
    Form,
}

fn page(kind: ErrorKind) -> Answered {
    Answered::Page(kind.status(), name_of(kind))
}

fn to_client(error: &str) -> Answered {
    Answered::ToClient(In::Query, error.to_owned())
}

fn error(status: u16, error: &str) -> Answered {
    Answered::Error(status, error.to_owned())
}

fn bearer(status: u16, error: &str) -> Answered {
    Answered::Bearer(status, error.to_owned())
}

impl Answered {
    fn of(answer: &Answer) -> Self {
        let status = answer.status.as_u16();
        if answer.status.is_redirection() {
            return Self::at_client(answer);
        }
        if let Some(heading) = form::text(&answer.body, "#error h1") {
            return Self::Page(status, kind_of(&heading));
        }
        if let Some(error) = form::attribute(&answer.body, "#answer input[name=error]", "value") {
            return Self::ToClient(In::Form, error);
        }
        if form::has(&answer.body, "#approve") {
            return Self::Consent;
        }
        if form::has(&answer.body, "#sign-in") {
            return Self::SignIn;
        }
        let challenge = answer.headers.get("www-authenticate").map(|value| value.to_str().unwrap());
        let is_bearer = challenge.is_some_and(|challenge| challenge.starts_with("Bearer "));
        let body: Option<serde_json::Value> = serde_json::from_str(&answer.body).ok();
        match body.as_ref().and_then(|body| body["error"].as_str()) {
            Some(error) if is_bearer => Self::Bearer(status, error.to_owned()),
            Some(error) => Self::Error(status, error.to_owned()),
            None if body == Some(serde_json::json!({"active": false})) => Self::Inactive,
            None if is_bearer && status == 401 && answer.body.is_empty() => Self::NoToken,
            None => Self::Other(status, answer.body.chars().take(200).collect()),
        }
    }

    fn at_client(answer: &Answer) -> Self {
        let other = || Self::Other(answer.status.as_u16(), answer.location().to_owned());
        let Ok(url) = reqwest::Url::parse(answer.location()) else {
            return other();
        };
        let error = |text: &str| {
            let mut pairs = url::form_urlencoded::parse(text.as_bytes());
            pairs.find(|(name, _)| name == "error").map(|(_, value)| value.into_owned())
        };
        let in_query = url.query().and_then(error).map(|error| Self::ToClient(In::Query, error));
        let in_fragment = || url.fragment().and_then(error).map(|error| Self::ToClient(In::Fragment, error));
        in_query.or_else(in_fragment).unwrap_or_else(other)
    }
}

/// As the pages' texts name it.
fn name_of(kind: ErrorKind) -> String {
    serde_json::to_value(kind).unwrap().as_str().unwrap().to_owned()
}

/// The kind of a page by its heading, which no two have in common.
fn kind_of(heading: &str) -> String {
    let texts = include_str!("../../../../templates/locales/pl/errors.ftl");
    let is_it =
        |kind: &ErrorKind| texts.lines().any(|line| line == format!("error-{} = {heading}", name_of(*kind)));
    ErrorKind::ALL.into_iter().find(is_it).map_or_else(|| format!("? {heading}"), name_of)
}

/// Sends every row from this browser, which follows redirects as long as they stay here.
async fn run(provider: &TestProvider, browser: &Visitor, rows: &[Row]) {
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names.len(), rows.len(), "two rows have one name");
    let mut wrong = Vec::new();
    let mut issued = issued_by(provider).await;
    for Row { name, request, answer: expected } in rows {
        let answer = browser.follow(send(browser, request).await).await;
        let seen = Answered::of(&answer);
        if seen != *expected {
            wrong.push(format!("{name}: {seen:?} instead of {expected:?}"));
            continue;
        }
        match expected {
            Answered::Page(status, _) => expect::error_page(&answer, *status),
            Answered::Error(status, error) => expect::token_error(&answer, *status, error),
            Answered::Bearer(status, error) => expect::bearer_error(&answer, *status, error),
            _ => {}
        }
        let now = issued_by(provider).await;
        if now.iter().zip(&issued).any(|(now, before)| now > before) {
            wrong.push(format!("{name}: something was issued: {ISSUED:?} were {issued:?} and are {now:?}"));
        }
        issued = now;
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

async fn send(browser: &Visitor, request: &Request) -> Answer {
    let mut sent = browser.request(request.method.clone(), &request.path);
    for (name, value) in &request.headers {
        sent = sent.header(name, value);
    }
    if let Some(body) = &request.body {
        sent = sent.body(body.clone());
    }
    Answer::to(sent).await
}

/// How much there is of each.
async fn issued_by(provider: &TestProvider) -> Vec<i64> {
    let connection = provider.database.connect().await;
    let mut counts = Vec::new();
    for table in ISSUED {
        counts.push(records::rows_on(&connection, table, "1 = 1").await);
    }
    connection.close().await.unwrap();
    counts
}
