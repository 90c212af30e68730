//! Browser clients: pages of other origins (Fetch, the CORS protocol; OpenID Connect Discovery §4, Core §5.3).

use iok_id::http::cors::OPEN;
use iok_id::http::router::ROUTES;
use reqwest::Method;
use serde_json::json;

use crate::helpers::provider::TestProvider;
use crate::helpers::visitor::Answer;

const ELSEWHERE: &str = "https://app.example";

fn preflight(provider: &TestProvider, path: &str, method: &str) -> reqwest::RequestBuilder {
    provider
        .request(Method::OPTIONS, path)
        .header("origin", ELSEWHERE)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "authorization,content-type")
}

#[tokio::test]
async fn pages_of_any_origin_may_ask_the_endpoints_of_clients_and_never_with_cookies() {
    let provider = TestProvider::start().await;
    for path in OPEN {
        let methods: Vec<&str> =
            ROUTES.iter().filter(|route| route.path == *path).map(|route| route.method.as_str()).collect();
        assert!(!methods.is_empty(), "{path}");
        let answer = Answer::to(preflight(&provider, path, methods[0])).await;
        assert_eq!(answer.status, 204, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("access-control-allow-methods"), methods.join(", "));
        assert_eq!(answer.header("access-control-allow-headers"), "authorization, content-type");
        assert_eq!(answer.header("access-control-max-age"), "600");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"), "{path}");

        // The request itself, whatever comes of it.
        for method in methods {
            let method: Method = method.parse().unwrap();
            let answer = Answer::to(provider.request(method, path).header("origin", ELSEWHERE)).await;
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
            assert!(answer.header("access-control-expose-headers").contains("www-authenticate"), "{path}");
            assert!(!answer.headers.contains_key("access-control-allow-credentials"), "{path}");
        }
        let wrong = Answer::to(provider.request(Method::DELETE, path).header("origin", ELSEWHERE)).await;
        assert_eq!(wrong.status, 405, "{path}");
        assert_eq!(wrong.header("access-control-allow-origin"), "*", "{path}");
    }
}

#[tokio::test]
async fn no_page_and_not_the_authorization_endpoint_can_be_read_from_elsewhere() {
    let provider = TestProvider::start().await;
    let closed = ROUTES.iter().filter(|route| !OPEN.contains(&route.path));
    for route in closed {
        let path = route.path.replace(['{', '}'], "");
        let asked = Answer::to(preflight(&provider, &path, route.method.as_str())).await;
        let told =
            Answer::to(provider.request(route.method.clone(), &path).header("origin", ELSEWHERE)).await;
        for answer in [&asked, &told] {
            let allowed: Vec<_> =
                answer.headers.keys().filter(|name| name.as_str().starts_with("access-control-")).collect();
            assert!(allowed.is_empty(), "{} {path}: {allowed:?}", route.method);
        }
        assert_eq!(asked.status, 405, "{path}");
    }
    assert!(ROUTES.iter().any(|route| route.path == "/authorize" && !OPEN.contains(&route.path)));
}

/// Every endpoint that a client in a browser talks to by script is open, and introspection, which is for servers, is not.
#[tokio::test]
async fn what_metadata_names_is_open_unless_a_browser_visits_it_or_servers_alone_use_it() {
    let provider = TestProvider::start().await;
    let metadata = provider.visitor().get("/.well-known/openid-configuration").await.json();
    let closed =
        ["authorization_endpoint", "end_session_endpoint", "introspection_endpoint", "registration_endpoint"];
    for (name, address) in metadata.as_object().unwrap() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            let path = address.as_str().unwrap().strip_prefix(&*provider.issuer).unwrap();
            assert_eq!(OPEN.contains(&path), !closed.contains(&name.as_str()), "{name}");
        }
    }
}

#[tokio::test]
async fn a_page_can_read_why_it_was_refused() {
    let provider = TestProvider::start().await;
    let party = provider.relying_party("app", json!({"token_endpoint_auth_method": "none"})).await;
    let body = format!("grant_type=authorization_code&code=unknown&client_id={}", party.client_id);
    let request = provider
        .request(Method::POST, "/token")
        .header("origin", ELSEWHERE)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    let answer = Answer::to(request).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}
