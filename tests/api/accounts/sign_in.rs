//! Signing in at `/sign-in`.

use crate::helpers::form;
use crate::helpers::people::CHOSEN;
use crate::helpers::provider::TestProvider;

#[tokio::test]
async fn an_initial_password_opens_the_change_page_and_a_chosen_one_the_home_page() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let browser = provider.visitor();

    let change = browser.sign_in(&person).await;
    assert!(form::has(&change.body, "#new-password"), "{}", change.body);
    let changed = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
    let home = browser.follow(changed).await;
    assert!(form::has(&home.body, "#sign-out"), "{}", home.body);

    let again = provider.visitor();
    let refused = again.sign_in(&person).await;
    assert_eq!(refused.status, 401, "the initial password is dead");
    let mut person = person;
    person.password = CHOSEN.to_owned();
    let home = again.sign_in(&person).await;
    assert!(form::has(&home.body, "#sign-out"), "{}", home.body);
}
