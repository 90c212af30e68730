//! Counters against floods: how often something was done within a window of time.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::entity::flood_counter;
use crate::domain::clock::Moment;

/// Counts one more, and returns how many it are. `subject` names nobody: an HMAC of an address.
pub async fn count(
    connection: &impl ConnectionTrait,
    kind: &str,
    subject: &str,
    window_start: Moment,
) -> Result<i32, DbErr> {
    let row = flood_counter::Entity::insert(flood_counter::ActiveModel {
        kind: Set(kind.to_owned()),
        subject: Set(subject.to_owned()),
        window_start: Set(window_start),
        count: Set(1),
    })
    .on_conflict(
        OnConflict::columns([
            flood_counter::Column::Kind,
            flood_counter::Column::Subject,
            flood_counter::Column::WindowStart,
        ])
        .value(
            flood_counter::Column::Count,
            Expr::col((flood_counter::Entity, flood_counter::Column::Count)).add(1),
        )
        .to_owned(),
    )
    .exec_with_returning(connection)
    .await?;
    Ok(row.count)
}

/// Forgets windows that began before `before`.
pub async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let done = flood_counter::Entity::delete_many()
        .filter(flood_counter::Column::WindowStart.lt(before))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}
