//! A browser whose cookies and headers lie open: they can be read, kept from before, planted, copied.

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method};

use super::form;
use super::relying_party::encode;
use super::visitor::Answer;

#[derive(Clone)]
pub(crate) struct OpenBrowser {
    http: Client,
    issuer: String,
    pub(crate) cookies: BTreeMap<String, String>,
    /// Sent with every request.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// A cookie as an answer sets it.
#[derive(Debug, Clone)]
pub(crate) struct SetCookie {
    pub(crate) name: String,
    pub(crate) value: String,
    /// In lower case: `httponly`, `samesite=lax`, `path=/`.
    pub(crate) attributes: Vec<String>,
}

impl SetCookie {
    pub(crate) fn all_of(answer: &Answer) -> Vec<Self> {
        answer
            .headers
            .get_all(SET_COOKIE)
            .iter()
            .map(|header| Self::parse(header.to_str().unwrap()))
            .collect()
    }

    fn parse(header: &str) -> Self {
        let mut parts = header.split(';').map(str::trim);
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            attributes: parts.map(str::to_lowercase).collect(),
        }
    }

    fn removes(&self) -> bool {
        self.value.is_empty() || self.attributes.iter().any(|attribute| attribute == "max-age=0")
    }
}

impl OpenBrowser {
    pub(crate) const SESSION: &str = "iok_id_session";
    pub(crate) const VISIT: &str = "iok_id_visit";

    pub(crate) fn new(issuer: &str) -> Self {
        Self {
            http: Client::builder().redirect(Policy::none()).build().unwrap(),
            issuer: issuer.to_owned(),
            cookies: BTreeMap::new(),
            headers: Vec::new(),
        }
    }

    #[must_use]
    pub(crate) fn sending(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    #[must_use]
    pub(crate) fn holding(mut self, name: &str, value: &str) -> Self {
        self.cookies.insert(name.to_owned(), value.to_owned());
        self
    }

    /// What the session cookie holds.
    #[track_caller]
    pub(crate) fn session(&self) -> String {
        self.cookies.get(Self::SESSION).cloned().unwrap_or_else(|| panic!("nobody is signed in here"))
    }

    pub(crate) async fn get(&mut self, address: &str) -> Answer {
        self.send(Method::GET, address, None).await
    }

    pub(crate) async fn post(&mut self, address: &str, fields: &[(String, String)]) -> Answer {
        self.send(Method::POST, address, Some(encode(fields))).await
    }

    /// One request; the answer's cookies are kept, nothing is followed.
    pub(crate) async fn send(&mut self, method: Method, address: &str, body: Option<String>) -> Answer {
        let absolute =
            if address.starts_with('/') { format!("{}{address}", self.issuer) } else { address.to_owned() };
        let mut request = self.http.request(method, absolute);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if !self.cookies.is_empty() {
            let held: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, held.join("; "));
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        for cookie in SetCookie::all_of(&answer) {
            if cookie.removes() {
                self.cookies.remove(&cookie.name);
            } else {
                self.cookies.insert(cookie.name, cookie.value);
            }
        }
        answer
    }

    /// Every answer on the way, the last one first read by whoever wants only the end: `.last()`.
    pub(crate) async fn trail(&mut self, answer: Answer) -> Vec<Answer> {
        let mut trail = vec![answer];
        for _ in 0..10 {
            let last = trail.last().unwrap();
            if !last.status.is_redirection() {
                return trail;
            }
            let location = last.location().to_owned();
            if !location.starts_with('/') && !location.starts_with(&format!("{}/", self.issuer)) {
                return trail;
            }
            let next = self.get(&location).await;
            trail.push(next);
        }
        panic!("redirects in a circle, last to {}", trail.last().unwrap().location());
    }

    /// Follows redirects as long as they stay with the provider.
    pub(crate) async fn follow(&mut self, answer: Answer) -> Answer {
        self.trail(answer).await.pop().unwrap()
    }

    pub(crate) async fn open(&mut self, address: &str) -> Answer {
        let answer = self.get(address).await;
        self.follow(answer).await
    }

    /// Fills in the form that has this button and presses it; does not follow where it leads.
    pub(crate) async fn submit(&mut self, page: &Answer, button: &str, typed: &[(&str, &str)]) -> Answer {
        let (action, fields) = form::filled_in(&page.body, button, typed);
        self.post(&action, &fields).await
    }

    /// Opens the sign-in page and sends it with this login and password; does not follow.
    pub(crate) async fn try_sign_in(&mut self, login: &str, password: &str) -> Answer {
        let page = self.open("/sign-in").await;
        self.submit(&page, "#sign-in", &[("login", login), ("password", password)]).await
    }

    pub(crate) async fn change_password_at(&mut self, page: &Answer, new: &str, repeat: &str) -> Answer {
        let typed = [("new_password", new), ("new_password_repeat", repeat)];
        self.submit(page, "#change-password", &typed).await
    }

    /// Opens the recovery page and sends it with what stands in a letter; does not follow.
    pub(crate) async fn try_recover(&mut self, login: &str, serial: &str, code: &str) -> Answer {
        let page = self.open("/recover").await;
        self.recover_at(&page, login, serial, code).await
    }

    pub(crate) async fn recover_at(
        &mut self,
        page: &Answer,
        login: &str,
        serial: &str,
        code: &str,
    ) -> Answer {
        self.submit(page, "#recover", &[("login", login), ("serial", serial), ("code", code)]).await
    }

    /// The same with a letter from before.
    pub(crate) async fn try_recover_from_before(&mut self, login: &str, initial_password: &str) -> Answer {
        let page = self.open("/recover").await;
        let typed = [("login", login), ("initial_password", initial_password)];
        self.submit(&page, "#recover-from-before", &typed).await
    }

    /// Does the home page greet somebody?
    pub(crate) async fn is_signed_in(&mut self) -> bool {
        let home = self.get("/").await;
        assert_eq!(home.status, 200, "{}", home.body);
        form::has(&home.body, "#sign-out")
    }
}
