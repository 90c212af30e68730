//! Passkeys, and which of their answers were used up.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _};

use super::entity::{passkey, passkey_ceremony};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, PasskeyCeremonyId, PasskeyId, TypedId};

/// A passkey as it is stored.
#[derive(Debug, Clone)]
pub struct StoredPasskey {
    pub id: PasskeyId,
    pub account: AccountId,
    /// What its authenticator calls it, in base64url.
    pub credential_id: String,
    /// What its answers are verified with, as `crypto::passkeys` writes it. Public keys only.
    pub credential: String,
    /// As its owner calls it.
    pub name: String,
    pub created_at: Moment,
    pub last_used_at: Option<Moment>,
    /// Is it enough by itself? Not after the account was taken back, until it was used after the password.
    pub opens_alone: bool,
}

/// The account's passkeys, the oldest first.
pub async fn of_account(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<StoredPasskey>, DbErr> {
    let rows = passkey::Entity::find()
        .filter(passkey::Column::AccountId.eq(account.uuid()))
        .order_by_asc(passkey::Column::CreatedAt)
        .order_by_asc(passkey::Column::Id)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

pub async fn count(connection: &impl ConnectionTrait, account: AccountId) -> Result<u64, DbErr> {
    passkey::Entity::find().filter(passkey::Column::AccountId.eq(account.uuid())).count(connection).await
}

pub async fn find_by_credential(
    connection: &impl ConnectionTrait,
    credential_id: &str,
) -> Result<Option<StoredPasskey>, DbErr> {
    let row = passkey::Entity::find()
        .filter(passkey::Column::CredentialId.eq(credential_id))
        .one(connection)
        .await?;
    Ok(row.map(read))
}

/// Writes a new one. Returns whether no account had it yet.
pub async fn insert(connection: &impl ConnectionTrait, new: StoredPasskey) -> Result<bool, DbErr> {
    let written = passkey::Entity::insert(passkey::ActiveModel {
        id: Set(new.id.uuid()),
        account_id: Set(new.account.uuid()),
        credential_id: Set(new.credential_id),
        credential: Set(new.credential),
        name: Set(new.name),
        created_at: Set(new.created_at),
        last_used_at: Set(new.last_used_at),
        opens_alone: Set(new.opens_alone),
    })
    .on_conflict(OnConflict::column(passkey::Column::CredentialId).do_nothing().to_owned())
    .exec_without_returning(connection)
    .await?;
    Ok(written == 1)
}

/// Keeps its new counter and that it was used, if it still is what its answer was verified with: of two answers at once,
/// one counts. Returns whether it was.
pub async fn note_use(
    connection: &impl ConnectionTrait,
    verified_with: &StoredPasskey,
    credential: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = passkey::Entity::update_many()
        .col_expr(passkey::Column::Credential, Expr::value(credential))
        // Whoever used it knew the password, or did not need to.
        .col_expr(passkey::Column::OpensAlone, Expr::value(true))
        .col_expr(passkey::Column::LastUsedAt, Expr::value(Some(now)))
        .filter(passkey::Column::Id.eq(verified_with.id.uuid()))
        .filter(passkey::Column::Credential.eq(&verified_with.credential))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// None of the account's is enough by itself any more: somebody else may have set it up.
pub async fn ask_for_the_password_first(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<(), DbErr> {
    passkey::Entity::update_many()
        .col_expr(passkey::Column::OpensAlone, Expr::value(false))
        .filter(passkey::Column::AccountId.eq(account.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Forgets one of the account's. Returns whether it was there.
pub async fn remove(
    connection: &impl ConnectionTrait,
    account: AccountId,
    id: PasskeyId,
) -> Result<bool, DbErr> {
    let done = passkey::Entity::delete_many()
        .filter(passkey::Column::Id.eq(id.uuid()))
        .filter(passkey::Column::AccountId.eq(account.uuid()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Forgets all of the account's. Returns how many there were.
pub async fn remove_all(connection: &impl ConnectionTrait, account: AccountId) -> Result<u64, DbErr> {
    let done = passkey::Entity::delete_many()
        .filter(passkey::Column::AccountId.eq(account.uuid()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

/// Uses an answer up, on every replica at once; `false` if somebody was there before.
pub async fn use_up(
    connection: &impl ConnectionTrait,
    ceremony: PasskeyCeremonyId,
    expires_at: Moment,
) -> Result<bool, DbErr> {
    let written = passkey_ceremony::Entity::insert(passkey_ceremony::ActiveModel {
        id: Set(ceremony.uuid()),
        expires_at: Set(expires_at),
    })
    .on_conflict(OnConflict::column(passkey_ceremony::Column::Id).do_nothing().to_owned())
    .exec_without_returning(connection)
    .await?;
    Ok(written == 1)
}

/// Forgets what expired before `before`: it would be refused for its age.
pub async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let done = passkey_ceremony::Entity::delete_many()
        .filter(passkey_ceremony::Column::ExpiresAt.lt(before))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

fn read(row: passkey::Model) -> StoredPasskey {
    StoredPasskey {
        id: row.id.into(),
        account: row.account_id.into(),
        credential_id: row.credential_id,
        credential: row.credential,
        name: row.name,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        opens_alone: row.opens_alone,
    }
}
