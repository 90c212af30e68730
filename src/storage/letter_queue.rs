//! The office's view of letters: those that wait for the printer, for their owner, for a second look; and those that
//! waited too long. Each with whose it is.

use std::collections::BTreeMap;

use sea_orm::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{
    Condition, ConnectionTrait, ExprTrait as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use super::entity::{account, credential_letter, letter_order, office};
use super::letter_orders::{self, LetterOrder};
use super::letters::{self, Letter};
use super::reading::unreadable;
use crate::domain::account::{AccountState, Profile};
use crate::domain::clock::Moment;
use crate::domain::credential_letter::order::{OrderKind, OrderState};
use crate::domain::ids::{AccountId, CredentialLetterId, LetterOrderId, OfficeId, TypedId};
use crate::domain::staff::OfficeScope;

/// Whose letter it is.
#[derive(Debug, Clone)]
pub struct Addressee {
    pub account: AccountId,
    pub login: String,
    pub name: String,
    pub state: AccountState,
    /// Since when the account is in its state; before that was kept, `None`.
    pub state_since: Option<Moment>,
    pub office: Option<OfficeId>,
    pub office_name: Option<String>,
}

/// An order that waits for the printer.
#[derive(Debug, Clone)]
pub struct QueuedOrder {
    pub order: LetterOrder,
    pub addressee: Addressee,
}

/// A printed letter.
#[derive(Debug, Clone)]
pub struct QueuedLetter {
    pub letter: Letter,
    pub kind: OrderKind,
    pub addressee: Addressee,
}

/// Approved orders, oldest first. `since`: only those that were asked for from then on.
pub async fn to_print(
    connection: &impl ConnectionTrait,
    scope: OfficeScope,
    since: Option<Moment>,
    limit: u64,
) -> Result<Vec<QueuedOrder>, DbErr> {
    let Some(in_scope) = of_office(scope) else {
        return Ok(Vec::new());
    };
    let mut query = letter_order::Entity::find()
        .filter(letter_order::Column::State.eq(OrderState::Approved.as_str()))
        .filter(in_scope);
    if let Some(since) = since {
        query = query.filter(letter_order::Column::RequestedAt.gte(since));
    }
    query
        .find_also_related(account::Entity)
        .find_also(account::Entity, office::Entity)
        .order_by_asc(letter_order::Column::RequestedAt)
        .order_by_asc(letter_order::Column::Id)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(queued_order)
        .collect()
}

/// Letters that are printed and still good, and that nobody came for yet; oldest first.
pub async fn waiting(
    connection: &impl ConnectionTrait,
    scope: OfficeScope,
    limit: u64,
) -> Result<Vec<QueuedLetter>, DbErr> {
    let Some(in_scope) = of_office(scope) else {
        return Ok(Vec::new());
    };
    let condition = Condition::all()
        .add(credential_letter::Column::OrderId.is_not_null())
        .add(credential_letter::Column::VoidedAt.is_null())
        .add(credential_letter::Column::CollectedAt.is_null())
        .add(in_scope);
    queued_letters(connection, condition, limit).await
}

/// Letters that one person both printed and handed over, and at which nobody has looked since; oldest first.
pub async fn handled_alone(
    connection: &impl ConnectionTrait,
    limit: u64,
) -> Result<Vec<QueuedLetter>, DbErr> {
    let column = |column| Expr::col((credential_letter::Entity, column));
    let by_one =
        column(credential_letter::Column::CollectedBy).eq(column(credential_letter::Column::PrintedBy));
    let condition = Condition::all()
        .add(credential_letter::Column::CollectedAt.is_not_null())
        .add(credential_letter::Column::ReviewedAt.is_null())
        .add(by_one);
    queued_letters(connection, condition, limit).await
}

/// Somebody looked at what one person did alone. Returns the account, if the letter still waited for that.
pub async fn review(
    connection: &impl ConnectionTrait,
    id: CredentialLetterId,
    by: AccountId,
    now: Moment,
) -> Result<Option<AccountId>, DbErr> {
    let done = credential_letter::Entity::update_many()
        .col_expr(credential_letter::Column::ReviewedAt, Expr::value(Some(now)))
        .col_expr(credential_letter::Column::ReviewedBy, Expr::value(Some(by.uuid())))
        .filter(credential_letter::Column::Id.eq(id.uuid()))
        .filter(credential_letter::Column::CollectedAt.is_not_null())
        .filter(credential_letter::Column::ReviewedAt.is_null())
        // Nobody is the second pair of eyes on a letter of their own.
        .filter(credential_letter::Column::CollectedBy.ne(by.uuid()))
        .exec(connection)
        .await?;
    if done.rows_affected == 0 {
        return Ok(None);
    }
    let letter = credential_letter::Entity::find_by_id(id.uuid()).one(connection).await?;
    Ok(letter.map(|row| row.account_id.into()))
}

/// Accounts whose first letter should have been collected since before `before`, longest first.
pub async fn awaiting_since_before(
    connection: &impl ConnectionTrait,
    before: Moment,
    limit: u64,
) -> Result<Vec<AccountId>, DbErr> {
    let ids: Vec<Uuid> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::State.eq(AccountState::AwaitingCollection.as_str()))
        .filter(account::Column::StateSince.lt(before))
        .order_by_asc(account::Column::StateSince)
        .order_by_asc(account::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(AccountId::from).collect())
}

