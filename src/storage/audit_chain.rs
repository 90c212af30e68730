//! The chain of audit records: what waits for a place in it, what has one, who may add to it, where it begins.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, JoinType, QueryOrder as _, QuerySelect as _};

use super::entity::{audit, audit_chain, audit_checkpoint, audit_seal};
use super::reading::unreadable;
use crate::domain::audit_chain::{ChainHash, KeptRecord, Place};
use crate::domain::clock::Moment;
use crate::domain::ids::{AuditId, SealerId, TypedId as _};

/// The one row of `audit_chain`.
const CHAIN: i32 = 1;

/// Where the chain begins since records were forgotten.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The checkpoint up to which all is forgotten.
    pub number: u64,
    pub place: Place,
    /// Signed.
    pub statement: String,
}

/// The chain as a whole.
#[derive(Debug, Clone)]
pub struct ChainState {
    /// Records from before this moment are chained, but for those that were committed very late. `None`: look at all.
    pub look_from: Option<Moment>,
    /// When all records were looked at last.
    pub looked_everywhere_at: Option<Moment>,
    pub beginning: Option<Beginning>,
}

/// A record's place.
#[derive(Debug, Clone)]
pub struct Seal {
    pub place: Place,
    pub record: AuditId,
}

/// How a place is counted in the database.
pub(super) fn number(column: &str, value: i64) -> Result<u64, DbErr> {
    u64::try_from(value).map_err(|error| unreadable(column, error))
}

