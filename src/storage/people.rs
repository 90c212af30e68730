//! Offices, contractors, premises and titles.

use chrono::NaiveDate;
use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockType, OnConflict, Query, SelectStatement};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder, QuerySelect};

use super::entity::{account, account_contractor, contractor, legal_title, office, premises, staff};
use super::reading::unreadable;
use crate::domain::account::AccountState;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, ContractorId, LegalTitleId, OfficeId, PremisesId, TypedId};
use crate::domain::premises::{PremisesKind, TitleRole};
use crate::domain::register_key;

/// One title as it is shown and claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldTitle {
    pub premises_code: String,
    pub kind: PremisesKind,
    pub role: TitleRole,
    pub contractor_number: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
}

/// Every office, by name.
pub async fn offices(connection: &impl ConnectionTrait) -> Result<Vec<(OfficeId, String)>, DbErr> {
    let rows = office::Entity::find().order_by_asc(office::Column::Name).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id.into(), row.name)).collect())
}

/// The office of this name; made if it is not there. Of two that make it at once, both get the same.
pub async fn office_named(
    connection: &impl ConnectionTrait,
    id: OfficeId,
    name: &str,
    now: Moment,
) -> Result<OfficeId, DbErr> {
    if let Some(known) = office_id(connection, name).await? {
        return Ok(known);
    }
    office::Entity::insert(office::ActiveModel {
        id: Set(id.uuid()),
        name: Set(name.to_owned()),
        created_at: Set(now),
    })
    .on_conflict(OnConflict::column(office::Column::Name).do_nothing().to_owned())
    .exec_without_returning(connection)
    .await?;
    Ok(office_id(connection, name).await?.unwrap_or(id))
}

/// The office of exactly this name.
pub async fn office_id(connection: &impl ConnectionTrait, name: &str) -> Result<Option<OfficeId>, DbErr> {
    Ok(office::Entity::find()
        .filter(office::Column::Name.eq(name))
        .one(connection)
        .await?
        .map(|row| row.id.into()))
}

/// What an office is called; of whoever belongs to none, nothing.
pub async fn office_name(
    connection: &impl ConnectionTrait,
    office: Option<OfficeId>,
) -> Result<Option<String>, DbErr> {
    let Some(id) = office else { return Ok(None) };
    Ok(office::Entity::find_by_id(id.uuid()).one(connection).await?.map(|row| row.name))
}

pub async fn office_names(connection: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    Ok(office::Entity::find()
        .order_by_asc(office::Column::Name)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| row.name)
        .collect())
}

#[derive(Debug, Clone)]
pub struct NewContractor<'a> {
    pub id: ContractorId,
    pub number: &'a str,
    pub given_name: &'a str,
    pub family_name: &'a str,
    pub organisation_name: Option<&'a str>,
    pub office: Option<OfficeId>,
    pub created_at: Moment,
}

/// The contractor of this number; made if it is not in the register.
pub async fn contractor_numbered(
    connection: &impl ConnectionTrait,
    new: NewContractor<'_>,
) -> Result<ContractorId, DbErr> {
    let known =
        contractor::Entity::find().filter(contractor::Column::Number.eq(new.number)).one(connection).await?;
    if let Some(row) = known {
        return Ok(row.id.into());
    }
    contractor::Entity::insert(contractor::ActiveModel {
        id: Set(new.id.uuid()),
        number: Set(new.number.to_owned()),
        given_name: Set(new.given_name.to_owned()),
        family_name: Set(new.family_name.to_owned()),
        organisation_name: Set(new.organisation_name.map(str::to_owned)),
        office_id: Set(new.office.map(TypedId::uuid)),
        person_key: Set(register_key::of_person(new.given_name, new.family_name)),
        organisation_key: Set(new.organisation_name.and_then(register_key::of_organisation)),
        key_version: Set(register_key::VERSION),
        created_at: Set(new.created_at),
    })
    .exec_without_returning(connection)
    .await?;
    Ok(new.id)
}