/// Reissued letters that were printed before `before` and that nobody came for, oldest first.
pub async fn reissued_before(
    connection: &impl ConnectionTrait,
    before: Moment,
    limit: u64,
) -> Result<Vec<QueuedLetter>, DbErr> {
    let condition = uncollected(OrderKind::Reissue).add(credential_letter::Column::CreatedAt.lt(before));
    queued_letters(connection, condition, limit).await
}

/// Letters of which their owner was not reminded yet, and should be: first letters of accounts that wait since before
/// `before`, reissued ones that were printed before it.
pub async fn unreminded(
    connection: &impl ConnectionTrait,
    before: Moment,
    limit: u64,
) -> Result<Vec<QueuedLetter>, DbErr> {
    let first = uncollected(OrderKind::First)
        .add(account::Column::State.eq(AccountState::AwaitingCollection.as_str()))
        .add(account::Column::StateSince.lt(before));
    let reissued = uncollected(OrderKind::Reissue).add(credential_letter::Column::CreatedAt.lt(before));
    let condition = Condition::all()
        .add(credential_letter::Column::RemindedAt.is_null())
        .add(Condition::any().add(first).add(reissued));
    queued_letters(connection, condition, limit).await
}

/// How these people are called.
pub async fn names_of(
    connection: &impl ConnectionTrait,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, String>, DbErr> {
    let mut ids: Vec<Uuid> = accounts.into_iter().map(TypedId::uuid).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut names = BTreeMap::new();
    for some in ids.chunks(500) {
        let rows = account::Entity::find()
            .filter(account::Column::Id.is_in(some.iter().copied()))
            .all(connection)
            .await?;
        names.extend(rows.into_iter().map(|row| (AccountId::from(row.id), display_name(&row))));
    }
    Ok(names)
}

/// Good letters of orders of this kind that nobody came for.
fn uncollected(kind: OrderKind) -> Condition {
    let orders = letter_order::Entity::find()
        .select_only()
        .column(letter_order::Column::Id)
        .filter(letter_order::Column::State.eq(OrderState::Printed.as_str()))
        .filter(letter_order::Column::Kind.eq(kind.as_str()));
    Condition::all()
        .add(credential_letter::Column::OrderId.in_subquery(orders.into_query()))
        .add(credential_letter::Column::VoidedAt.is_null())
        .add(credential_letter::Column::CollectedAt.is_null())
}

async fn queued_letters(
    connection: &impl ConnectionTrait,
    condition: Condition,
    limit: u64,
) -> Result<Vec<QueuedLetter>, DbErr> {
    let rows = credential_letter::Entity::find()
        .filter(condition)
        .find_also_related(account::Entity)
        .find_also(account::Entity, office::Entity)
        .order_by_asc(credential_letter::Column::CreatedAt)
        .order_by_asc(credential_letter::Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    let orders: Vec<Uuid> = rows.iter().filter_map(|(letter, ..)| letter.order_id).collect();
    let mut kinds = BTreeMap::new();
    for some in orders.chunks(500) {
        let found = letter_order::Entity::find()
            .filter(letter_order::Column::Id.is_in(some.iter().copied()))
            .all(connection)
            .await?;
        for order in found {
            let order = letter_orders::read(order)?;
            kinds.insert(order.id, order.kind);
        }
    }
    rows.into_iter()
        .map(|(letter, account, office)| {
            let kind = letter.order_id.and_then(|id| kinds.get(&LetterOrderId::from(id))).copied();
            Ok(QueuedLetter {
                kind: kind
                    .ok_or_else(|| unreadable("credential_letter.order_id", "there is no such order"))?,
                letter: letters::read(letter),
                addressee: addressee(account, office)?,
            })
        })
        .collect()
}

/// `None` if nothing is in scope at all.
fn of_office(scope: OfficeScope) -> Option<Condition> {
    match scope {
        OfficeScope::All => Some(Condition::all()),
        OfficeScope::Only(office) => Some(Condition::all().add(account::Column::OfficeId.eq(office.uuid()))),
        OfficeScope::Nothing => None,
    }
}

pub(super) fn queued_order(
    (order, account, office): (letter_order::Model, Option<account::Model>, Option<office::Model>),
) -> Result<QueuedOrder, DbErr> {
    Ok(QueuedOrder { order: letter_orders::read(order)?, addressee: addressee(account, office)? })
}

fn addressee(account: Option<account::Model>, office: Option<office::Model>) -> Result<Addressee, DbErr> {
    let row = account.ok_or_else(|| unreadable("account_id", "there is no such account"))?;
    Ok(Addressee {
        account: row.id.into(),
        name: display_name(&row),
        state: row.state.parse().map_err(|error| unreadable("account.state", error))?,
        state_since: row.state_since,
        office: row.office_id.map(OfficeId::from),
        office_name: office.map(|office| office.name),
        login: row.login,
    })
}

fn display_name(row: &account::Model) -> String {
    let profile = Profile {
        given_name: row.given_name.clone(),
        family_name: row.family_name.clone(),
        organisation_name: row.organisation_name.clone(),
        ..Profile::default()
    };
    profile.display_name()
}
