//! A partner's web server, which answers as the test says and counts how often it was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;

/// Lets a provider reach it.
pub(crate) const ALLOWED: (&str, &str) = ("outbound.allowed_networks", "127.0.0.0/8,::1/128");

pub(crate) struct Partner {
    pub(crate) address: String,
    pages: Pages,
}

type Pages = Arc<Mutex<HashMap<String, Page>>>;

#[derive(Clone, Default)]
struct Page {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    delay: Duration,
    asked: usize,
}

impl Partner {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let pages = Pages::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&pages));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, pages }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// From now on answers so.
    pub(crate) fn puts(&self, path: &str, body: impl ToString) {
        self.answers(path, 200, &[], body);
    }

    #[expect(clippy::needless_pass_by_value, reason = "JSON or text, as it is written at the call")]
    pub(crate) fn answers(
        &self,
        path: &str,
        status: u16,
        headers: &[(&'static str, &str)],
        body: impl ToString,
    ) {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let mut pages = self.pages.lock().unwrap();
        let page = pages.entry(path.to_owned()).or_default();
        *page = Page { status, headers, body: body.to_string(), ..page.clone() };
    }

    /// From now on takes its time.
    pub(crate) fn delays(&self, path: &str, delay: Duration) {
        self.pages.lock().unwrap().get_mut(path).unwrap().delay = delay;
    }

    /// How often it was asked for this.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.pages.lock().unwrap().get(path).map_or(0, |page| page.asked)
    }
}

async fn answer(State(pages): State<Pages>, uri: Uri) -> Response {
    let page = pages.lock().unwrap().get_mut(uri.path()).map(|page| {
        page.asked += 1;
        page.clone()
    });
    let Some(page) = page else { return StatusCode::NOT_FOUND.into_response() };
    tokio::time::sleep(page.delay).await;
    let mut response = (StatusCode::from_u16(page.status).unwrap(), page.body).into_response();
    for (name, value) in page.headers {
        let value = HeaderValue::from_str(&value).unwrap();
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response
}
