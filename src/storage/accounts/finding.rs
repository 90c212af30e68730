//! Accounts found, and locked, without their hashes.

use sea_orm::prelude::*;
use sea_orm::{ConnectionTrait, QuerySelect as _};

use super::row::read;
use crate::domain::account::Account;
use crate::domain::ids::{AccountId, TypedId};
use crate::storage::entity::account;

pub async fn find(connection: &impl ConnectionTrait, id: AccountId) -> Result<Option<Account>, DbErr> {
    account::Entity::find_by_id(id.uuid()).one(connection).await?.map(read).transpose()
}

pub async fn find_by_login(connection: &impl ConnectionTrait, login: &str) -> Result<Option<Account>, DbErr> {
    account::Entity::find()
        .filter(account::Column::Login.eq(login))
        .one(connection)
        .await?
        .map(read)
        .transpose()
}

/// The account with its row locked until the transaction ends. Whoever changes what opens an account, or makes use of a
/// verdict about it, takes this lock first: sign-ins and password changes of one account take turns.
pub async fn lock(transaction: &impl ConnectionTrait, id: AccountId) -> Result<Option<Account>, DbErr> {
    account::Entity::find_by_id(id.uuid()).lock_exclusive().one(transaction).await?.map(read).transpose()
}

/// Which of these logins are taken already?
pub async fn taken_logins(
    connection: &impl ConnectionTrait,
    logins: &[String],
) -> Result<Vec<String>, DbErr> {
    let mut taken = Vec::new();
    for some in logins.chunks(500) {
        taken.extend(
            account::Entity::find()
                .filter(account::Column::Login.is_in(some.iter().map(String::as_str)))
                .all(connection)
                .await?
                .into_iter()
                .map(|row| row.login),
        );
    }
    Ok(taken)
}
