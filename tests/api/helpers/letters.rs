//! Letters with recovery codes, as the office prints them and hands them over.

use std::sync::OnceLock;

use iok_id::domain::ambient::Ambient;
use iok_id::domain::clock::{Clock as _, Moment};
use iok_id::domain::credential_letter::LetterSerial;
use iok_id::domain::credential_letter::collection::IdentityDocument;
use iok_id::domain::credential_letter::order::{OrderKind, OrderState};
use iok_id::domain::ids::{AccountId, CredentialLetterId, LetterOrderId, TypedId};
use iok_id::domain::secret::SystemEntropy;
use iok_id::storage::accounts::find_by_login;
use iok_id::storage::letter_orders::{self, LetterOrder};
use iok_id::storage::letters::{self, NewLetter};

use super::database::Kind;
use super::people::{Person, hash_of, initial_hash};
use super::provider::TestProvider;

/// The codes of every letter in these tests, in order: hashing is slow, and nothing here depends on their difference.
pub(crate) const CODES: [&str; 5] =
    ["7KQ2-MXA9-TBC4", "HX4N-92WQ-PT6C", "QW8E-RT5Y-ZX3C", "3NBV-7CXZ-LKJH", "WQZP-44RT-9GHJ"];

/// A letter in somebody's hand.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) id: CredentialLetterId,
    pub(crate) account: AccountId,
    /// As printed.
    pub(crate) serial: String,
}

impl TestProvider {
    pub(crate) fn at(&self) -> Moment {
        self.clock.now()
    }

    pub(crate) async fn account_id(&self, login: &str) -> AccountId {
        let connection = self.database.connect().await;
        let found = find_by_login(&connection, login).await.unwrap().unwrap();
        connection.close().await.unwrap();
        found.id
    }

    /// An id as this run's database reads it in SQL.
    pub(crate) fn uuid_literal(&self, id: impl TypedId) -> String {
        match self.database.kind {
            Kind::Sqlite => format!("X'{}'", id.uuid().simple()),
            Kind::Postgres => format!("'{}'", id.uuid()),
        }
    }

    /// Somebody who chose a password long ago, and kept the letter.
    pub(crate) async fn person_with_codes(&self, login: &str) -> (Person, Letter) {
        let person = self.active_person(login).await;
        let letter = self.letter_of(login).await;
        (person, letter)
    }

    /// A letter that was handed over to the owner of this account. The account stays as it is.
    pub(crate) async fn letter_of(&self, login: &str) -> Letter {
        let letter = self.printed_letter_of(login).await;
        let connection = self.database.connect().await;
        letters::collect(&connection, letter.id, letter.account, IdentityDocument::Passport, self.at())
            .await
            .unwrap()
            .expect("nobody collected it before");
        connection.close().await.unwrap();
        letter
    }

    /// A letter that waits at the office.
    pub(crate) async fn printed_letter_of(&self, login: &str) -> Letter {
        let account = self.account_id(login).await;
        let ambient = Ambient::system();
        let (order, id): (LetterOrderId, CredentialLetterId) = (ambient.new_id(), ambient.new_id());
        let serial = LetterSerial::generate(&SystemEntropy);
        let connection = self.database.connect().await;
        let ordered = LetterOrder {
            id: order,
            account,
            kind: OrderKind::First,
            state: OrderState::Collected,
            reason: None,
            requested_by: None,
            requested_at: self.at(),
            decided_by: None,
            decided_at: None,
        };
        letter_orders::insert(&connection, ordered).await.unwrap();
        let printed = NewLetter {
            id,
            account,
            order,
            serial: serial.as_str().to_owned(),
            initial_password_hash: code_hashes()[0].clone(),
            code_hashes: code_hashes().to_vec(),
            printed_by: account,
            printed_at: self.at(),
        };
        letters::insert_printed(&connection, printed).await.unwrap();
        connection.close().await.unwrap();
        Letter { id, account, serial: serial.to_string() }
    }

    pub(crate) async fn void_letter(&self, letter: &Letter) {
        let connection = self.database.connect().await;
        assert!(letters::void(&connection, letter.id, "reissued", self.at()).await.unwrap());
        connection.close().await.unwrap();
    }

    /// An account of another system with both passwords and no serial.
    pub(crate) async fn person_with_letter_from_before(&self, login: &str) -> Person {
        let mut person = Person::active(login);
        initial_hash().clone_into(&mut person.row.initial_password_hash);
        self.import(&[&person]).await;
        person
    }
}

fn code_hashes() -> &'static [String; 5] {
    static HASHES: OnceLock<[String; 5]> = OnceLock::new();
    HASHES.get_or_init(|| CODES.map(|code| hash_of(&code.replace('-', ""))))
}
