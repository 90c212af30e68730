//! Who was here between two moments: sessions that were open, and grants that were good.

use sea_orm::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, Query};
use sea_orm::{Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _, QueryTrait as _};

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

/// A table of what lasts: from its beginning until somebody ends it, or its time is over.
trait Lasting: EntityTrait {
    const ID: Self::Column;
    const BEGAN_AT: Self::Column;
    const ENDED_AT: Self::Column;
    const RUNS_OUT_AT: Self::Column;
}

impl Lasting for session::Entity {
    const ID: session::Column = session::Column::Id;
    const BEGAN_AT: session::Column = session::Column::CreatedAt;
    const ENDED_AT: session::Column = session::Column::EndedAt;
    const RUNS_OUT_AT: session::Column = session::Column::ExpiresAt;
}

impl Lasting for token_grant::Entity {
    const ID: token_grant::Column = token_grant::Column::Id;
    const BEGAN_AT: token_grant::Column = token_grant::Column::CreatedAt;
    const ENDED_AT: token_grant::Column = token_grant::Column::RevokedAt;
    const RUNS_OUT_AT: token_grant::Column = token_grant::Column::ExpiresAt;
}

/// Sessions that were open then; with a client, those that it got something out of. By id, after one.
pub async fn sessions(
    connection: &impl ConnectionTrait,
    between: Between,
    client: Option<&str>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Lasted>, DbErr> {
    let rows = lasting::<session::Entity>(between, after, limit)
        .apply_if(client, |asked, client| {
            let of_client = Query::select()
                .column(session_client::Column::SessionId)
                .from(session_client::Entity)
                .and_where(session_client::Column::ClientId.eq(client))
                .to_owned();
            asked.filter(session::Column::Id.in_subquery(of_client))
        })
        .all(connection)
        .await?;
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
    let rows = lasting::<token_grant::Entity>(between, after, limit)
        .apply_if(client, |asked, client| asked.filter(token_grant::Column::ClientId.eq(client)))
        .all(connection)
        .await?;
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

/// A page of those that lasted then.
fn lasting<L: Lasting>(between: Between, after: Option<Uuid>, limit: u64) -> Select<L> {
    let runs_on = L::ENDED_AT.is_null().and(L::RUNS_OUT_AT.gt(between.from));
    L::find()
        .filter(L::BEGAN_AT.lt(between.until))
        .filter(Condition::any().add(L::ENDED_AT.gte(between.from)).add(runs_on))
        .apply_if(after, |asked, after| asked.filter(L::ID.gt(after)))
        .order_by_asc(L::ID)
        .limit(limit)
}
