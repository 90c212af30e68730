//! An account whose letter nobody collected is kept for whoever comes for another one, and not for ever: it closes.

use chrono::Months;
use sea_orm::DbErr;

use super::closing::{self, Closing};
use super::context::Accounts;
use crate::domain::account::AccountState;
use crate::domain::audit::{Actor, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::storage::{accounts, letter_orders};

/// How many accounts one round takes: each is a transaction of its own, and the next round goes on.
const ROUND: u64 = 100;

impl Accounts {
    /// Closes the accounts that lapsed `kept` ago. Returns how many.
    ///
    /// # Errors
    /// If the database does not answer. What was done until then is done.
    pub async fn close_lapsed(&self, kept: Months) -> Result<usize, DbErr> {
        let Some(before) = self.ambient.now().checked_sub_months(kept) else {
            return Ok(0);
        };
        let mut closed = 0;
        for account in accounts::lapsed_before(self.database.read(), before, ROUND).await? {
            closed += usize::from(self.close_one_lapsed(account, before).await?);
        }
        Ok(closed)
    }

    async fn close_one_lapsed(&self, id: AccountId, before: Moment) -> Result<bool, DbErr> {
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        let Some(account) = accounts::lock(&transaction, id).await? else {
            return Ok(false);
        };
        // Somebody may have asked for another letter since, or come for it.
        let has_lapsed = account.state == AccountState::Lapsed
            && accounts::state_since(&transaction, id).await?.is_some_and(|since| since < before);
        if !has_lapsed || letter_orders::open_of(&transaction, id).await?.is_some() {
            return Ok(false);
        }
        let origin = Origin::default();
        let closing = Closing { by: Actor::Clock, why: "lapsed", reason: None, origin: &origin, at: now };
        let closed =
            closing::close(&self.journal, &self.calendar, &transaction, &account, closing).await?.is_ok();
        transaction.commit().await?;
        Ok(closed)
    }
}
