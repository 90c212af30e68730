//! Passkeys in a real browser, with an authenticator that exists only in it (WebAuthn §11).

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::helpers::chromium::{Browser, Habits};
use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::relying_party::claims;

const PAGE: &str = "/account/second-factors";
const NEW: &str = "Kwiat-7-lip!";

/// Plugs one in that knows its user and verifies them. Returns its id.
async fn plug_in_authenticator(browser: &Browser) -> String {
    browser.devtools("WebAuthn.enable", json!({})).await;
    let options = json!({
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": true,
        "hasUserVerification": true,
        "isUserVerified": true,
        "automaticPresenceSimulation": true,
    });
    let added = browser.devtools("WebAuthn.addVirtualAuthenticator", json!({"options": options})).await;
    added["authenticatorId"].as_str().unwrap().to_owned()
}

async fn credentials(browser: &Browser, authenticator: &str) -> Vec<Value> {
    let there = browser.devtools("WebAuthn.getCredentials", json!({"authenticatorId": authenticator})).await;
    there["credentials"].as_array().unwrap().clone()
}

async fn sign_in_by_password(provider: &TestProvider, browser: &Browser, person: &Person) {
    browser.goto(&provider.url("/sign-in")).await;
    browser.fill_in_sign_in(&person.login, &person.password).await;
    browser.click("#sign-in").await;
}

async fn sign_out(provider: &TestProvider, browser: &Browser) {
    browser.goto(&provider.url("/")).await;
    browser.click("#sign-out").await;
    browser.find("#sign-in-link, #sign-in").await;
}

async fn add_passkey(provider: &TestProvider, browser: &Browser, name: &str) {
    browser.goto(&provider.url(PAGE)).await;
    browser.type_into("#passkey-name", name).await;
    browser.click("#add-passkey").await;
    browser.find("#notice").await;
}

/// A contractor with a passkey, signed out.
async fn scene() -> (TestProvider, Person, Browser, String) {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = Browser::open().await;
    let authenticator = plug_in_authenticator(&browser).await;
    sign_in_by_password(&provider, &browser, &person).await;
    browser.find("#sign-out").await;
    add_passkey(&provider, &browser, "Mój telefon").await;
    sign_out(&provider, &browser).await;
    (provider, person, browser, authenticator)
}

#[tokio::test]
async fn a_passkey_proves_after_the_password_signs_in_alone_and_is_taken_away() {
    let (provider, person, browser, _) = scene().await;
    assert!(provider.mailed_to(&person.row.email).await.contains(&"second_factor_added"));

    sign_in_by_password(&provider, &browser, &person).await;
    browser.find("#prove-passkey").await;
    assert!(!browser.has("#code").await, "there is no app");
    browser.screenshot("passkey-prove").await;
    browser.click("#prove-passkey").await;
    browser.find("#sign-out").await;
    sign_out(&provider, &browser).await;

    browser.goto(&provider.url("/sign-in")).await;
    browser.screenshot("passkey-sign-in").await;
    browser.click("#sign-in-passkey").await;
    browser.find("#sign-out").await;

    browser.goto(&provider.url(PAGE)).await;
    assert!(browser.text("#passkey-1").await.contains("Mój telefon"));
    browser.screenshot("passkey-second-factors").await;
    browser.click(".remove-passkey").await;
    browser.find("#notice").await;
    browser.find("#no-factors").await;
    assert!(provider.mailed_to(&person.row.email).await.contains(&"second_factor_removed"));

    // The authenticator still has it; here it opens nothing any more.
    sign_out(&provider, &browser).await;
    browser.goto(&provider.url("/sign-in")).await;
    browser.click("#sign-in-passkey").await;
    browser.find("#error").await;
    for (action, outcome) in [
        ("second_factor.enrolled", "passkey"),
        ("second_factor.verdict", "passkey"),
        ("sign_in.verdict", "passkey"),
        ("session.started", "passkey"),
        ("second_factor.removed", "passkey"),
    ] {
        assert_eq!(records::count_of(&provider, action, outcome).await, 1, "{action}");
    }
    assert!(browser.complaints().await.iter().all(|said| said.contains("401")), "no code was refused");
}

