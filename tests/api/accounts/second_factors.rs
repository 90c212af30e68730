//! Second factors of contractors: chosen by them, proved at each sign-in, taken away by them.

use chrono::TimeDelta;
use futures_util::future::join;
use iok_id::domain::secret::BearerSecret;
use iok_id::domain::staff::Role;

use crate::helpers::command_line::iok_id;
use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::{CHOSEN, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::staff::{add_app, enrol};
use crate::helpers::tables;
use crate::helpers::visitor::Visitor;

const PAGE: &str = "/account/second-factors";

async fn signed_in(provider: &TestProvider, person: &Person) -> Visitor {
    let browser = provider.visitor();
    browser.sign_in(person).await;
    browser
}

#[tokio::test]
async fn an_app_is_added_by_its_owner_told_by_mail_and_asked_for_ever_after() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = signed_in(&provider, &person).await;
    assert!(form::has(&browser.get(PAGE).await.body, "#no-factors"));
    let (authenticator, codes, page) = add_app(&provider, &browser).await;
    assert!(form::has(&page.body, "#remove-app") && !form::has(&page.body, "#add-app"), "{}", page.body);
    assert!(provider.mailed_to(&person.row.email).await.contains(&"second_factor_added"));
    assert_eq!(records::count_of(&provider, "second_factor.enrolled", "totp").await, 1);
    assert_eq!(browser.get("/sign-in").await.location(), "/", "a contractor is not at home in the office");

    // From now on the password alone opens nothing.
    provider.advance(TimeDelta::seconds(30));
    let other = provider.visitor();
    let owing = other.sign_in(&person).await;
    assert!(form::has(&owing.body, "#code"), "{}", owing.body);
    assert_eq!(other.get("/account").await.location(), "/second-factor");
    let proved = other.submit(&owing, "#prove", &[("code", &authenticator.code(&provider))]).await;
    assert_eq!(proved.location(), "/");
    assert_eq!(other.get("/account").await.status, 200);

    let third = provider.visitor();
    let owing = third.sign_in(&person).await;
    let proved = third.submit(&owing, "#prove", &[("code", &codes[0])]).await;
    assert_eq!(proved.location(), "/", "a recovery code stands in");
}

#[tokio::test]
async fn nothing_is_added_or_removed_long_after_the_last_proof_until_the_password_comes_again() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = signed_in(&provider, &person).await;
    let (_, _, removable) = add_app(&provider, &browser).await;
    provider.advance(TimeDelta::minutes(11));

    let stale = browser.submit(&removable, "#remove-app", &[]).await;
    assert_eq!(stale.status, 403, "{}", stale.body);
    let page = browser.get(PAGE).await;
    assert!(form::has(&page.body, "#confirm") && !form::has(&page.body, "#remove-app"), "{}", page.body);
    for (password, status) in [("", 422), ("Nie#to7haslo", 422)] {
        let answer = browser.submit(&page, "#confirm", &[("present_password", password)]).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(form::has(&answer.body, "#present-password[aria-invalid=true]"), "{}", answer.body);
    }
    let confirmed = browser.submit(&page, "#confirm", &[("present_password", &person.password)]).await;
    assert_eq!(confirmed.location(), PAGE);
    assert_eq!(records::count_of(&provider, "identity.confirmed", "password").await, 1);
    let page = browser.get(PAGE).await;
    let removed = browser.submit(&page, "#remove-app", &[]).await;
    assert_eq!(removed.location(), "/account/second-factors?notice=removed");
    let again = browser.submit(&page, "#remove-app", &[]).await;
    assert_eq!(again.location(), "/account/second-factors?notice=removed", "pressed twice");

    assert_eq!(records::count_of(&provider, "second_factor.removed", "totp").await, 1);
    let mails = provider.mailed_to(&person.row.email).await;
    assert_eq!(mails.iter().filter(|kind| **kind == "second_factor_removed").count(), 1);
    assert_eq!(provider.visitor().sign_in(&person).await.status, 200);
    assert!(form::has(&signed_in(&provider, &person).await.get("/").await.body, "#sign-out"));
}

