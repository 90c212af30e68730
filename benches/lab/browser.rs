//! A browser, or what pretends to be one: an address, a cookie jar, and the sign-in form.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use anyhow::{Context as _, bail};
use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use reqwest::{Client, Response, StatusCode};

/// What a stranger is told: no more than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    SignedIn,
    /// Wrong, unknown, locked, from a source that asked too often: one answer.
    Refused,
    /// 503: nothing was looked at, come back.
    Shed,
}

#[derive(Clone)]
pub(crate) struct Browser {
    http: Client,
    town: String,
    /// As the proxy in front tells it.
    address: Ipv4Addr,
    cookies: BTreeMap<String, Cookie>,
    /// The sign-in form that lies open. Whoever guesses by machine does not open it each time.
    csrf: Option<String>,
}

#[derive(Clone)]
struct Cookie {
    value: String,
    /// Kept when the browser is closed.
    outlives_closing: bool,
}

impl Browser {
    pub(crate) fn new(http: Client, town: &str, address: Ipv4Addr) -> Self {
        Self { http, town: town.to_owned(), address, cookies: BTreeMap::new(), csrf: None }
    }

    /// The same cookies and the same open form at another address: a bot that was handed them.
    pub(crate) fn moved_to(&self, address: Ipv4Addr) -> Self {
        Self { address, ..self.clone() }
    }

    /// As a person signs in: opens the page, types, sends. Comes back when the server was too busy.
    pub(crate) async fn sign_in(&mut self, login: &str, password: &str) -> anyhow::Result<Answer> {
        for _ in 0..5 {
            self.csrf = None;
            let answer = self.guess(login, password).await?;
            if answer != Answer::Shed {
                return Ok(answer);
            }
        }
        Ok(Answer::Shed)
    }

    /// As a machine does: sends the form that lies open, and opens one only if there is none.
    pub(crate) async fn guess(&mut self, login: &str, password: &str) -> anyhow::Result<Answer> {
        if self.csrf.is_none() {
            self.open_form().await?;
        }
        let csrf = self.csrf.as_deref().unwrap_or_default();
        let typed = [("csrf", csrf), ("login", login), ("password", password)];
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(typed).finish();
        let request = self
            .http
            .post(format!("{}/sign-in", self.town))
            .header("x-forwarded-for", self.address.to_string())
            .header(COOKIE, self.cookie_header())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        let response = request.send().await?;
        self.keep_cookies(&response);
        let status = response.status();
        // Read to its end, as every browser does; else the connection is not used again.
        let _page = response.bytes().await?;
        match status {
            StatusCode::SEE_OTHER => Ok(Answer::SignedIn),
            StatusCode::UNAUTHORIZED => Ok(Answer::Refused),
            StatusCode::SERVICE_UNAVAILABLE => Ok(Answer::Shed),
            other => bail!("the sign-in page answered {other}"),
        }
    }

    /// What belongs to this sitting is gone: the session, the visit.
    pub(crate) fn close(&mut self) {
        self.cookies.retain(|_, cookie| cookie.outlives_closing);
        self.csrf = None;
    }

    async fn open_form(&mut self) -> anyhow::Result<()> {
        let request = self
            .http
            .get(format!("{}/sign-in", self.town))
            .header("x-forwarded-for", self.address.to_string())
            .header(COOKIE, self.cookie_header());
        let response = request.send().await?;
        self.keep_cookies(&response);
        let status = response.status();
        let page = response.text().await?;
        let csrf = page
            .split_once(r#"name="csrf" value=""#)
            .and_then(|(_, rest)| rest.split_once('"'))
            .with_context(|| format!("/sign-in answered {status} without a form"))?
            .0;
        self.csrf = Some(csrf.to_owned());
        Ok(())
    }

    fn cookie_header(&self) -> String {
        let held: Vec<String> =
            self.cookies.iter().map(|(name, cookie)| format!("{name}={}", cookie.value)).collect();
        held.join("; ")
    }

    fn keep_cookies(&mut self, response: &Response) {
        for header in response.headers().get_all(SET_COOKIE) {
            let Ok(text) = header.to_str() else { continue };
            let mut parts = text.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
            if value.is_empty() || attributes.iter().any(|attribute| attribute == "max-age=0") {
                self.cookies.remove(name);
                continue;
            }
            let outlives_closing = attributes
                .iter()
                .any(|attribute| attribute.starts_with("max-age=") || attribute.starts_with("expires="));
            self.cookies.insert(name.to_owned(), Cookie { value: value.to_owned(), outlives_closing });
        }
    }
}
