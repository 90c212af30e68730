//! Who may be the same person as an applicant: other applications, on-line and on paper, and accounts. Candidates only:
//! a person compares them and decides.

use std::collections::BTreeMap;

use sea_orm::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::accounts;
use super::applications::{self, Keys};
use super::entity::{account, account_contractor, application, contractor, office};
use super::reading::unreadable;
use crate::domain::account::{Account, AccountState, Profile};
use crate::domain::application::{Application, ApplicationState};
use crate::domain::ids::{AccountId, ApplicationId, ContractorId, OfficeId, TypedId};

/// More than a person compares.
const MOST: u64 = 20;

/// What an applicant is compared by. Empty keys find nothing.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    pub keys: &'a Keys,
    pub contractor_number: Option<&'a str>,
    /// The application itself, once it is there.
    pub besides: Option<ApplicationId>,
    /// Rows of the register that it may be about.
    pub contractors: &'a [ContractorId],
}

/// What is the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Common {
    pub number: bool,
    pub name: bool,
    pub address: bool,
}

impl Common {
    /// Enough to ask whether it is the same person? Neighbours have the address in common, and nothing else.
    const fn is_worth_a_look(self) -> bool {
        self.number || self.name || self.address
    }
}

#[derive(Debug, Clone)]
pub struct LikeApplication {
    pub application: Application,
    pub office_name: String,
    pub common: Common,
}

#[derive(Debug, Clone)]
pub struct LikeAccount {
    pub account: AccountId,
    pub login: String,
    pub name: String,
    pub state: AccountState,
    pub office: Option<OfficeId>,
    pub office_name: Option<String>,
    pub common: Common,
}

/// Other applications that wait for the office or the applicant, by number, name or address.
pub async fn open_applications(
    connection: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
) -> Result<Vec<LikeApplication>, DbErr> {
    let Some(alike) = alike(wanted) else {
        return Ok(Vec::new());
    };
    let open = [ApplicationState::Submitted, ApplicationState::NeedsCorrection].map(ApplicationState::as_str);
    let mut query = application::Entity::find().filter(application::Column::State.is_in(open)).filter(alike);
    if let Some(itself) = wanted.besides {
        query = query.filter(application::Column::Id.ne(itself.uuid()));
    }
    let rows = query
        .find_also_related(office::Entity)
        .order_by_asc(application::Column::CreatedAt)
        .limit(MOST)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|(row, office)| {
            Ok(LikeApplication {
                common: common(&row, wanted),
                office_name: office.map(|office| office.name).unwrap_or_default(),
                application: applications::read(row)?,
            })
        })
        .collect()
}

