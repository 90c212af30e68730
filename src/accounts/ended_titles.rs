//! Whoever has no premises here any more needs no account here either: it closes a while after its last title ended.

use std::cmp::max;

use chrono::Days;
use sea_orm::{ConnectionTrait, DbErr};

use super::closing::{self, Closing};
use super::context::Accounts;
use crate::domain::account::Account;
use crate::domain::audit::{Actor, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::storage::{accounts, letters, people};

impl Accounts {
    /// Closes the accounts that have had no title for `days` of the house's days. Returns how many.
    pub async fn close_without_title(&self, days: u32) -> Result<usize, DbErr> {
        let today = self.calendar.today(self.ambient.now());
        let Some(before) = today.checked_sub_days(Days::new(days.into())) else {
            return Ok(0);
        };
        let mut closed = 0;
        for account in people::accounts_without_title_since(self.database.read(), before).await? {
            closed += usize::from(self.close_one_without_title(account, days).await?);
        }
        Ok(closed)
    }

    async fn close_one_without_title(&self, id: AccountId, days: u32) -> Result<bool, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Some(account) = accounts::lock(&transaction, id).await? else {
            return Ok(false);
        };
        // A title may have come since; and an account that the office made or opened again without one, on purpose, has
        // the same time from then on.
        let opened = self.opened_at(&transaction, &account).await?;
        let had_time = opened.is_none_or(|opened| opened + Days::new(days.into()) <= now);
        let titles = people::titles_on(&transaction, id, self.calendar.today(now)).await?;
        if !had_time || !titles.is_empty() {
            return Ok(false);
        }
        let origin = Origin::default();
        let closing = Closing { by: Actor::Clock, why: "no_title", reason: None, origin: &origin, at: now };
        let closed =
            closing::close(&self.journal, &self.calendar, &transaction, &account, closing).await?.is_ok();
        transaction.commit().await?;
        Ok(closed)
    }

    /// When the account was made, or its last letter handed over.
    async fn opened_at(
        &self,
        connection: &impl ConnectionTrait,
        account: &Account,
    ) -> Result<Option<Moment>, DbErr> {
        let made = accounts::made_at(connection, account.id).await?;
        let letters = letters::all_of(connection, account.id).await?;
        let collected = letters.into_iter().filter_map(|letter| letter.collected_at).max();
        Ok(max(made, collected))
    }
}
