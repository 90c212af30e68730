//! Where somebody is signed in, and ending that from afar.

use serde_json::json;

use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

const PHONE: &str = "Mozilla/5.0 (Linux; Android 8.0.0; SM-G930F) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/96.0 Mobile Safari/537.36";
const DESK: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

async fn signed_in(provider: &TestProvider, person: &Person, user_agent: &str) -> OpenBrowser {
    let mut browser = provider.open_browser().sending("user-agent", user_agent);
    browser.try_sign_in(&person.login, &person.password).await;
    assert!(browser.is_signed_in().await);
    browser
}

#[tokio::test]
async fn devices_are_told_apart_and_one_of_them_is_signed_out() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut phone = signed_in(&provider, &person, PHONE).await;
    let mut desk = signed_in(&provider, &person, DESK).await;
    let mut unknown = signed_in(&provider, &person, "").await;

    let page = desk.open("/account/sessions").await;
    let devices = form::texts(&page.body, "#devices > li > p:first-child");
    assert_eq!(devices.len(), 3, "{devices:?}");
    for device in ["Chrome, Android", "Firefox, Linux to urządzenie", "Nieznane urządzenie"] {
        assert!(devices.iter().any(|shown| shown == device), "{device}: {devices:?}");
    }

    let position = 1 + devices.iter().position(|shown| shown == "Chrome, Android").unwrap();
    let button = format!("#devices > li:nth-child({position}) .sign-out-device");
    let answer = desk.submit(&page, &button, &[]).await;
    assert_eq!(answer.location(), "/account/sessions?notice=ended");
    assert!(!phone.is_signed_in().await);
    assert!(desk.is_signed_in().await && unknown.is_signed_in().await);
    assert_eq!(records::count_of(&provider, "session.ended", "ended_by_owner").await, 1);
    // A double click gets the same answer.
    assert_eq!(desk.submit(&page, &button, &[]).await.status, 303);
    assert_eq!(records::count_of(&provider, "session.ended", "ended_by_owner").await, 1);

    let page = desk.follow(answer).await;
    assert!(form::has(&page.body, "#notice"), "{}", page.body);
    desk.submit(&page, "#sign-out-others", &[]).await;
    assert!(desk.is_signed_in().await && !unknown.is_signed_in().await);
    let page = desk.open("/account/sessions").await;
    assert_eq!(form::texts(&page.body, "#devices > li").len(), 1);
    assert!(!form::has(&page.body, "#sign-out-others"), "{}", page.body);
}

#[tokio::test]
async fn what_services_got_on_a_lost_device_ends_with_it() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let lost = provider.visitor();
    let page =
        lost.open(&billing.authorization(&[("scope", "openid offline_access"), ("prompt", "consent")])).await;
    let answer = lost.sign_in_at(&page, &person.login, &person.password).await;
    let consent = lost.follow(answer).await;
    let code = lost.submit(&consent, "#approve", &[]).await.parameter("code").unwrap();
    let tokens = billing.redeem(&code).await.json();

    let mut here = signed_in(&provider, &person, DESK).await;
    let page = here.open("/account/sessions").await;
    here.submit(&page, ".sign-out-device", &[]).await;
    let refreshed = billing.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.json()["error"], "invalid_grant", "{}", refreshed.body);
    assert!(!form::has(&lost.get("/").await.body, "#sign-out"));
}

#[tokio::test]
async fn nobody_signs_somebody_else_out() {
    let provider = TestProvider::start().await;
    let owner = provider.active_person("halina.wrona").await;
    let stranger = provider.active_person("jan.obcy").await;
    let mut owners = signed_in(&provider, &owner, DESK).await;
    signed_in(&provider, &owner, PHONE).await;
    let page = owners.open("/account/sessions").await;
    let (_, fields) = form::filled_in(&page.body, ".sign-out-device", &[]);
    let session = fields.iter().find(|(name, _)| name == "session").unwrap().clone();

    let mut strangers = signed_in(&provider, &stranger, PHONE).await;
    signed_in(&provider, &stranger, DESK).await;
    let page = strangers.open("/account/sessions").await;
    let (action, mut fields) = form::filled_in(&page.body, ".sign-out-device", &[]);
    fields.iter_mut().filter(|(name, _)| name == "session").for_each(|field| field.1.clone_from(&session.1));
    strangers.post(&action, &fields).await;
    assert_eq!(records::count(&provider, "session.ended").await, 0);
    assert!(owners.is_signed_in().await);

    // Nor does a form from elsewhere.
    fields.retain(|(name, _)| name != "csrf");
    assert_eq!(strangers.post(&action, &fields).await.status, 403);
}

#[tokio::test]
async fn a_device_on_which_somebody_came_back_with_the_letter_is_told_apart_too() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;

    let mut browser = provider.open_browser().sending("user-agent", DESK);
    let answer = browser.try_recover(&person.login, &letter.serial, CODES[0]).await;
    let change = browser.follow(answer).await;
    browser.change_password_at(&change, "tR7#mKp2!x", "tR7#mKp2!x").await;
    let page = browser.get("/account/sessions").await;
    assert_eq!(form::texts(&page.body, "#devices > li > p:first-child"), ["Firefox, Linux to urządzenie"]);
}
