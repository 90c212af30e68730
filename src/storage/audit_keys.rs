//! Keys that sign what is said about the audit's chain.

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder as _};

use super::entity::audit_key;
use crate::domain::clock::Moment;

/// A key as it is stored.
#[derive(Debug, Clone)]
pub struct StoredAuditKey {
    /// Counts up from 1, without a gap.
    pub generation: u32,
    pub kid: String,
    /// The public half (RFC 8037 §2, `x`): kept for ever, so that what it signed can be checked for ever.
    pub public: String,
    /// The private half; `None` since the next key came.
    pub sealed: Option<String>,
    pub created_at: Moment,
    /// The key of before says that this is the next one; the first says it of itself.
    pub introduction: String,
}

/// All of them, oldest first.
pub async fn all(connection: &impl ConnectionTrait) -> Result<Vec<StoredAuditKey>, DbErr> {
    let rows = audit_key::Entity::find().order_by_asc(audit_key::Column::Generation).all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| StoredAuditKey {
            generation: u32::try_from(row.generation).unwrap_or(0),
            kid: row.kid,
            public: row.public,
            sealed: row.sealed,
            created_at: row.created_at,
            introduction: row.introduction,
        })
        .collect())
}

/// Keeps the next key, and destroys the private half of those of before.
pub async fn insert_next(transaction: &impl ConnectionTrait, new: StoredAuditKey) -> Result<(), DbErr> {
    let generation = i32::try_from(new.generation).unwrap_or(i32::MAX);
    audit_key::Entity::update_many()
        .col_expr(audit_key::Column::Sealed, Expr::value(None::<String>))
        .filter(audit_key::Column::Generation.lt(generation))
        .exec(transaction)
        .await?;
    audit_key::Entity::insert(audit_key::ActiveModel {
        generation: Set(generation),
        kid: Set(new.kid),
        public: Set(new.public),
        sealed: Set(new.sealed),
        created_at: Set(new.created_at),
        introduction: Set(new.introduction),
    })
    .exec_without_returning(transaction)
    .await
    .map(|_| ())
}
