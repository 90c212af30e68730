//! Which applications have access to an account, and taking it back.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::DbErr;

use super::context::Accounts;
use super::ending::revoke;
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::domain::scope::ScopeSet;
use crate::storage::{accounts, consents, grants};

/// A client that got something, or may ask for it without a question.
#[derive(Debug, Clone)]
pub struct Access {
    pub client_id: String,
    /// What it may know and do.
    pub scope: ScopeSet,
    /// Single claims beyond it, by their names.
    pub claims: BTreeSet<String>,
    pub since: Moment,
    /// Was the person asked? The company's own services do not ask.
    pub by_consent: bool,
}

impl Accounts {
    /// Every client that has access, in the order of their ids.
    pub async fn access(&self, account: AccountId) -> Result<Vec<Access>, DbErr> {
        let connection = self.database.read();
        let mut found: BTreeMap<String, Access> = BTreeMap::new();
        for consent in consents::of_account(connection, account).await? {
            let access = Access {
                client_id: consent.client_id.clone(),
                scope: consent.consented.scope,
                claims: consent.consented.claims,
                since: consent.given_at,
                by_consent: true,
            };
            found.insert(consent.client_id, access);
        }
        for grant in grants::usable_of_account(connection, account, self.ambient.now()).await? {
            found.entry(grant.client_id.clone()).or_insert_with(|| Access {
                claims: grant.claims.beyond(&grant.scope),
                client_id: grant.client_id,
                scope: grant.scope,
                since: grant.created_at,
                by_consent: false,
            });
        }
        Ok(found.into_values().collect())
    }

    /// Takes a client's access back: its consent is forgotten, and every token that it holds is dead. Doing so twice is
    /// the same as once.
    pub async fn take_back_access(
        &self,
        account: AccountId,
        client_id: &str,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        accounts::lock(&transaction, account).await?;
        let mut taken_back = consents::forget(&transaction, account, client_id).await?;
        for grant in grants::live_of_account(&transaction, account).await? {
            if grant.client_id == client_id {
                revoke(&self.journal, &transaction, &grant, "taken_back", now, origin).await?;
                taken_back = true;
            }
        }
        if taken_back {
            let record = AuditRecord::of_account(Action::ConsentWithdrawn, account)
                .client(client_id.to_owned())
                .from(origin);
            self.journal.record(&transaction, &record).await?;
        }
        transaction.commit().await
    }
}
