//! Keys at rest: signing keys and people's keys, all sealed.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect};

use super::entity::{audit_key, mail, person_key, second_factor, signing_key};
use super::reading::unreadable;
use crate::crypto::sealing::purpose;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, SigningKeyId, TypedId};
use crate::domain::token::SigningAlgorithm;

/// A signing key as it is stored.
#[derive(Debug, Clone)]
pub struct StoredSigningKey {
    pub id: SigningKeyId,
    pub kid: String,
    pub algorithm: SigningAlgorithm,
    /// Counts up for each algorithm.
    pub generation: i32,
    pub sealed: String,
    pub created_at: Moment,
    /// Published before, used from then on.
    pub signs_from: Moment,
    /// Published until then; `None` while no successor is named.
    pub verifies_until: Option<Moment>,
}

/// Every key that may still be published, oldest generation first.
pub async fn signing_keys(connection: &impl ConnectionTrait) -> Result<Vec<StoredSigningKey>, DbErr> {
    signing_key::Entity::find()
        .order_by_asc(signing_key::Column::Generation)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| {
            Ok(StoredSigningKey {
                id: row.id.into(),
                kid: row.kid,
                algorithm: SigningAlgorithm::from_name(&row.algorithm)
                    .ok_or_else(|| unreadable("signing_key.algorithm", &row.algorithm))?,
                generation: row.generation,
                sealed: row.sealed,
                created_at: row.created_at,
                signs_from: row.signs_from,
                verifies_until: row.verifies_until,
            })
        })
        .collect()
}

/// Lets whoever else wants to rotate wait until the transaction ends. On SQLite a writing transaction is alone anyway.
pub async fn lock_signing_keys(transaction: &impl ConnectionTrait) -> Result<(), DbErr> {
    // Only the rows that are there can be locked, in one order; what a faster rotation added is read after.
    signing_key::Entity::find()
        .order_by_asc(signing_key::Column::Id)
        .lock_exclusive()
        .all(transaction)
        .await
        .map(|_| ())
}

/// Keeps a key, unless somebody else made that generation first.
pub async fn insert_signing_key(
    connection: &impl ConnectionTrait,
    new: StoredSigningKey,
) -> Result<(), DbErr> {
    signing_key::Entity::insert(signing_key::ActiveModel {
        id: Set(new.id.uuid()),
        kid: Set(new.kid),
        algorithm: Set(new.algorithm.as_str().to_owned()),
        generation: Set(new.generation),
        sealed: Set(new.sealed),
        created_at: Set(new.created_at),
        signs_from: Set(new.signs_from),
        verifies_until: Set(new.verifies_until),
    })
    .on_conflict(
        OnConflict::columns([signing_key::Column::Algorithm, signing_key::Column::Generation])
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// Names the end of every key of this algorithm older than `generation` that has none yet.
pub async fn retire_older(
    connection: &impl ConnectionTrait,
    algorithm: SigningAlgorithm,
    generation: i32,
    verifies_until: Moment,
) -> Result<(), DbErr> {
    signing_key::Entity::update_many()
        .col_expr(signing_key::Column::VerifiesUntil, Expr::value(Some(verifies_until)))
        .filter(signing_key::Column::Algorithm.eq(algorithm.as_str()))
        .filter(signing_key::Column::Generation.lt(generation))
        .filter(signing_key::Column::VerifiesUntil.is_null())
        .exec(connection)
        .await
        .map(|_| ())
}

/// Forgets one key: what it signed verifies no more.
pub async fn delete_signing_key(connection: &impl ConnectionTrait, id: SigningKeyId) -> Result<(), DbErr> {
    signing_key::Entity::delete_by_id(id.uuid()).exec(connection).await.map(|_| ())
}

/// Forgets keys that verify nothing any more.
pub async fn sweep_signing_keys(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let done = signing_key::Entity::delete_many()
        .filter(signing_key::Column::VerifiesUntil.lt(before))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

/// Anything that some sealing key sealed: one value of each kind. Asked before a sealing key is made or used.
pub async fn any_sealed(connection: &impl ConnectionTrait) -> Result<Sealed, DbErr> {
    let signing = signing_key::Entity::find().one(connection).await?;
    let person = person_key::Entity::find().one(connection).await?;
    let factor = second_factor::Entity::find().one(connection).await?;
    // A message that has gone out is emptied.
    let mail = mail::Entity::find().filter(mail::Column::Sealed.ne("")).one(connection).await?;
    let audit =
        audit_key::Entity::find().filter(audit_key::Column::Sealed.is_not_null()).one(connection).await?;
    Ok(Sealed {
        audit_key: audit.and_then(|row| row.sealed),
        signing_key: signing.map(|row| row.sealed),
        person_key: person.map(|row| row.sealed),
        second_factor_seed: factor.map(|row| row.sealed_seed),
        mail: mail.map(|row| row.sealed),
    })
}

/// One sealed value of each kind, where there is one.
#[derive(Debug, Clone, Default)]
pub struct Sealed {
    pub signing_key: Option<String>,
    pub person_key: Option<String>,
    pub second_factor_seed: Option<String>,
    pub mail: Option<String>,
    pub audit_key: Option<String>,
}

impl Sealed {
    /// Each with what it was sealed as.
    pub fn by_purpose(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            (purpose::SIGNING_KEY, &self.signing_key),
            (purpose::PERSON_KEY, &self.person_key),
            (purpose::SECOND_FACTOR_SEED, &self.second_factor_seed),
            (purpose::MAIL, &self.mail),
            (purpose::AUDIT_KEY, &self.audit_key),
        ]
        .into_iter()
        .filter_map(|(purpose, sealed)| Some((purpose, sealed.as_deref()?)))
    }
}

pub async fn insert_person_key(
    connection: &impl ConnectionTrait,
    account: AccountId,
    sealed: String,
    now: Moment,
) -> Result<(), DbErr> {
    person_key::Entity::insert(person_key::ActiveModel {
        person_id: Set(account.uuid()),
        sealed: Set(sealed),
        created_at: Set(now),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

pub async fn person_key(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<String>, DbErr> {
    Ok(person_key::Entity::find_by_id(account.uuid()).one(connection).await?.map(|row| row.sealed))
}

/// Destroys a person's key: what was sealed under it is unreadable from then on. Returns whether there was one.
pub async fn delete_person_key(connection: &impl ConnectionTrait, account: AccountId) -> Result<bool, DbErr> {
    let done = person_key::Entity::delete_by_id(account.uuid()).exec(connection).await?;
    Ok(done.rows_affected == 1)
}
