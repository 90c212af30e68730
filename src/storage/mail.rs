//! Mail on its way: written in the transaction of what it tells of, leased by whoever sends it.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder};

pub use super::deliveries::AfterFailure;
use super::deliveries::{self, Deliveries, Lease, waiting};
use super::entity::mail;
use crate::domain::clock::Moment;
use crate::domain::ids::{MailId, TypedId};

/// A message that waits; its recipient and facts are sealed.
#[derive(Debug)]
pub struct NewMail {
    pub id: MailId,
    pub kind: &'static str,
    pub about: Uuid,
    pub sealed: String,
    pub created_at: Moment,
}

pub async fn enqueue(connection: &impl ConnectionTrait, new: NewMail) -> Result<(), DbErr> {
    mail::Entity::insert(mail::ActiveModel {
        id: Set(new.id.uuid()),
        kind: Set(new.kind.to_owned()),
        about: Set(Some(new.about)),
        sealed: Set(new.sealed),
        created_at: Set(new.created_at),
        attempts: Set(0),
        next_attempt_at: Set(new.created_at),
        leased_until: Set(None),
        sent_at: Set(None),
        given_up_at: Set(None),
        last_error: Set(None),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

impl Deliveries for mail::Entity {
    const ID: mail::Column = mail::Column::Id;
    const CREATED_AT: mail::Column = mail::Column::CreatedAt;
    const ATTEMPTS: mail::Column = mail::Column::Attempts;
    const NEXT_ATTEMPT_AT: mail::Column = mail::Column::NextAttemptAt;
    const LEASED_UNTIL: mail::Column = mail::Column::LeasedUntil;
    const ARRIVED_AT: mail::Column = mail::Column::SentAt;
    const GIVEN_UP_AT: mail::Column = mail::Column::GivenUpAt;
    const LAST_ERROR: mail::Column = mail::Column::LastError;
}

/// What may be sent now, the longest due first. To send one of them, [`lease`] it.
pub async fn all_due(
    connection: &impl ConnectionTrait,
    now: Moment,
    limit: u64,
) -> Result<Vec<MailId>, DbErr> {
    let due = deliveries::all_due::<mail::Entity>(connection, Condition::all(), now, limit).await?;
    Ok(due.into_iter().map(MailId::from).collect())
}

/// A message that nobody else sends until the lease runs out.
#[derive(Debug)]
pub struct LeasedMail {
    pub id: MailId,
    pub kind: String,
    pub about: Option<Uuid>,
    pub sealed: String,
    /// Tries that failed so far.
    pub attempts: u32,
    /// What the lease is known by.
    pub leased_until: Moment,
}

/// Takes a message that is due, unless another replica was quicker.
pub async fn lease(
    transaction: &impl ConnectionTrait,
    id: MailId,
    now: Moment,
    until: Moment,
) -> Result<Option<LeasedMail>, DbErr> {
    let lease = Lease { id: id.uuid(), until };
    if !deliveries::take::<mail::Entity>(transaction, lease, now).await? {
        return Ok(None);
    }
    Ok(mail::Entity::find_by_id(id.uuid()).one(transaction).await?.map(|row| LeasedMail {
        id,
        kind: row.kind,
        about: row.about,
        sealed: row.sealed,
        attempts: deliveries::tries(row.attempts),
        leased_until: until,
    }))
}

/// The mail server has taken it: recipient and facts are forgotten. Whether it was still waiting.
pub async fn mark_sent(transaction: &impl ConnectionTrait, id: MailId, now: Moment) -> Result<bool, DbErr> {
    let done = deliveries::arrival::<mail::Entity>(id.uuid(), now)
        .col_expr(mail::Column::Sealed, Expr::value(""))
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
}

/// A try failed; `attempts` is how many did by now, and `error` is for an operator: nothing of the recipient's. Does
/// nothing, and says so, once the lease has gone to somebody else.
pub async fn failed(
    transaction: &impl ConnectionTrait,
    leased: &LeasedMail,
    attempts: u32,
    after: AfterFailure,
    error: &str,
) -> Result<bool, DbErr> {
    let lease = Lease { id: leased.id.uuid(), until: leased.leased_until };
    deliveries::failed::<mail::Entity>(transaction, lease, attempts, after, error).await
}

/// How much mail stands where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailCounts {
    pub waiting: u64,
    pub given_up: u64,
    /// When the oldest message that waits was written.
    pub waiting_since: Option<Moment>,
}

pub async fn counts(connection: &impl ConnectionTrait) -> Result<MailCounts, DbErr> {
    let oldest = mail::Entity::find()
        .filter(waiting::<mail::Entity>())
        .order_by_asc(mail::Column::CreatedAt)
        .one(connection)
        .await?;
    Ok(MailCounts {
        waiting: mail::Entity::find().filter(waiting::<mail::Entity>()).count(connection).await?,
        given_up: mail::Entity::find()
            .filter(mail::Column::GivenUpAt.is_not_null())
            .filter(mail::Column::SentAt.is_null())
            .count(connection)
            .await?,
        waiting_since: oldest.map(|row| row.created_at),
    })
}

/// How many were sent since then.
pub async fn sent_since(connection: &impl ConnectionTrait, since: Moment) -> Result<u64, DbErr> {
    mail::Entity::find().filter(mail::Column::SentAt.gte(since)).count(connection).await
}

/// A message as staff see it: whom it is about, never where it goes or what it says.
#[derive(Debug, Clone)]
pub struct ListedMail {
    pub id: MailId,
    pub kind: String,
    /// The application's or account's id.
    pub about: Option<Uuid>,
    pub created_at: Moment,
    pub attempts: u32,
    pub next_attempt_at: Moment,
    /// `None`: it still waits.
    pub given_up_at: Option<Moment>,
    pub last_error: Option<String>,
}

/// What waits and what was given up: the given-up first, then the oldest first.
pub async fn not_sent(connection: &impl ConnectionTrait, limit: u64) -> Result<Vec<ListedMail>, DbErr> {
    Ok(deliveries::not_arrived::<mail::Entity>(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| ListedMail {
            id: row.id.into(),
            kind: row.kind,
            about: row.about,
            created_at: row.created_at,
            attempts: deliveries::tries(row.attempts),
            next_attempt_at: row.next_attempt_at,
            given_up_at: row.given_up_at,
            last_error: row.last_error,
        })
        .collect())
}

/// Makes it due now with all its tries, whether it waits or was given up. `None` if it was sent, or is none of ours;
/// else whom it is about.
pub async fn retry(
    transaction: &impl ConnectionTrait,
    id: MailId,
    now: Moment,
) -> Result<Option<Option<Uuid>>, DbErr> {
    let done = deliveries::retry::<mail::Entity>(id.uuid(), now).exec(transaction).await?;
    if done.rows_affected != 1 {
        return Ok(None);
    }
    Ok(mail::Entity::find_by_id(id.uuid()).one(transaction).await?.map(|row| row.about))
}

/// Forgets what was sent, and what was given up, before these times.
pub async fn sweep(
    connection: &impl ConnectionTrait,
    sent_before: Moment,
    given_up_before: Moment,
) -> Result<u64, DbErr> {
    deliveries::sweep::<mail::Entity>(connection, sent_before, given_up_before).await
}

/// Was a message of this kind about an application or account written since then?
pub async fn was_written_since(
    connection: &impl ConnectionTrait,
    about: Uuid,
    kind: &str,
    since: Moment,
) -> Result<bool, DbErr> {
    let found = mail::Entity::find()
        .filter(mail::Column::About.eq(about))
        .filter(mail::Column::Kind.eq(kind))
        .filter(mail::Column::CreatedAt.gt(since))
        .count(connection)
        .await?;
    Ok(found > 0)
}

/// That a message was written, without what it said.
#[derive(Debug, Clone)]
pub struct MailTrace {
    pub kind: String,
    pub created_at: Moment,
    pub sent_at: Option<Moment>,
}

/// The messages about an application or account that are still known, newest first.
pub async fn traces_about(connection: &impl ConnectionTrait, about: Uuid) -> Result<Vec<MailTrace>, DbErr> {
    let rows = mail::Entity::find()
        .filter(mail::Column::About.eq(about))
        .order_by_desc(mail::Column::CreatedAt)
        .order_by_desc(mail::Column::Id)
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| MailTrace { kind: row.kind, created_at: row.created_at, sent_at: row.sent_at })
        .collect())
}
