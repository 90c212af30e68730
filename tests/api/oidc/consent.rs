//! Consent: third parties ask once, and what was allowed is remembered (OpenID Connect Core §3.1.2.4).

use chrono::TimeDelta;
use serde_json::json;

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::relying_party::RelyingParty;
use crate::helpers::tables;
use crate::helpers::visitor::Answer;

fn asks(answer: &Answer) -> bool {
    form::has(&answer.body, "#approve") && form::has(&answer.body, "#deny")
}

async fn partner(provider: &TestProvider) -> RelyingParty {
    let metadata =
        json!({"first_party": false, "client_name": "Partner", "policy_uri": "https://partner.test/p"});
    provider.relying_party("partner", metadata).await
}

#[tokio::test]
async fn a_third_party_asks_once_and_again_only_for_more() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let partner = partner(&provider).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;

    let page = browser.open(&partner.authorization(&[("scope", "openid email")])).await;
    assert!(asks(&page), "{}", page.body);
    let text = form::text(&page.body, "main").unwrap();
    assert!(text.contains("Partner") && text.contains("Halina Wrona"), "who asks, and whom: {text}");
    let answer = browser.submit(&page, "#approve", &[]).await;
    assert_eq!(answer.parameter("state").as_deref(), Some("state-1"));
    assert_eq!(answer.parameter("iss").as_deref(), Some(&*provider.issuer));
    let tokens = partner.redeem(&answer.parameter("code").unwrap()).await.json();
    assert_eq!(tokens["scope"], "openid email");

    provider.advance(TimeDelta::minutes(1));
    for known in ["openid email", "openid", "email openid"] {
        let answer = browser.open(&partner.authorization(&[("scope", known)])).await;
        assert!(answer.parameter("code").is_some(), "{known}");
    }
    let more = browser.open(&partner.authorization(&[("scope", "openid email iok")])).await;
    assert!(asks(&more), "{}", more.body);
    browser.submit(&more, "#approve", &[]).await;
    // What was allowed first is still allowed, in another browser too.
    let elsewhere = provider.visitor();
    elsewhere.sign_in(&person).await;
    for known in ["openid email iok", "openid email"] {
        let answer = elsewhere.open(&partner.authorization(&[("scope", known)])).await;
        assert!(answer.parameter("code").is_some(), "{known}");
    }
    let actions = tables::column(&provider.database, "audit", "action").await;
    assert_eq!(actions.iter().filter(|action| *action == "consent.given").count(), 2);
}

#[tokio::test]
async fn consent_is_one_persons_to_one_client() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let other = provider.active_person("adam.kos").await;
    let partner = partner(&provider).await;
    let second = provider.relying_party("second", json!({"first_party": false})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let page = browser.open(&partner.authorization(&[])).await;
    browser.submit(&page, "#approve", &[]).await;
    assert!(asks(&browser.open(&second.authorization(&[])).await));
    let their_browser = provider.visitor();
    their_browser.sign_in(&other).await;
    assert!(asks(&their_browser.open(&partner.authorization(&[])).await));
}

/// Two people at one screen: what the first one allowed, the second one did not.
#[tokio::test]
async fn whoever_signs_in_next_in_the_same_browser_is_asked_anew() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let other = provider.active_person("adam.kos").await;
    let partner = partner(&provider).await;
    let browser = provider.visitor();
    let sign_in = browser.open(&partner.authorization(&[])).await;
    let answer = browser.sign_in_at(&sign_in, &person.login, &person.password).await;
    let page = browser.follow(answer).await;
    provider.advance(TimeDelta::seconds(10));
    let answer = browser.submit(&page, "#approve", &[]).await;
    assert!(answer.parameter("code").is_some());

    // The back button, to the sign-in form of the same request, and somebody else's name in it.
    provider.advance(TimeDelta::seconds(10));
    let answer = browser.sign_in_at(&sign_in, &other.login, &other.password).await;
    let page = browser.follow(answer).await;
    assert!(asks(&page), "{} {:?}", page.status, page.headers);
    assert!(
        form::text(&page.body, "main").unwrap().contains("Halina Wrona"),
        "their name, too, is on the page"
    );
}

