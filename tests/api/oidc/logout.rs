//! A relying party signs the person out (OpenID Connect RP-Initiated Logout 1.0).

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::jose;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, encode};
use crate::helpers::visitor::Answer;

const BACK: &str = RelyingParty::SIGNED_OUT_URI;

fn id_token(tokens: &Value) -> &str {
    tokens["id_token"].as_str().unwrap()
}

fn logout(parameters: &[(&str, &str)]) -> String {
    let parameters: Vec<(String, String)> =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    format!("/logout?{}", encode(&parameters))
}

#[track_caller]
fn forgets_the_session(answer: &Answer) {
    let cookies: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let forgotten =
        cookies.iter().any(|cookie| cookie.starts_with("iok_id_session=;") && cookie.contains("Max-Age=0"));
    assert!(forgotten, "{cookies:?}");
}

#[tokio::test]
async fn logout_2_a_good_hint_signs_out_at_once_and_leads_back_byte_for_byte() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let complaints = provider.relying_party("complaints", json!({})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let others = complaints.tokens(&browser, &person, &[]).await;
    let bystander = provider.visitor();
    bystander.sign_in(&person).await;

    let state = "s&=+ \"ż";
    let address =
        logout(&[("id_token_hint", id_token(&tokens)), ("post_logout_redirect_uri", BACK), ("state", state)]);
    let answer = browser.get(&address).await;
    assert!(answer.location().starts_with(&format!("{BACK}&state=")), "{}", answer.location());
    assert_eq!(answer.parameter("state").as_deref(), Some(state));
    forgets_the_session(&answer);
    assert!(!browser.is_signed_in().await);
    assert!(bystander.is_signed_in().await, "another browser is another session");
    for tokens in [&tokens, &others] {
        let userinfo = billing.userinfo(tokens["access_token"].as_str().unwrap()).await;
        expect::bearer_error(&userinfo, 401, "invalid_token");
    }
    let page = browser.open(&billing.authorization(&[])).await;
    assert!(form::has(&page.body, "#sign-in"), "the next sign-in asks");

    // Again, with nobody signed in: the same way back, and without a state none is made up.
    let again = browser
        .get(&logout(&[("id_token_hint", id_token(&tokens)), ("post_logout_redirect_uri", BACK)]))
        .await;
    assert_eq!(again.location(), BACK);
}

#[tokio::test]
async fn logout_2_without_a_hint_the_person_is_asked() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({"client_name": "Rozliczenia"})).await;
    let browser = provider.visitor();
    billing.tokens(&browser, &person, &[]).await;
    let ask = logout(&[("client_id", "billing"), ("post_logout_redirect_uri", BACK), ("state", "s-1")]);

    for address in ["/logout", &ask] {
        let page = browser.get(address).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(browser.is_signed_in().await, "asking is not signing out");
        let stay = browser.submit(&page, "button[value=stay]", &[]).await;
        assert_eq!(stay.location(), "/");
        assert!(browser.is_signed_in().await);
    }
    let page = browser.get(&ask).await;
    assert!(form::text(&page.body, "main").unwrap().contains("Rozliczenia"));
    assert!(page.header("content-security-policy").ends_with("form-action 'self' http://rp.example.test"));
    let answer = browser.submit(&page, "button[value=confirm]", &[]).await;
    assert_eq!(answer.location(), format!("{BACK}&state=s-1"));
    forgets_the_session(&answer);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn the_answer_to_the_question_is_proven_again() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let page = browser.get("/logout?client_id=billing").await;
    let elsewhere = "client_id=billing&post_logout_redirect_uri=https%3A%2F%2Fevil.test%2F";
    let confirm = "button[value=confirm]";
    expect::error_page(&browser.submit(&page, confirm, &[("logout", elsewhere)]).await, 400);
    expect::error_page(&browser.submit(&page, confirm, &[("csrf", "x")]).await, 403);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn a_hint_that_names_another_person_or_session_is_asked_about() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let other = provider.active_person("adam.kos").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let same_person_elsewhere = billing.tokens(&provider.visitor(), &person, &[]).await;
    let other_person = billing.tokens(&provider.visitor(), &other, &[]).await;
    for tokens in [&same_person_elsewhere, &other_person] {
        let hint = [("id_token_hint", id_token(tokens)), ("post_logout_redirect_uri", BACK)];
        let page = browser.get(&logout(&hint)).await;
        assert_eq!(page.status, 200, "{:?}", page.headers);
        assert!(form::has(&page.body, "button[value=confirm]"), "{}", page.body);
        assert!(browser.is_signed_in().await);
    }
}

