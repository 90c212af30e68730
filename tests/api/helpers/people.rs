//! People, as the import file describes them.

use std::sync::OnceLock;

use iok_id::crypto::password::{HashCost, hash_now};
use iok_id::domain::secret::SystemEntropy;

use super::provider::TestProvider;

/// Satisfies the policy, belongs to nobody.
pub(crate) const CHOSEN: &str = "Zimorodek#7k";
pub(crate) const INITIAL: &str = "Rdzawy=Lis4w";

/// A person and what they know.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) login: String,
    /// What opens the account now.
    pub(crate) password: String,
    pub(crate) row: Row,
}

/// A row of the import file; tests change what they are about.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) contractor_number: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) office: String,
    pub(crate) premises: String,
    pub(crate) state: String,
    pub(crate) initial_password_hash: String,
    pub(crate) password_hash: String,
    pub(crate) email_verified: String,
    pub(crate) attributes: String,
    pub(crate) locale: String,
}

impl Person {
    pub(crate) fn with_letter(login: &str) -> Self {
        let row = Row {
            state: "initial_password".to_owned(),
            initial_password_hash: initial_hash().to_owned(),
            ..Row::of(login)
        };
        Self { login: login.to_owned(), password: INITIAL.to_owned(), row }
    }

    pub(crate) fn active(login: &str) -> Self {
        let row =
            Row { state: "active".to_owned(), password_hash: chosen_hash().to_owned(), ..Row::of(login) };
        Self { login: login.to_owned(), password: CHOSEN.to_owned(), row }
    }
}

impl Row {
    fn of(login: &str) -> Self {
        Self {
            contractor_number: format!("K-{login}"),
            given_name: "Halina".to_owned(),
            family_name: "Wrona".to_owned(),
            email: format!("{login}@example.test"),
            phone: "+48 600 100 200".to_owned(),
            office: "Administracja nr 1".to_owned(),
            premises: format!("P-{login}:owner"),
            state: String::new(),
            initial_password_hash: String::new(),
            password_hash: String::new(),
            email_verified: "true".to_owned(),
            attributes: String::new(),
            locale: String::new(),
        }
    }
}

/// The import file of these people.
pub(crate) fn csv(people: &[&Person]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record([
            "login",
            "contractor_number",
            "given_name",
            "family_name",
            "email",
            "phone",
            "street",
            "postal_code",
            "city",
            "office",
            "premises",
            "state",
            "initial_password_hash",
            "password_hash",
            "email_verified",
            "attributes",
            "locale",
        ])
        .unwrap();
    for person in people {
        let row = &person.row;
        writer
            .write_record([
                &person.login,
                &row.contractor_number,
                &row.given_name,
                &row.family_name,
                &row.email,
                &row.phone,
                "ul. Wiśniowa 3/4",
                "41-600",
                "Świętochłowice",
                &row.office,
                &row.premises,
                &row.state,
                &row.initial_password_hash,
                &row.password_hash,
                &row.email_verified,
                &row.attributes,
                &row.locale,
            ])
            .unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

pub(crate) fn hash_of(password: &str) -> String {
    hash_now(HashCost::default(), password, &SystemEntropy).unwrap()
}

/// Strangers guess until nobody signs in from a device that is not known.
pub(crate) async fn lock_out(provider: &TestProvider, person: &Person) {
    for _ in 0..5 {
        let stranger = provider.visitor();
        let page = stranger.open("/sign-in").await;
        stranger.sign_in_at(&page, &person.login, "Zgadywane#1").await;
    }
}

pub(crate) fn initial_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash_of(INITIAL))
}

fn chosen_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash_of(CHOSEN))
}
