//! The news for clients that a session ended: written in the transaction of its end, leased by whoever delivers it.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoCondition as _};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect};

pub use super::deliveries::AfterFailure;
use super::deliveries::{self, Deliveries, Lease, due};
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

impl Deliveries for logout_notice::Entity {
    const ID: logout_notice::Column = logout_notice::Column::Id;
    const CREATED_AT: logout_notice::Column = logout_notice::Column::CreatedAt;
    const ATTEMPTS: logout_notice::Column = logout_notice::Column::Attempts;
    const NEXT_ATTEMPT_AT: logout_notice::Column = logout_notice::Column::NextAttemptAt;
    const LEASED_UNTIL: logout_notice::Column = logout_notice::Column::LeasedUntil;
    const ARRIVED_AT: logout_notice::Column = logout_notice::Column::DeliveredAt;
    const GIVEN_UP_AT: logout_notice::Column = logout_notice::Column::GivenUpAt;
    const LAST_ERROR: logout_notice::Column = logout_notice::Column::LastError;
}

/// The clients for whom something is due.
pub async fn clients_due(connection: &impl ConnectionTrait, now: Moment) -> Result<Vec<String>, DbErr> {
    logout_notice::Entity::find()
        .select_only()
        .column(logout_notice::Column::ClientId)
        .distinct()
        .filter(due::<logout_notice::Entity>(now))
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
    let of_client = logout_notice::Column::ClientId.eq(client_id).into_condition();
    let ids = deliveries::all_due::<logout_notice::Entity>(connection, of_client, now, limit).await?;
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
    let lease = Lease { id: id.uuid(), until };
    if !deliveries::take::<logout_notice::Entity>(transaction, lease, now).await? {
        return Ok(None);
    }
    let row = logout_notice::Entity::find_by_id(id.uuid()).one(transaction).await?;
    Ok(row.map(|row| LeasedNotice {
        id,
        client_id: row.client_id,
        sid: row.sid.into(),
        account: row.account_id.into(),
        try_until: row.try_until,
        attempts: deliveries::tries(row.attempts),
        leased_until: until,
    }))
}

/// The client has taken it.
pub async fn mark_delivered(
    transaction: &impl ConnectionTrait,
    id: LogoutNoticeId,
    now: Moment,
) -> Result<(), DbErr> {
    deliveries::arrival::<logout_notice::Entity>(id.uuid(), now).exec(transaction).await.map(|_| ())
}

/// A try failed: it is counted. Does nothing, and says so, once the lease has gone to somebody else.
pub async fn failed(
    transaction: &impl ConnectionTrait,
    leased: &LeasedNotice,
    after: AfterFailure,
    error: &str,
) -> Result<bool, DbErr> {
    let lease = Lease { id: leased.id.uuid(), until: leased.leased_until };
    let attempts = leased.attempts.saturating_add(1);
    deliveries::failed::<logout_notice::Entity>(transaction, lease, attempts, after, error).await
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
    let rows = deliveries::not_arrived::<logout_notice::Entity>(limit).all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| ListedNotice {
            id: row.id.into(),
            client_id: row.client_id,
            why: row.why,
            created_at: row.created_at,
            attempts: deliveries::tries(row.attempts),
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
    let done = deliveries::retry::<logout_notice::Entity>(id.uuid(), now)
        .col_expr(logout_notice::Column::TryUntil, Expr::value(try_until))
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
    deliveries::sweep::<logout_notice::Entity>(connection, delivered_before, given_up_before).await
}