/// Accounts that act for the contractor number or for a row of the register that may be the applicant's, and accounts
/// that an application of the same name, number or address became. Erased ones are nobody's.
pub async fn accounts(
    connection: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
) -> Result<Vec<LikeAccount>, DbErr> {
    let mut found: BTreeMap<Uuid, Common> = BTreeMap::new();
    let mut of_contractors = Condition::any();
    if let Some(number) = wanted.contractor_number {
        of_contractors = of_contractors.add(contractor::Column::Number.eq(number));
    }
    if !wanted.contractors.is_empty() {
        of_contractors = of_contractors
            .add(contractor::Column::Id.is_in(wanted.contractors.iter().map(|contractor| contractor.uuid())));
    }
    if !of_contractors.is_empty() {
        let linked = account_contractor::Entity::find()
            .find_also_related(contractor::Entity)
            .filter(of_contractors)
            .order_by_asc(account_contractor::Column::AccountId)
            .limit(MOST)
            .all(connection)
            .await?;
        for (link, contractor) in linked {
            let Some(contractor) = contractor else { continue };
            let entry = found.entry(link.account_id).or_default();
            entry.number |= wanted.contractor_number == Some(contractor.number.as_str());
            let keys = [&contractor.person_key, &contractor.organisation_key];
            entry.name |= keys.into_iter().flatten().any(|key| *key == wanted.keys.name);
        }
    }
    if let Some(alike) = alike(wanted) {
        let approved = application::Entity::find()
            .filter(application::Column::State.eq(ApplicationState::Approved.as_str()))
            .filter(alike)
            .order_by_desc(application::Column::StateSince)
            .limit(MOST)
            .all(connection)
            .await?;
        for row in approved.iter().filter(|row| wanted.besides.is_none_or(|id| row.id != id.uuid())) {
            let (seen, entry) = (common(row, wanted), found.entry(row.id).or_default());
            entry.number |= seen.number;
            entry.name |= seen.name;
            entry.address |= seen.address;
        }
    }
    let besides = wanted.besides.map(TypedId::uuid);
    let rows = account::Entity::find()
        .filter(account::Column::Id.is_in(found.keys().copied().filter(|id| Some(*id) != besides)))
        .filter(account::Column::State.ne(AccountState::Erased.as_str()))
        .find_also_related(office::Entity)
        .order_by_asc(account::Column::Login)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|(row, office)| {
            let name = Profile {
                given_name: row.given_name,
                family_name: row.family_name,
                organisation_name: row.organisation_name,
                ..Profile::default()
            };
            Ok(LikeAccount {
                account: row.id.into(),
                login: row.login,
                name: name.display_name(),
                state: row.state.parse().map_err(|error| unreadable("account.state", error))?,
                office: row.office_id.map(OfficeId::from),
                office_name: office.map(|office| office.name),
                common: found.get(&row.id).copied().unwrap_or_default(),
            })
        })
        .filter(|like: &Result<LikeAccount, DbErr>| {
            // Whoever only holds premises that the register names as well is shown there already.
            like.as_ref().map_or(true, |like| like.common.is_worth_a_look())
        })
        .collect()
}

fn alike(wanted: &Wanted<'_>) -> Option<Condition> {
    let mut any = Condition::any();
    if !wanted.keys.name.is_empty() {
        any = any.add(application::Column::NameKey.eq(&wanted.keys.name));
    }
    if !wanted.keys.address.is_empty() {
        any = any.add(application::Column::AddressKey.eq(&wanted.keys.address));
    }
    if let Some(number) = wanted.contractor_number {
        any = any.add(application::Column::ContractorNumber.eq(number));
    }
    (!any.is_empty()).then_some(any)
}

fn common(row: &application::Model, wanted: &Wanted<'_>) -> Common {
    let same = |one: &str, other: &str| !one.is_empty() && one == other;
    Common {
        number: row.contractor_number.is_some()
            && row.contractor_number.as_deref() == wanted.contractor_number,
        name: same(&row.name_key, &wanted.keys.name),
        address: same(&row.address_key, &wanted.keys.address),
    }
}

/// The accounts that act for any of these contractors, with those of them that they act for. Erased ones are nobody's.
pub async fn acting_for(
    connection: &impl ConnectionTrait,
    contractors: &[ContractorId],
) -> Result<Vec<(Account, Vec<ContractorId>)>, DbErr> {
    let links = account_contractor::Entity::find()
        .filter(account_contractor::Column::ContractorId.is_in(contractors.iter().map(|id| id.uuid())))
        .find_also_related(account::Entity)
        .order_by_asc(account_contractor::Column::AccountId)
        .all(connection)
        .await?;
    let mut acting: Vec<(Account, Vec<ContractorId>)> = Vec::new();
    for (link, row) in links {
        let Some(row) = row.filter(|row| row.state != AccountState::Erased.as_str()) else { continue };
        let contractor = link.contractor_id.into();
        match acting.last_mut() {
            Some((account, contractors)) if account.id.uuid() == row.id => contractors.push(contractor),
            _ => acting.push((accounts::read(row)?, vec![contractor])),
        }
    }
    Ok(acting)
}

/// The ids of the contractors this person acts for.
pub async fn contractors_of(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<ContractorId>, DbErr> {
    Ok(account_contractor::Entity::find()
        .filter(account_contractor::Column::AccountId.eq(account.uuid()))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| row.contractor_id.into())
        .collect())
}
