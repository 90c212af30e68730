//! `/account`: what is held about a person, and nothing about anybody else.

use chrono::TimeDelta;
use iok_id::domain::clock::Clock as _;

use crate::helpers::form;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;

#[tokio::test]
async fn people_see_what_is_held_about_them_and_nothing_about_others() {
    let provider = TestProvider::start().await;
    provider.publish_regulations("2026-1").await;
    let person = provider.active_person("halina.wrona").await;
    let mut other = Person::active("jan.inny");
    other.row.family_name = "Gżegżółka".to_owned();
    provider.import(&[&other]).await;
    let browser = provider.visitor();
    let home = browser.sign_in(&person).await;
    assert_eq!(form::attribute(&home.body, "#account-link", "href").as_deref(), Some("/account"));

    let page = browser.get("/account").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let data = form::text(&page.body, "#data").unwrap();
    for datum in [
        "Halina Wrona",
        "halina.wrona",
        "halina.wrona@example.test",
        "potwierdzony",
        "+48600100200",
        "ul. Wiśniowa 3/4",
        "41-600 Świętochłowice",
        "K-halina.wrona",
    ] {
        assert!(data.contains(datum), "{datum}: {data}");
    }
    let premises = form::text(&page.body, "#premises").unwrap();
    assert!(premises.contains("P-halina.wrona") && premises.contains("właściciel"), "{premises}");
    let office = form::text(&page.body, "#office").unwrap();
    assert!(office.contains("Administracja nr 1") && office.contains("7:00–17:00"), "{office}");
    for foreign in ["jan.inny", "Gżegżółka"] {
        assert!(!page.body.contains(foreign), "{foreign}: {}", page.body);
    }
}

#[tokio::test]
async fn accepted_regulations_are_listed_with_their_text() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    provider.publish_regulations("2026-2").await;
    let browser = provider.visitor();
    let owed = browser.sign_in(&person).await.with_every_box_ticked();
    let accepted = browser.submit(&owed, "#accept-regulations", &[]).await;
    browser.follow(accepted).await;
    let page = browser.get("/account").await;
    assert_eq!(
        form::attribute(&page.body, "#accepted a", "href").as_deref(),
        Some("/regulations/2026-2"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn premises_are_gone_on_the_day_on_which_the_title_ends() {
    let provider = TestProvider::start().await;
    let ends = (provider.clock.now() + TimeDelta::days(3)).date_naive();
    let mut person = Person::active("halina.wrona");
    person.row.premises = format!("P-sold:owner:residential:{ends};P-kept:tenant");
    provider.import(&[&person]).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let before = form::text(&browser.get("/account").await.body, "#premises").unwrap();
    assert!(before.contains("P-sold") && before.contains("P-kept"), "{before}");

    provider.advance(TimeDelta::days(4));
    browser.sign_in(&person).await;
    let after = form::text(&browser.get("/account").await.body, "#premises").unwrap();
    assert!(!after.contains("P-sold") && after.contains("P-kept"), "{after}");
}

#[tokio::test]
async fn nobody_else_comes_in() {
    let provider = TestProvider::start().await;
    for path in ["/account", "/account/password", "/account/sessions", "/account/access", "/account/closure"]
    {
        assert_eq!(provider.visitor().get(path).await.location(), "/sign-in", "{path}");
    }
    let newcomer = provider.person_with_letter("halina.wrona").await;
    let browser = provider.visitor();
    browser.sign_in(&newcomer).await;
    assert_eq!(browser.get("/account").await.location(), "/change-password");
}