#[tokio::test]
async fn a_passkey_from_before_a_recovery_opens_nothing_alone_until_it_came_after_the_new_password() {
    let provider = TestProvider::start().await;
    let (mut person, letter) = provider.person_with_codes("halina.wrona").await;
    let browser = Browser::open().await;
    plug_in_authenticator(&browser).await;
    sign_in_by_password(&provider, &browser, &person).await;
    browser.find("#sign-out").await;
    add_passkey(&provider, &browser, "Czyjś telefon").await;
    sign_out(&provider, &browser).await;

    let mut owner = provider.open_browser();
    let recovered = owner.try_recover(&person.login, &letter.serial, CODES[0]).await;
    let refused = async || {
        browser.goto(&provider.url("/sign-in")).await;
        browser.click("#sign-in-passkey").await;
        browser.find("#error").await;
    };
    refused().await;
    let change = owner.follow(recovered).await;
    owner.change_password_at(&change, NEW, NEW).await;
    refused().await;
    assert_eq!(records::count_of(&provider, "session.started", "passkey").await, 0);

    // Whoever knows the new password as well is its owner.
    NEW.clone_into(&mut person.password);
    sign_in_by_password(&provider, &browser, &person).await;
    browser.click("#prove-passkey").await;
    browser.find("#sign-out").await;
    sign_out(&provider, &browser).await;
    browser.goto(&provider.url("/sign-in")).await;
    browser.click("#sign-in-passkey").await;
    browser.find("#sign-out").await;
}

#[tokio::test]
async fn core_2_a_passkey_alone_is_acr_2_and_a_step_up_keeps_the_request() {
    let (provider, person, browser, _) = scene().await;
    let back = provider.url("/help");
    let billing = provider.relying_party("billing", json!({"redirect_uris": [back]})).await;
    let essential =
        json!({"id_token": {"acr": {"value": "urn:iok-id:acr:2", "essential": true}}}).to_string();
    let request = billing.authorization(&[("claims", &essential), ("redirect_uri", &back)]);

    browser.goto(&provider.url(&request)).await;
    browser.click("#sign-in-passkey").await;
    browser.find("a.button[href^='/sign-in']").await;
    let code = code_in(&browser.address().await);
    let tokens = billing.redeem_with(&code, &[("redirect_uri", &back)]).await.json();
    let token = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!((&token["acr"], &token["amr"]), (&json!("urn:iok-id:acr:2"), &json!(["pop", "user", "mfa"])));

    // Somebody whose session is from before they had a passkey.
    let other = provider.active_person("jan.kos").await;
    sign_out(&provider, &browser).await;
    sign_in_by_password(&provider, &browser, &other).await;
    browser.find("#sign-out").await;
    browser.goto(&provider.url(&request)).await;
    browser.find("#asked-by").await;
    browser.click("#add-passkey").await;
    browser.find("a.button[href^='/sign-in']").await;
    let code = code_in(&browser.address().await);
    let tokens = billing.redeem_with(&code, &[("redirect_uri", &back)]).await.json();
    let token = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(token["amr"], json!(["pwd", "pop", "user", "mfa"]));
    assert_ne!(person.login, other.login);
}

fn code_in(address: &str) -> String {
    let address = reqwest::Url::parse(address).unwrap();
    let code = address.query_pairs().find(|(name, _)| name == "code");
    code.unwrap_or_else(|| panic!("no code in {address}")).1.into_owned()
}

