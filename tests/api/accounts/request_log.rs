//! What the log says of a request: method, path, status. Never the query, a cookie or a password.

use serde_json::{Value, json};
use uuid::Uuid;

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

/// The lines that say what tried to get past the rules: kind, status and path of each.
fn refusals(log: &str) -> Vec<(String, u64, String, Value)> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines
        .filter_map(|line| {
            let kind = line["security"].as_str()?.to_owned();
            let path = line["span"]["path"].as_str().unwrap_or_default().to_owned();
            Some((kind, line["status"].as_u64().unwrap(), path, line))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_access_forged_forms_and_broken_requests_are_logged_with_who() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let serving = Serving::beside(&provider, "info").await;
    let mut browser = OpenBrowser::new(&serving.address);
    browser.try_sign_in(&person.login, &person.password).await;
    assert_eq!(browser.get("/office/staff").await.status, 403);
    let page = browser.get("/account/sessions").await;
    let mut elsewhere = browser.clone().sending("sec-fetch-site", "cross-site");
    elsewhere.post("/account/sessions", &[("do".to_owned(), "end-others".to_owned())]).await;
    browser.post("/account/sessions", &[("csrf".to_owned(), "guessed".to_owned())]).await;
    let typed = [("login", "somebody.else"), ("password", "Typed#pass1")];
    OpenBrowser::new(&serving.address).submit(&page, "#sign-out", &typed).await;
    OpenBrowser::new(&serving.address)
        .post("/sign-in", &typed.map(|(name, value)| (name.to_owned(), value.to_owned())))
        .await;
    assert_eq!(browser.get("/authorize?client_id=nobody").await.status, 400);
    // What people do every day is no attempt.
    browser.get("/nowhere").await;
    OpenBrowser::new(&serving.address).try_sign_in(&person.login, "Typed#pass1").await;

    let log = serving.stop().await;
    let found = refusals(&log);
    let kinds: Vec<_> =
        found.iter().map(|(kind, status, path, _)| (kind.as_str(), *status, path.as_str())).collect();
    assert_eq!(
        kinds,
        [
            ("access_refused", 403, "/office/staff"),
            ("form_from_elsewhere", 403, "/account/sessions"),
            ("form_without_token", 403, "/account/sessions"),
            ("form_without_token", 403, "/sign-out"),
            ("form_without_token", 403, "/sign-in"),
            ("request_broken", 400, "/authorize"),
        ],
        "{log}"
    );
    let who = |line: &Value| {
        let id = |name: &str| Some(line[name].as_str()?.parse::<Uuid>().expect("an id"));
        (id("account"), id("session"))
    };
    assert!(who(&found[0].3).0.is_some() && who(&found[0].3).1.is_some(), "{log}");
    assert_eq!(who(&found[0].3), who(&found[1].3), "the same person");
    assert_eq!(who(&found[4].3), (None, None), "nobody was signed in there");
    for secret in [person.login.as_str(), "somebody.else", "Typed#pass1", &browser.session()] {
        assert!(found.iter().all(|(_, _, _, line)| !line.to_string().contains(secret)), "{secret}");
    }
}
