//! The news for clients that a session ended: written in the transaction of its end, leased by whoever delivers it.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect};

use super::entity::logout_notice;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, ClientSessionId, LogoutNoticeId, TypedId};

/// News that waits. The token is made when it is sent: it lives for minutes, and its key may have changed by then.
#[derive(Debug)]
pub struct NewNotice {
    pub id: LogoutNoticeId,
    pub client_id: String,
    /// What the client knows the session by.
    pub sid: ClientSessionId,
    pub account: AccountId,
    /// Why the session ended, as its audit record says. For staff: the client is not told.
    pub why: &'static str,
    pub created_at: Moment,
    /// When it is given up.
    pub try_until: Moment,
}

pub async fn enqueue(connection: &impl ConnectionTrait, new: NewNotice) -> Result<(), DbErr> {
    logout_notice::Entity::insert(logout_notice::ActiveModel {
        id: Set(new.id.uuid()),
        client_id: Set(new.client_id),
        sid: Set(new.sid.uuid()),
        account_id: Set(new.account.uuid()),
        why: Set(new.why.to_owned()),
        created_at: Set(new.created_at),
        try_until: Set(new.try_until),
        attempts: Set(0),
        next_attempt_at: Set(new.created_at),
        leased_until: Set(None),
        delivered_at: Set(None),
        given_up_at: Set(None),
        last_error: Set(None),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// Neither delivered nor given up.
fn waiting() -> Condition {
    Condition::all()
        .add(logout_notice::Column::DeliveredAt.is_null())
        .add(logout_notice::Column::GivenUpAt.is_null())
}

/// Waiting, its time has come, and nobody is delivering it at this moment.
fn due(now: Moment) -> Condition {
    waiting().add(logout_notice::Column::NextAttemptAt.lte(now)).add(
        Condition::any()
            .add(logout_notice::Column::LeasedUntil.is_null())
            .add(logout_notice::Column::LeasedUntil.lte(now)),
    )
}

/// The clients for whom something is due.
pub async fn clients_due(connection: &impl ConnectionTrait, now: Moment) -> Result<Vec<String>, DbErr> {
    logout_notice::Entity::find()
        .select_only()
        .column(logout_notice::Column::ClientId)
        .distinct()
        .filter(due(now))
        .into_tuple()
        .all(connection)
        .await
}

/// What is due for one client, the longest due first. To deliver one of them, [`lease`] it.
pub async fn due_for(
    connection: &impl ConnectionTrait,
    client_id: &str,
    now: Moment,
    limit: u64,
) -> Result<Vec<LogoutNoticeId>, DbErr> {
    let ids: Vec<Uuid> = logout_notice::Entity::find()
        .select_only()
        .column(logout_notice::Column::Id)
        .filter(logout_notice::Column::ClientId.eq(client_id))
        .filter(due(now))
        .order_by_asc(logout_notice::Column::NextAttemptAt)
        .order_by_asc(logout_notice::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(LogoutNoticeId::from).collect())
}

/// News that nobody else delivers until the lease runs out.
#[derive(Debug)]
pub struct LeasedNotice {
    pub id: LogoutNoticeId,
    pub client_id: String,
    pub sid: ClientSessionId,
    pub account: AccountId,
    pub try_until: Moment,
    /// Tries that failed so far.
    pub attempts: u32,
    /// What the lease is known by.
    leased_until: Moment,
}

/// Takes news that is due, unless another replica was quicker.
pub async fn lease(
    transaction: &impl ConnectionTrait,
    id: LogoutNoticeId,
    now: Moment,
    until: Moment,
) -> Result<Option<LeasedNotice>, DbErr> {
    let taken = logout_notice::Entity::update_many()
        .col_expr(logout_notice::Column::LeasedUntil, Expr::value(Some(until)))
        .filter(logout_notice::Column::Id.eq(id.uuid()))
        .filter(due(now))
        .exec(transaction)
        .await?;
    if taken.rows_affected != 1 {
        return Ok(None);
    }
    let row = logout_notice::Entity::find_by_id(id.uuid()).one(transaction).await?;
    Ok(row.map(|row| LeasedNotice {
        id,
        client_id: row.client_id,
        sid: row.sid.into(),
        account: row.account_id.into(),
        try_until: row.try_until,
        attempts: count(row.attempts),
        leased_until: until,
    }))
}

/// The client has taken it.
pub async fn mark_delivered(
    transaction: &impl ConnectionTrait,
    id: LogoutNoticeId,
    now: Moment,
) -> Result<(), DbErr> {
    logout_notice::Entity::update_many()
        .col_expr(logout_notice::Column::DeliveredAt, Expr::value(Some(now)))
        .col_expr(logout_notice::Column::LeasedUntil, Expr::value(None::<Moment>))
        .col_expr(logout_notice::Column::LastError, Expr::value(None::<String>))
        .filter(logout_notice::Column::Id.eq(id.uuid()))
        .filter(logout_notice::Column::DeliveredAt.is_null())
        .exec(transaction)
        .await
        .map(|_| ())
}

/// Counts a failure, and puts it off until `next`; `None`: it is tried no more, until somebody says so ([`retry`]).
/// Does nothing, and says so, once the lease has gone to somebody else.
pub async fn count_failure(
    transaction: &impl ConnectionTrait,
    leased: &LeasedNotice,
    next: Option<Moment>,
    error: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    let attempts = i32::try_from(leased.attempts + 1).unwrap_or(i32::MAX);
    let update = logout_notice::Entity::update_many()
        .col_expr(logout_notice::Column::Attempts, Expr::value(attempts))
        .col_expr(logout_notice::Column::LeasedUntil, Expr::value(None::<Moment>))
        .col_expr(logout_notice::Column::LastError, Expr::value(Some(error.to_owned())));
    let update = match next {
        Some(next) => update.col_expr(logout_notice::Column::NextAttemptAt, Expr::value(next)),
        None => update.col_expr(logout_notice::Column::GivenUpAt, Expr::value(Some(now))),
    };
    let done = update
        .filter(logout_notice::Column::Id.eq(leased.id.uuid()))
        .filter(logout_notice::Column::LeasedUntil.eq(leased.leased_until))
        .filter(waiting())
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
}

/// How much news for a client stands where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCounts {
    pub client_id: String,
    pub waiting: u64,
    pub delivered: u64,
    pub given_up: u64,
}

/// Every client for whom there is anything, by its id.
pub async fn counts(connection: &impl ConnectionTrait) -> Result<Vec<ClientCounts>, DbErr> {
    let delivered = || Expr::col(logout_notice::Column::DeliveredAt).is_not_null();
    let given_up = || Expr::col(logout_notice::Column::GivenUpAt).is_not_null();
    let rows: Vec<(String, bool, bool, i64)> = logout_notice::Entity::find()
        .select_only()
        .column(logout_notice::Column::ClientId)
        .expr_as(delivered(), "is_delivered")
        .expr_as(given_up(), "is_given_up")
        .expr_as(logout_notice::Column::Id.count(), "notices")
        .group_by(logout_notice::Column::ClientId)
        .group_by(delivered())
        .group_by(given_up())
        .order_by_asc(logout_notice::Column::ClientId)
        .into_tuple()
        .all(connection)
        .await?;
    let mut clients: Vec<ClientCounts> = Vec::new();
    for (client_id, is_delivered, is_given_up, notices) in rows {
        if clients.last().is_none_or(|last| last.client_id != client_id) {
            clients.push(ClientCounts { client_id, waiting: 0, delivered: 0, given_up: 0 });
        }
        let notices = u64::try_from(notices).unwrap_or(0);
        if let Some(last) = clients.last_mut() {
            match (is_delivered, is_given_up) {
                (true, _) => last.delivered += notices,
                (false, true) => last.given_up += notices,
                (false, false) => last.waiting += notices,
            }
        }
    }
    Ok(clients)
}

/// News as staff see it: for which client, never about whom.
#[derive(Debug, Clone)]
pub struct ListedNotice {
    pub id: LogoutNoticeId,
    pub client_id: String,
    pub why: String,
    pub created_at: Moment,
    pub attempts: u32,
    pub next_attempt_at: Moment,
    /// `None`: it still waits.
    pub given_up_at: Option<Moment>,
    pub last_error: Option<String>,
}

/// What waits and what was given up: the given-up first, then the oldest first.
pub async fn not_delivered(
    connection: &impl ConnectionTrait,
    limit: u64,
) -> Result<Vec<ListedNotice>, DbErr> {
    let rows = logout_notice::Entity::find()
        .filter(logout_notice::Column::DeliveredAt.is_null())
        // NULL sorts first on SQLite and last on PostgreSQL: asked as a question, both agree.
        .order_by_desc(Expr::col(logout_notice::Column::GivenUpAt).is_not_null())
        .order_by_asc(logout_notice::Column::CreatedAt)
        .order_by_asc(logout_notice::Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ListedNotice {
            id: row.id.into(),
            client_id: row.client_id,
            why: row.why,
            created_at: row.created_at,
            attempts: count(row.attempts),
            next_attempt_at: row.next_attempt_at,
            given_up_at: row.given_up_at,
            last_error: row.last_error,
        })
        .collect())
}

/// Makes it due now with all its tries, whether it waits or was given up. `None` if it was delivered, or is none of
/// ours; else its client and whom it is about.
pub async fn retry(
    transaction: &impl ConnectionTrait,
    id: LogoutNoticeId,
    now: Moment,
    try_until: Moment,
) -> Result<Option<(String, AccountId)>, DbErr> {
    let done = logout_notice::Entity::update_many()
        .col_expr(logout_notice::Column::GivenUpAt, Expr::value(None::<Moment>))
        .col_expr(logout_notice::Column::Attempts, Expr::value(0))
        .col_expr(logout_notice::Column::NextAttemptAt, Expr::value(now))
        .col_expr(logout_notice::Column::TryUntil, Expr::value(try_until))
        .filter(logout_notice::Column::Id.eq(id.uuid()))
        .filter(logout_notice::Column::DeliveredAt.is_null())
        .exec(transaction)
        .await?;
    if done.rows_affected != 1 {
        return Ok(None);
    }
    let row = logout_notice::Entity::find_by_id(id.uuid()).one(transaction).await?;
    Ok(row.map(|row| (row.client_id, row.account_id.into())))
}

/// Forgets what was delivered, and what was given up, before these times.
pub async fn sweep(
    connection: &impl ConnectionTrait,
    delivered_before: Moment,
    given_up_before: Moment,
) -> Result<u64, DbErr> {
    let done = logout_notice::Entity::delete_many()
        .filter(
            Condition::any().add(logout_notice::Column::DeliveredAt.lt(delivered_before)).add(
                Condition::all()
                    .add(logout_notice::Column::DeliveredAt.is_null())
                    .add(logout_notice::Column::GivenUpAt.lt(given_up_before)),
            ),
        )
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}

fn count(stored: i32) -> u32 {
    u32::try_from(stored).unwrap_or(0)
}
