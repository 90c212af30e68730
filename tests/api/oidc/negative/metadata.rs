//! What is public: the metadata and the keys, and addresses that are nearly theirs.

use iok_id::views::ErrorKind;
use reqwest::Method;

use super::{Request, Row, page, row, run};
use crate::helpers::provider::TestProvider;

#[tokio::test]
async fn discovery_4_nothing_is_near_the_metadata_and_nobody_writes_it() {
    let provider = TestProvider::start().await;
    let mut rows: Vec<Row> = [
        "/.well-known/openid-configuration/",
        "/.well-known/OpenID-Configuration",
        "/.well-known/openid-configuration/x",
        "/.well-known/openid-configuration%00",
        "/.well-known/openid_configuration",
        "/.well-known/",
        "/.well-known/webfinger?resource=acct:halina@example.org",
        "//.well-known/openid-configuration",
        "/x/../jwks%2f",
        "/jwks/",
        "/jwks/1",
        "/JWKS",
        "/jwks%00",
        "/token/",
        "/Token",
        "/userinfo/x",
        "/register/",
        "/authorize/",
    ]
    .into_iter()
    .map(|path| row(path, Request::get(path), page(ErrorKind::NotFound)))
    .collect();
    for path in ["/.well-known/openid-configuration", "/jwks"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let request =
                Request::of(method.clone(), path).header("content-type", "application/json").body("{}");
            rows.push(row(format!("{method} {path}"), request, page(ErrorKind::MethodNotAllowed)));
        }
    }
    run(&provider, &provider.visitor(), &rows).await;
    assert_eq!(provider.visitor().get("/jwks?kid=x&x=%00").await.status, 200, "a query changes nothing");
}
