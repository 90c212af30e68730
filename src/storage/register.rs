//! The register by the thousand: what an import of it looks up and writes. Single rows: `people`.

use chrono::NaiveDate;
use sea_orm::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, DatabaseBackend, QueryOrder, QuerySelect};

use super::entity::{contractor, legal_title, premises};
use super::reading::unreadable;
use crate::domain::clock::Moment;
use crate::domain::ids::{ContractorId, LegalTitleId, OfficeId, PremisesId, TypedId};
use crate::domain::premises::{PremisesKind, TitleRole};
use crate::domain::register_key;

/// So many rows a statement: both databases bound how many values one may carry.
pub const CHUNK: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contractor {
    pub id: ContractorId,
    pub number: String,
    pub given_name: String,
    pub family_name: String,
    pub organisation_name: Option<String>,
    pub office: Option<OfficeId>,
    pub created_at: Moment,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Premises {
    pub id: PremisesId,
    pub code: String,
    pub kind: PremisesKind,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub created_at: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Title {
    pub id: LegalTitleId,
    pub contractor: ContractorId,
    pub premises: PremisesId,
    pub role: TitleRole,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    pub created_at: Moment,
}

/// Imports of the register take turns, until the transaction ends: each compares with what the one before wrote.
pub async fn lock(transaction: &impl ConnectionTrait) -> Result<(), DbErr> {
    // On SQLite the transaction itself is the writer's lock.
    if transaction.get_database_backend() == DatabaseBackend::Postgres {
        // The number is arbitrary; it only has to be the same for everybody who imports.
        transaction.execute_unprepared("SELECT pg_advisory_xact_lock(7307411254)").await?;
    }
    Ok(())
}

/// Those of these numbers that are in the register. At most [`CHUNK`].
pub async fn contractors_numbered(
    connection: &impl ConnectionTrait,
    numbers: &[&str],
) -> Result<Vec<Contractor>, DbErr> {
    let found = contractor::Entity::find().filter(contractor::Column::Number.is_in(numbers.iter().copied()));
    Ok(found.all(connection).await?.into_iter().map(read_contractor).collect())
}

/// At most [`CHUNK`].
pub async fn contractors(
    connection: &impl ConnectionTrait,
    ids: &[ContractorId],
) -> Result<Vec<Contractor>, DbErr> {
    let found = contractor::Entity::find()
        .filter(contractor::Column::Id.is_in(ids.iter().map(|id| TypedId::uuid(*id))));
    Ok(found.all(connection).await?.into_iter().map(read_contractor).collect())
}

/// Those of these codes that are in the register. At most [`CHUNK`].
pub async fn premises_coded(
    connection: &impl ConnectionTrait,
    codes: &[&str],
) -> Result<Vec<Premises>, DbErr> {
    let found = premises::Entity::find().filter(premises::Column::Code.is_in(codes.iter().copied()));
    found.all(connection).await?.into_iter().map(read_premises).collect()
}

/// At most [`CHUNK`].
pub async fn premises(connection: &impl ConnectionTrait, ids: &[PremisesId]) -> Result<Vec<Premises>, DbErr> {
    let found =
        premises::Entity::find().filter(premises::Column::Id.is_in(ids.iter().map(|id| TypedId::uuid(*id))));
    found.all(connection).await?.into_iter().map(read_premises).collect()
}

/// Every title of these contractors, ended ones among them. At most [`CHUNK`] contractors.
pub async fn titles_of(
    connection: &impl ConnectionTrait,
    contractors: &[ContractorId],
) -> Result<Vec<Title>, DbErr> {
    let found = legal_title::Entity::find()
        .filter(legal_title::Column::ContractorId.is_in(contractors.iter().map(|id| TypedId::uuid(*id))));
    found.all(connection).await?.iter().map(read_title).collect()
}

/// Every title that holds on `day` or later.
pub async fn titles_since(connection: &impl ConnectionTrait, day: NaiveDate) -> Result<Vec<Title>, DbErr> {
    let found = legal_title::Entity::find().filter(
        Condition::any()
            .add(legal_title::Column::ValidUntil.is_null())
            .add(legal_title::Column::ValidUntil.gt(day)),
    );
    found.all(connection).await?.iter().map(read_title).collect()
}

/// Writes these rows, new or known by their id, with the keys that they are found by. At most [`CHUNK`].
pub async fn put_contractors(connection: &impl ConnectionTrait, rows: &[Contractor]) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.iter().map(|row| contractor::ActiveModel {
        id: Set(row.id.uuid()),
        number: Set(row.number.clone()),
        given_name: Set(row.given_name.clone()),
        family_name: Set(row.family_name.clone()),
        organisation_name: Set(row.organisation_name.clone()),
        office_id: Set(row.office.map(TypedId::uuid)),
        person_key: Set(register_key::of_person(&row.given_name, &row.family_name)),
        organisation_key: Set(row.organisation_name.as_deref().and_then(register_key::of_organisation)),
        key_version: Set(register_key::VERSION),
        created_at: Set(row.created_at),
    });
    contractor::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::column(contractor::Column::Id)
                .update_columns([
                    contractor::Column::GivenName,
                    contractor::Column::FamilyName,
                    contractor::Column::OrganisationName,
                    contractor::Column::OfficeId,
                    contractor::Column::PersonKey,
                    contractor::Column::OrganisationKey,
                    contractor::Column::KeyVersion,
                ])
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await
        .map(|_| ())
}

/// Writes these rows, new or known by their id, with the key that they are found by. At most [`CHUNK`].
pub async fn put_premises(connection: &impl ConnectionTrait, rows: &[Premises]) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.iter().map(|row| premises::ActiveModel {
        id: Set(row.id.uuid()),
        code: Set(row.code.clone()),
        kind: Set(row.kind.as_str().to_owned()),
        street: Set(row.street.clone()),
        postal_code: Set(row.postal_code.clone()),
        city: Set(row.city.clone()),
        address_key: Set(address_key(row)),
        key_version: Set(register_key::VERSION),
        created_at: Set(row.created_at),
    });
    premises::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::column(premises::Column::Id)
                .update_columns([
                    premises::Column::Kind,
                    premises::Column::Street,
                    premises::Column::PostalCode,
                    premises::Column::City,
                    premises::Column::AddressKey,
                    premises::Column::KeyVersion,
                ])
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await
        .map(|_| ())
}

