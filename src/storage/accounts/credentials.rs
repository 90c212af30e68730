//! Accounts together with their hashes.

use sea_orm::prelude::*;
use sea_orm::{ConnectionTrait, QuerySelect as _};

use super::row::read;
use crate::domain::account::{Account, PasswordKind};
use crate::domain::ids::{AccountId, TypedId};
use crate::storage::entity::account;

/// An account together with its hashes. Only `accounts::verdict` may compare them with anything.
#[derive(Clone)]
pub struct Credentials {
    pub account: Account,
    initial_password_hash: Option<String>,
    password_hash: Option<String>,
    initial_password_recovers: bool,
}

impl Credentials {
    /// The hash that a password typed at sign-in is compared with, in the account's present state.
    pub fn current_hash(&self) -> Option<(PasswordKind, &str)> {
        match self.account.state.password_kind()? {
            PasswordKind::Initial => Some((PasswordKind::Initial, self.initial_password_hash.as_deref()?)),
            PasswordKind::Chosen => Some((PasswordKind::Chosen, self.password_hash.as_deref()?)),
        }
    }

    /// The initial password's hash, while it still counts.
    pub fn initial_hash(&self) -> Option<&str> {
        self.initial_password_hash.as_deref()
    }

    /// The initial password's hash, if it still recovers the account: once, in an account whose letter another system
    /// printed (the procedure's row 7, letters from before).
    pub fn recovering_hash(&self) -> Option<&str> {
        self.initial_password_hash.as_deref().filter(|_| self.initial_password_recovers)
    }
}

pub async fn credentials_by_login(
    connection: &impl ConnectionTrait,
    login: &str,
) -> Result<Option<Credentials>, DbErr> {
    account::Entity::find()
        .filter(account::Column::Login.eq(login))
        .one(connection)
        .await?
        .map(read_credentials)
        .transpose()
}

pub async fn credentials(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<Credentials>, DbErr> {
    account::Entity::find_by_id(id.uuid()).one(connection).await?.map(read_credentials).transpose()
}

/// The same, with the account's row locked, as by [`lock`](super::lock): for who needs the hashes as well.
pub async fn lock_credentials(
    transaction: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<Credentials>, DbErr> {
    account::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(transaction)
        .await?
        .map(read_credentials)
        .transpose()
}

fn read_credentials(mut row: account::Model) -> Result<Credentials, DbErr> {
    let initial_password_hash = row.initial_password_hash.take();
    let password_hash = row.password_hash.take();
    let initial_password_recovers = row.initial_password_recovers;
    Ok(Credentials { account: read(row)?, initial_password_hash, password_hash, initial_password_recovers })
}