#[tokio::test]
async fn logout_2_an_unregistered_way_back_is_a_page_and_nobody_is_signed_out() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    provider.relying_party("complaints", json!({"post_logout_redirect_uris": ["https://c.test/out"]})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    for elsewhere in [
        "https://evil.test/",
        "http://rp.example.test/signed-out",
        "http://rp.example.test/signed-out?from=provider&x=1",
        "http://rp.example.test/signed-out?from=Provider",
        "http://rp.example.test:80/signed-out?from=provider",
        "http://rp.example.test/signed-out?from=provider#",
        // Where one signs in is not where one signs out, and another client's address is not one's own.
        RelyingParty::REDIRECT_URI,
        "https://c.test/out",
        "javascript:alert(1)",
        "/",
    ] {
        let hint = [("id_token_hint", id_token(&tokens)), ("post_logout_redirect_uri", elsewhere)];
        expect::error_page(&browser.get(&logout(&hint)).await, 400);
        let by_id = [("client_id", "billing"), ("post_logout_redirect_uri", elsewhere)];
        expect::error_page(&browser.get(&logout(&by_id)).await, 400);
    }
    // Nobody's address.
    expect::error_page(&browser.get(&logout(&[("post_logout_redirect_uri", BACK)])).await, 400);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn logout_4_a_hint_that_is_not_our_id_token_is_refused() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    provider.relying_party("complaints", json!({})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let good = id_token(&tokens);

    let elsewhere = TestProvider::start().await;
    let namesake = elsewhere.active_person("halina.wrona").await;
    let their_billing = elsewhere.relying_party("billing", json!({})).await;
    let theirs = their_billing.tokens(&elsewhere.visitor(), &namesake, &[]).await;

    let mut unsigned = crate::helpers::relying_party::header(good);
    unsigned["alg"] = "none".into();
    let unsigned = jose::forge(&unsigned, &crate::helpers::relying_party::claims(good), None);
    let tampered = jose::tampered(good, "aud", json!(["complaints"]));
    for hint in [
        tokens["access_token"].as_str().unwrap(),
        tokens["refresh_token"].as_str().unwrap(),
        id_token(&theirs),
        &unsigned,
        &tampered,
        "garbage",
    ] {
        let address =
            logout(&[("id_token_hint", hint), ("client_id", "billing"), ("post_logout_redirect_uri", BACK)]);
        expect::error_page(&browser.get(&address).await, 400);
    }
    // Issued to somebody else than who asks.
    let mismatch = logout(&[("id_token_hint", good), ("client_id", "complaints")]);
    expect::error_page(&browser.get(&mismatch).await, 400);
    for unknown in ["nobody", "a\u{0}b"] {
        expect::error_page(&browser.get(&logout(&[("client_id", unknown)])).await, 400);
    }
    let repeated = format!("{}&id_token_hint={good}", logout(&[("id_token_hint", good)]));
    expect::error_page(&browser.get(&repeated).await, 400);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn logout_2_an_expired_hint_still_names_its_session() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    provider.advance(TimeDelta::minutes(20));
    let hint = [("id_token_hint", id_token(&tokens)), ("post_logout_redirect_uri", BACK)];
    assert_eq!(browser.get(&logout(&hint)).await.location(), BACK);
    assert!(!browser.is_signed_in().await);
}

/// A key is published for as long as a token lives; a hint is older than that, and the session may be, too.
#[tokio::test]
async fn logout_2_a_hint_outlives_the_key_that_signed_it() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    provider.rotate_keys().await;
    provider.advance(TimeDelta::minutes(20));
    let replica = provider.replica().await;
    assert_eq!(replica.jwks().await["keys"].as_array().unwrap().len(), 4, "the old keys are not published");
    let hint = [("id_token_hint", id_token(&tokens)), ("post_logout_redirect_uri", BACK)];
    let answer = browser.get(&format!("{}{}", replica.address, logout(&hint))).await;
    assert_eq!(answer.location(), BACK);
    assert!(!browser.is_signed_in().await);
}