fn address_key(row: &Premises) -> Option<String> {
    register_key::of_address(row.street.as_deref()?, row.city.as_deref()?)
}

/// Writes these rows, new or known by their id. At most [`CHUNK`].
pub async fn put_titles(connection: &impl ConnectionTrait, rows: &[Title]) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.iter().map(|row| legal_title::ActiveModel {
        id: Set(row.id.uuid()),
        contractor_id: Set(row.contractor.uuid()),
        premises_id: Set(row.premises.uuid()),
        role: Set(row.role.as_str().to_owned()),
        valid_from: Set(row.valid_from),
        valid_until: Set(row.valid_until),
        created_at: Set(row.created_at),
    });
    legal_title::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::column(legal_title::Column::Id)
                .update_columns([legal_title::Column::ValidFrom, legal_title::Column::ValidUntil])
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await
        .map(|_| ())
}

/// Gives rows that were written by an older version the keys of this one. It belongs to bringing the schema up to
/// date: the keys are made here and not in SQL, and without them applicants would not be found in the register.
pub async fn renew_keys(transaction: &impl ConnectionTrait) -> Result<(), DbErr> {
    loop {
        let rows = contractor::Entity::find()
            .filter(contractor::Column::KeyVersion.lt(register_key::VERSION))
            .order_by_asc(contractor::Column::Id)
            .limit(CHUNK as u64)
            .all(transaction)
            .await?;
        let rows: Vec<Contractor> = rows.into_iter().map(read_contractor).collect();
        if rows.is_empty() {
            break;
        }
        put_contractors(transaction, &rows).await?;
    }
    loop {
        let rows = premises::Entity::find()
            .filter(premises::Column::KeyVersion.lt(register_key::VERSION))
            .order_by_asc(premises::Column::Id)
            .limit(CHUNK as u64)
            .all(transaction)
            .await?;
        let rows = rows.into_iter().map(read_premises).collect::<Result<Vec<_>, _>>()?;
        if rows.is_empty() {
            return Ok(());
        }
        put_premises(transaction, &rows).await?;
    }
}

fn read_contractor(row: contractor::Model) -> Contractor {
    Contractor {
        id: row.id.into(),
        number: row.number,
        given_name: row.given_name,
        family_name: row.family_name,
        organisation_name: row.organisation_name,
        office: row.office_id.map(OfficeId::from),
        created_at: row.created_at,
    }
}

fn read_premises(row: premises::Model) -> Result<Premises, DbErr> {
    Ok(Premises {
        id: row.id.into(),
        code: row.code,
        kind: row.kind.parse().map_err(|error| unreadable("premises.kind", error))?,
        street: row.street,
        postal_code: row.postal_code,
        city: row.city,
        created_at: row.created_at,
    })
}

fn read_title(row: &legal_title::Model) -> Result<Title, DbErr> {
    Ok(Title {
        id: row.id.into(),
        contractor: row.contractor_id.into(),
        premises: row.premises_id.into(),
        role: row.role.parse().map_err(|error| unreadable("legal_title.role", error))?,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        created_at: row.created_at,
    })
}
