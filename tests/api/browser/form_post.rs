//! The answer as a form (OAuth 2.0 Form Post Response Mode), in a real browser under our own policy.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::pages::Inspector;
use crate::helpers::chromium::{Browser, Habits};
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::RelyingParty;

/// A service that takes what is posted, and answers in a way that leaves the browser where it is.
struct Listener {
    address: String,
    posted: UnboundedReceiver<String>,
}

impl Listener {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://127.0.0.1:{}/callback", listener.local_addr().unwrap().port());
        let (sender, posted) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let sender = sender.clone();
                tokio::spawn(async move {
                    if let Some(body) = take(connection).await {
                        let _ = sender.send(body);
                    }
                });
            }
        });
        Self { address, posted }
    }
}

/// The body of a POST; `None` for anything else.
async fn take(mut connection: TcpStream) -> Option<String> {
    let mut request = String::new();
    let mut buffer = [0; 4096];
    loop {
        let read = connection.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        request.push_str(std::str::from_utf8(&buffer[..read]).ok()?);
        let Some((head, body)) = request.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok())
            .unwrap_or(0);
        if body.len() >= length {
            connection.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").await.ok()?;
            return head.starts_with("POST /callback ").then(|| body.to_owned());
        }
    }
}

async fn stage() -> (TestProvider, Listener, String) {
    let provider = TestProvider::start().await;
    let listener = Listener::start().await;
    let metadata =
        json!({"redirect_uris": [listener.address], "client_name": "Spółdzielcza Kasa Ubezpieczeń"});
    let party: RelyingParty = provider.relying_party("partner", metadata).await;
    // Nobody is signed in: the answer is an error, and travels as any other.
    let changes = [
        ("redirect_uri", &*listener.address),
        ("response_mode", "form_post"),
        ("prompt", "none"),
        ("state", "ż&\"<b>"),
    ];
    let request = provider.url(&party.authorization(&changes));
    (provider, listener, request)
}

fn check(posted: &str) {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(posted.as_bytes()).into_owned().collect();
    assert!(fields.contains(&("error".to_owned(), "login_required".to_owned())), "{posted}");
    assert!(fields.contains(&("state".to_owned(), "ż&\"<b>".to_owned())), "{posted}");
}

#[tokio::test]
async fn the_form_goes_out_by_itself_and_the_page_passes_wcag_2_2_aa() {
    for language in ["pl", "en"] {
        let (_provider, mut listener, request) = stage().await;
        let mut inspector = Inspector::reading(language).await;
        inspector.browser.goto(&request).await;
        check(&listener.posted.recv().await.unwrap());
        inspector.look("form-post", "#continue").await;
        inspector.found_nothing(1);
        assert!(listener.posted.try_recv().is_err(), "once");
    }
}

#[tokio::test]
async fn without_scripts_the_button_sends_it() {
    let (_provider, mut listener, request) = stage().await;
    let browser = Browser::with(Habits { scripts: false, ..Habits::default() }).await;
    browser.goto(&request).await;
    browser.find("#continue").await;
    assert!(listener.posted.try_recv().is_err(), "nothing goes by itself");
    browser.click("#continue").await;
    check(&listener.posted.recv().await.unwrap());
}