/// A form on the client's site: the browser sends no Lax cookie with it, but does with the GET that follows.
#[tokio::test]
async fn logout_2_a_posted_form_signs_out_as_well() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let fields = [
        ("id_token_hint", id_token(&tokens)),
        ("client_id", "billing"),
        ("post_logout_redirect_uri", BACK),
        ("state", "s 1"),
    ];
    let posted = Answer::to(provider.request(Method::POST, "/logout").form(&fields)).await;
    assert!(posted.location().starts_with("/logout?"), "{}", posted.location());
    let answer = browser.get(posted.location()).await;
    assert_eq!(answer.location(), format!("{BACK}&state=s+1"));
    assert!(!browser.is_signed_in().await);

    let twice: Vec<_> = fields.iter().chain(&fields[..1]).collect();
    let refused = Answer::to(provider.request(Method::POST, "/logout").form(&twice)).await;
    expect::error_page(&refused, 400);
}

#[tokio::test]
async fn with_nobody_signed_in_there_is_nothing_to_ask() {
    let provider = TestProvider::start().await;
    provider.relying_party("billing", json!({"client_uri": "https://billing.test/"})).await;
    let browser = provider.visitor();
    let page = browser.get("/logout").await;
    assert_eq!(page.status, 200);
    assert!(!form::has(&page.body, "button[value=confirm]"), "{}", page.body);
    let address = logout(&[("client_id", "billing"), ("post_logout_redirect_uri", BACK), ("state", "s-1")]);
    let page = browser.get(&address).await;
    assert_eq!(page.status, 200, "a link that anybody can write redirects nobody: {:?}", page.headers);
    let way_back = form::attribute(&page.body, "a#back", "href");
    assert_eq!(way_back, Some(format!("{BACK}&state=s-1")), "by a click of the person's own");
}

/// The suite's `oidcc-rp-initiated-logout-no-params`, `-only-state` and `-no-post-logout-redirect-uri`.
#[tokio::test]
async fn logout_2_without_an_address_to_go_to_it_ends_at_a_page() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    for parameters in [&[][..], &[("state", "s-1")], &[("logout_hint", "halina.wrona"), ("unknown", "x")]] {
        let browser = provider.visitor();
        billing.tokens(&browser, &person, &[]).await;
        let question = browser.get(&logout(parameters)).await;
        assert_eq!(question.status, 200, "{parameters:?}");
        let page = browser.submit(&question, "button[value=confirm]", &[]).await;
        assert_eq!(page.status, 200, "{parameters:?}: {:?}", page.headers);
        assert!(form::has(&page.body, "#sign-in-link"), "{}", page.body);
        let silent = browser.open(&billing.authorization(&[("prompt", "none")])).await;
        assert_eq!(silent.parameter("error").as_deref(), Some("login_required"));
    }
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let page = browser.get(&logout(&[("id_token_hint", id_token(&tokens)), ("state", "s")])).await;
    assert_eq!(page.status, 200, "{:?}", page.headers);
    assert!(!form::has(&page.body, "button[value=confirm]") && !browser.is_signed_in().await);
}

