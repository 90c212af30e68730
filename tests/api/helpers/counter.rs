//! The office's counter: who works there, whom letters are for, and what the letters say.

use iok_id::domain::account::AccountState;
use iok_id::domain::ambient::Ambient;
use iok_id::domain::clock::Clock as _;
use iok_id::domain::credential_letter::order::{OrderKind, OrderState};
use iok_id::domain::ids::LetterOrderId;
use iok_id::domain::staff::Role;
use iok_id::storage::letter_orders::LetterOrder;
use iok_id::storage::{accounts, letter_orders};
use scraper::{Html, Selector};

use super::form;
use super::people::Person;
use super::provider::TestProvider;
use super::visitor::{Answer, Visitor};

pub(crate) const OFFICE: &str = "Administracja nr 1";
pub(crate) const OTHER_OFFICE: &str = "Administracja nr 2";

/// A letter, as its addressee reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) login: String,
    pub(crate) password: String,
    /// In groups.
    pub(crate) serial: String,
    pub(crate) codes: Vec<String>,
}

impl Letter {
    /// Every letter on the page.
    pub(crate) fn all_in(html: &str) -> Vec<Self> {
        let selector = |text: &str| Selector::parse(text).unwrap();
        Html::parse_document(html)
            .select(&selector("article.letter"))
            .map(|letter| {
                let texts = |wanted: &str| -> Vec<String> {
                    letter
                        .select(&selector(wanted))
                        .map(|element| element.text().collect::<String>().trim().to_owned())
                        .collect()
                };
                Self {
                    login: texts(".letter-login").remove(0),
                    password: texts(".letter-password").remove(0),
                    serial: texts(".letter-serial").remove(0),
                    codes: texts(".letter-codes li"),
                }
            })
            .collect()
    }

    pub(crate) fn person(&self) -> Person {
        Person { password: self.password.clone(), ..Person::active(&self.login) }
    }
}

/// Somebody who works here, signed in with a second factor, and called by their login: to see who did what. Their own
/// account belongs to the office that is named.
pub(crate) async fn staff(provider: &TestProvider, login: &str, role: Role, office: &str) -> Visitor {
    let works_at = role.is_bound_to_an_office().then_some(office);
    let clerk = provider.staff(login, role, works_at).await;
    provider
        .execute(&format!(
            "UPDATE account SET family_name = '{login}', \
             office_id = (SELECT id FROM office WHERE name = '{office}') WHERE login = '{login}'"
        ))
        .await;
    clerk.browser
}

/// Whoever is signed in is a clerk from now on, and has proved a second factor.
pub(crate) async fn promote(provider: &TestProvider, login: &str, office: &str) {
    let now = provider.clock.now().to_rfc3339();
    let events = format!(r#"[{{"method":"password","at":"{now}"}},{{"method":"totp","at":"{now}"}}]"#);
    let account = format!("(SELECT id FROM account WHERE login = '{login}')");
    provider.execute(&format!("UPDATE session SET events = '{events}' WHERE account_id = {account}")).await;
    let office = format!("(SELECT id FROM office WHERE name = '{office}')");
    provider
        .execute(&format!(
            "INSERT INTO staff (account_id, role, office_id, created_at) VALUES ({account}, 'clerk', {office}, \
             (SELECT created_at FROM account WHERE login = '{login}'))"
        ))
        .await;
}

pub(crate) async fn clerk(provider: &TestProvider, login: &str) -> Visitor {
    staff(provider, login, Role::Clerk, OFFICE).await
}

/// Somebody whose application was approved a moment ago: the account waits, the letter is to be printed.
pub(crate) async fn approved(provider: &TestProvider, login: &str) -> LetterOrderId {
    provider.import(&[&Person::with_letter(login)]).await;
    provider
        .execute(&format!("UPDATE account SET initial_password_hash = NULL WHERE login = '{login}'"))
        .await;
    move_to(provider, login, AccountState::AwaitingCollection).await;
    order(provider, login, OrderKind::First).await
}

/// Another letter for somebody who is known already, agreed to by whoever has to agree.
pub(crate) async fn reissue(provider: &TestProvider, login: &str) -> LetterOrderId {
    order(provider, login, OrderKind::Reissue).await
}

async fn order(provider: &TestProvider, login: &str, kind: OrderKind) -> LetterOrderId {
    let connection = provider.database.connect().await;
    let account = provider.account_id(login).await;
    let id = Ambient::system().new_id();
    let new = LetterOrder {
        id,
        account,
        kind,
        state: OrderState::Approved,
        reason: None,
        requested_by: None,
        requested_at: provider.clock.now(),
        decided_by: None,
        decided_at: None,
    };
    letter_orders::insert(&connection, new).await.unwrap();
    connection.close().await.unwrap();
    id
}

pub(crate) async fn move_to(provider: &TestProvider, login: &str, becomes: AccountState) {
    let connection = provider.database.connect().await;
    let account = accounts::find_by_login(&connection, login).await.unwrap().unwrap();
    let now = provider.clock.now();
    assert!(accounts::move_on(&connection, account.id, account.state, becomes, now).await.unwrap());
    connection.close().await.unwrap();
}

pub(crate) async fn state_of(provider: &TestProvider, login: &str) -> String {
    let connection = provider.database.connect().await;
    let found = accounts::find_by_login(&connection, login).await.unwrap().unwrap();
    connection.close().await.unwrap();
    found.state.to_string()
}

/// The desk of letters, with every letter ticked.
pub(crate) async fn letters_page(clerk: &Visitor) -> Answer {
    clerk.get("/office/letters").await.with_every_box_ticked()
}

/// Everything of the list that is to be printed, at one press.
pub(crate) async fn print_all(clerk: &Visitor) -> Answer {
    let page = letters_page(clerk).await;
    assert_eq!(page.status, 200, "{}", page.body);
    clerk.submit(&page, "#print", &[]).await
}

/// The only letter there is to print.
pub(crate) async fn print_one(clerk: &Visitor) -> Letter {
    let printed = print_all(clerk).await;
    let mut letters = Letter::all_in(&printed.body);
    assert_eq!(letters.len(), 1, "{}", printed.body);
    letters.remove(0)
}

/// The only letter that waits, once more.
pub(crate) async fn print_again(clerk: &Visitor) -> Letter {
    let page = letters_page(clerk).await;
    let printed = clerk.submit(&page, "#print-again", &[]).await;
    let mut letters = Letter::all_in(&printed.body);
    assert_eq!(letters.len(), 1, "{}", printed.body);
    letters.remove(0)
}

/// Types a serial at the counter.
pub(crate) async fn find(clerk: &Visitor, serial: &str) -> Answer {
    let page = clerk.get("/office/collection").await;
    assert_eq!(page.status, 200, "{}", page.body);
    clerk.submit(&page, "#find-letter", &[("serial", serial)]).await.with_every_box_ticked()
}

/// Hands a letter over.
pub(crate) async fn hand_over(clerk: &Visitor, serial: &str) -> Answer {
    let page = find(clerk, serial).await;
    assert!(form::has(&page.body, "#hand-over"), "{}", page.body);
    clerk.submit(&page, "#hand-over", &[("document", "identity_card")]).await
}
