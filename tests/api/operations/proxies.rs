//! Requests that come through proxies: whom they are believed to come from.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::helpers::applicants::{EMAIL, fill_in};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Visitor;

const TRUSTED: (&str, &str) = ("server.trusted_proxies", "127.0.0.0/8,::1/128");

/// Somebody whose requests carry this header.
fn saying(provider: &TestProvider, name: &'static str, value: &'static str) -> Visitor {
    let headers = HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))]);
    Visitor::with(&provider.issuer, provider.client().default_headers(headers))
}

async fn address_of_a_sign_in(settings: &[(&str, &str)], name: &'static str, value: &'static str) -> String {
    let provider = TestProvider::start_with(settings).await;
    let person = provider.active_person("halina.wrona").await;
    saying(&provider, name, value).sign_in(&person).await;
    let addresses = records::addresses(&provider, &person.login).await;
    assert!(addresses.iter().all(|address| *address == addresses[0]), "{addresses:?}");
    addresses[0].clone()
}

#[tokio::test]
async fn rfc_7239_8_1_a_header_is_believed_of_a_trusted_proxy_alone() {
    let forwarded = ("server.forwarded_header", "forwarded");
    for (settings, name, value, expected) in [
        (&[][..], "x-forwarded-for", "203.0.113.7", "127.0.0.1"),
        (&[], "forwarded", "for=203.0.113.7", "127.0.0.1"),
        (&[("server.trusted_proxies", "10.0.0.0/8")], "x-forwarded-for", "203.0.113.7", "127.0.0.1"),
        (&[TRUSTED], "x-forwarded-for", "203.0.113.7", "203.0.113.7"),
        // What stands before the last stranger is the stranger's own word.
        (&[TRUSTED], "x-forwarded-for", "6.6.6.6, 203.0.113.7, 127.0.0.9", "203.0.113.7"),
        // A proxy that writes one header hands the other on as it came.
        (&[TRUSTED], "forwarded", "for=203.0.113.7", "127.0.0.1"),
        (&[TRUSTED], "x-real-ip", "203.0.113.7", "127.0.0.1"),
        (&[TRUSTED, forwarded], "forwarded", "for=\"[2001:db8::7]:4711\";proto=http", "2001:db8::7"),
        (&[TRUSTED, forwarded], "x-forwarded-for", "203.0.113.7", "127.0.0.1"),
    ] {
        let found = address_of_a_sign_in(settings, name, value).await;
        assert_eq!(found, expected, "{settings:?} {name}: {value}");
    }
}

#[tokio::test]
async fn limits_count_clients_behind_a_trusted_proxy_apart_and_forged_headers_together() {
    const ONE: (&str, &str) = ("applications.per_source_per_hour", "1");
    for (settings, statuses) in [(&[ONE][..], [303, 429, 429]), (&[ONE, TRUSTED], [303, 303, 429])] {
        let provider = TestProvider::start_with(settings).await;
        provider.active_person("halina.wrona").await;
        let mut found = Vec::new();
        for (number, source) in ["203.0.113.7", "198.51.100.1", "6.6.6.6, 198.51.100.1"].iter().enumerate() {
            let browser = saying(&provider, "x-forwarded-for", source);
            let page = browser.get("/apply").await;
            let email = format!("{number}{EMAIL}");
            found.push(fill_in(&browser, &page, &[("email", &email)]).await.status.as_u16());
        }
        assert_eq!(found, statuses, "{settings:?}");
    }
}

/// The issuer is what the operator wrote, whatever a proxy, or somebody who pretends to be one, says.
#[tokio::test]
async fn no_header_says_under_which_address_this_server_is_reached() {
    let provider = TestProvider::start_with(&[TRUSTED]).await;
    let plain = provider.visitor();
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-port", "444"),
        ("x-forwarded-prefix", "/evil"),
        ("x-original-url", "/evil"),
        ("forwarded", "for=203.0.113.7;host=evil.example;proto=https"),
        ("host", "evil.example"),
    ] {
        let told = saying(&provider, name, value);
        for path in ["/.well-known/openid-configuration", "/sign-in", "/", "/nowhere"] {
            let (expected, found) = (plain.get(path).await, told.get(path).await);
            assert_eq!(found.status, expected.status, "{name} {path}");
            assert!(
                !found.body.contains("evil") && !found.body.contains(":444"),
                "{name} {path}: {}",
                found.body
            );
            assert!(!found.headers.contains_key("strict-transport-security"), "{name} {path}");
            let cookies = format!("{:?}", found.headers.get_all("set-cookie").iter().collect::<Vec<_>>());
            assert!(!cookies.contains("__Host-"), "{name} {path}: {cookies}");
        }
        assert_eq!(
            told.get("/.well-known/openid-configuration").await.body,
            plain.get("/.well-known/openid-configuration").await.body,
            "{name}"
        );
    }
}