/// Locks these rows of the register until the transaction ends, in one order for all. Comes after the application's lock
/// and before the account's. Whoever only refers to them does not wait.
pub async fn lock_contractors(
    transaction: &impl ConnectionTrait,
    contractors: &[ContractorId],
) -> Result<(), DbErr> {
    contractor::Entity::find()
        .filter(contractor::Column::Id.is_in(contractors.iter().map(|id| id.uuid())))
        .order_by_asc(contractor::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(transaction)
        .await
        .map(|_| ())
}

/// The premises of this code; made if they are not there.
pub async fn premises_coded(
    connection: &impl ConnectionTrait,
    id: PremisesId,
    code: &str,
    kind: PremisesKind,
    now: Moment,
) -> Result<PremisesId, DbErr> {
    if let Some(row) =
        premises::Entity::find().filter(premises::Column::Code.eq(code)).one(connection).await?
    {
        return Ok(row.id.into());
    }
    premises::Entity::insert(premises::ActiveModel {
        id: Set(id.uuid()),
        code: Set(code.to_owned()),
        kind: Set(kind.as_str().to_owned()),
        // Who imports accounts does not say where their premises are; the register does.
        street: Set(None),
        postal_code: Set(None),
        city: Set(None),
        address_key: Set(None),
        key_version: Set(register_key::VERSION),
        created_at: Set(now),
    })
    .exec_without_returning(connection)
    .await?;
    Ok(id)
}

pub async fn link_account(
    connection: &impl ConnectionTrait,
    account: AccountId,
    contractor: ContractorId,
) -> Result<(), DbErr> {
    account_contractor::Entity::insert(account_contractor::ActiveModel {
        account_id: Set(account.uuid()),
        contractor_id: Set(contractor.uuid()),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

#[derive(Debug, Clone, Copy)]
pub struct NewTitle {
    pub id: LegalTitleId,
    pub contractor: ContractorId,
    pub premises: PremisesId,
    pub role: TitleRole,
    pub valid_until: Option<NaiveDate>,
    pub created_at: Moment,
}

/// Records a title. One that is known keeps its row, and takes the end if there is one: without it, the end that the
/// register gave it stays, so that nobody gets sold premises back by a list of accounts.
pub async fn record_title(connection: &impl ConnectionTrait, new: NewTitle) -> Result<(), DbErr> {
    legal_title::Entity::insert(legal_title::ActiveModel {
        id: Set(new.id.uuid()),
        contractor_id: Set(new.contractor.uuid()),
        premises_id: Set(new.premises.uuid()),
        role: Set(new.role.as_str().to_owned()),
        valid_from: Set(None),
        valid_until: Set(new.valid_until),
        created_at: Set(new.created_at),
    })
    .on_conflict(
        OnConflict::columns([
            legal_title::Column::ContractorId,
            legal_title::Column::PremisesId,
            legal_title::Column::Role,
        ])
        .value(
            legal_title::Column::ValidUntil,
            Expr::cust("COALESCE(excluded.valid_until, legal_title.valid_until)"),
        )
        .to_owned(),
    )
    .exec_without_returning(connection)
    .await
    .map(|_| ())
}

/// The numbers of the contractors this person acts for.
pub async fn contractor_numbers(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<String>, DbErr> {
    let rows = account_contractor::Entity::find()
        .filter(account_contractor::Column::AccountId.eq(account.uuid()))
        .find_also_related(contractor::Entity)
        .all(connection)
        .await?;
    let mut numbers: Vec<String> =
        rows.into_iter().filter_map(|(_, row)| row).map(|row| row.number).collect();
    numbers.sort();
    Ok(numbers)
}

/// The titles that this person's contractors hold on `day`.
pub async fn titles_on(
    connection: &impl ConnectionTrait,
    account: AccountId,
    day: NaiveDate,
) -> Result<Vec<HeldTitle>, DbErr> {
    let contractors: Vec<contractor::Model> = account_contractor::Entity::find()
        .filter(account_contractor::Column::AccountId.eq(account.uuid()))
        .find_also_related(contractor::Entity)
        .all(connection)
        .await?
        .into_iter()
        .filter_map(|(_, row)| row)
        .collect();
    let titles = legal_title::Entity::find()
        .filter(legal_title::Column::ContractorId.is_in(contractors.iter().map(|row| row.id)))
        .filter(
            Condition::any()
                .add(legal_title::Column::ValidFrom.is_null())
                .add(legal_title::Column::ValidFrom.lte(day)),
        )
        // A title ends by its date: that day it is over.
        .filter(
            Condition::any()
                .add(legal_title::Column::ValidUntil.is_null())
                .add(legal_title::Column::ValidUntil.gt(day)),
        )
        .find_also_related(premises::Entity)
        .all(connection)
        .await?;
    let mut held = Vec::with_capacity(titles.len());
    for (title, premises) in titles {
        let Some(premises) = premises else { continue };
        let Some(contractor) = contractors.iter().find(|row| row.id == title.contractor_id) else {
            continue;
        };
        held.push(HeldTitle {
            premises_code: premises.code,
            kind: premises.kind.parse().map_err(|error| unreadable("premises.kind", error))?,
            role: title.role.parse().map_err(|error| unreadable("legal_title.role", error))?,
            contractor_number: contractor.number.clone(),
            valid_from: title.valid_from,
            valid_until: title.valid_until,
        });
    }
    held.sort_by(|a, b| (&a.premises_code, a.role.as_str()).cmp(&(&b.premises_code, b.role.as_str())));
    Ok(held)
}

/// The open accounts whose contractors have held titles, none of which holds on `before` or any later day. Not
/// among them: accounts without a contractor, those whose contractors have never had a title, and staff.
pub async fn accounts_without_title_since(
    connection: &impl ConnectionTrait,
    before: NaiveDate,
) -> Result<Vec<AccountId>, DbErr> {
    let no_longer_open = [AccountState::Closed, AccountState::Erased].map(AccountState::as_str);
    let mut holds_since = title_holders();
    holds_since
        .and_where(
            Expr::col((legal_title::Entity, legal_title::Column::ValidUntil)).is_null().or(Expr::col((
                legal_title::Entity,
                legal_title::Column::ValidUntil,
            ))
            .gt(before)),
        )
        // A title that ended before it began never held.
        .and_where(
            Expr::col((legal_title::Entity, legal_title::Column::ValidFrom))
                .is_null()
                .or(Expr::col((legal_title::Entity, legal_title::Column::ValidUntil)).is_null())
                .or(Expr::col((legal_title::Entity, legal_title::Column::ValidFrom))
                    .lt(Expr::col((legal_title::Entity, legal_title::Column::ValidUntil)))),
        );
    let staff_now = Query::select()
        .column(staff::Column::AccountId)
        .from(staff::Entity)
        .and_where(Expr::col(staff::Column::EndedAt).is_null())
        .to_owned();
    let ids: Vec<Uuid> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::State.is_not_in(no_longer_open))
        .filter(account::Column::Id.in_subquery(title_holders()))
        .filter(account::Column::Id.not_in_subquery(holds_since))
        .filter(account::Column::Id.not_in_subquery(staff_now))
        .order_by_asc(account::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(AccountId::from).collect())
}

/// The accounts whose contractors have titles, whenever those hold.
fn title_holders() -> SelectStatement {
    Query::select()
        .column((account_contractor::Entity, account_contractor::Column::AccountId))
        .from(account_contractor::Entity)
        .inner_join(
            legal_title::Entity,
            Expr::col((legal_title::Entity, legal_title::Column::ContractorId))
                .equals((account_contractor::Entity, account_contractor::Column::ContractorId)),
        )
        .to_owned()
}

/// Takes an account off the register: the contractor stays, and nobody holds it here.
pub async fn unlink_account(connection: &impl ConnectionTrait, account: AccountId) -> Result<u64, DbErr> {
    let done = account_contractor::Entity::delete_many()
        .filter(account_contractor::Column::AccountId.eq(account.uuid()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected)
}
