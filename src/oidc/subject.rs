//! `sub`: what a person is called towards a client (OpenID Connect Core §8).

use sea_orm::ConnectionTrait;

use super::error::Failure;
use super::provider::Provider;
use crate::domain::account::Account;
use crate::domain::client::Client;
use crate::storage::pairwise_subjects;

impl Provider {
    /// What this client knows the person by. A pairwise name is drawn when it is first needed, in the caller's
    /// transaction, and stays: so the transaction must be one that may write.
    pub(super) async fn subject_for(
        &self,
        transaction: &impl ConnectionTrait,
        client: &Client,
        account: &Account,
    ) -> Result<String, Failure> {
        let Some(sector) = client.metadata.sector().map_err(Failure::internal)? else {
            return Ok(account.subject.clone());
        };
        let fresh = self.ambient.new_secret();
        let now = self.ambient.now();
        Ok(pairwise_subjects::find_or_insert(transaction, account.id, &sector, fresh.expose(), now).await?)
    }

    /// The same without writing; `None` if this client's sector has never met the person. For comparing what a client
    /// presents, such as an `id_token_hint`.
    pub(super) async fn known_subject(
        &self,
        connection: &impl ConnectionTrait,
        client: &Client,
        account: &Account,
    ) -> Result<Option<String>, Failure> {
        match client.metadata.sector().map_err(Failure::internal)? {
            None => Ok(Some(account.subject.clone())),
            Some(sector) => Ok(pairwise_subjects::find(connection, account.id, &sector).await?),
        }
    }
}