#[tokio::test]
async fn proving_oneself_again_renews_the_session_and_the_cookie_from_before_opens_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = provider.open_browser();
    browser.try_sign_in(&person.login, &person.password).await;
    provider.advance(TimeDelta::minutes(11));
    let page = browser.get(PAGE).await;
    let before = browser.session();
    let mut copied = browser.clone();
    let typed = [("present_password", person.password.as_str())];
    let confirmed = browser.submit(&page, "#confirm", &typed).await;
    assert_eq!(confirmed.location(), PAGE);
    assert_ne!(browser.session(), before);
    assert!(form::has(&browser.get(PAGE).await.body, "#add-app"));
    assert!(!provider.open_browser().holding(OpenBrowser::SESSION, &before).is_signed_in().await);

    // The answer was lost, or the button was pressed once more: no more is lost than a sign-in.
    let again = copied.submit(&page, "#confirm", &typed).await;
    assert!(again.location().starts_with("/sign-in"), "{again:?}");
    assert_eq!(copied.try_sign_in(&person.login, &person.password).await.location(), "/");
    assert!(browser.is_signed_in().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_clicks_at_once_the_browser_is_left_with_a_session() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut first = provider.open_browser();
    first.try_sign_in(&person.login, &person.password).await;
    provider.advance(TimeDelta::minutes(11));
    let page = first.get(PAGE).await;
    let mut second = first.clone();
    let typed = [("present_password", person.password.as_str())];
    let (one, other) =
        join(first.submit(&page, "#confirm", &typed), second.submit(&page, "#confirm", &typed)).await;
    assert!([&one, &other].iter().any(|answer| answer.location() == PAGE), "{one:?} {other:?}");
    assert!(first.is_signed_in().await || second.is_signed_in().await);
    assert_eq!(records::rows(&provider, "session", "ended_at IS NULL").await, 1, "one session all the same");
}

/// Eighty bits that lie as a plain digest could be tried at millions a second by who copied the database.
#[tokio::test]
async fn recovery_codes_are_hashed_as_passwords_are_and_those_from_before_work_on() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let (_, codes, _) = add_app(&provider, &signed_in(&provider, &person).await).await;
    let stored = tables::column(&provider.database, "second_factor_code", "digest").await;
    assert_eq!(stored.len(), 10);
    assert!(stored.iter().all(|hash| hash.starts_with("$argon2id$")), "{stored:?}");

    let opens = async |code: &str| {
        let browser = provider.visitor();
        let owing = browser.sign_in(&person).await;
        browser.submit(&owing, "#prove", &[("code", code)]).await.status == 303
    };
    assert!(opens(&codes[0]).await);
    assert!(!opens(&codes[0]).await, "once");
    assert!(opens(&codes[9].to_uppercase().replace('-', " ")).await, "any of them, however it is typed");
    // As they were stored until now.
    for (number, code) in (1..).zip(&codes) {
        let digest = BearerSecret::presented(code.replace('-', "")).digest().to_text();
        provider
            .execute(&format!("UPDATE second_factor_code SET digest = '{digest}' WHERE number = {number}"))
            .await;
    }
    assert!(opens(&codes[4]).await);
    assert!(!opens(&codes[4]).await, "once");
    assert!(!opens(&codes[0]).await, "what was used before stays used");
}

#[tokio::test]
async fn the_first_factor_ends_what_is_open_elsewhere_and_forms_from_there_change_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let thief = signed_in(&provider, &person).await;
    let form_from_before = thief.get(PAGE).await;
    let owner = signed_in(&provider, &person).await;
    let (_, _, owners_page) = add_app(&provider, &owner).await;

    // Whoever else is in came by the password alone: neither the page nor a form of the owner's page helps.
    assert!(form::has(&owner.get("/").await.body, "#sign-out"));
    assert!(thief.get(PAGE).await.location().starts_with("/sign-in"));
    let (action, mut fields) = form::filled_in(&owners_page.body, "#remove-app", &[]);
    let own_csrf = form::attribute(&form_from_before.body, "input[name=csrf]", "value").unwrap();
    for field in &mut fields {
        if field.0 == "csrf" {
            field.1.clone_from(&own_csrf);
        }
    }
    thief.post(&action, &fields).await;
    assert_eq!(records::count(&provider, "second_factor.removed").await, 0);
}

