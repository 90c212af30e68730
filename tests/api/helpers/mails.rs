//! What the product wrote to people, and the links in it.

use iok_id::crypto::links::LinkKey;
use iok_id::crypto::sealing::{SealingKey, purpose};
use iok_id::domain::clock::Clock as _;
use iok_id::domain::ids::TypedId as _;
use iok_id::domain::link::LinkPurpose;
use iok_id::domain::mail::Mail;
use sea_orm::{ConnectionTrait as _, Statement};
use uuid::Uuid;

use super::provider::TestProvider;

impl TestProvider {
    pub(crate) fn sealing_key(&self) -> SealingKey {
        let file = self.database.folder.path().join("secrets/sealing.key");
        SealingKey::from_text(std::fs::read_to_string(file).unwrap().trim()).unwrap()
    }

    /// Every message on its way, opened; oldest first, those of one moment in no order. What was sent has forgotten its
    /// words.
    pub(crate) async fn mails(&self) -> Vec<Mail> {
        let key = self.sealing_key();
        let connection = self.database.connect().await;
        let sql = "SELECT sealed FROM mail WHERE sealed <> '' ORDER BY created_at, id";
        let rows = connection
            .query_all_raw(Statement::from_string(connection.get_database_backend(), sql))
            .await
            .unwrap();
        connection.close().await.unwrap();
        rows.iter()
            .map(|row| row.try_get::<String>("", "sealed").unwrap())
            .map(|sealed| serde_json::from_slice(&key.open(purpose::MAIL, &sealed).unwrap()).unwrap())
            .collect()
    }

    /// The kinds of all messages to this address, by name.
    pub(crate) async fn mailed_to(&self, address: &str) -> Vec<&'static str> {
        let mails = self.mails().await;
        let mut kinds: Vec<_> =
            mails.iter().filter(|mail| mail.to == address).map(|mail| mail.message.kind()).collect();
        kinds.sort_unstable();
        kinds
    }

    /// The page that a link opens, if it is made now.
    pub(crate) fn link(&self, purpose: LinkPurpose, about: Uuid) -> String {
        let token = LinkKey::derived_from(&self.sealing_key()).token(purpose, about, self.clock.now());
        format!("{}{token}", purpose.page())
    }

    /// The link "it was not me" in a mail to this account that is sent now.
    pub(crate) async fn block_link(&self, login: &str) -> String {
        let account = self.account_id(login).await;
        self.link(LinkPurpose::BlockAccount, account.uuid())
    }
}
