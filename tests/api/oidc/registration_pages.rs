//! What people are shown about a client: its mark, its pages, and that nobody looked at one which registered itself
//! (OpenID Connect Registration §2, RFC 7591 §5).

use chrono::TimeDelta;
use serde_json::json;

use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::registrant::CALLBACK;
use crate::helpers::visitor::{Answer, Visitor};

const BACK: (&str, &str) = ("redirect_uri", CALLBACK);

fn policy<'a>(page: &'a Answer, directive: &str) -> Vec<&'a str> {
    let policy = page.header("content-security-policy");
    let found = policy.split(';').map(str::trim).find_map(|one| one.strip_prefix(directive));
    found.unwrap_or_else(|| panic!("no {directive}: {policy}")).split_whitespace().collect()
}

#[tokio::test]
async fn registration_2_logo_policy_and_terms_are_shown_at_sign_in_and_consent_in_the_persons_language() {
    let provider = TestProvider::start_open(&[]).await;
    let person = provider.active_person("halina.wrona").await;
    let client = provider
        .register_stranger(&json!({
            "client_name": "Notices", "client_name#pl": "Ogłoszenia \"Sąsiad\"",
            "logo_uri": "https://images.stranger.example:8443/logo.png",
            "policy_uri": "https://stranger.example/privacy", "policy_uri#pl": "https://stranger.example/prywatnosc",
            "tos_uri": "https://stranger.example/terms",
        }))
        .await;
    let party = client.relying_party(&provider);
    let look = |page: &Answer, locale: &str| {
        let name = if locale == "pl" { "Ogłoszenia \"Sąsiad\"" } else { "Notices" };
        let privacy = if locale == "pl" { "prywatnosc" } else { "privacy" };
        let text = form::text(&page.body, "main").unwrap();
        assert!(text.contains(name), "{text}");
        let attribute = |name| form::attribute(&page.body, "#service-logo", name);
        assert_eq!(attribute("src").as_deref(), Some("https://images.stranger.example:8443/logo.png"));
        assert!(attribute("alt").unwrap().contains(name));
        assert_eq!(attribute("referrerpolicy").as_deref(), Some("no-referrer"));
        assert_eq!(policy(page, "img-src"), ["'self'", "https://images.stranger.example:8443"]);
        let links = form::hrefs(&page.body, "#service-pages a");
        let expected =
            [format!("https://stranger.example/{privacy}"), "https://stranger.example/terms".to_owned()];
        assert_eq!(links, expected);
        assert_eq!(
            form::attribute(&page.body, "#service-pages a", "rel").as_deref(),
            Some("noopener noreferrer")
        );
        let caution = form::text(&page.body, "#service-unverified").unwrap();
        assert!(caution.contains("stranger.example"), "where it leads: {caution}");
    };
    for locale in ["pl", "en"] {
        let browser = provider.visitor();
        let asking = [BACK, ("ui_locales", locale), ("prompt", "consent")];
        let sign_in = browser.open(&party.authorization(&asking)).await;
        assert!(form::has(&sign_in.body, "#password"), "{}", sign_in.body);
        look(&sign_in, locale);
        let answer = browser.sign_in_at(&sign_in, &person.login, &person.password).await;
        let consent = browser.follow(answer).await;
        assert!(form::has(&consent.body, "#approve"), "{}", consent.body);
        look(&consent, locale);
    }
}

#[tokio::test]
async fn of_what_the_operator_registered_nobody_is_warned_and_no_image_comes_from_elsewhere() {
    let provider = TestProvider::start().await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let page = provider.visitor().open(&partner.authorization(&[])).await;
    assert!(form::has(&page.body, "#password"));
    assert!(!form::has(&page.body, "#service-unverified"), "{}", page.body);
    assert!(!form::has(&page.body, "#service-logo"));
    assert_eq!(policy(&page, "img-src"), ["'self'"]);
}

#[tokio::test]
async fn core_4_who_cannot_go_on_begins_anew_where_the_client_says() {
    let provider = TestProvider::start_open(&[]).await;
    let client = provider
        .register_stranger(&json!({
            "client_name": "Notices", "client_uri": "https://stranger.example/",
            "initiate_login_uri": "https://stranger.example/login?x=1",
        }))
        .await;
    let modest = provider.register_stranger(&json!({"client_uri": "https://stranger.example/home"})).await;
    let silent = provider.register_stranger(&json!({})).await;
    let iss = url::form_urlencoded::byte_serialize(provider.issuer.as_bytes()).collect::<String>();
    let begins = format!("https://stranger.example/login?x=1&iss={iss}");
    for (client, way) in
        [(&client, Some(begins.as_str())), (&modest, Some("https://stranger.example/home")), (&silent, None)]
    {
        let browser = provider.visitor();
        let waiting = browser.get(&client.relying_party(&provider).authorization(&[BACK])).await;
        let waiting = waiting.location().to_owned();
        browser.get(&waiting).await;
        let back = async |browser: &Visitor, status: u16| {
            let page = browser.get(&waiting).await;
            assert_eq!(page.status, status, "{}", page.body);
            form::attribute(&page.body, "#back", "href")
        };
        assert_eq!(back(&provider.visitor(), 403).await.as_deref(), way, "in another browser");
        provider.advance(TimeDelta::hours(1));
        assert_eq!(back(&browser, 410).await.as_deref(), way, "too late");
    }
}
