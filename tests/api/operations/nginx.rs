//! nginx in front, exactly as docs/OPERATING.md says.

use std::net::{IpAddr, Ipv4Addr};

use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use serde_json::json;

use crate::helpers::authority::PrivateAuthority;
use crate::helpers::counter::{approved, clerk, letters_page};
use crate::helpers::form;
use crate::helpers::nginx::{Nginx, Site};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::relying_party::encode;
use crate::helpers::visitor::Visitor;

/// A contractor at another address of this machine than the proxy, so that they can be told apart.
const CONTRACTOR: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

async fn behind_nginx() -> (TestProvider, Nginx, Site) {
    let authority = PrivateAuthority::found();
    let site = Site::reserve();
    let settings = [("server.trusted_proxies", "127.0.0.1/32")];
    let provider = TestProvider::start_behind(&site.https(), &authority, &settings).await;
    let nginx = site.serve(provider.server.addresses()[0].port(), &authority).await;
    (provider, nginx, site)
}

#[tokio::test]
async fn somebody_signs_in_through_nginx_and_the_audit_knows_from_where() {
    let (provider, _nginx, _site) = behind_nginx().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let forged =
        [("x-forwarded-for", "6.6.6.6"), ("forwarded", "for=6.6.6.6"), ("x-forwarded-host", "evil.example")]
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    let client = provider.client().local_address(CONTRACTOR).default_headers(HeaderMap::from_iter(forged));
    let browser = Visitor::with(&provider.issuer, client);

    // As long as a state may be, and every character three of the redirect: a head that nginx's own buffers do not hold.
    let state = "<".repeat(2048);
    let page = browser.open(&billing.authorization(&[("state", &state)])).await;
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
    let answer = browser.sign_in_at(&page, &person.login, &person.password).await;
    assert!(answer.header("set-cookie").starts_with("__Host-iok_id_"), "{}", answer.header("set-cookie"));
    let back = browser.follow(answer).await;
    assert_eq!(back.parameter("state"), Some(state));
    let tokens = billing.redeem(&back.parameter("code").unwrap()).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);

    let addresses = records::addresses(&provider, &person.login).await;
    assert!(addresses.contains(&CONTRACTOR.to_string()), "{addresses:?}");
    assert!(!addresses.contains(&"6.6.6.6".to_owned()), "{addresses:?}");
}

#[tokio::test]
async fn nginx_sends_people_to_https_and_leaves_refusals_to_the_server() {
    let (provider, _nginx, site) = behind_nginx().await;
    let plain = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let answer = plain.get(format!("{}/sign-in?ui_locales=en", site.plain())).send().await.unwrap();
    assert_eq!(answer.status(), 301);
    assert_eq!(answer.headers()["location"], format!("{}/sign-in?ui_locales=en", provider.issuer));

    // Too large is the server's own answer, which its clients can read.
    let request = provider
        .request(Method::POST, "/token")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body("a".repeat(100_000));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 413);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/json");
}

#[tokio::test]
async fn nginx_hands_letters_on_as_they_are_made() {
    let (provider, _nginx, _site) = behind_nginx().await;
    let printer = clerk(&provider, "ewa.drukarska").await;
    for number in 0..8 {
        approved(&provider, &format!("nowa.{number}")).await;
    }
    let page = letters_page(&printer).await;
    let (action, fields) = form::filled_in(&page.body, "#print", &[]);
    let mut answer = printer
        .request(Method::POST, &action)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT_ENCODING, "gzip")
        .body(encode(&fields))
        .send()
        .await
        .unwrap();
    // A letter takes a while to make: what is on paper already is seen before the last one is.
    let mut seen = String::new();
    while !seen.contains("</article>") {
        let part = answer.chunk().await.unwrap().expect("a letter before the end");
        seen.push_str(&String::from_utf8_lossy(&part));
    }
    let waiting = records::rows(&provider, "letter_order", "state = 'approved'").await;
    assert!(waiting > 0, "{waiting} letters are not made yet; nginx kept {} bytes back", seen.len());
}