/// The other way round: the question is on the screen, and somebody else signs in in a second tab.
#[tokio::test]
async fn a_yes_counts_for_the_person_who_was_asked() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let other = provider.active_person("adam.kos").await;
    let partner = partner(&provider).await;
    let browser = provider.visitor();
    let sign_in = browser.open(&partner.authorization(&[])).await;
    let answer = browser.sign_in_at(&sign_in, &person.login, &person.password).await;
    let asked = browser.follow(answer).await;
    assert!(asks(&asked), "{}", asked.body);
    browser.sign_in_at(&sign_in, &other.login, &other.password).await;

    for button in ["#approve", "#deny"] {
        let answer = browser.submit(&asked, button, &[]).await;
        let answer = browser.follow(answer).await;
        assert!(asks(&answer), "{button}: {} {:?}", answer.status, answer.headers);
    }
    assert_eq!(tables::row_counts(&provider.database).await["consent"], 0);
}

#[tokio::test]
async fn prompt_consent_asks_always_also_for_the_companys_own() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let partner = partner(&provider).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    for party in [&billing, &partner] {
        for _ in 0..2 {
            let page = browser.open(&party.authorization(&[("prompt", "consent")])).await;
            assert!(asks(&page), "{}", page.body);
            let answer = browser.submit(&page, "#approve", &[]).await;
            assert!(answer.parameter("code").is_some());
        }
    }
    assert!(!asks(&browser.open(&billing.authorization(&[])).await), "the company's own asks for none");
}

#[tokio::test]
async fn rfc_6749_4_1_2_1_a_no_is_access_denied_and_final() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let partner = partner(&provider).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let stored = browser.get(&partner.authorization(&[("state", "s&=\"ż")])).await.location().to_owned();
    let page = browser.open(&stored).await;
    let denied = browser.submit(&page, "#deny", &[]).await;
    let to = RelyingParty::REDIRECT_URI;
    expect::redirect_error(&denied, to, "access_denied", Some("s&=\"ż"), &provider.issuer);
    assert_eq!(records::count(&provider, "consent.denied").await, 1);

    // The back button and a yes: this request is over.
    let answer = browser.submit(&page, "#approve", &[]).await;
    assert_eq!(answer.status, 200, "{:?}", answer.headers);
    assert!(form::has(&answer.body, "#continue"), "{}", answer.body);
    assert!(form::has(&browser.open(&stored).await.body, "#continue"));
    assert!(asks(&browser.open(&partner.authorization(&[])).await), "nothing was remembered");
    assert_eq!(tables::row_counts(&provider.database).await["authorization_code"], 0);
}

#[tokio::test]
async fn a_yes_that_is_pressed_twice_leads_to_a_code_that_works() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let partner = partner(&provider).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let page = browser.open(&partner.authorization(&[])).await;
    browser.submit(&page, "#approve", &[]).await;
    let second = browser.submit(&page, "#approve", &[]).await;
    assert_eq!(partner.redeem(&second.parameter("code").unwrap()).await.status, 200);
}

#[tokio::test]
async fn csp_form_action_of_the_consent_page_names_the_redirects_origin() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let partner = partner(&provider).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let page = browser.open(&partner.authorization(&[])).await;
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with("form-action 'self' http://rp.example.test"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "nobody clicks it unseen: {policy}");
}

#[tokio::test]
async fn a_forged_or_foreign_yes_gives_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let partner = partner(&provider).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let page = browser.open(&partner.authorization(&[])).await;
    let fields = form::fields(&page.body, "#approve");
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).unwrap().1.clone();
    let yes = |csrf: &str, decision: &str| {
        let mut fields = fields.clone();
        fields.retain(|(name, _)| name != "csrf");
        fields.push(("csrf".to_owned(), csrf.to_owned()));
        fields.push(("decision".to_owned(), decision.to_owned()));
        fields
    };
    expect::error_page(&browser.post("/consent", &yes("", "approve")).await, 403);
    expect::error_page(&browser.post("/consent", &yes("x", "approve")).await, 403);
    expect::error_page(&browser.post("/consent", &yes(&field("csrf"), "maybe")).await, 400);
    expect::error_page(&browser.post("/consent", &yes(&field("csrf"), "")).await, 400);
    let forged = browser
        .request(reqwest::Method::POST, "/consent")
        .header("sec-fetch-site", "cross-site")
        .form(&yes(&field("csrf"), "approve"));
    expect::error_page(&Answer::to(forged).await, 403);

    let stranger = provider.visitor();
    stranger.sign_in(&person).await;
    expect::error_page(&stranger.post("/consent", &yes(&field("csrf"), "approve")).await, 403);
    let nobody = provider.visitor().post("/consent", &yes(&field("csrf"), "approve")).await;
    assert!(nobody.location().starts_with("/sign-in"), "{}", nobody.location());
    assert_eq!(tables::row_counts(&provider.database).await["consent"], 0);
}
