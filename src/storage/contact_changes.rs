//! Changes of contact data that wait for a second person.

use sea_orm::ConnectionTrait;
use sea_orm::prelude::*;

use super::entity::contact_change;
use crate::domain::ids::{AccountId, TypedId as _};

/// Forgets what was asked for an account: it is erased.
pub async fn forget(connection: &impl ConnectionTrait, account: AccountId) -> Result<u64, DbErr> {
    let done = contact_change::Entity::delete_many()
        .filter(contact_change::Column::AccountId.eq(account.uuid()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}
