//! Audit records: appended, never changed.

use sea_orm::prelude::*;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect};

use super::entity::audit;
use crate::domain::audit::AuditRecord;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, AuditId, TypedId};

/// Appends a record; `personal` is sealed already.
pub async fn append(
    connection: &impl ConnectionTrait,
    id: AuditId,
    at: Moment,
    record: &AuditRecord,
    personal: Option<String>,
) -> Result<(), DbErr> {
    audit::Entity::insert(audit::ActiveModel {
        id: Set(id.uuid()),
        at: Set(at),
        action: Set(record.action.as_str().to_owned()),
        actor_kind: Set(record.actor.kind().to_owned()),
        actor_id: Set(record.actor.id()),
        account_id: Set(record.account.map(TypedId::uuid)),
        session_id: Set(record.session.map(TypedId::uuid)),
        client_id: Set(record.client.clone()),
        outcome: Set(record.outcome.map(str::to_owned)),
        personal: Set(personal),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// A record as it is shown.
#[derive(Debug, Clone)]
pub struct ShownRecord {
    pub at: Moment,
    pub action: String,
    pub actor_kind: String,
    pub actor_id: Option<String>,
    pub outcome: Option<String>,
    pub client_id: Option<String>,
    /// Still sealed.
    pub personal: Option<String>,
}

/// The newest records about an account, newest first.
pub async fn latest_about(
    connection: &impl ConnectionTrait,
    account: AccountId,
    limit: u64,
) -> Result<Vec<ShownRecord>, DbErr> {
    Ok(about(account).limit(limit).all(connection).await?.into_iter().map(show).collect())
}

fn about(account: AccountId) -> Select<audit::Entity> {
    audit::Entity::find()
        .filter(audit::Column::AccountId.eq(account.uuid()))
        .order_by_desc(audit::Column::At)
        .order_by_desc(audit::Column::Id)
}

fn show(row: audit::Model) -> ShownRecord {
    ShownRecord {
        at: row.at,
        action: row.action,
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        outcome: row.outcome,
        client_id: row.client_id,
        personal: row.personal,
    }
}