#[tokio::test]
async fn whoever_lifts_the_lock_lets_the_owners_codes_in_again() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let (authenticator, _, _) = add_app(&provider, &signed_in(&provider, &person).await).await;
    let thief = provider.visitor();
    let mut page = thief.sign_in(&person).await;
    for _ in 0..5 {
        page = thief.submit(&page, "#prove", &[("code", "000000")]).await;
    }
    provider.advance(TimeDelta::seconds(30));
    let owner = provider.visitor();
    let owing = owner.sign_in(&person).await;
    let refused = owner.submit(&owing, "#prove", &[("code", &authenticator.code(&provider))]).await;
    assert!(!refused.status.is_redirection(), "{}", refused.body);
    assert!(iok_id(&provider, &["account", "unlock", &person.login]).await.status.success());
    let proved = owner.submit(&owing, "#prove", &[("code", &authenticator.code(&provider))]).await;
    assert_eq!(proved.location(), "/");
}

#[tokio::test]
async fn a_session_that_owes_a_factor_ends_when_its_owner_takes_the_factor_away() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let owner = signed_in(&provider, &person).await;
    let (_, _, page) = add_app(&provider, &owner).await;
    let other = provider.visitor();
    assert!(form::has(&other.sign_in(&person).await.body, "#code"));
    owner.submit(&page, "#remove-app", &[]).await;
    assert_eq!(other.get("/second-factor").await.location(), "/sign-in");
    assert_eq!(owner.get("/account").await.status, 200);
}

#[tokio::test]
async fn the_letter_takes_a_factor_away_only_where_the_house_says_so() {
    for (removes, next) in [("false", "/second-factor"), ("true", "/")] {
        let provider = TestProvider::start_with(&[("recovery.removes_second_factor", removes)]).await;
        let (person, letter) = provider.person_with_codes("halina.wrona").await;
        let browser = provider.visitor();
        browser.sign_in(&person).await;
        add_app(&provider, &browser).await;

        let mut back = provider.open_browser();
        let recovered = back.try_recover(&person.login, &letter.serial, CODES[0]).await;
        let change = back.follow(recovered).await;
        let changed = back.change_password_at(&change, CHOSEN, CHOSEN).await;
        assert_eq!(changed.location(), next, "{removes}");
        let removed = usize::from(removes == "true");
        assert_eq!(records::count_of(&provider, "second_factor.removed", "recovered").await, removed);
    }
}

#[tokio::test]
async fn also_where_the_house_says_so_the_letter_leaves_staff_theirs() {
    let provider = TestProvider::start_with(&[("recovery.removes_second_factor", "true")]).await;
    let (person, letter) = provider.person_with_codes("anna.nowak").await;
    provider.add_staff(&person.login, Role::Supervisor, None).await;
    let browser = provider.visitor();
    let set_up = browser.sign_in(&person).await;
    enrol(&provider, &browser, &set_up).await;

    let mut back = provider.open_browser();
    let recovered = back.try_recover(&person.login, &letter.serial, CODES[0]).await;
    let change = back.follow(recovered).await;
    let changed = back.change_password_at(&change, CHOSEN, CHOSEN).await;
    assert_eq!(changed.location(), "/second-factor");
    let asks = back.follow(changed).await;
    assert!(form::has(&asks.body, "#code") && !form::has(&asks.body, "#seed"), "{}", asks.body);
    assert_eq!(records::count(&provider, "second_factor.removed").await, 0);
}

#[tokio::test]
async fn staff_keep_their_last_factor() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", "Administracja nr 1").await;
    let page = clerk.get(PAGE).await;
    assert!(!form::has(&page.body, "#remove-app"), "{}", page.body);
    let csrf = form::attribute(&page.body, "input[name=csrf]", "value").unwrap();
    let fields = [("csrf".to_owned(), csrf), ("do".to_owned(), "remove-app".to_owned())];
    assert_eq!(clerk.browser.post(PAGE, &fields).await.status, 422);
    assert_eq!(records::count(&provider, "second_factor.removed").await, 0);
    assert_eq!(clerk.get("/office").await.status, 200);
}
