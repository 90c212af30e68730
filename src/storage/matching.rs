//! Who in the register an applicant may be. Candidates only: a person compares them and decides.

use chrono::NaiveDate;
use sea_orm::prelude::*;
use sea_orm::{Condition, ConnectionTrait, JoinType, QueryOrder, QuerySelect};

use super::entity::{contractor, legal_title, office, premises};
use super::reading::unreadable;
use crate::domain::ids::ContractorId;
use crate::domain::premises::{PremisesKind, TitleRole};
use crate::domain::register_key;

/// More than a person compares. A number or an address finds few; `Jan Kowalski` finds many.
const MOST: u64 = 50;

/// What is known about the applicant. Empty where it is not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    pub contractor_number: &'a str,
    pub given_name: &'a str,
    pub family_name: &'a str,
    pub organisation_name: &'a str,
    /// The premises' address.
    pub street: &'a str,
    pub postal_code: &'a str,
    pub city: &'a str,
}

/// A contractor with all titles, ended ones among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    pub contractor: ContractorId,
    pub number: String,
    pub given_name: String,
    pub family_name: String,
    pub organisation_name: Option<String>,
    pub office: Option<String>,
    pub found_by: FoundBy,
    /// Those that hold today first, then by the premises' code.
    pub titles: Vec<RegisterTitle>,
}

impl RegisterRow {
    pub fn has_current_title(&self) -> bool {
        self.titles.iter().any(|title| title.is_current)
    }
}

