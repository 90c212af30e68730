//! What no client sends on purpose: wrong methods, types and sizes, at every endpoint. An answer is a page or
//! an RFC error, never a 500.

use iok_id::domain::staff::Role;
use iok_id::http::router::{Guard, ROUTES, Route};
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::staff::Clerk;
use crate::helpers::visitor::{Answer, Visitor};

const FORM: &str = "application/x-www-form-urlencoded";

/// A path of the URL map with something in place of its variables.
fn filled_in(path: &str) -> String {
    path.replace("{id}", "0198c0de-0000-7000-8000-000000000000").replace("{name}", "style.css")
}

/// Every door that takes a form. What registration takes, registration's own tests say.
fn forms() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.method == Method::POST && route.path != "/register")
}

fn is_for_machines(guard: Guard) -> bool {
    matches!(guard, Guard::Client | Guard::Bearer)
}

/// Somebody for every door: a contractor, and one member of staff of each role.
struct People {
    contractor: Visitor,
    staff: Vec<(Role, Clerk)>,
}

impl People {
    async fn of(provider: &TestProvider) -> Self {
        let person = provider.active_person("halina.wrona").await;
        let contractor = provider.visitor();
        contractor.sign_in(&person).await;
        let mut staff = Vec::new();
        for role in Role::ALL {
            let office = role.is_bound_to_an_office().then_some("Administracja nr 1");
            staff.push((role, provider.staff(role.as_str(), role, office).await));
        }
        Self { contractor, staff }
    }

    /// Who may come through this door.
    fn at(&self, guard: Guard) -> &Visitor {
        match guard {
            Guard::Staff(task) => {
                let (_, clerk) = self.staff.iter().find(|(role, _)| role.may(task)).unwrap();
                &clerk.browser
            }
            _ => &self.contractor,
        }
    }
}

#[tokio::test]
async fn rfc_9110_15_5_6_a_wrong_method_is_405_and_says_which_are_right() {
    let provider = TestProvider::start().await;
    for route in ROUTES {
        let mut right: Vec<Method> = ROUTES
            .iter()
            .filter(|other| other.path == route.path)
            .map(|other| other.method.clone())
            .collect();
        if right.contains(&Method::GET) {
            right.push(Method::HEAD);
        }
        let all = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::PATCH];
        for wrong in all.into_iter().filter(|method| !right.contains(method)) {
            let answer = Answer::to(provider.request(wrong.clone(), &filled_in(route.path))).await;
            assert_eq!(answer.status, 405, "{wrong} {}", route.path);
            let mut allowed: Vec<&str> = answer.header("allow").split(',').map(str::trim).collect();
            let mut expected: Vec<&str> = right.iter().map(Method::as_str).collect();
            allowed.sort_unstable();
            expected.sort_unstable();
            assert_eq!(allowed, expected, "{wrong} {}", route.path);
            // Where only machines knock they are answered in their language.
            if matches!(route.guard, Guard::Client | Guard::Bearer) && wrong != Method::HEAD {
                expect::token_error(&answer, 405, "invalid_request");
            }
        }
    }
}

#[tokio::test]
async fn rfc_9110_15_5_16_a_body_that_is_no_form_is_415() {
    let provider = TestProvider::start().await;
    let people = People::of(&provider).await;
    for route in forms() {
        let browser = people.at(route.guard);
        for content_type in ["application/json", "text/plain", "multipart/form-data; boundary=x", "x", ""] {
            let request = browser
                .request(Method::POST, route.path)
                .header("content-type", content_type)
                .body("grant_type=authorization_code");
            let answer = Answer::to(request).await;
            if is_for_machines(route.guard) {
                expect::token_error(&answer, 415, "invalid_request");
            } else {
                expect::error_page(&answer, 415);
            }
        }
    }
    // With a parameter it is a form all the same.
    let request = provider
        .request(Method::POST, "/token")
        .header("content-type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8")
        .body("grant_type=authorization_code");
    expect::token_error(&Answer::to(request).await, 401, "invalid_client");
}

#[tokio::test]
async fn rfc_9110_15_5_14_a_body_that_is_too_large_is_413() {
    let provider = TestProvider::start_with(&[("server.body_limit_bytes", "2048")]).await;
    let people = People::of(&provider).await;
    for route in forms() {
        let browser = people.at(route.guard);
        let request = browser
            .request(Method::POST, route.path)
            .header("content-type", FORM)
            .body(format!("a={}", "x".repeat(2047)));
        let answer = Answer::to(request).await;
        if is_for_machines(route.guard) {
            expect::token_error(&answer, 413, "invalid_request");
        } else {
            expect::error_page(&answer, 413);
        }
    }
    // Up to the limit it is read.
    let request = provider
        .request(Method::POST, "/token")
        .header("content-type", FORM)
        .body(format!("a={}", "x".repeat(2046)));
    expect::token_error(&Answer::to(request).await, 401, "invalid_client");
}

/// Without a length said in advance the body is counted while it comes.
#[tokio::test]
async fn a_chunked_body_that_is_too_large_is_413() {
    let provider = TestProvider::start_with(&[("server.body_limit_bytes", "2048")]).await;
    let address = provider.issuer.strip_prefix("http://").unwrap().replace("localhost", "127.0.0.1");
    let mut connection = tokio::net::TcpStream::connect(&address).await.unwrap();
    let chunk = "x".repeat(1024);
    let request = format!(
        "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\
         Connection: close\r\n\r\n400\r\n{chunk}\r\n400\r\n{chunk}\r\n400\r\n{chunk}\r\n0\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_body_that_is_not_text_is_400() {
    let provider = TestProvider::start().await;
    let people = People::of(&provider).await;
    for route in forms() {
        let browser = people.at(route.guard);
        let request = browser
            .request(Method::POST, route.path)
            .header("content-type", FORM)
            .body(vec![b'a', b'=', 0xff]);
        assert_eq!(Answer::to(request).await.status, 400, "{}", route.path);
    }
}

/// PostgreSQL keeps no NUL in a text: whatever field it comes in, it is refused like any other value that is
/// unknown.
#[tokio::test]
async fn no_field_of_any_form_or_query_makes_a_500() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    provider.relying_party("billing", json!({})).await;
    let names = [
        "login",
        "password",
        "authorization",
        "csrf",
        "decision",
        "logout",
        "new_password",
        "new_password_repeat",
        "client_id",
        "client_secret",
        "redirect_uri",
        "state",
        "nonce",
        "scope",
        "code",
        "refresh_token",
        "access_token",
        "id_token_hint",
        "post_logout_redirect_uri",
        "ui_locales",
        "notice",
    ];
    let values =
        ["\u{0}", "a\u{0}b", "\u{feff}", "\u{202e}", "' OR 1=1 --", "%", "{{7*7}}", "\u{1f511}", "-1", "\\"];
    for route in ROUTES {
        for value in values {
            let fields: Vec<(&str, &str)> = names.iter().map(|name| (*name, value)).collect();
            let query: String =
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            // A browser of its own each time: some of these sign it out.
            let browser = provider.visitor();
            if route.guard == Guard::SignedIn {
                browser.sign_in(&person).await;
            }
            let path = format!("{}?{query}", filled_in(route.path));
            let mut request = browser.request(route.method.clone(), &path);
            if route.method == Method::POST {
                request = request.form(&fields);
            }
            let answer = Answer::to(request).await;
            assert!(!answer.status.is_server_error(), "{} {} with {value:?}", route.method, route.path);
        }
    }
}
