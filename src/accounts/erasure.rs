//! What is left of a closed account once its retention is over: a stub without a name.

use chrono::Months;
use sea_orm::DbErr;

use super::context::Accounts;
use crate::domain::audit::{Action, Actor, AuditRecord};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, ApplicationId, TypedId as _};
use crate::storage::{
    accounts, applications, consents, contact_changes, keys, letter_orders, pairwise_subjects, passkeys,
    password_history, people, second_factors, trusted_devices,
};

/// How many accounts one round takes: each is a transaction of its own, and the next round goes on.
const ROUND: u64 = 100;

impl Accounts {
    /// Erases the accounts that have been closed for `kept`. Returns how many.
    pub async fn erase_closed(&self, kept: Months) -> Result<usize, DbErr> {
        let Some(before) = self.ambient.now().checked_sub_months(kept) else {
            return Ok(0);
        };
        let mut erased = 0;
        for account in accounts::closed_before(self.database.read(), before, ROUND).await? {
            erased += usize::from(self.erase(account, before).await?);
        }
        Ok(erased)
    }

    /// One transaction: what is personal goes, with the key that sealed it in the records, which stay.
    async fn erase(&self, account: AccountId, before: Moment) -> Result<bool, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        // The application comes before the account, as everywhere.
        applications::delete(&transaction, ApplicationId::from(account.uuid())).await?;
        accounts::lock(&transaction, account).await?;
        // It may have been opened again since, and even closed again: then all of this is undone.
        if !accounts::erase(&transaction, account, before, now).await? {
            return Ok(false);
        }
        people::unlink_account(&transaction, account).await?;
        consents::forget_all(&transaction, account).await?;
        pairwise_subjects::forget_all(&transaction, account).await?;
        letter_orders::forget_reasons(&transaction, account).await?;
        contact_changes::forget(&transaction, account).await?;
        second_factors::remove(&transaction, account).await?;
        password_history::forget_all(&transaction, account).await?;
        trusted_devices::delete_all(&transaction, account, None).await?;
        passkeys::remove_all(&transaction, account).await?;
        keys::delete_person_key(&transaction, account).await?;
        let record =
            AuditRecord::new(Action::AccountErased, Actor::Clock).about(account).outcome("retention_over");
        self.journal.record(&transaction, &record).await?;
        let event = serde_json::json!({"account": account.to_string()});
        self.journal.announce(&transaction, "account.erased", event).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
