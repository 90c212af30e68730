//! What is on its way to people, opened with the test's sealing key.

use iok_id::crypto::links::LinkKey;
use iok_id::crypto::sealing::{SealingKey, purpose};
use iok_id::domain::ids::TypedId as _;
use iok_id::domain::link::LinkPurpose;
use iok_id::domain::mail::Mail;
use sea_orm::{ConnectionTrait as _, Statement};

use super::provider::TestProvider;

impl TestProvider {
    pub(crate) fn sealing_key(&self) -> SealingKey {
        let file = self.database.folder.path().join("secrets/sealing.key");
        SealingKey::from_text(std::fs::read_to_string(file).unwrap().trim()).unwrap()
    }

    /// Every mail that is on its way, oldest first. What was sent has forgotten its words.
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

    /// The link "it was not me" in a mail to this account that is sent now.
    pub(crate) async fn block_link(&self, login: &str) -> String {
        let account = self.account_id(login).await;
        let token = LinkKey::derived_from(&self.sealing_key()).token(
            LinkPurpose::BlockAccount,
            account.uuid(),
            self.at(),
        );
        format!("{}{token}", LinkPurpose::BlockAccount.page())
    }
}
