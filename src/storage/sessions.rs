//! Sessions, and which clients got something out of them.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::entity::{session, session_client};
use super::reading::{from_json, to_json};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, ClientSessionId, DeviceId, SessionId, TypedId};
use crate::domain::secret::SecretDigest;
use crate::domain::session::Session;

pub async fn insert(
    connection: &impl ConnectionTrait,
    new: &Session,
    secret: SecretDigest,
) -> Result<(), DbErr> {
    session::Entity::insert(session::ActiveModel {
        id: Set(new.id.uuid()),
        secret_digest: Set(secret.to_text()),
        previous_digest: Set(None),
        account_id: Set(new.account.uuid()),
        owed: Set(to_json("session.owed", &new.owed)?),
        events: Set(to_json("session.events", &new.events)?),
        device_id: Set(None),
        created_at: Set(new.created_at),
        last_seen_at: Set(new.last_seen_at),
        expires_at: Set(new.expires_at),
        ended_at: Set(None),
        device_label: Set(None),
    })
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// The session that this secret opens, unless it has ended or was idle since before `idle_since`.
pub async fn find_live(
    connection: &impl ConnectionTrait,
    secret: SecretDigest,
    now: Moment,
    idle_since: Moment,
) -> Result<Option<Session>, DbErr> {
    session::Entity::find()
        .filter(session::Column::SecretDigest.eq(secret.to_text()))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::LastSeenAt.gt(idle_since))
        .one(connection)
        .await?
        .map(read)
        .transpose()
}

pub async fn find_live_by_id(
    connection: &impl ConnectionTrait,
    id: SessionId,
    now: Moment,
) -> Result<Option<Session>, DbErr> {
    live(id, now).one(connection).await?.map(read).transpose()
}

/// The same, with its row locked until the transaction ends: what comes out of a session and its end take turns.
pub async fn lock_live(
    transaction: &impl ConnectionTrait,
    id: SessionId,
    now: Moment,
) -> Result<Option<Session>, DbErr> {
    live(id, now).lock_exclusive().one(transaction).await?.map(read).transpose()
}

/// One that has neither been ended nor run into its absolute end.
fn live(id: SessionId, now: Moment) -> Select<session::Entity> {
    session::Entity::find_by_id(id.uuid())
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
}

/// The live session whose secret this was before the last renewal: the mark of a double submit.
pub async fn find_renewed(
    connection: &impl ConnectionTrait,
    previous: SecretDigest,
    now: Moment,
) -> Result<Option<Session>, DbErr> {
    session::Entity::find()
        .filter(session::Column::PreviousDigest.eq(previous.to_text()))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .one(connection)
        .await?
        .map(read)
        .transpose()
}

/// Puts the session under another secret, for the holder of the one before the last renewal: the answer that brought
/// the renewed one was lost. Returns whether `previous` still is that.
pub async fn reissue(
    connection: &impl ConnectionTrait,
    id: SessionId,
    previous: SecretDigest,
    new: SecretDigest,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = session::Entity::update_many()
        .col_expr(session::Column::SecretDigest, Expr::value(new.to_text()))
        .col_expr(session::Column::LastSeenAt, Expr::value(now))
        .filter(session::Column::Id.eq(id.uuid()))
        .filter(session::Column::PreviousDigest.eq(previous.to_text()))
        .filter(session::Column::EndedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn touch(connection: &impl ConnectionTrait, id: SessionId, now: Moment) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(now))
        .filter(session::Column::Id.eq(id.uuid()))
        .filter(session::Column::LastSeenAt.lt(now))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Writes what the session owes, has proved and how long it lasts, under a new secret, if `old` still opens it. Returns
/// whether it did.
pub async fn renew(
    connection: &impl ConnectionTrait,
    session: &Session,
    old: SecretDigest,
    new: SecretDigest,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = session::Entity::update_many()
        .col_expr(session::Column::SecretDigest, Expr::value(new.to_text()))
        .col_expr(session::Column::PreviousDigest, Expr::value(Some(old.to_text())))
        .col_expr(session::Column::Owed, Expr::value(to_json("session.owed", &session.owed)?))
        .col_expr(session::Column::Events, Expr::value(to_json("session.events", &session.events)?))
        .col_expr(session::Column::ExpiresAt, Expr::value(session.expires_at))
        .col_expr(session::Column::LastSeenAt, Expr::value(now))
        .filter(session::Column::Id.eq(session.id.uuid()))
        .filter(session::Column::SecretDigest.eq(old.to_text()))
        .filter(session::Column::EndedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Writes what a session still owes. The caller holds its row ([`lock_live`]), so that nothing was settled or came to be
/// owed since it was read.
pub async fn settle(transaction: &impl ConnectionTrait, session: &Session) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::Owed, Expr::value(to_json("session.owed", &session.owed)?))
        .filter(session::Column::Id.eq(session.id.uuid()))
        .exec(transaction)
        .await
        .map(|_| ())
}

/// Ends a session. Returns whether it was still going on.
pub async fn end(connection: &impl ConnectionTrait, id: SessionId, now: Moment) -> Result<bool, DbErr> {
    let done = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(Some(now)))
        .filter(session::Column::Id.eq(id.uuid()))
        .filter(session::Column::EndedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// One that nobody has ended, and that has run out all the same: at its absolute end, or idle since `idle_since`.
fn run_out(now: Moment, idle_since: Moment) -> Condition {
    Condition::all().add(session::Column::EndedAt.is_null()).add(
        Condition::any()
            .add(session::Column::ExpiresAt.lte(now))
            .add(session::Column::LastSeenAt.lte(idle_since)),
    )
}

/// Sessions that have run out and were not ended yet, with whose they are. To end one of them: [`end_run_out`].
pub async fn all_run_out(
    connection: &impl ConnectionTrait,
    now: Moment,
    idle_since: Moment,
    limit: u64,
) -> Result<Vec<(SessionId, AccountId)>, DbErr> {
    let rows: Vec<(Uuid, Uuid)> = session::Entity::find()
        .select_only()
        .columns([session::Column::Id, session::Column::AccountId])
        .filter(run_out(now, idle_since))
        .order_by_asc(session::Column::LastSeenAt)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(id, account)| (id.into(), account.into())).collect())
}

