//! The sign-in page as a browser sees it: languages, fixed ids, hints, headers, cookies.

use reqwest::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, STRICT_TRANSPORT_SECURITY};
use scraper::{Html, Selector};
use serde_json::json;

use crate::helpers::form;
use crate::helpers::open_browser::{OpenBrowser, SetCookie};
use crate::helpers::provider::TestProvider;
use crate::helpers::visitor::Answer;

fn language(page: &Answer) -> String {
    let lang = form::attribute(&page.body, "html", "lang").unwrap();
    // The attribute and the words agree.
    let expected = if lang == "en" { "Sign in" } else { "Zaloguj się" };
    if let Some(button) = form::text(&page.body, "#sign-in") {
        assert_eq!(button, expected);
    }
    lang
}

#[tokio::test]
async fn the_page_is_polish_unless_the_browser_or_the_address_asks_for_english() {
    let provider = TestProvider::start().await;
    for (accepted, address, expected) in [
        (None, "/sign-in", "pl"),
        (Some("de, fr;q=0.9"), "/sign-in", "pl"),
        (Some("en-GB,en;q=0.9,pl;q=0.8"), "/sign-in", "en"),
        (Some("en;q=0.2,pl;q=0.9"), "/sign-in", "pl"),
        (Some("pl"), "/sign-in?ui_locales=en", "en"),
        (Some("en"), "/sign-in?ui_locales=pl", "pl"),
        (None, "/sign-in?ui_locales=de%20en-US%20pl", "en"),
        (None, "/sign-in?ui_locales=tlh", "pl"),
        (None, "/sign-in?ui_locales=%00%ff", "pl"),
    ] {
        let mut browser = provider.open_browser();
        if let Some(accepted) = accepted {
            browser = browser.sending("accept-language", accepted);
        }
        let page = browser.get(address).await;
        assert_eq!(language(&page), expected, "{accepted:?} {address}");
    }
}

#[tokio::test]
async fn a_chosen_language_is_remembered_across_the_form_and_beats_what_the_browser_prefers() {
    let provider = TestProvider::start().await;
    let mut browser = provider.open_browser().sending("accept-language", "pl");
    let page = browser.get("/sign-in?ui_locales=en").await;
    let refused =
        browser.submit(&page, "#sign-in", &[("login", "nobody.here"), ("password", "Wrong#pass1")]).await;
    assert_eq!(refused.status, 401);
    assert_eq!(language(&refused), "en", "the answer to the form");
    assert!(refused.error().unwrap().starts_with("We could not sign you in"));
    assert_eq!(language(&browser.get("/sign-in").await), "en", "and the next page");

    let link = form::attribute(&refused.body, "a.language", "href").unwrap();
    let polish = browser.get(&link).await;
    assert_eq!(language(&polish), "pl", "the link in the header leads back");
    assert_eq!(language(&browser.get("/help").await), "pl");
}

#[tokio::test]
async fn core_3_1_2_1_ui_locales_of_the_authorization_request_reach_every_page_on_the_way() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let mut browser = provider.open_browser();

    let page = browser.open(&partner.authorization(&[("ui_locales", "en-GB pl")])).await;
    assert_eq!(language(&page), "en");
    let refused =
        browser.submit(&page, "#sign-in", &[("login", &person.login), ("password", "Wrong#pass1")]).await;
    assert_eq!(language(&refused), "en", "the answer to the form");
    let signed_in = browser
        .submit(&refused, "#sign-in", &[("login", &person.login), ("password", &person.password)])
        .await;
    let change = browser.follow(signed_in).await;
    assert!(form::has(&change.body, "#new-password"));
    assert_eq!(language(&change), "en");
    let broken = browser.change_password_at(&change, "a", "b").await;
    assert_eq!(language(&broken), "en");
    let changed = browser.change_password_at(&broken, "Zimorodek#7k", "Zimorodek#7k").await;
    let consent = browser.follow(changed).await;
    assert!(form::has(&consent.body, "#approve"));
    assert_eq!(language(&consent), "en");
}

