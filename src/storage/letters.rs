//! Credential letters with their recovery codes.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::entity::{credential_letter, recovery_code};
use crate::domain::clock::Moment;
use crate::domain::credential_letter::collection::IdentityDocument;
use crate::domain::ids::{AccountId, CredentialLetterId, LetterOrderId, TypedId};

/// A letter as it is stored: without what it opens.
#[derive(Debug, Clone)]
pub struct Letter {
    pub id: CredentialLetterId,
    pub account: AccountId,
    /// Ungrouped.
    pub serial: String,
    /// `None` for a letter of an import.
    pub order: Option<LetterOrderId>,
    pub printed_by: Option<AccountId>,
    pub printed_at: Moment,
    pub collected_at: Option<Moment>,
    pub collected_by: Option<AccountId>,
    pub identity_document: Option<IdentityDocument>,
    pub voided_at: Option<Moment>,
    pub void_reason: Option<String>,
    /// When its owner was reminded of it.
    pub reminded_at: Option<Moment>,
}

/// A letter that is being printed. Hashes only.
#[derive(Debug)]
pub struct NewLetter {
    pub id: CredentialLetterId,
    pub account: AccountId,
    pub order: LetterOrderId,
    pub serial: String,
    pub initial_password_hash: String,
    /// The first is number 1.
    pub code_hashes: Vec<String>,
    pub printed_by: AccountId,
    pub printed_at: Moment,
}

pub async fn insert_printed(connection: &impl ConnectionTrait, new: NewLetter) -> Result<(), DbErr> {
    credential_letter::Entity::insert(credential_letter::ActiveModel {
        id: Set(new.id.uuid()),
        account_id: Set(new.account.uuid()),
        serial: Set(new.serial),
        created_at: Set(new.printed_at),
        order_id: Set(Some(new.order.uuid())),
        initial_password_hash: Set(Some(new.initial_password_hash)),
        printed_by: Set(Some(new.printed_by.uuid())),
        ..Default::default()
    })
    .exec_without_returning(connection)
    .await?;
    let codes = (1_i16..).zip(new.code_hashes).map(|(number, hash)| recovery_code::ActiveModel {
        letter_id: Set(new.id.uuid()),
        number: Set(number),
        hash: Set(hash),
        used_at: Set(None),
    });
    recovery_code::Entity::insert_many(codes).exec_without_returning(connection).await.map(|_| ())
}