/// Ends a session that has run out. Returns whether it still had: its owner may have signed in again meanwhile, and
/// another replica may have ended it.
pub async fn end_run_out(
    connection: &impl ConnectionTrait,
    id: SessionId,
    now: Moment,
    idle_since: Moment,
) -> Result<bool, DbErr> {
    let done = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(Some(now)))
        .filter(session::Column::Id.eq(id.uuid()))
        .filter(run_out(now, idle_since))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The account's sessions that go on, but for one.
pub async fn live_ids_of(
    connection: &impl ConnectionTrait,
    account: AccountId,
    except: Option<SessionId>,
    now: Moment,
) -> Result<Vec<SessionId>, DbErr> {
    let mut query = session::Entity::find()
        .filter(session::Column::AccountId.eq(account.uuid()))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now));
    if let Some(except) = except {
        query = query.filter(session::Column::Id.ne(except.uuid()));
    }
    Ok(query.all(connection).await?.into_iter().map(|row| row.id.into()).collect())
}

/// A session as its owner sees it.
#[derive(Debug, Clone)]
pub struct ShownSession {
    pub id: SessionId,
    pub created_at: Moment,
    pub last_seen_at: Moment,
    /// Roughly what device it is, if the browser said so.
    pub device_label: Option<String>,
    /// The trusted device it was begun on, which may have lost its trust since.
    pub device: Option<DeviceId>,
}

/// The account's sessions that go on, the last used one first.
pub async fn shown_of(
    connection: &impl ConnectionTrait,
    account: AccountId,
    now: Moment,
    idle_since: Moment,
) -> Result<Vec<ShownSession>, DbErr> {
    Ok(session::Entity::find()
        .filter(session::Column::AccountId.eq(account.uuid()))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::LastSeenAt.gt(idle_since))
        .order_by_desc(session::Column::LastSeenAt)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| ShownSession {
            id: row.id.into(),
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            device_label: row.device_label,
            device: row.device_id.map(DeviceId::from),
        })
        .collect())
}

/// Remembers what device a session runs on.
pub async fn label_device(
    connection: &impl ConnectionTrait,
    id: SessionId,
    label: Option<String>,
) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::DeviceLabel, Expr::value(label))
        .filter(session::Column::Id.eq(id.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Remembers which trusted device a session runs on.
pub async fn set_device(
    connection: &impl ConnectionTrait,
    id: SessionId,
    device: DeviceId,
) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::DeviceId, Expr::value(Some(device.uuid())))
        .filter(session::Column::Id.eq(id.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// The trusted device that a session was begun on. It may have lost its trust since.
pub async fn device_of(connection: &impl ConnectionTrait, id: SessionId) -> Result<Option<DeviceId>, DbErr> {
    let row = session::Entity::find_by_id(id.uuid()).one(connection).await?;
    Ok(row.and_then(|row| row.device_id).map(DeviceId::from))
}

/// What the client knows the session by: `fresh` the first time, the same ever after.
pub async fn sid_for_client(
    connection: &impl ConnectionTrait,
    session: SessionId,
    client_id: &str,
    fresh: ClientSessionId,
    now: Moment,
) -> Result<ClientSessionId, DbErr> {
    session_client::Entity::insert(session_client::ActiveModel {
        session_id: Set(session.uuid()),
        client_id: Set(client_id.to_owned()),
        sid: Set(fresh.uuid()),
        created_at: Set(now),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(connection)
    .await?;
    let row =
        session_client::Entity::find_by_id((session.uuid(), client_id.to_owned())).one(connection).await?;
    Ok(row.map_or(fresh, |row| row.sid.into()))
}

/// The session that a client knows by this `sid`.
pub async fn session_of_sid(
    connection: &impl ConnectionTrait,
    client_id: &str,
    sid: ClientSessionId,
) -> Result<Option<SessionId>, DbErr> {
    Ok(session_client::Entity::find()
        .filter(session_client::Column::ClientId.eq(client_id))
        .filter(session_client::Column::Sid.eq(sid.uuid()))
        .one(connection)
        .await?
        .map(|row| row.session_id.into()))
}

/// What each client that got something out of a session knows it by.
pub async fn sids_of(
    connection: &impl ConnectionTrait,
    session: SessionId,
) -> Result<Vec<(String, ClientSessionId)>, DbErr> {
    Ok(session_client::Entity::find()
        .filter(session_client::Column::SessionId.eq(session.uuid()))
        .order_by_asc(session_client::Column::ClientId)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.client_id, row.sid.into()))
        .collect())
}

/// Forgets sessions that were ended before `before`, with what clients knew them by. One that only ran out is ended
/// first, so that its clients are told.
pub async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    let done =
        session::Entity::delete_many().filter(session::Column::EndedAt.lt(before)).exec(connection).await?;
    Ok(done.rows_affected)
}

fn read(row: session::Model) -> Result<Session, DbErr> {
    Ok(Session {
        id: row.id.into(),
        account: row.account_id.into(),
        owed: from_json("session.owed", row.owed)?,
        events: from_json("session.events", row.events)?,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
    })
}
