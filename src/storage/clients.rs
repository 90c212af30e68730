//! Registered clients.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect as _};

use super::entity::{authorization, client};
use super::reading::{from_json, to_json, unreadable};
use crate::domain::client::{Client, ClientMetadata, SelfRegistration};
use crate::domain::clock::Moment;
use crate::domain::secret::SecretDigest;

pub async fn find(connection: &impl ConnectionTrait, id: &str) -> Result<Option<Client>, DbErr> {
    client::Entity::find_by_id(id.to_owned()).one(connection).await?.map(read).transpose()
}

/// The same, with its row locked until the transaction ends.
pub async fn lock(transaction: &impl ConnectionTrait, id: &str) -> Result<Option<Client>, DbErr> {
    client::Entity::find_by_id(id.to_owned()).lock_exclusive().one(transaction).await?.map(read).transpose()
}

pub async fn all(connection: &impl ConnectionTrait) -> Result<Vec<Client>, DbErr> {
    client::Entity::find()
        .order_by_asc(client::Column::Id)
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

pub async fn insert(connection: &impl ConnectionTrait, new: &Client, now: Moment) -> Result<(), DbErr> {
    let own = new.self_registration.as_ref();
    client::Entity::insert(client::ActiveModel {
        id: Set(new.id.clone()),
        secret_digest: Set(new.secret.map(SecretDigest::to_text)),
        metadata: Set(to_json("client.metadata", &new.metadata)?),
        created_at: Set(now),
        registration_token_digest: Set(own.map(|own| own.access_token.to_text())),
        last_used_at: Set(own.and_then(|own| own.last_used_at)),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// Replaces secret and metadata. Returns whether there was such a client.
pub async fn update(
    connection: &impl ConnectionTrait,
    id: &str,
    secret: Option<SecretDigest>,
    metadata: &ClientMetadata,
) -> Result<bool, DbErr> {
    let done = client::Entity::update_many()
        .col_expr(client::Column::SecretDigest, Expr::value(secret.map(SecretDigest::to_text)))
        .col_expr(client::Column::Metadata, Expr::value(to_json("client.metadata", metadata)?))
        .filter(client::Column::Id.eq(id))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removes a client, and with it its requests, consents, grants and everything that hangs on them. Returns whether it
/// was there. Its requests go first, as everybody takes a request before what hangs on it: whoever is just being answered
/// comes to an end, and nobody waits in a circle.
pub async fn delete(connection: &impl ConnectionTrait, id: &str) -> Result<bool, DbErr> {
    authorization::Entity::delete_many()
        .filter(authorization::Column::ClientId.eq(id))
        .exec(connection)
        .await?;
    let done = client::Entity::delete_by_id(id.to_owned()).exec(connection).await?;
    Ok(done.rows_affected == 1)
}

/// Notes that a client which registered itself was used, unless that was noted since `unless_since`.
pub async fn note_use(
    connection: &impl ConnectionTrait,
    id: &str,
    now: Moment,
    unless_since: Moment,
) -> Result<(), DbErr> {
    client::Entity::update_many()
        .col_expr(client::Column::LastUsedAt, Expr::value(Some(now)))
        .filter(client::Column::Id.eq(id))
        .filter(client::Column::RegistrationTokenDigest.is_not_null())
        .filter(client::Column::LastUsedAt.is_null().or(client::Column::LastUsedAt.lte(unless_since)))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Replaces the secret alone; `false` if there is no such client.
pub async fn set_secret(
    connection: &impl ConnectionTrait,
    id: &str,
    secret: SecretDigest,
) -> Result<bool, DbErr> {
    let done = client::Entity::update_many()
        .col_expr(client::Column::SecretDigest, Expr::value(Some(secret.to_text())))
        .filter(client::Column::Id.eq(id))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// How many registered themselves and were never used.
pub async fn count_never_used(connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
    never_used().count(connection).await
}

/// Removes those that registered themselves before a moment and were never used, and those that were last used before
/// another. Returns their ids.
pub async fn remove_abandoned(
    connection: &impl ConnectionTrait,
    never_used_since: Moment,
    last_used_before: Moment,
) -> Result<Vec<String>, DbErr> {
    let mut removed = Vec::new();
    let unused = never_used().filter(client::Column::CreatedAt.lt(never_used_since));
    let idle = client::Entity::find()
        .filter(client::Column::RegistrationTokenDigest.is_not_null())
        .filter(client::Column::LastUsedAt.lt(last_used_before));
    for found in [unused, idle] {
        for row in found.all(connection).await? {
            // Its requests go first, as in `delete`.
            authorization::Entity::delete_many()
                .filter(authorization::Column::ClientId.eq(&row.id))
                .exec(connection)
                .await?;
            // Looked at once more: it may be used at this very moment.
            let done = client::Entity::delete_many()
                .filter(client::Column::Id.eq(&row.id))
                .filter(match row.last_used_at {
                    None => client::Column::LastUsedAt.is_null(),
                    Some(at) => client::Column::LastUsedAt.eq(at),
                })
                .exec(connection)
                .await?;
            if done.rows_affected == 1 {
                removed.push(row.id);
            }
        }
    }
    Ok(removed)
}

fn never_used() -> Select<client::Entity> {
    client::Entity::find()
        .filter(client::Column::RegistrationTokenDigest.is_not_null())
        .filter(client::Column::LastUsedAt.is_null())
}

fn read(row: client::Model) -> Result<Client, DbErr> {
    let digest = |column: &'static str, text: Option<String>| {
        text.map(|text| SecretDigest::from_text(&text).ok_or_else(|| unreadable(column, "not a digest")))
            .transpose()
    };
    let secret = digest("client.secret_digest", row.secret_digest)?;
    let own = digest("client.registration_token_digest", row.registration_token_digest)?;
    Ok(Client {
        id: row.id,
        secret,
        metadata: from_json("client.metadata", row.metadata)?,
        self_registration: own.map(|access_token| SelfRegistration {
            at: row.created_at,
            access_token,
            last_used_at: row.last_used_at,
        }),
    })
}
