//! Looking through the audit, newest first.

use sea_orm::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::entity::audit;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, AuditId, TypedId as _};

/// What is looked for; every part narrows.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Its permanent name.
    pub action: Option<String>,
    pub outcome: Option<String>,
    /// Who did it.
    pub actor: Option<AccountId>,
    /// Whom it is about.
    pub account: Option<AccountId>,
    pub from: Option<Moment>,
    /// Up to, and without, this moment.
    pub until: Option<Moment>,
    /// Only what is older than this record: the next page.
    pub before: Option<AuditKey>,
}

/// Where a record stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditKey {
    pub at: Moment,
    pub id: AuditId,
}

/// A record as it is stored.
#[derive(Debug, Clone)]
pub struct FoundRecord {
    pub key: AuditKey,
    pub action: String,
    pub actor_kind: String,
    pub actor_id: Option<String>,
    pub account: Option<AccountId>,
    pub client_id: Option<String>,
    pub outcome: Option<String>,
    /// Still sealed.
    pub personal: Option<String>,
}

pub async fn find(
    connection: &impl ConnectionTrait,
    filter: &AuditFilter,
    limit: u64,
) -> Result<Vec<FoundRecord>, DbErr> {
    let mut condition = Condition::all();
    if let Some(action) = &filter.action {
        condition = condition.add(audit::Column::Action.eq(action.as_str()));
    }
    if let Some(outcome) = &filter.outcome {
        condition = condition.add(audit::Column::Outcome.eq(outcome.as_str()));
    }
    if let Some(actor) = filter.actor {
        condition = condition.add(audit::Column::ActorId.eq(actor.to_string()));
    }
    if let Some(account) = filter.account {
        condition = condition.add(audit::Column::AccountId.eq(account.uuid()));
    }
    if let Some(from) = filter.from {
        condition = condition.add(audit::Column::At.gte(from));
    }
    if let Some(until) = filter.until {
        condition = condition.add(audit::Column::At.lt(until));
    }
    if let Some(AuditKey { at, id }) = filter.before {
        let same_moment = Condition::all().add(audit::Column::At.eq(at)).add(audit::Column::Id.lt(id.uuid()));
        condition = condition.add(Condition::any().add(audit::Column::At.lt(at)).add(same_moment));
    }
    let rows = audit::Entity::find()
        .filter(condition)
        .order_by_desc(audit::Column::At)
        .order_by_desc(audit::Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| FoundRecord {
            key: AuditKey { at: row.at, id: row.id.into() },
            action: row.action,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            account: row.account_id.map(AccountId::from),
            client_id: row.client_id,
            outcome: row.outcome,
            personal: row.personal,
        })
        .collect())
}
