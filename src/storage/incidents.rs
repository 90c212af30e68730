//! Who was here between two moments: sessions that were open, and grants that were good.

use sea_orm::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, Query};
use sea_orm::{Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::entity::{session, session_client, token_grant};
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;

/// From one moment up to, and without, another.
#[derive(Debug, Clone, Copy)]
pub struct Between {
    pub from: Moment,
    pub until: Moment,
}

/// Something of an account that lasted.
#[derive(Debug, Clone)]
pub struct Lasted {
    pub id: Uuid,
    pub account: AccountId,
    pub began: Moment,
    /// As far as is known.
    pub ended: Moment,
    /// The client it was for; a session is for nobody alone.
    pub client: Option<String>,
}

/// Sessions that were open then; with a client, those that it got something out of. By id, after one.
pub async fn sessions(
    connection: &impl ConnectionTrait,
    between: Between,
    client: Option<&str>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Lasted>, DbErr> {
    let ended = Condition::any()
        .add(session::Column::EndedAt.gte(between.from))
        .add(session::Column::EndedAt.is_null().and(session::Column::ExpiresAt.gt(between.from)));
    let mut asked =
        session::Entity::find().filter(session::Column::CreatedAt.lt(between.until)).filter(ended);
    if let Some(client) = client {
        let of_client = Query::select()
            .column(session_client::Column::SessionId)
            .from(session_client::Entity)
            .and_where(session_client::Column::ClientId.eq(client))
            .to_owned();
        asked = asked.filter(session::Column::Id.in_subquery(of_client));
    }
    if let Some(after) = after {
        asked = asked.filter(session::Column::Id.gt(after));
    }
    let rows = asked.order_by_asc(session::Column::Id).limit(limit).all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| Lasted {
            id: row.id,
            account: row.account_id.into(),
            began: row.created_at,
            ended: row.ended_at.unwrap_or(row.last_seen_at),
            client: client.map(str::to_owned),
        })
        .collect())
}

/// Grants that were good then, of one client or all. By id, after one.
pub async fn grants(
    connection: &impl ConnectionTrait,
    between: Between,
    client: Option<&str>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Lasted>, DbErr> {
    let ended = Condition::any()
        .add(token_grant::Column::RevokedAt.gte(between.from))
        .add(token_grant::Column::RevokedAt.is_null().and(token_grant::Column::ExpiresAt.gt(between.from)));
    let mut asked =
        token_grant::Entity::find().filter(token_grant::Column::CreatedAt.lt(between.until)).filter(ended);
    if let Some(client) = client {
        asked = asked.filter(token_grant::Column::ClientId.eq(client));
    }
    if let Some(after) = after {
        asked = asked.filter(token_grant::Column::Id.gt(after));
    }
    let rows = asked.order_by_asc(token_grant::Column::Id).limit(limit).all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| Lasted {
            id: row.id,
            account: row.account_id.into(),
            began: row.created_at,
            ended: row.revoked_at.unwrap_or(row.expires_at),
            client: Some(row.client_id),
        })
        .collect())
}