/// What an applicant and a contractor have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(clippy::struct_excessive_bools, reason = "one for each way of finding; any of them may be together")]
pub struct FoundBy {
    pub number: bool,
    /// A title that has not ended is to premises of this address.
    pub address: bool,
    pub person_name: bool,
    pub organisation_name: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterTitle {
    pub premises_code: String,
    pub kind: PremisesKind,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    /// Is it the address that was wanted?
    pub is_wanted_address: bool,
    pub role: TitleRole,
    pub valid_from: Option<NaiveDate>,
    /// The first day on which it is over.
    pub valid_until: Option<NaiveDate>,
    pub is_current: bool,
}

/// The keys of what is wanted.
struct Keys {
    /// Forms are filled in with the names the wrong way round.
    persons: Vec<String>,
    organisation: Option<String>,
    address: Option<String>,
}

impl Keys {
    fn of(wanted: &Wanted<'_>) -> Self {
        let persons = [(wanted.given_name, wanted.family_name), (wanted.family_name, wanted.given_name)];
        Self {
            persons: persons
                .into_iter()
                .filter_map(|(given, family)| register_key::of_person(given, family))
                .collect(),
            organisation: register_key::of_organisation(wanted.organisation_name),
            address: register_key::of_address(wanted.street, wanted.city),
        }
    }
}

/// Contractors of this very number, of the same name, or with a title to premises of the same address, names and
/// addresses folded (`domain::register_key`). Those of the number come first, then those of the address, then those of
/// the name alone. At most some hundred.
///
/// Whose title to the address has ended is not found by it: who applies for premises that were sold is compared with
/// the new owner, and the old one is nobody's business.
pub async fn matches(
    connection: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
    today: NaiveDate,
) -> Result<Vec<RegisterRow>, DbErr> {
    let keys = Keys::of(wanted);
    let number = wanted.contractor_number.trim();
    let mut ids = Vec::new();
    if !number.is_empty() {
        ids.extend(ids_where(connection, contractor::Column::Number.eq(number)).await?);
    }
    if let Some(address) = &keys.address {
        ids.extend(holders_at(connection, address, today).await?);
    }
    if !keys.persons.is_empty() {
        ids.extend(ids_where(connection, contractor::Column::PersonKey.is_in(&keys.persons)).await?);
    }
    if let Some(key) = &keys.organisation {
        ids.extend(ids_where(connection, contractor::Column::OrganisationKey.eq(key)).await?);
    }
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = read(connection, &ids, &keys, number, today).await?;
    rows.sort_by(|a, b| b.found_by.cmp(&a.found_by).then_with(|| a.number.cmp(&b.number)));
    Ok(rows)
}

async fn ids_where(
    connection: &impl ConnectionTrait,
    condition: sea_orm::sea_query::SimpleExpr,
) -> Result<Vec<Uuid>, DbErr> {
    contractor::Entity::find()
        .select_only()
        .column(contractor::Column::Id)
        .filter(condition)
        .order_by_asc(contractor::Column::Number)
        .limit(MOST)
        .into_tuple()
        .all(connection)
        .await
}

async fn holders_at(
    connection: &impl ConnectionTrait,
    address_key: &str,
    today: NaiveDate,
) -> Result<Vec<Uuid>, DbErr> {
    legal_title::Entity::find()
        .select_only()
        .column(legal_title::Column::ContractorId)
        .distinct()
        .join(JoinType::InnerJoin, legal_title::Relation::Premises.def())
        .filter(premises::Column::AddressKey.eq(address_key))
        .filter(
            Condition::any()
                .add(legal_title::Column::ValidUntil.is_null())
                .add(legal_title::Column::ValidUntil.gt(today)),
        )
        .order_by_asc(legal_title::Column::ContractorId)
        .limit(MOST)
        .into_tuple()
        .all(connection)
        .await
}

async fn read(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
    keys: &Keys,
    number: &str,
    today: NaiveDate,
) -> Result<Vec<RegisterRow>, DbErr> {
    let contractors = contractor::Entity::find()
        .filter(contractor::Column::Id.is_in(ids.iter().copied()))
        .find_also_related(office::Entity)
        .all(connection)
        .await?;
    let titles = legal_title::Entity::find()
        .filter(legal_title::Column::ContractorId.is_in(ids.iter().copied()))
        .find_also_related(premises::Entity)
        .all(connection)
        .await?;

    let mut rows = Vec::with_capacity(contractors.len());
    for (contractor, office) in contractors {
        let mut own = Vec::new();
        for (title, premises) in titles.iter().filter(|(title, _)| title.contractor_id == contractor.id) {
            if let Some(premises) = premises {
                own.push(read_title(title, premises, keys, today)?);
            }
        }
        own.sort_by(|a, b| {
            b.is_current
                .cmp(&a.is_current)
                .then_with(|| a.premises_code.cmp(&b.premises_code))
                .then_with(|| a.role.as_str().cmp(b.role.as_str()))
        });
        let is_key = |key: &Option<String>, wanted: &Option<String>| key.is_some() && key == wanted;
        rows.push(RegisterRow {
            found_by: FoundBy {
                number: !number.is_empty() && contractor.number == number,
                address: own.iter().any(|title| {
                    title.is_wanted_address && title.valid_until.is_none_or(|until| today < until)
                }),
                person_name: contractor.person_key.as_ref().is_some_and(|key| keys.persons.contains(key)),
                organisation_name: is_key(&contractor.organisation_key, &keys.organisation),
            },
            contractor: contractor.id.into(),
            number: contractor.number,
            given_name: contractor.given_name,
            family_name: contractor.family_name,
            organisation_name: contractor.organisation_name,
            office: office.map(|office| office.name),
            titles: own,
        });
    }
    Ok(rows)
}

fn read_title(
    title: &legal_title::Model,
    premises: &premises::Model,
    keys: &Keys,
    today: NaiveDate,
) -> Result<RegisterTitle, DbErr> {
    Ok(RegisterTitle {
        premises_code: premises.code.clone(),
        kind: premises.kind.parse().map_err(|error| unreadable("premises.kind", error))?,
        street: premises.street.clone(),
        postal_code: premises.postal_code.clone(),
        city: premises.city.clone(),
        is_wanted_address: premises.address_key.is_some() && premises.address_key == keys.address,
        role: title.role.parse().map_err(|error| unreadable("legal_title.role", error))?,
        valid_from: title.valid_from,
        valid_until: title.valid_until,
        is_current: title.valid_from.is_none_or(|from| from <= today)
            && title.valid_until.is_none_or(|until| today < until),
    })
}
