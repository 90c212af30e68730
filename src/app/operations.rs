//! What is done to a running server from inside its process: the demo sets itself up by the same calls that the
//! command line makes.

use std::time::Duration;

use super::aging::{self, AgedAccounts};
use super::foundation::Foundation;
use super::server::Server;
use super::sweeper;
use super::trail::trail;
use crate::accounts::publish_regulations::{self, Draft, Published};
use crate::accounts::staff::{Added, NewMember, Personnel};
use crate::domain::account::AccountState;
use crate::domain::client::ClientMetadata;
use crate::domain::login::Login;
use crate::integrations::register::{Outcome, Scope, Terms};
use crate::integrations::{self, import};
use crate::office::aging::Aged;
use crate::oidc::registration::{self, NewClient};
use crate::oidc::sector::check_sector;
use crate::storage::{accounts, clients, register};
use crate::trail::Round;

impl Server {
    /// Registers a client under a fixed id and secret, or brings its registration up to date.
    ///
    /// # Errors
    /// What is wrong with the metadata.
    pub async fn register_client_json(
        &self,
        client_id: &str,
        client_secret: Option<&str>,
        metadata: serde_json::Value,
    ) -> anyhow::Result<()> {
        let foundation = self.foundation();
        let metadata: ClientMetadata = serde_json::from_value(metadata)?;
        check_sector(&self.web().provider.outbound, &metadata).await?;
        let new = NewClient {
            metadata,
            client_id: Some(client_id.to_owned()),
            client_secret: client_secret.map(str::to_owned),
        };
        if clients::find(foundation.database.read(), client_id).await?.is_some() {
            registration::replace(&foundation.database, &foundation.journal, new).await?;
        } else {
            registration::register(&foundation.database, &foundation.ambient, &foundation.journal, new)
                .await?;
        }
        Ok(())
    }

    /// Imports accounts as `account import` does.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub async fn import_accounts(&self, csv: &str) -> anyhow::Result<usize> {
        let foundation = self.foundation();
        let imported = import::import(
            &foundation.database,
            &foundation.ambient,
            &foundation.journal,
            csv.as_bytes(),
            |_, _| {},
        )
        .await?;
        Ok(imported)
    }

    /// Publishes a version of the Regulations as `regulations publish` does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub async fn publish_regulations(&self, draft: Draft<'_>) -> anyhow::Result<Published> {
        let Foundation { database, ambient, journal, .. } = self.foundation();
        Ok(publish_regulations::publish(database, ambient, journal, draft).await?)
    }

    /// Imports the contractor register as `register import` does.
    ///
    /// # Errors
    /// Everything that is wrong with the file, or that it would end too many titles.
    pub async fn import_register(&self, csv: &str, scope: Scope) -> anyhow::Result<Outcome> {
        let foundation = self.foundation();
        let Foundation { database, ambient, journal, calendar, .. } = foundation;
        let terms = Terms { scope, today: calendar.today(ambient.now()) };
        Ok(integrations::register::import(database, ambient, journal, csv.as_bytes(), terms, |_, _, _| {})
            .await?)
    }

    /// # Errors
    /// If the database does not answer.
    pub async fn has_contractor(&self, number: &str) -> anyhow::Result<bool> {
        let found = register::contractors_numbered(self.foundation().database.read(), &[number]).await?;
        Ok(!found.is_empty())
    }

    /// Gives somebody a role in the office as `staff add` does.
    ///
    /// # Errors
    /// What is missing or cannot be.
    pub async fn add_staff(&self, new: NewMember<'_>) -> anyhow::Result<Added> {
        let Foundation { database, ambient, journal, .. } = self.foundation();
        Ok(Personnel { database, ambient, journal }.add(new).await?)
    }

    /// Chains the audit records that were committed, and signs if it is time, now instead of within ten seconds.
    ///
    /// # Errors
    /// If the database does not answer, or a checkpoint cannot be written out.
    pub async fn seal_audit(&self) -> anyhow::Result<Round> {
        let trail = trail(self.foundation());
        loop {
            let round = trail.round().await?;
            if !round.is_anothers {
                return Ok(round);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Forgets what nobody needs any more, now instead of within ten minutes. Returns how many rows.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn sweep(&self) -> anyhow::Result<u64> {
        sweeper::sweep(self.foundation()).await
    }

    /// What is done every ten minutes with letters that nobody collects, now.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn age_letters(&self) -> anyhow::Result<Aged> {
        Ok(self.web().office.age_letters().await?)
    }

    /// Does what time does to accounts, now instead of within the next ten minutes.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn age_accounts(&self) -> anyhow::Result<AgedAccounts> {
        aging::age_accounts(self.foundation(), self.web()).await
    }

    /// # Errors
    /// If the database does not answer.
    pub async fn has_account(&self, login: &str) -> anyhow::Result<bool> {
        let login = Login::canonical_of(login);
        Ok(accounts::find_by_login(self.foundation().database.read(), &login).await?.is_some())
    }

    /// Does the letter of this account still open its door?
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn initial_password_still_works(&self, login: &str) -> anyhow::Result<bool> {
        let login = Login::canonical_of(login);
        let found = accounts::find_by_login(self.foundation().database.read(), &login).await?;
        Ok(found.is_some_and(|account| account.state == AccountState::InitialPassword))
    }
}
