//! Registered clients.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder};

use super::entity::client;
use super::reading::{from_json, to_json, unreadable};
use crate::domain::client::{Client, ClientMetadata};
use crate::domain::clock::Moment;
use crate::domain::secret::SecretDigest;

pub async fn find(connection: &impl ConnectionTrait, id: &str) -> Result<Option<Client>, DbErr> {
    client::Entity::find_by_id(id.to_owned()).one(connection).await?.map(read).transpose()
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

pub async fn insert(
    connection: &impl ConnectionTrait,
    id: &str,
    secret: Option<SecretDigest>,
    metadata: &ClientMetadata,
    now: Moment,
) -> Result<(), DbErr> {
    client::Entity::insert(client::ActiveModel {
        id: Set(id.to_owned()),
        secret_digest: Set(secret.map(SecretDigest::to_text)),
        metadata: Set(to_json("client.metadata", metadata)?),
        created_at: Set(now),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// Replaces secret and metadata.
pub async fn update(
    connection: &impl ConnectionTrait,
    id: &str,
    secret: Option<SecretDigest>,
    metadata: &ClientMetadata,
) -> Result<(), DbErr> {
    client::Entity::update_many()
        .col_expr(client::Column::SecretDigest, Expr::value(secret.map(SecretDigest::to_text)))
        .col_expr(client::Column::Metadata, Expr::value(to_json("client.metadata", metadata)?))
        .filter(client::Column::Id.eq(id))
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

/// Removes a client with everything that hangs on it; `false` if there was none.
pub async fn remove(connection: &impl ConnectionTrait, id: &str) -> Result<bool, DbErr> {
    Ok(client::Entity::delete_by_id(id.to_owned()).exec(connection).await?.rows_affected == 1)
}

fn read(row: client::Model) -> Result<Client, DbErr> {
    let secret = row
        .secret_digest
        .map(|text| {
            SecretDigest::from_text(&text).ok_or_else(|| unreadable("client.secret_digest", "not a digest"))
        })
        .transpose()?;
    Ok(Client { id: row.id, secret, metadata: from_json("client.metadata", row.metadata)? })
}