/// Notes a letter that another system printed: its serial is all that is known of it.
pub async fn insert_imported(
    connection: &impl ConnectionTrait,
    id: CredentialLetterId,
    account: AccountId,
    serial: String,
    now: Moment,
) -> Result<(), DbErr> {
    credential_letter::Entity::insert(credential_letter::ActiveModel {
        id: Set(id.uuid()),
        account_id: Set(account.uuid()),
        serial: Set(serial),
        created_at: Set(now),
        voided_at: Set(None),
        ..Default::default()
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// Which of these letter serials are taken already?
pub async fn taken_serials(
    connection: &impl ConnectionTrait,
    serials: &[String],
) -> Result<Vec<String>, DbErr> {
    let mut taken = Vec::new();
    for some in serials.chunks(500) {
        taken.extend(
            credential_letter::Entity::find()
                .filter(credential_letter::Column::Serial.is_in(some.iter().map(String::as_str)))
                .all(connection)
                .await?
                .into_iter()
                .map(|row| row.serial),
        );
    }
    Ok(taken)
}

pub async fn find_by_serial(
    connection: &impl ConnectionTrait,
    serial: &str,
) -> Result<Option<Letter>, DbErr> {
    Ok(credential_letter::Entity::find()
        .filter(credential_letter::Column::Serial.eq(serial))
        .one(connection)
        .await?
        .map(read))
}

/// Was a letter ever printed here for this account? Those of other systems have no order.
pub async fn was_any_printed(connection: &impl ConnectionTrait, account: AccountId) -> Result<bool, DbErr> {
    Ok(credential_letter::Entity::find()
        .filter(credential_letter::Column::AccountId.eq(account.uuid()))
        .filter(credential_letter::Column::OrderId.is_not_null())
        .count(connection)
        .await?
        > 0)
}

/// The account's letters that were not voided, newest first. Its account's row is the lock that they change under.
pub async fn live_of(connection: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Letter>, DbErr> {
    Ok(credential_letter::Entity::find()
        .filter(credential_letter::Column::AccountId.eq(account.uuid()))
        .filter(credential_letter::Column::VoidedAt.is_null())
        .order_by_desc(credential_letter::Column::Id)
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect())
}

/// Every letter the account ever had, newest first.
pub async fn all_of(connection: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Letter>, DbErr> {
    Ok(credential_letter::Entity::find()
        .filter(credential_letter::Column::AccountId.eq(account.uuid()))
        .order_by_desc(credential_letter::Column::Id)
        .all(connection)
        .await?
        .into_iter()
        .map(read)
        .collect())
}

/// Voids a letter: neither its password nor its codes open anything any more. Returns whether it was still good.
pub async fn void(
    connection: &impl ConnectionTrait,
    id: CredentialLetterId,
    reason: &'static str,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = credential_letter::Entity::update_many()
        .col_expr(credential_letter::Column::VoidedAt, Expr::value(Some(now)))
        .col_expr(credential_letter::Column::VoidReason, Expr::value(Some(reason)))
        .col_expr(credential_letter::Column::InitialPasswordHash, Expr::value(None::<String>))
        .filter(credential_letter::Column::Id.eq(id.uuid()))
        .filter(credential_letter::Column::VoidedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Its owner was reminded of it. Returns whether that was the first time.
pub async fn mark_reminded(
    connection: &impl ConnectionTrait,
    id: CredentialLetterId,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = credential_letter::Entity::update_many()
        .col_expr(credential_letter::Column::RemindedAt, Expr::value(Some(now)))
        .filter(credential_letter::Column::Id.eq(id.uuid()))
        .filter(credential_letter::Column::RemindedAt.is_null())
        .filter(credential_letter::Column::VoidedAt.is_null())
        .filter(credential_letter::Column::CollectedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// What a handed-over letter opens its account with; `None` if it was collected or voided before. Of any number of
/// callers one gets it: the row's lock is the account's, which the caller holds.
pub async fn collect(
    transaction: &impl ConnectionTrait,
    id: CredentialLetterId,
    by: AccountId,
    document: IdentityDocument,
    now: Moment,
) -> Result<Option<String>, DbErr> {
    let waiting = credential_letter::Entity::find_by_id(id.uuid())
        .filter(credential_letter::Column::VoidedAt.is_null())
        .filter(credential_letter::Column::CollectedAt.is_null())
        .lock_exclusive()
        .one(transaction)
        .await?;
    let Some(hash) = waiting.and_then(|row| row.initial_password_hash) else {
        return Ok(None);
    };
    let done = credential_letter::Entity::update_many()
        .col_expr(credential_letter::Column::CollectedAt, Expr::value(Some(now)))
        .col_expr(credential_letter::Column::CollectedBy, Expr::value(Some(by.uuid())))
        .col_expr(credential_letter::Column::IdentityDocument, Expr::value(Some(document.as_str())))
        .col_expr(credential_letter::Column::InitialPasswordHash, Expr::value(None::<String>))
        .filter(credential_letter::Column::Id.eq(id.uuid()))
        .filter(credential_letter::Column::VoidedAt.is_null())
        .filter(credential_letter::Column::CollectedAt.is_null())
        .exec(transaction)
        .await?;
    Ok((done.rows_affected == 1).then_some(hash))
}

/// The next code that was not used yet: its number and hash.
pub async fn next_code(
    connection: &impl ConnectionTrait,
    letter: CredentialLetterId,
) -> Result<Option<(i16, String)>, DbErr> {
    Ok(recovery_code::Entity::find()
        .filter(recovery_code::Column::LetterId.eq(letter.uuid()))
        .filter(recovery_code::Column::UsedAt.is_null())
        .order_by_asc(recovery_code::Column::Number)
        .one(connection)
        .await?
        .map(|row| (row.number, row.hash)))
}

/// Uses a code up. Of any number of callers one gets `true`.
pub async fn use_code(
    connection: &impl ConnectionTrait,
    letter: CredentialLetterId,
    number: i16,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(Some(now)))
        .filter(recovery_code::Column::LetterId.eq(letter.uuid()))
        .filter(recovery_code::Column::Number.eq(number))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// How many codes of the letter are left.
pub async fn codes_left(connection: &impl ConnectionTrait, letter: CredentialLetterId) -> Result<u64, DbErr> {
    recovery_code::Entity::find()
        .filter(recovery_code::Column::LetterId.eq(letter.uuid()))
        .filter(recovery_code::Column::UsedAt.is_null())
        .count(connection)
        .await
}

pub(super) fn read(row: credential_letter::Model) -> Letter {
    Letter {
        id: row.id.into(),
        account: row.account_id.into(),
        serial: row.serial,
        order: row.order_id.map(LetterOrderId::from),
        printed_by: row.printed_by.map(AccountId::from),
        printed_at: row.created_at,
        collected_at: row.collected_at,
        collected_by: row.collected_by.map(AccountId::from),
        identity_document: row.identity_document.and_then(|name| name.parse().ok()),
        voided_at: row.voided_at,
        void_reason: row.void_reason,
        reminded_at: row.reminded_at,
    }
}
