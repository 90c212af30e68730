//! Which accounts a right password opens.

use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::helpers::form;
use crate::helpers::people::{CHOSEN, INITIAL, Person, hash_of};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;

/// An account in this state, with everything it may have, and the password that would open it.
fn in_state(login: &str, state: &str, initial: bool) -> Person {
    let mut person = if initial { Person::with_letter(login) } else { Person::active(login) };
    state.clone_into(&mut person.row.state);
    person
}

#[tokio::test]
async fn a_right_password_opens_no_account_that_is_suspended_closed_lapsed_or_not_collected() {
    let provider = TestProvider::start().await;
    let people = [
        in_state("halina.awaits", "awaiting_collection", true),
        in_state("halina.lapsed", "lapsed", true),
        in_state("halina.susp-1", "suspended", true),
        in_state("halina.susp-2", "suspended", false),
        in_state("halina.close1", "closed", true),
        in_state("halina.close2", "closed", false),
    ];
    provider.import(&people.iter().collect::<Vec<_>>()).await;
    for person in &people {
        let mut browser = provider.open_browser();
        let mut answer = browser.try_sign_in(&person.login, &person.password).await;
        assert_eq!(answer.status, 401, "{}", person.login);
        assert!(!browser.cookies.contains_key("iok_id_session"), "{}", person.login);
        let mut unknown = browser.clone().try_sign_in("nobody.at.all", &person.password).await;
        for page in [&mut answer, &mut unknown] {
            page.body = page.body.replace(&person.login, "X").replace("nobody.at.all", "X");
        }
        assert_eq!(answer.body, unknown.body, "the page of an unknown login");
    }
    assert_eq!(records::count(&provider, "session.started").await, 0);
    assert_eq!(records::count_of(&provider, "sign_in.refused", "not_open").await, people.len());
    assert_eq!(records::count(&provider, "sign_in.verdict").await, 0, "nothing of theirs was compared");
}

#[tokio::test]
async fn an_initial_password_opens_nothing_once_a_password_was_chosen() {
    let provider = TestProvider::start().await;
    // A letter from before: the account is active, and the old hash is still there, for recovery alone.
    let mut person = Person::active("halina.wrona");
    person.row.initial_password_hash = hash_of(INITIAL);
    provider.import(&[&person]).await;
    let mut browser = provider.open_browser();
    assert_eq!(browser.try_sign_in(&person.login, INITIAL).await.status, 401);
    let answer = browser.try_sign_in(&person.login, CHOSEN).await;
    assert!(form::has(&browser.follow(answer).await.body, "#sign-out"));
}

#[tokio::test]
async fn an_account_that_stops_being_active_stops_being_served() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let tokens = billing.tokens(&browser, &person, &[]).await;
    assert_eq!(billing.userinfo(tokens["access_token"].as_str().unwrap()).await.status, 200);
    // What the office will do by its own door.
    let connection = provider.database.connect().await;
    connection.execute_unprepared("UPDATE account SET state = 'suspended'").await.unwrap();
    assert_eq!(billing.userinfo(tokens["access_token"].as_str().unwrap()).await.status, 401);
    let refused = billing.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!((refused.status.as_u16(), refused.json()["error"].as_str()), (400, Some("invalid_grant")));
    // The session that was there opens nothing either, and nobody is sent round in circles.
    assert!(!form::has(&browser.get("/").await.body, "#sign-out"));
    let page = browser.open(&billing.authorization(&[])).await;
    let refused = browser.sign_in_at(&page, &person.login, &person.password).await;
    assert_eq!(refused.status, 401);
}