/// The suite's `oidcc-rp-initiated-logout-no-id-token-hint`.
#[tokio::test]
async fn logout_3_an_address_alone_leads_nowhere() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    billing.tokens(&browser, &person, &[]).await;
    let alone = logout(&[("post_logout_redirect_uri", BACK), ("state", "s-1")]);
    expect::error_page(&browser.get(&alone).await, 400);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn logout_2_the_question_and_the_answer_are_in_the_language_that_was_asked_for() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    for language in ["en", "pl"] {
        let browser = provider.visitor();
        let tokens = billing.tokens(&browser, &person, &[]).await;
        let asked = format!("fr {language}");
        let question = browser.get(&logout(&[("ui_locales", &asked)])).await;
        assert_eq!(form::attribute(&question.body, "html", "lang").as_deref(), Some(language));
        let hint = [("id_token_hint", id_token(&tokens)), ("ui_locales", &asked)];
        let page = browser.get(&logout(&hint)).await;
        assert_eq!(form::attribute(&page.body, "html", "lang").as_deref(), Some(language));
    }
}

/// An HTML page of the client's shows an image from /logout: that signs nobody out.
#[tokio::test]
async fn a_bare_request_from_elsewhere_signs_nobody_out() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    for address in
        ["/logout".to_owned(), logout(&[("client_id", "billing"), ("post_logout_redirect_uri", BACK)])]
    {
        let request = browser.request(Method::GET, &address).header("sec-fetch-site", "cross-site");
        assert_eq!(Answer::to(request).await.status, 200);
    }
    let confirm = browser
        .request(Method::POST, "/logout/confirm")
        .form(&[("decision", "confirm"), ("logout", "client_id=billing")]);
    expect::error_page(&Answer::to(confirm).await, 403);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn who_is_signed_out_reads_it_in_the_other_language_and_is_led_back_from_there() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing =
        provider.relying_party("billing", json!({"client_uri": "https://billing.example/start"})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    let switch = "a.language[lang=en]";

    let hint = logout(&[("id_token_hint", id_token(&tokens))]);
    let out = browser.get(&hint).await;
    assert_eq!(form::text(&out.body, "h1").as_deref(), Some("Wylogowanie się powiodło"));
    let [english] = &form::hrefs(&out.body, switch)[..] else { panic!("{}", out.body) };
    assert!(
        !english.contains("id_token_hint"),
        "what proves something is not written into the page: {english}"
    );
    let told = browser.get(english).await;
    assert_eq!(form::text(&told.body, "h1").as_deref(), Some("You are signed out"));
    assert_eq!(form::hrefs(&told.body, "#back"), ["https://billing.example/start"]);
    let next = browser.get("/sign-in").await;
    assert_eq!(form::text(&next.body, "h1").as_deref(), Some("Sign in"), "the choice is remembered");

    // The same from our own button, and from the question before it.
    let other = provider.visitor();
    other.sign_in(&person).await;
    let question = other.get("/logout?client_id=billing").await;
    assert_eq!(form::hrefs(&question.body, switch), ["/logout?client_id=billing&ui_locales=en"]);
    let account = other.open("/account").await;
    let out = other.submit(&account, "#sign-out", &[]).await;
    assert_eq!(form::hrefs(&out.body, switch), ["/logout?ui_locales=en"]);
    assert!(!other.is_signed_in().await);
}

#[tokio::test]
async fn an_error_is_read_in_the_other_language_at_the_same_address() {
    let provider = TestProvider::start().await;
    let visitor = provider.visitor();
    let lost = visitor.get("/nowhere?a=1&ui_locales=pl").await;
    assert_eq!(form::text(&lost.body, "h1").as_deref(), Some("Nie ma takiej strony"));
    assert_eq!(form::hrefs(&lost.body, "a.language"), ["/nowhere?a=1&ui_locales=en"]);
    let english = visitor.get("/nowhere?a=1&ui_locales=en").await;
    assert_eq!(
        (english.status.as_u16(), form::text(&english.body, "h1").as_deref()),
        (404, Some("There is no such page"))
    );
    // Two slashes in front are somebody else's site.
    let astray = visitor.get("//elsewhere.example/nowhere").await;
    assert_eq!(form::hrefs(&astray.body, "a.language"), ["/?ui_locales=pl"]);
}
