//! What stands on every answer, whatever it is: pages, redirects, JSON, assets, errors. Every row of the URL map is asked
//! rightly and in each wrong way.

use iok_id::domain::staff::Role;
use iok_id::http::router::{Guard, ROUTES, Route};
use iok_id::views::assets;
use reqwest::Method;
use serde_json::json;

use crate::helpers::authority::PrivateAuthority;
use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::visitor::{Answer, Visitor};

const FORM: &str = "application/x-www-form-urlencoded";

/// Exactly so, on everything.
const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// What may be kept, by others too: it says nothing of anybody.
const KEPT: [&str; 3] =
    ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/jwks"];

#[track_caller]
fn is_guarded(what: &str, path: &str, answer: &Answer) {
    let header = |name: &str| -> String {
        let mut values = answer.headers.get_all(name).iter();
        let value = values.next().unwrap_or_else(|| panic!("{what}: no {name} on {}", answer.status));
        assert!(values.next().is_none(), "{what}: {name} twice");
        value.to_str().unwrap().to_owned()
    };
    for (name, value) in ALWAYS {
        assert_eq!(header(name), value, "{what}");
    }
    let policy = header("content-security-policy");
    let directives: Vec<&str> = policy.split(';').map(str::trim).collect();
    for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(directives.contains(&directive), "{what}: no {directive} in {policy}");
    }
    assert!(directives.iter().any(|it| it.starts_with("form-action ")), "{what}: {policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{what}: {policy}");
    let is_page = answer.headers.get("content-type").is_some_and(|it| it == "text/html; charset=utf-8");
    assert_eq!(policy.contains("script-src 'self'"), is_page, "{what}: {policy}");
    let permissions = header("permissions-policy");
    for permission in ["camera=()", "publickey-credentials-get=(self)", "publickey-credentials-create=(self)"]
    {
        assert!(permissions.contains(permission), "{what}: {permissions}");
    }
    let kept = header("cache-control");
    if matches!(answer.status.as_u16(), 200 | 304) && (path.starts_with("/assets/") || KEPT.contains(&path)) {
        assert!(kept.starts_with("public, max-age="), "{what}: {kept}");
        // A copy that others get sets nobody's cookies.
        assert!(!answer.headers.contains_key("set-cookie"), "{what}");
    } else {
        assert_eq!(kept, "no-store", "{what}");
    }
    if answer.status == 503 || answer.status == 429 {
        header("retry-after");
    }
    // A preflight is answered before anything is done that a log would tell of.
    if answer.status != 204 {
        header("x-request-id");
    }
    for told in ["server", "x-powered-by", "via"] {
        assert!(!answer.headers.contains_key(told), "{what}: it says what it is made of: {told}");
    }
}

fn filled_in(path: &str) -> String {
    path.replace("{id}", "0198c0de-0000-7000-8000-000000000000").replace("{name}", "style.css")
}

async fn everything_of(route: &Route, browser: &Visitor) {
    let path = filled_in(route.path);
    let ask = async |name: &str, request: reqwest::RequestBuilder| {
        let answer = Answer::to(request).await;
        is_guarded(&format!("{} {path} {name}: {}", route.method, answer.status), &path, &answer);
    };
    ask("as it is meant", browser.request(route.method.clone(), &path)).await;
    for method in [Method::HEAD, Method::PATCH, Method::OPTIONS, Method::from_bytes(b"NONSENSE").unwrap()] {
        ask(method.as_str(), browser.request(method.clone(), &path)).await;
    }
    let preflight = browser
        .request(Method::OPTIONS, &path)
        .header("origin", "https://elsewhere.example")
        .header("access-control-request-method", "POST");
    ask("asked first", preflight).await;
    let long = format!("{path}?a={}", "x".repeat(40_000));
    ask("at too long an address", browser.request(route.method.clone(), &long)).await;
    if route.method != Method::GET {
        let send = |content_type: &str, body: Vec<u8>| {
            browser.request(route.method.clone(), &path).header("content-type", content_type).body(body)
        };
        ask("of a wrong type", send("text/plain", b"a=1".to_vec())).await;
        ask("a form", send(FORM, b"a=1&a=2".to_vec())).await;
        ask("too large", send(FORM, vec![b'x'; 3_000])).await;
        ask("not text", send(FORM, vec![0xff])).await;
    }
}

#[tokio::test]
async fn every_answer_at_every_door_is_guarded_and_nothing_personal_is_kept() {
    // A small limit: of a large body the rest may still be on its way when the answer comes.
    let provider = TestProvider::start_with(&[("server.body_limit_bytes", "2048")]).await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let administrator = provider.staff("adm", Role::Administrator, None).await;
    for route in ROUTES {
        everything_of(route, &provider.visitor()).await;
        let browser = provider.visitor();
        browser.sign_in(&person).await;
        everything_of(route, &browser).await;
        if matches!(route.guard, Guard::Staff(_)) {
            everything_of(route, &administrator.browser).await;
        }
    }
    let browser = provider.visitor();
    for path in ["/nothing-here", "/assets/nothing.css", "/authorize/nothing", "/.well-known/change-password"]
    {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        is_guarded(path, path, &answer);
    }
    for asset in assets::ALL {
        let path = format!("/assets/{}", asset.name);
        is_guarded(&path, &path, &browser.get(&path).await);
    }
    // A redirect that carries a code, and what a client gets for it.
    browser.sign_in(&person).await;
    let answer = browser.get(&billing.authorization(&[])).await;
    is_guarded("authorized", "/authorize", &answer);
    let code = browser.follow(answer).await.parameter("code").unwrap();
    is_guarded("tokens", "/token", &billing.redeem(&code).await);
}

#[tokio::test]
async fn too_long_an_address_is_414_and_too_long_a_head_is_431() {
    let provider = TestProvider::start().await;
    let browser = provider.visitor();
    let address = |path: &str, length: usize| format!("{path}?{}", "x".repeat(length - path.len() - 1));
    assert_eq!(browser.get(&address("/sign-in", 32_768)).await.status, 200);
    let answer = browser.get(&address("/sign-in", 32_769)).await;
    assert_eq!(answer.status, 414);
    assert!(answer.error().is_some(), "{}", answer.body);
    let answer = Answer::to(browser.request(Method::POST, &address("/token", 32_769))).await;
    expect::token_error(&answer, 414, "invalid_request");
    let request = browser.request(Method::GET, "/sign-in").header("x-long", "x".repeat(66_000));
    assert_eq!(Answer::to(request).await.status, 431);
    let mut request = browser.request(Method::GET, "/sign-in");
    for number in 0..101 {
        request = request.header(format!("x-{number}"), "x");
    }
    assert_eq!(Answer::to(request).await.status, 431, "more headers than anybody sends");
}

#[tokio::test]
async fn over_https_every_answer_keeps_the_browser_on_https() {
    let provider = TestProvider::start_https(&PrivateAuthority::found()).await;
    let browser = provider.visitor();
    for path in
        ["/", "/sign-in", "/nothing-here", "/assets/style.css", "/jwks", "/userinfo", "/account", "/office"]
    {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000", "{path}");
        is_guarded(path, path, &answer);
    }
}
