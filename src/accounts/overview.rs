//! What is held about a person, as their own page shows it.

use sea_orm::DbErr;

use super::context::Accounts;
use super::owner;
use crate::domain::account::Account;
use crate::domain::ids::AccountId;
use crate::domain::office::OfficeNotice;
use crate::domain::regulations::Acceptance;
use crate::storage::people::HeldTitle;
use crate::storage::{accounts, people, regulations};

/// A person's own data.
#[derive(Debug)]
pub struct Overview {
    pub account: Account,
    /// Where they are helped; `None` if their account belongs to no office.
    pub office: Option<OfficeNotice>,
    pub contractor_numbers: Vec<String>,
    /// Those that hold today.
    pub titles: Vec<HeldTitle>,
    /// The latest first.
    pub accepted: Vec<Acceptance>,
}

impl Accounts {
    /// What is held about a person now.
    pub async fn overview(&self, id: AccountId) -> Result<Option<Overview>, DbErr> {
        let connection = self.database.read();
        let Some(account) = accounts::find(connection, id).await? else {
            return Ok(None);
        };
        let now = self.ambient.now();
        let office = match account.office {
            Some(_) => Some(owner::office_notice(connection, &self.calendar, account.office, now).await?),
            None => None,
        };
        Ok(Some(Overview {
            office,
            contractor_numbers: people::contractor_numbers(connection, id).await?,
            titles: people::titles_on(connection, id, self.calendar.today(now)).await?,
            accepted: regulations::accepted_by(connection, id).await?,
            account,
        }))
    }
}
