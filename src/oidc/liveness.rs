//! Is what hangs on a grant still good?

use sea_orm::{ConnectionTrait, DbErr};

use crate::domain::clock::Moment;
use crate::domain::scope::OFFLINE_ACCESS;
use crate::domain::token::TokenGrant;
use crate::storage::{accounts, sessions};

/// Not revoked, and of an account that may act.
pub(super) async fn is_usable(connection: &impl ConnectionTrait, grant: &TokenGrant) -> Result<bool, DbErr> {
    if !grant.is_live() {
        return Ok(false);
    }
    let account = accounts::find(connection, grant.account).await?;
    Ok(account.is_some_and(|account| account.state.is_open_to_clients()))
}

/// The same for refreshing: what was not granted for a person's absence ends with their session.
pub(super) async fn may_refresh(
    connection: &impl ConnectionTrait,
    grant: &TokenGrant,
    now: Moment,
) -> Result<bool, DbErr> {
    Ok(!ended_with_its_session(connection, grant, now).await? && is_usable(connection, grant).await?)
}

/// Was it granted for the length of a session that is over?
pub(super) async fn ended_with_its_session(
    connection: &impl ConnectionTrait,
    grant: &TokenGrant,
    now: Moment,
) -> Result<bool, DbErr> {
    Ok(!grant.scope.contains(OFFLINE_ACCESS)
        && sessions::find_live_by_id(connection, grant.session, now).await?.is_none())
}
