//! Mail on its way: written in the transaction of what it tells of, leased by whoever sends it.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect};

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

/// Neither sent nor given up.
fn waiting() -> Condition {
    Condition::all().add(mail::Column::SentAt.is_null()).add(mail::Column::GivenUpAt.is_null())
}

/// Waiting, its time has come, and nobody is sending it at this moment.
fn due(now: Moment) -> Condition {
    waiting().add(mail::Column::NextAttemptAt.lte(now)).add(
        Condition::any().add(mail::Column::LeasedUntil.is_null()).add(mail::Column::LeasedUntil.lte(now)),
    )
}

/// What may be sent now, the longest due first. To send one of them, [`lease`] it.
pub async fn all_due(
    connection: &impl ConnectionTrait,
    now: Moment,
    limit: u64,
) -> Result<Vec<MailId>, DbErr> {
    let ids: Vec<Uuid> = mail::Entity::find()
        .select_only()
        .column(mail::Column::Id)
        .filter(due(now))
        .order_by_asc(mail::Column::NextAttemptAt)
        .order_by_asc(mail::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(MailId::from).collect())
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
    let taken = mail::Entity::update_many()
        .col_expr(mail::Column::LeasedUntil, Expr::value(Some(until)))
        .filter(mail::Column::Id.eq(id.uuid()))
        .filter(due(now))
        .exec(transaction)
        .await?;
    if taken.rows_affected != 1 {
        return Ok(None);
    }
    Ok(mail::Entity::find_by_id(id.uuid()).one(transaction).await?.map(|row| LeasedMail {
        id,
        kind: row.kind,
        about: row.about,
        sealed: row.sealed,
        attempts: u32::try_from(row.attempts).unwrap_or(0),
        leased_until: until,
    }))
}

/// The mail server has taken it: recipient and facts are forgotten. Whether it was still waiting.
pub async fn mark_sent(transaction: &impl ConnectionTrait, id: MailId, now: Moment) -> Result<bool, DbErr> {
    let done = mail::Entity::update_many()
        .col_expr(mail::Column::SentAt, Expr::value(Some(now)))
        .col_expr(mail::Column::Sealed, Expr::value(""))
        .col_expr(mail::Column::LeasedUntil, Expr::value(None::<Moment>))
        .col_expr(mail::Column::LastError, Expr::value(None::<String>))
        .filter(mail::Column::Id.eq(id.uuid()))
        .filter(mail::Column::SentAt.is_null())
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
}

/// What came of a try that failed.
#[derive(Debug)]
pub struct FailedTry<'a> {
    /// Tries that failed by now.
    pub attempts: u32,
    pub next_attempt_at: Moment,
    /// For an operator: nothing of the recipient's.
    pub error: &'a str,
}

/// Puts it off. Does nothing, and says so, once the lease has gone to somebody else.
pub async fn put_off(
    transaction: &impl ConnectionTrait,
    leased: &LeasedMail,
    failed: &FailedTry<'_>,
) -> Result<bool, DbErr> {
    let done = mail::Entity::update_many()
        .col_expr(mail::Column::Attempts, Expr::value(i32::try_from(failed.attempts).unwrap_or(i32::MAX)))
        .col_expr(mail::Column::NextAttemptAt, Expr::value(failed.next_attempt_at))
        .col_expr(mail::Column::LeasedUntil, Expr::value(None::<Moment>))
        .col_expr(mail::Column::LastError, Expr::value(Some(failed.error.to_owned())))
        .filter(mail::Column::Id.eq(leased.id.uuid()))
        .filter(mail::Column::LeasedUntil.eq(leased.leased_until))
        .filter(waiting())
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Tries it no more, until somebody says so ([`retry`]). Does nothing, and says so, once the lease has gone to somebody
/// else.
pub async fn give_up(
    transaction: &impl ConnectionTrait,
    leased: &LeasedMail,
    attempts: u32,
    error: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = mail::Entity::update_many()
        .col_expr(mail::Column::GivenUpAt, Expr::value(Some(now)))
        .col_expr(mail::Column::Attempts, Expr::value(i32::try_from(attempts).unwrap_or(i32::MAX)))
        .col_expr(mail::Column::LeasedUntil, Expr::value(None::<Moment>))
        .col_expr(mail::Column::LastError, Expr::value(Some(error.to_owned())))
        .filter(mail::Column::Id.eq(leased.id.uuid()))
        .filter(mail::Column::LeasedUntil.eq(leased.leased_until))
        .filter(waiting())
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
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
    let oldest =
        mail::Entity::find().filter(waiting()).order_by_asc(mail::Column::CreatedAt).one(connection).await?;
    Ok(MailCounts {
        waiting: mail::Entity::find().filter(waiting()).count(connection).await?,
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
    Ok(mail::Entity::find()
        .filter(mail::Column::SentAt.is_null())
        // NULL sorts first on SQLite and last on PostgreSQL: asked as a question, both agree.
        .order_by_desc(Expr::col(mail::Column::GivenUpAt).is_not_null())
        .order_by_asc(mail::Column::CreatedAt)
        .order_by_asc(mail::Column::Id)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| ListedMail {
            id: row.id.into(),
            kind: row.kind,
            about: row.about,
            created_at: row.created_at,
            attempts: u32::try_from(row.attempts).unwrap_or(0),
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
    let done = mail::Entity::update_many()
        .col_expr(mail::Column::GivenUpAt, Expr::value(None::<Moment>))
        .col_expr(mail::Column::Attempts, Expr::value(0))
        .col_expr(mail::Column::NextAttemptAt, Expr::value(now))
        .filter(mail::Column::Id.eq(id.uuid()))
        .filter(mail::Column::SentAt.is_null())
        .exec(transaction)
        .await?;
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
    let done = mail::Entity::delete_many()
        .filter(
            Condition::any().add(mail::Column::SentAt.lt(sent_before)).add(
                Condition::all()
                    .add(mail::Column::SentAt.is_null())
                    .add(mail::Column::GivenUpAt.lt(given_up_before)),
            ),
        )
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
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
