//! "It was not me": the owner blocks the account by the link of an e-mail.

use sea_orm::{ConnectionTrait, DbErr};

use super::context::Accounts;
use super::owner;
use super::suspending::{Suspension, suspend};
use crate::domain::account::{Account, AccountState, SuspensionCause};
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
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
    /// Too old, or from before the office resumed the account or changed its address. Changes nothing.
    LinkIsOver,
}

/// How it stands, and who helps.
#[derive(Debug, Clone)]
pub struct BlockStanding {
    pub blocking: Blocking,
    pub office: OfficeNotice,
}

impl Accounts {
    /// What a link that was made at `made_at` would do. Changes nothing: mail scanners open links. `None` if there is no
    /// such account.
    pub async fn look_at_block(
        &self,
        account: AccountId,
        made_at: Moment,
    ) -> Result<Option<BlockStanding>, DbErr> {
        let connection = self.database.read();
        let Some(account) = accounts::find(connection, account).await? else {
            return Ok(None);
        };
        let is_good = self.block_link_is_good(connection, &account, made_at).await?;
        let office =
            owner::office_notice(connection, &self.calendar, account.office, self.ambient.now()).await?;
        let blocking = if is_good { standing(&account) } else { Blocking::LinkIsOver };
        Ok(Some(BlockStanding { blocking, office }))
    }

    /// Blocks the account, if it is open and the link is good. The office resumes it, once it has seen who the owner is.
    pub async fn block(
        &self,
        account: AccountId,
        made_at: Moment,
        origin: &Origin,
    ) -> Result<Option<BlockStanding>, DbErr> {
        let transaction = self.database.begin().await?;
        let Some(account) = accounts::lock(&transaction, account).await? else {
            return Ok(None);
        };
        let at = self.ambient.now();
        let office = owner::office_notice(&transaction, &self.calendar, account.office, at).await?;
        // Under the account's lock: an office that resumes it at this moment comes before or after.
        if !self.block_link_is_good(&transaction, &account, made_at).await? {
            return Ok(Some(BlockStanding { blocking: Blocking::LinkIsOver, office }));
        }
        let cause = SuspensionCause::OwnersLink;
        let suspension = Suspension { by: Actor::Visitor, cause, reason: None, origin, at };
        let done = suspend(&self.journal, &self.calendar, &transaction, &account, suspension).await?;
        if done.is_err() && account.state == AccountState::Suspended {
            self.note_that_it_was_not_them(&transaction, &account, origin).await?;
        }
        transaction.commit().await?;
        let blocking = if done.is_ok() { Blocking::Done } else { standing(&account) };
        Ok(Some(BlockStanding { blocking, office }))
    }

    /// The office was faster, and cannot know what the owner says now: whoever resumes the account needs to.
    async fn note_that_it_was_not_them(
        &self,
        transaction: &impl ConnectionTrait,
        account: &Account,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let cause = SuspensionCause::OwnersLink;
        if !accounts::note_suspension(transaction, account.id, cause).await? {
            return Ok(());
        }
        let record = AuditRecord::new(Action::AccountSuspended, Actor::Visitor).about(account.id);
        self.journal.record(transaction, &record.outcome(cause.as_str()).from(origin)).await
    }

    async fn block_link_is_good(
        &self,
        connection: &impl ConnectionTrait,
        account: &Account,
        made_at: Moment,
    ) -> Result<bool, DbErr> {
        if self.ambient.now() >= made_at + self.recovery.block_link {
            return Ok(false);
        }
        let from = accounts::block_links_from(connection, account.id).await?;
        // A link knows whole seconds: one of the same second may be of before, and is not believed.
        Ok(from.is_none_or(|from| made_at.timestamp() > from.timestamp()))
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
