//! "It was not me": the owner blocks the account by the link of an e-mail.

use sea_orm::DbErr;

use super::context::Accounts;
use super::owner;
use super::suspending::{Suspension, suspend};
use crate::domain::account::{Account, AccountState};
use crate::domain::audit::{Actor, Origin};
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::domain::office::OfficeNotice;
use crate::storage::accounts;

/// What the link can do, or has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocking {
    /// It would block the account.
    Possible,
    /// It just did.
    Done,
    /// The account is blocked already.
    AlreadyBlocked,
    /// Nobody can sign in to this account: there is nothing to block.
    NotOpen,
}

/// How it stands, and who helps.
#[derive(Debug, Clone)]
pub struct BlockStanding {
    pub blocking: Blocking,
    pub office: OfficeNotice,
}

impl Accounts {
    /// Is a link that was made then still good?
    pub fn block_link_is_good(&self, made_at: Moment) -> bool {
        self.ambient.now() < made_at + self.recovery.block_link
    }

    /// What the link would do. Changes nothing: mail scanners open links. `None` if there is no such account.
    pub async fn look_at_block(&self, account: AccountId) -> Result<Option<BlockStanding>, DbErr> {
        let connection = self.database.read();
        let Some(account) = accounts::find(connection, account).await? else {
            return Ok(None);
        };
        let office =
            owner::office_notice(connection, &self.calendar, account.office, self.ambient.now()).await?;
        Ok(Some(BlockStanding { blocking: standing(&account), office }))
    }

    /// Blocks the account, if it is open. The office resumes it, once it has seen who the owner is.
    pub async fn block(&self, account: AccountId, origin: &Origin) -> Result<Option<BlockStanding>, DbErr> {
        let transaction = self.database.begin().await?;
        let Some(credentials) = accounts::lock_credentials(&transaction, account).await? else {
            return Ok(None);
        };
        let account = credentials.account;
        let at = self.ambient.now();
        let suspension = Suspension { by: Actor::Visitor, why: "blocked_by_link", reason: None, origin, at };
        let done = suspend(&self.journal, &self.calendar, &transaction, &account, suspension).await?;
        let office = owner::office_notice(&transaction, &self.calendar, account.office, at).await?;
        transaction.commit().await?;
        let blocking = if done.is_ok() { Blocking::Done } else { standing(&account) };
        Ok(Some(BlockStanding { blocking, office }))
    }
}

fn standing(account: &Account) -> Blocking {
    match account.state {
        AccountState::InitialPassword | AccountState::Active => Blocking::Possible,
        AccountState::Suspended => Blocking::AlreadyBlocked,
        AccountState::AwaitingCollection
        | AccountState::Lapsed
        | AccountState::Closed
        | AccountState::Erased => Blocking::NotOpen,
    }
}
