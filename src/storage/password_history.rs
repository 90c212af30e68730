//! Passwords that accounts had before, as hashes: so that nobody comes back to one of the last.

use sea_orm::prelude::*;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, QueryOrder as _, QuerySelect as _, Statement};

use super::entity::{account, password_history};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, TypedId as _};

/// Notes the chosen password that the account has now, if it has one, because it is about to lose it. By every way: a
/// change, a recovery, another letter. The caller holds the account's lock.
pub(super) async fn give_up(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Moment,
) -> Result<(), DbErr> {
    let hash: Option<Option<String>> = account::Entity::find_by_id(id.uuid())
        .select_only()
        .column(account::Column::PasswordHash)
        .into_tuple()
        .one(connection)
        .await?;
    let Some(hash) = hash.flatten() else {
        return Ok(());
    };
    let last: Option<Option<i32>> = password_history::Entity::find()
        .select_only()
        .column_as(password_history::Column::Number.max(), "last")
        .filter(password_history::Column::AccountId.eq(id.uuid()))
        .into_tuple()
        .one(connection)
        .await?;
    password_history::Entity::insert(password_history::ActiveModel {
        account_id: Set(id.uuid()),
        number: Set(last.flatten().unwrap_or(0) + 1),
        hash: Set(hash),
        given_up_at: Set(now),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// The hashes of the last so many, the latest first.
pub async fn last(
    connection: &impl ConnectionTrait,
    id: AccountId,
    how_many: u32,
) -> Result<Vec<String>, DbErr> {
    password_history::Entity::find()
        .select_only()
        .column(password_history::Column::Hash)
        .filter(password_history::Column::AccountId.eq(id.uuid()))
        .order_by_desc(password_history::Column::Number)
        .limit(u64::from(how_many))
        .into_tuple()
        .all(connection)
        .await
}

pub async fn forget_all(connection: &impl ConnectionTrait, id: AccountId) -> Result<(), DbErr> {
    password_history::Entity::delete_many()
        .filter(password_history::Column::AccountId.eq(id.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Forgets those of all accounts that are not among the last so many of theirs any more. Returns how many.
pub async fn sweep(connection: &impl ConnectionTrait, how_many: u32) -> Result<u64, DbErr> {
    let how_many = i64::from(how_many);
    let kept_until = match connection.get_database_backend() {
        DbBackend::Postgres => "$1",
        _ => "?",
    };
    // Numbers have no gaps but at their beginning, so the last one tells which are kept.
    let sql = format!(
        "DELETE FROM password_history WHERE number + {kept_until} <= (SELECT MAX(latest.number) \
         FROM password_history AS latest WHERE latest.account_id = password_history.account_id)"
    );
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, [how_many.into()]);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}