#[tokio::test]
async fn an_answer_is_good_once_in_its_own_browser_for_five_minutes() {
    let (provider, _, browser, _) = scene().await;
    let keep = "HTMLFormElement.prototype.send = HTMLFormElement.prototype.submit; \
                HTMLFormElement.prototype.submit = function () { \
                    document.body.dataset.ceremony = this.elements.ceremony.value; \
                    document.body.dataset.passkey = this.elements.passkey.value; \
                    document.body.id = 'answered'; }";
    let answered = async || {
        browser.goto(&provider.url("/sign-in")).await;
        browser.script(keep).await;
        browser.click("#sign-in-passkey").await;
        browser.find("#answered").await;
        browser.script("return [document.body.dataset.ceremony, document.body.dataset.passkey]").await
    };
    // The same browser, without its scripts: it holds the visit that was asked.
    let visit = async || browser.driver.get_named_cookie(OpenBrowser::VISIT).await.unwrap().value;
    let send = async |visit: &str, kept: &Value| {
        let mut itself = provider.open_browser().holding(OpenBrowser::VISIT, visit);
        let page = itself.get("/sign-in").await;
        let typed = [("ceremony", kept[0].as_str().unwrap()), ("passkey", kept[1].as_str().unwrap())];
        itself.submit(&page, "#sign-in-passkey", &typed).await
    };

    let kept = answered().await;
    // Somebody else got hold of it.
    let mut thief = provider.open_browser();
    thief.get("/sign-in").await;
    let refused = send(&thief.cookies[OpenBrowser::VISIT], &kept).await;
    assert_eq!(refused.status, 401, "{}", refused.body);
    assert!(form::has(&refused.body, "#error"));

    let visit = visit().await;
    assert_eq!(send(&visit, &kept).await.location(), "/");
    assert_eq!(send(&visit, &kept).await.status, 401);
    assert_eq!(records::count_of(&provider, "session.started", "passkey").await, 1);
    let mut refusals = 0;
    for outcome in ["passkey_replayed", "passkey_counter_went_back"] {
        refusals += records::count_of(&provider, "sign_in.verdict", outcome).await;
    }
    assert_eq!(refusals, 1);

    let late = answered().await;
    provider.advance(TimeDelta::minutes(5));
    assert_eq!(send(&visit, &late).await.status, 401);
    assert_eq!(records::count_of(&provider, "session.started", "passkey").await, 1);
}

#[tokio::test]
async fn a_copy_a_stranger_and_a_closed_account_are_refused() {
    let (provider, _, browser, authenticator) = scene().await;
    let try_in = async || {
        browser.goto(&provider.url("/sign-in")).await;
        browser.click("#sign-in-passkey").await;
    };
    try_in().await;
    browser.find("#sign-out").await;
    sign_out(&provider, &browser).await;

    provider.execute("UPDATE account SET state = 'suspended'").await;
    try_in().await;
    browser.find("#error").await;
    assert_eq!(records::count_of(&provider, "sign_in.verdict", "not_open").await, 1);
    provider.execute("UPDATE account SET state = 'active'").await;

    // A copy whose counter stands where it stood before.
    let mut copy = credentials(&browser, &authenticator).await.remove(0);
    let id = copy["credentialId"].clone();
    let of_it = json!({"authenticatorId": authenticator, "credentialId": id});
    browser.devtools("WebAuthn.removeCredential", of_it).await;
    copy["signCount"] = json!(0);
    let add = json!({"authenticatorId": authenticator, "credential": copy});
    browser.devtools("WebAuthn.addCredential", add).await;
    try_in().await;
    browser.find("#error").await;
    assert_eq!(records::count_of(&provider, "sign_in.verdict", "passkey_counter_went_back").await, 1);

    // Nobody is verified: the browser itself refuses, and the page says what to do.
    let unverified = json!({"authenticatorId": authenticator, "isUserVerified": false});
    browser.devtools("WebAuthn.setUserVerified", unverified).await;
    try_in().await;
    browser.find("[data-passkey-failed]:not([hidden])").await;
    assert_eq!(records::count_of(&provider, "session.started", "passkey").await, 1);
}

#[tokio::test]
async fn without_scripts_the_pages_say_what_else_works() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = Browser::with(Habits { scripts: false, ..Habits::default() }).await;
    sign_in_by_password(&provider, &browser, &person).await;
    browser.find("#sign-out").await;
    browser.goto(&provider.url(PAGE)).await;
    browser.find("#add-app").await;
    assert!(browser.text("noscript").await.contains("JavaScript"));
    assert!(!browser.find("#add-passkey").await.is_displayed().await.unwrap());
}