#[tokio::test]
async fn ids_and_hints_let_password_managers_and_other_tools_drive_the_forms() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let mut browser = provider.open_browser();
    let page = browser.get("/sign-in").await;
    let attribute = |selector, name| form::attribute(&page.body, selector, name).unwrap_or_default();
    assert_eq!(attribute("#login", "autocomplete"), "username");
    assert_eq!(attribute("#login", "autocapitalize"), "none");
    assert_eq!(attribute("#password", "autocomplete"), "current-password");
    assert_eq!(attribute("#password", "type"), "password");
    assert_eq!(attribute("#sign-in", "type"), "submit");
    assert_eq!(form::action(&page.body, "#sign-in"), "/sign-in");
    assert!(!form::has(&page.body, "#error"));

    let answer = browser.try_sign_in(&person.login, &person.password).await;
    assert_eq!(answer.location(), "/change-password");
    let page = browser.follow(answer).await;
    let attribute = |selector, name| form::attribute(&page.body, selector, name).unwrap_or_default();
    for field in ["#new-password", "#new-password-repeat"] {
        assert_eq!(attribute(field, "autocomplete"), "new-password");
        assert_eq!(attribute(field, "type"), "password");
        assert!(form::attribute(&page.body, field, "maxlength").is_none(), "nothing is cut off in silence");
    }
    assert_eq!(attribute("#change-password", "type"), "submit");
    let username = r#"input[autocomplete="username"]"#;
    assert_eq!(attribute(username, "value"), person.login, "what a password manager files it under");
}

/// Every page that can be had before and while signing in.
async fn pages(provider: &TestProvider) -> Vec<(&'static str, Answer)> {
    let person = provider.person_with_letter("halina.wrona").await;
    let mut pages = Vec::new();
    let mut browser = provider.open_browser();
    for address in ["/", "/sign-in", "/help", "/no-such-page", "/authorize?client_id=nobody", "/logout"] {
        pages.push((address, browser.get(address).await));
    }
    pages.push(("refused", browser.try_sign_in("nobody.here", "Wrong#pass1").await));
    pages.push(("wrong method", browser.send(reqwest::Method::DELETE, "/sign-in", None).await));
    let signed_in = browser.try_sign_in(&person.login, &person.password).await;
    let change = browser.follow(signed_in).await;
    pages.push(("broken rules", browser.change_password_at(&change, "a", "b").await));
    pages.push(("change", change));
    pages
}

