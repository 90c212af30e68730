//! The page that shows the mail: each message's text with links that can be followed, and its HTML apart.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use minijinja::value::Serde;
use minijinja::{Environment, Error, context};
use serde::Serialize;

use super::PATH;
use super::inbox::{Inbox, Received};
use crate::demo::relying_party::language::Language;
use crate::demo::templates;
use crate::domain::locale::Locale;

const STYLE: &str = "/demo/mail/style.css";

struct Desk {
    inbox: Arc<Inbox>,
    environment: Environment<'static>,
}

pub(super) fn router(inbox: Arc<Inbox>) -> Result<Router, Error> {
    let environment =
        templates::environment(&[("mailbox.html", include_str!("../../../templates/demo/mailbox.html"))])?;
    Ok(Router::new()
        .route(PATH, get(list))
        .route("/demo/mail/{number}/html", get(as_html))
        .route(STYLE, get(style))
        .with_state(Arc::new(Desk { inbox, environment })))
}

async fn list(State(desk): State<Arc<Desk>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = query.unwrap_or_default();
    let chosen = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");

    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = Language::negotiate(chosen.as_ref().map(|(_, tag)| &**tag), accepted);
    let messages: Vec<Shown> = desk.inbox.all().into_iter().map(Shown::from).collect();
    match desk.render(language, &messages) {
        Ok(page) => {
            secured(Html(page), "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'")
        }
        Err(error) => {
            tracing::error!(%error, "the demo's mail cannot be shown");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// As a mail program shows it, and as strict as the strictest of them: nothing is loaded, nothing runs.
async fn as_html(State(desk): State<Arc<Desk>>, Path(number): Path<u64>) -> Response {
    match desk.inbox.find(number) {
        Some(message) => secured(
            Html(message.html),
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
        ),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn style() -> Response {
    let style = include_str!("../../../templates/demo/style.css");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], style).into_response()
}

fn secured(page: Html<String>, policy: &str) -> Response {
    let policy = format!("{policy}; frame-ancestors 'none'");
    let headers = [
        (CONTENT_SECURITY_POLICY, policy.as_str()),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, page).into_response()
}

#[derive(Serialize)]
struct Frame {
    lang: &'static str,
    here: String,
    style: &'static str,
    other_lang: &'static str,
    other_href: String,
}

/// A message for the template.
#[derive(Serialize)]
struct Shown {
    number: u64,
    at: String,
    time: String,
    to: String,
    from: String,
    subject: String,
    parts: Vec<Part>,
    html_href: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Part {
    text: String,
    is_link: bool,
}

impl From<Received> for Shown {
    fn from(message: Received) -> Self {
        Self {
            number: message.number,
            at: message.at.to_rfc3339(),
            time: message.at.format("%Y-%m-%d %H:%M:%S").to_string(),
            to: message.to,
            from: message.from,
            subject: message.subject,
            parts: parts(&message.text),
            html_href: format!("{PATH}/{}/html", message.number),
        }
    }
}

impl Desk {
    fn render(&self, language: Language, messages: &[Shown]) -> Result<String, Error> {
        let other = match language.locale {
            Locale::Polish => Locale::English,
            Locale::English => Locale::Polish,
        };
        let frame = Frame {
            lang: language.locale.tag(),
            here: language.link(PATH),
            style: STYLE,
            other_lang: other.tag(),
            other_href: Language { locale: other, chosen: true }.link(PATH),
        };
        self.environment
            .get_template("mailbox.html")?
            .render(context! { frame => Serde(frame), messages => Serde(messages) })
    }
}

/// Addresses stand alone between white space in our texts.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = vec![Part { text: String::new(), is_link: false }];
    for word in text.split_inclusive(char::is_whitespace) {
        let address = word.trim_end();
        if address.starts_with("http://") || address.starts_with("https://") {
            parts.push(Part { text: address.to_owned(), is_link: true });
            parts.push(Part { text: word[address.len()..].to_owned(), is_link: false });
        } else if let Some(last) = parts.last_mut() {
            last.text.push_str(word);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_links_and_nothing_else_does() {
        let text = "Proszę:\nhttp://localhost:8080/block/x\n\njavascript:alert(1)";
        let parts = parts(text);
        let links: Vec<&str> =
            parts.iter().filter(|part| part.is_link).map(|part| part.text.as_str()).collect();
        assert_eq!(links, ["http://localhost:8080/block/x"]);
        assert_eq!(parts.iter().map(|part| part.text.as_str()).collect::<String>(), text);
    }
}
