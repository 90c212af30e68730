//! Assertions of clients, each good for one use.

use sea_orm::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::entity::client_assertion;
use crate::domain::clock::Moment;
use crate::domain::secret::SecretDigest;

/// Uses an assertion up, on every replica at once; `false` if somebody was there before.
pub async fn use_up(
    connection: &impl ConnectionTrait,
    digest: SecretDigest,
    expires_at: Moment,
) -> Result<bool, DbErr> {
    let written = client_assertion::Entity::insert(client_assertion::ActiveModel {
        digest: Set(digest.to_text()),
        expires_at: Set(expires_at),
    })
    .on_conflict(OnConflict::column(client_assertion::Column::Digest).do_nothing().to_owned())
    .exec_without_returning(connection)
    .await?;
    Ok(written == 1)
}

/// Forgets what expired before `before`: it would be refused for its age.
pub async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let done = client_assertion::Entity::delete_many()
        .filter(client_assertion::Column::ExpiresAt.lt(before))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}