#[tokio::test]
async fn every_page_carries_a_strict_policy_and_is_kept_by_nobody() {
    let provider = TestProvider::start().await;
    for (name, page) in pages(&provider).await {
        let header = |header: &str| {
            page.headers.get(header).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let policy = header(CONTENT_SECURITY_POLICY.as_str());
        let directives: Vec<&str> = policy.split(';').map(str::trim).collect();
        for directive in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ] {
            assert!(directives.contains(&directive), "{name}: no {directive} in {policy:?}");
        }
        for loophole in ["unsafe", "data:", "blob:", "http:", "https:", "*"] {
            assert!(!policy.contains(loophole), "{name}: {policy}");
        }
        assert_eq!(header(CACHE_CONTROL.as_str()), "no-store", "{name}");
        assert_eq!(header("x-frame-options"), "DENY", "{name}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(header("referrer-policy"), "same-origin", "{name}");
        assert_eq!(header("content-type"), "text/html; charset=utf-8", "{name}");
        assert!(!header("x-request-id").is_empty(), "{name}");
    }
}

#[tokio::test]
async fn no_page_has_inline_code_or_asks_another_host_for_anything() {
    let provider = TestProvider::start().await;
    let visitor = provider.visitor();
    for (name, page) in pages(&provider).await {
        let html = Html::parse_document(&page.body);
        for element in html.select(&Selector::parse("*").unwrap()) {
            let tag = element.value().name();
            for (attribute, value) in element.value().attrs() {
                assert!(!attribute.starts_with("on"), "{name}: <{tag} {attribute}>");
                assert_ne!(attribute, "style", "{name}: <{tag} style={value}>");
                assert!(!value.trim_start().to_lowercase().starts_with("javascript:"), "{name}: {value}");
                // What the browser loads by itself.
                if matches!(attribute, "src" | "srcset" | "data" | "poster" | "action")
                    || (attribute == "href" && tag == "link")
                {
                    assert!(value.starts_with('/') && !value.starts_with("//"), "{name}: <{tag} {value}>");
                    if attribute != "action" {
                        assert_eq!(visitor.get(value).await.status, 200, "{name}: {value}");
                    }
                }
            }
            assert_ne!(tag, "style", "{name}");
            if tag == "script" {
                assert!(element.value().attr("src").is_some(), "{name}: inline script");
                assert_eq!(element.text().collect::<String>().trim(), "", "{name}: inline script");
            }
        }
    }
}

#[track_caller]
fn assert_ours(cookies: &[SetCookie], prefix: &str, secure: bool) {
    for cookie in cookies {
        assert!(cookie.name.starts_with(prefix), "{cookie:?}");
        for attribute in ["httponly", "samesite=lax", "path=/"] {
            assert!(cookie.attributes.iter().any(|found| found == attribute), "{cookie:?}");
        }
        assert_eq!(cookie.attributes.iter().any(|found| found == "secure"), secure, "{cookie:?}");
        let domain = cookie.attributes.iter().any(|found| found.starts_with("domain"));
        assert!(!domain, "for this host alone: {cookie:?}");
    }
}

#[tokio::test]
async fn cookies_are_ours_http_only_and_lax() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = provider.open_browser();
    let page = browser.get("/sign-in?ui_locales=en").await;
    let visiting = SetCookie::all_of(&page);
    assert_eq!(visiting.len(), 2, "which browser, which language: {visiting:?}");
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    let signed_in = SetCookie::all_of(&browser.submit(&page, "#sign-in", &typed).await);
    assert_eq!(signed_in.len(), 2, "the session, and the device that is known from now on: {signed_in:?}");
    assert_eq!(signed_in[0].name, OpenBrowser::SESSION);
    for secret in &signed_in {
        assert!(secret.value.len() >= 43, "256 random bits in base64url");
    }
    assert_ours(&visiting, "iok_id_", false);
    assert_ours(&signed_in, "iok_id_", false);
    let lasts = |cookie: &SetCookie| cookie.attributes.iter().any(|found| found.starts_with("max-age"));
    for cookie in visiting.iter().chain(&signed_in[..1]) {
        assert!(!lasts(cookie), "gone with the browser: {cookie:?}");
    }
    assert!(signed_in[1].name == "iok_id_device" && lasts(&signed_in[1]), "{signed_in:?}");
}

#[tokio::test]
async fn rfc_6265bis_4_1_3_2_on_https_cookies_are_secure_and_bound_to_the_host() {
    let provider = TestProvider::start_with(&[("server.issuer", "https://id.example.test")]).await;
    let person = provider.active_person("halina.wrona").await;
    // The test speaks to the port behind the proxy that ends TLS.
    let port = provider.server.addresses()[0].port();
    let mut browser = OpenBrowser::new(&format!("http://localhost:{port}"));
    let page = browser.get("/sign-in?ui_locales=en").await;
    assert!(page.headers.contains_key(STRICT_TRANSPORT_SECURITY));
    let visiting = SetCookie::all_of(&page);
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    let answer = browser.submit(&page, "#sign-in", &typed).await;
    assert_eq!(answer.location(), "/", "{}", answer.body);
    let signed_in = SetCookie::all_of(&answer);
    assert_eq!((visiting.len(), signed_in.len()), (2, 2));
    assert_ours(&visiting, "__Host-iok_id_", true);
    assert_ours(&signed_in, "__Host-iok_id_", true);
    assert!(browser.is_signed_in().await);

    let secret = browser.cookies["__Host-iok_id_session"].clone();
    let mut bare =
        OpenBrowser::new(&format!("http://localhost:{port}")).holding(OpenBrowser::SESSION, &secret);
    assert!(!bare.is_signed_in().await, "a name that a neighbour could have set is not looked at");
}
