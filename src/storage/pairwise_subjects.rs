//! What people are called towards each sector (OpenID Connect Core §8.1). Drawn, not computed: whoever learns a key of
//! ours still cannot tell who is behind two of them, and erasing a row is the end of it.

use sea_orm::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _};

use super::entity::pairwise_subject;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, TypedId as _};

/// What the account is called there: `fresh` the first time, the same ever after.
pub async fn find_or_insert(
    connection: &impl ConnectionTrait,
    account: AccountId,
    sector: &str,
    fresh: &str,
    now: Moment,
) -> Result<String, DbErr> {
    if let Some(known) = find(connection, account, sector).await? {
        return Ok(known);
    }
    pairwise_subject::Entity::insert(pairwise_subject::ActiveModel {
        account_id: Set(account.uuid()),
        sector: Set(sector.to_owned()),
        subject: Set(fresh.to_owned()),
        created_at: Set(now),
    })
    .on_conflict(
        OnConflict::columns([pairwise_subject::Column::AccountId, pairwise_subject::Column::Sector])
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(connection)
    .await?;
    // Somebody else may have been faster.
    Ok(find(connection, account, sector).await?.unwrap_or_else(|| fresh.to_owned()))
}

/// `None` as long as nobody there has met this person.
pub async fn find(
    connection: &impl ConnectionTrait,
    account: AccountId,
    sector: &str,
) -> Result<Option<String>, DbErr> {
    let row =
        pairwise_subject::Entity::find_by_id((account.uuid(), sector.to_owned())).one(connection).await?;
    Ok(row.map(|row| row.subject))
}

/// Every sector that has met the account, and what it is called there.
pub async fn of_account(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<(String, String)>, DbErr> {
    let rows = pairwise_subject::Entity::find()
        .filter(pairwise_subject::Column::AccountId.eq(account.uuid()))
        .order_by_asc(pairwise_subject::Column::Sector)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.sector, row.subject)).collect())
}

/// Forgets all of them: the account is erased.
pub async fn forget_all(connection: &impl ConnectionTrait, account: AccountId) -> Result<u64, DbErr> {
    let done = pairwise_subject::Entity::delete_many()
        .filter(pairwise_subject::Column::AccountId.eq(account.uuid()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}
