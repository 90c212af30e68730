//! What strangers put into parameters in the hope that it comes out in a header, or leads a browser away: at every door.

use iok_id::http::router::{Guard, ROUTES, Route};
use reqwest::Method;
use serde_json::json;

use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::RelyingParty;
use crate::helpers::visitor::{Answer, Visitor};

/// Every name under which some door reads something, and those under which other products lead people on.
const NAMES: [&str; 44] = [
    "authorization",
    "notice",
    "ui_locales",
    "lang",
    "csrf",
    "login",
    "password",
    "new_password",
    "new_password_repeat",
    "present_password",
    "code",
    "kept",
    "letter",
    "serial",
    "decision",
    "accept",
    "session",
    "client",
    "action",
    "reason",
    "text",
    "what",
    "state",
    "nonce",
    "scope",
    "client_id",
    "client_secret",
    "redirect_uri",
    "post_logout_redirect_uri",
    "id_token_hint",
    "login_hint",
    "logout_hint",
    "acr_values",
    "token",
    "grant_type",
    "refresh_token",
    "next",
    "return_to",
    "url",
    "redirect",
    "continue",
    "then",
    "dest",
    "goto",
];

/// Line ends of every kind, and what some programs make of them.
const BREAKS: [&str; 6] = [
    "x\r\nX-Evil: 1\r\nSet-Cookie: evil=1",
    "x\nX-Evil: 1",
    "x\rX-Evil: 1",
    "x\r\n\r\n<script>alert(1)</script>",
    // Their low bytes are CR and LF.
    "x\u{560d}\u{560a}X-Evil: 1",
    "x%0d%0aX-Evil: 1",
];

const ELSEWHERE: [&str; 9] = [
    "https://evil.test/",
    "//evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "/%2f%2fevil.test",
    "https:evil.test",
    "javascript:alert(1)//evil.test",
    "\t//evil.test",
    "https://localhost@evil.test/",
];

fn path_of(route: &Route, value: &str) -> String {
    let escaped: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let segment = escaped.replace('+', "%20");
    ["{id}", "{token}", "{name}", "{version}", "{client_id}"]
        .iter()
        .fold(route.path.to_owned(), |path, hole| path.replace(hole, &segment))
}

async fn ask(browser: &Visitor, route: &Route, value: &str) -> Answer {
    let fields: Vec<(&str, &str)> = NAMES.iter().map(|name| (*name, value)).collect();
    let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let mut request = browser.request(route.method.clone(), &format!("{}?{query}", path_of(route, value)));
    if route.method != Method::GET {
        request = request.form(&fields);
    }
    // What a reverse proxy that was not told better hands on as a stranger wrote it.
    for name in ["x-forwarded-host", "x-original-url", "x-rewrite-url", "x-host", "referer"] {
        request = request.header(name, "https://evil.test/");
    }
    Answer::to(request).await
}

#[track_caller]
fn is_unmoved(what: &str, answer: &Answer, issuer: &str) {
    assert!(!answer.status.is_server_error(), "{what}: {}", answer.status);
    for (name, value) in &answer.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).to_lowercase();
        // An address of ours may carry on what was asked, encoded.
        let value = if name == "location" { value.split('?').next().unwrap_or_default() } else { &value };
        assert!(name != "x-evil" && !value.contains("evil"), "{what}: {name}: {value}");
    }
    if answer.status.is_redirection() && answer.status != 304 {
        let location = answer.location();
        let stays =
            location.starts_with(issuer) || (location.starts_with('/') && !location.starts_with("//"));
        assert!(stays && !location.contains('\\'), "{what}: to {location}");
    }
    assert!(!answer.body.contains("<script>alert"), "{what}: {}", answer.body);
    for link in [
        "href=\"https://evil",
        "href=\"//evil",
        "href=\"javascript",
        "action=\"https://evil",
        "action=\"//evil",
    ] {
        assert!(!answer.body.contains(link), "{what}: {link}");
    }
}

#[tokio::test]
async fn nothing_that_a_stranger_sends_makes_a_header_or_leads_a_browser_away() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    for route in ROUTES {
        // None of these forms is ours, so that nobody is signed out by one.
        let browser = provider.visitor();
        if route.guard == Guard::SignedIn {
            browser.sign_in(&person).await;
        }
        for value in BREAKS.iter().chain(&ELSEWHERE) {
            let answer = ask(&browser, route, value).await;
            is_unmoved(&format!("{} {} with {value:?}", route.method, route.path), &answer, &provider.issuer);
        }
    }
}

/// What comes back to a client comes back as it was, and as a parameter: it ends no line and begins none.
#[tokio::test]
async fn a_state_with_line_ends_comes_back_encoded_and_whole() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    for state in ["x\r\nX-Evil: 1", "x\nSet-Cookie: a=1", "\u{560d}\u{560a}X-Evil: 1", "a b&c=d#e%0d%0a\"<>"]
    {
        for others in [&[][..], &[("scope", "openid"), ("prompt", "none")], &[("response_type", "evil")]] {
            let mut changes = vec![("state", state)];
            changes.extend(others);
            let answer = browser.get(&billing.authorization(&changes)).await;
            let answer = browser.follow(answer).await;
            let location = answer.location();
            assert!(location.starts_with(RelyingParty::REDIRECT_URI), "{location}");
            assert!(location.bytes().all(|byte| byte.is_ascii_graphic()), "{location}");
            assert_eq!(answer.parameter("state").as_deref(), Some(state), "{location}");
            assert!(
                !answer.headers.contains_key("x-evil") && !answer.headers.contains_key("a"),
                "{location}"
            );
        }
    }
}