/// Beyond what a database counts nothing is there.
pub(super) fn stored(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn hash(column: &str, text: &str) -> Result<ChainHash, DbErr> {
    text.parse().map_err(|error| unreadable(column, error))
}

pub async fn state(connection: &impl ConnectionTrait) -> Result<ChainState, DbErr> {
    read(audit_chain::Entity::find_by_id(CHAIN).one(connection).await?)
}

/// The same, for whoever changes the chain: all others wait.
pub async fn lock(transaction: &impl ConnectionTrait) -> Result<ChainState, DbErr> {
    read(audit_chain::Entity::find_by_id(CHAIN).lock_exclusive().one(transaction).await?)
}

fn read(row: Option<audit_chain::Model>) -> Result<ChainState, DbErr> {
    let row = row.ok_or_else(|| DbErr::RecordNotFound("audit_chain".to_owned()))?;
    let beginning =
        match (row.beginning_number, row.beginning_seq, row.beginning_hash, row.beginning_statement) {
            (Some(no), Some(seq), Some(text), Some(statement)) => Some(Beginning {
                number: number("audit_chain.beginning_number", no)?,
                place: Place {
                    seq: number("audit_chain.beginning_seq", seq)?,
                    hash: hash("audit_chain.beginning_hash", &text)?,
                },
                statement,
            }),
            _ => None,
        };
    Ok(ChainState { look_from: row.look_from, looked_everywhere_at: row.looked_everywhere_at, beginning })
}

/// Takes the right to add to the chain, unless another has it.
pub async fn take_lease(
    connection: &impl ConnectionTrait,
    holder: SealerId,
    now: Moment,
    until: Moment,
) -> Result<bool, DbErr> {
    let free = Condition::any()
        .add(audit_chain::Column::LeasedUntil.is_null())
        .add(audit_chain::Column::LeasedUntil.lte(now))
        .add(audit_chain::Column::Holder.eq(holder.uuid()));
    let done = audit_chain::Entity::update_many()
        .col_expr(audit_chain::Column::Holder, Expr::value(Some(holder.uuid())))
        .col_expr(audit_chain::Column::LeasedUntil, Expr::value(Some(until)))
        .filter(audit_chain::Column::Id.eq(CHAIN))
        .filter(free)
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Keeps it, and everybody else out until the transaction ends. `false`: another took over.
pub async fn renew_lease(
    transaction: &impl ConnectionTrait,
    holder: SealerId,
    until: Moment,
) -> Result<bool, DbErr> {
    let done = audit_chain::Entity::update_many()
        .col_expr(audit_chain::Column::LeasedUntil, Expr::value(Some(until)))
        .filter(audit_chain::Column::Id.eq(CHAIN))
        .filter(audit_chain::Column::Holder.eq(holder.uuid()))
        .exec(transaction)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Lets the next one in.
pub async fn release_lease(connection: &impl ConnectionTrait, holder: SealerId) -> Result<(), DbErr> {
    audit_chain::Entity::update_many()
        .col_expr(audit_chain::Column::Holder, Expr::value(None::<Uuid>))
        .col_expr(audit_chain::Column::LeasedUntil, Expr::value(None::<Moment>))
        .filter(audit_chain::Column::Id.eq(CHAIN))
        .filter(audit_chain::Column::Holder.eq(holder.uuid()))
        .exec(connection)
        .await
        .map(|_| ())
}

/// Notes that nothing waits from before this moment; `everywhere`: that all records were looked at, and when.
pub async fn note_looked(
    transaction: &impl ConnectionTrait,
    look_from: Moment,
    everywhere: Option<Moment>,
) -> Result<(), DbErr> {
    let mut update = audit_chain::Entity::update_many()
        .col_expr(audit_chain::Column::LookFrom, Expr::value(Some(look_from)))
        .filter(audit_chain::Column::Id.eq(CHAIN));
    if let Some(at) = everywhere {
        update = update.col_expr(audit_chain::Column::LookedEverywhereAt, Expr::value(Some(at)));
    }
    update.exec(transaction).await.map(|_| ())
}

fn without_a_place(from: Option<Moment>) -> Select<audit::Entity> {
    let waiting = audit::Entity::find()
        .join_rev(JoinType::LeftJoin, audit_seal::Relation::Audit.def())
        .filter(audit_seal::Column::Seq.is_null());
    match from {
        Some(from) => waiting.filter(audit::Column::At.gte(from)),
        None => waiting,
    }
}

/// Committed records that have no place yet, oldest first.
pub async fn unchained(
    connection: &impl ConnectionTrait,
    from: Option<Moment>,
    limit: u64,
) -> Result<Vec<KeptRecord>, DbErr> {
    let found = without_a_place(from)
        .order_by_asc(audit::Column::At)
        .order_by_asc(audit::Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    Ok(found.into_iter().map(kept).collect())
}

/// How many there are of this moment or later; `None`: in all.
pub async fn count_unchained(connection: &impl ConnectionTrait, from: Option<Moment>) -> Result<u64, DbErr> {
    without_a_place(from).count(connection).await
}

fn kept(row: audit::Model) -> KeptRecord {
    KeptRecord {
        id: row.id.into(),
        at: row.at,
        action: row.action,
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        account: row.account_id.map(Into::into),
        session: row.session_id.map(Into::into),
        client: row.client_id,
        outcome: row.outcome,
        personal: row.personal,
    }
}

fn seal(row: &audit_seal::Model) -> Result<Seal, DbErr> {
    let seq = number("audit_seal.seq", row.seq)?;
    let hash = hash("audit_seal.hash", &row.hash)?;
    Ok(Seal { place: Place { seq, hash }, record: row.audit_id.into() })
}

/// How far the chain goes.
pub async fn head(connection: &impl ConnectionTrait, state: &ChainState) -> Result<Place, DbErr> {
    let last = audit_seal::Entity::find().order_by_desc(audit_seal::Column::Seq).one(connection).await?;
    match (last, &state.beginning) {
        (Some(last), _) => Ok(seal(&last)?.place),
        (None, Some(beginning)) => Ok(beginning.place),
        (None, None) => Ok(Place::GENESIS),
    }
}

/// Where the chain was after this record.
pub async fn place_at(connection: &impl ConnectionTrait, seq: u64) -> Result<Option<Place>, DbErr> {
    let found = audit_seal::Entity::find_by_id(stored(seq)).one(connection).await?;
    found.map(|row| Ok(seal(&row)?.place)).transpose()
}

/// Gives records their places.
pub async fn append(transaction: &impl ConnectionTrait, seals: &[Seal]) -> Result<(), DbErr> {
    let rows = seals.iter().map(|seal| audit_seal::ActiveModel {
        seq: Set(stored(seal.place.seq)),
        audit_id: Set(seal.record.uuid()),
        hash: Set(seal.place.hash.to_string()),
    });
    audit_seal::Entity::insert_many(rows).exec_without_returning(transaction).await.map(|_| ())
}

/// The next places after one, each with its record, if that is still there.
pub async fn after(
    connection: &impl ConnectionTrait,
    seq: u64,
    limit: u64,
) -> Result<Vec<(Seal, Option<KeptRecord>)>, DbErr> {
    audit_seal::Entity::find()
        .find_also_related(audit::Entity)
        .filter(audit_seal::Column::Seq.gt(stored(seq)))
        .order_by_asc(audit_seal::Column::Seq)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|(row, record)| Ok((seal(&row)?, record.map(kept))))
        .collect()
}

/// The first place whose record is of this moment or later.
pub async fn first_from(connection: &impl ConnectionTrait, from: Moment) -> Result<Option<u64>, DbErr> {
    let found = audit_seal::Entity::find()
        .inner_join(audit::Entity)
        .filter(audit::Column::At.gte(from))
        .order_by_asc(audit_seal::Column::Seq)
        .one(connection)
        .await?;
    found.map(|row| number("audit_seal.seq", row.seq)).transpose()
}

/// The last place whose record is from before this moment.
pub async fn last_before(connection: &impl ConnectionTrait, until: Moment) -> Result<Option<u64>, DbErr> {
    let found = audit_seal::Entity::find()
        .inner_join(audit::Entity)
        .filter(audit::Column::At.lt(until))
        .order_by_desc(audit_seal::Column::Seq)
        .one(connection)
        .await?;
    found.map(|row| number("audit_seal.seq", row.seq)).transpose()
}

/// Forgets the records up to where the chain begins from now on, with their places and the checkpoints before. Returns
/// how many records.
pub async fn forget_before(transaction: &impl ConnectionTrait, beginning: &Beginning) -> Result<u64, DbErr> {
    let up_to = stored(beginning.place.seq);
    let places = Query::select()
        .column(audit_seal::Column::AuditId)
        .from(audit_seal::Entity)
        .and_where(audit_seal::Column::Seq.lte(up_to))
        .to_owned();
    let records =
        audit::Entity::delete_many().filter(audit::Column::Id.in_subquery(places)).exec(transaction).await?;
    audit_seal::Entity::delete_many().filter(audit_seal::Column::Seq.lte(up_to)).exec(transaction).await?;
    audit_checkpoint::Entity::delete_many()
        .filter(audit_checkpoint::Column::Number.lte(stored(beginning.number)))
        .exec(transaction)
        .await?;
    audit_chain::Entity::update_many()
        .col_expr(audit_chain::Column::BeginningNumber, Expr::value(Some(stored(beginning.number))))
        .col_expr(audit_chain::Column::BeginningSeq, Expr::value(Some(up_to)))
        .col_expr(audit_chain::Column::BeginningHash, Expr::value(Some(beginning.place.hash.to_string())))
        .col_expr(audit_chain::Column::BeginningStatement, Expr::value(Some(beginning.statement.clone())))
        .filter(audit_chain::Column::Id.eq(CHAIN))
        .exec(transaction)
        .await?;
    Ok(records.rows_affected)
}
