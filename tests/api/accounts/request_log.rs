//! What the log says of a request: method, path, status. Never the query, a cookie or a password.

use serde_json::json;

use crate::helpers::command_line::Serving;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::CHOSEN;
use crate::helpers::provider::TestProvider;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_logged_without_queries_cookies_or_bodies_at_any_level() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let mut billing = provider.relying_party("billing", json!({})).await;
    // The program itself, as it logs for an operator, only wordier.
    let serving = Serving::beside(&provider, "info,iok_id=trace,tower_http=trace").await;
    billing.issuer.clone_from(&serving.address);

    let mut browser = OpenBrowser::new(&serving.address);
    let query = [("state", "state-in-query"), ("login_hint", "hint-in-query"), ("nonce", "nonce-in-query")];
    let page = browser.open(&billing.authorization(&query)).await;
    let typed = [("login", person.login.as_str()), ("password", "Wrong#pass1")];
    let page = browser.submit(&page, "#sign-in", &typed).await;
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    let answer = browser.submit(&page, "#sign-in", &typed).await;
    let owing = browser.session();
    let change = browser.follow(answer).await;
    let answer = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
    let code = browser.follow(answer).await.parameter("code").unwrap();
    let tokens = billing.redeem(&code).await.json();
    browser.get("/logout?id_token_hint=hint-in-query&state=state-in-query").await;
    browser.get("/authorize?client_id=client-in-query&redirect_uri=uri-in-query").await;
    let block = provider.block_link(&person.login).await;
    browser.get(&block).await;

    let log = serving.stop().await;
    for said in ["POST", "/sign-in", "303", "/change-password", "/token", "/block/…", "request_id"] {
        assert!(log.contains(said), "{said} is not in {log}");
    }
    for secret in [
        "in-query",
        "authorization=",
        "code_challenge",
        "Wrong#pass1",
        &person.password,
        CHOSEN,
        &owing,
        &browser.session(),
        &browser.cookies[OpenBrowser::VISIT],
        &code,
        block.rsplit_once('/').unwrap().1,
        tokens["access_token"].as_str().unwrap(),
        tokens["refresh_token"].as_str().unwrap(),
        billing.client_secret.as_ref().unwrap(),
    ] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}
