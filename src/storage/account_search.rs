//! Finding an account by what a person at the counter, or on the telephone, can say.

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, LikeExpr};
use sea_orm::{Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _, QueryTrait as _};

use super::entity::{
    account, account_contractor, attempt_budget, contractor, credential_letter, legal_title, office, premises,
};
use super::reading::unreadable;
use crate::domain::account::{AccountState, Profile};
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, TypedId as _};
use crate::domain::register_key;
use crate::domain::staff::OfficeScope;

/// What is looked for; every part narrows.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    /// As typed: words of a name or a street, or exactly a login, an address of e-mail or a contractor number.
    pub text: Option<String>,
    /// The same as the serial of a letter, ungrouped, if it can be one.
    pub serial: Option<String>,
    pub only: Option<Only>,
}

/// Accounts that somebody should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Sign-ins are locked at this moment.
    Locked,
    AwaitingCollection,
    ClosureRequested,
    Suspended,
}

impl Only {
    pub const ALL: [Self; 4] =
        [Self::Locked, Self::AwaitingCollection, Self::ClosureRequested, Self::Suspended];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::AwaitingCollection => "awaiting-collection",
            Self::ClosureRequested => "closure-requested",
            Self::Suspended => "suspended",
        }
    }
}

/// A line of what was found.
#[derive(Debug, Clone)]
pub struct FoundAccount {
    pub id: AccountId,
    pub login: String,
    pub name: String,
    pub street: Option<String>,
    pub office: Option<String>,
    pub state: AccountState,
    pub is_locked: bool,
    pub asks_for_closure: bool,
}

/// `locks` is the kind of the budget whose lock is meant; its subject is the account's id.
pub async fn find(
    connection: &impl ConnectionTrait,
    scope: OfficeScope,
    filter: &AccountFilter,
    locks: &str,
    now: Moment,
    limit: u64,
) -> Result<Vec<FoundAccount>, DbErr> {
    let locked: Vec<Uuid> = attempt_budget::Entity::find()
        .select_only()
        .column(attempt_budget::Column::Subject)
        .filter(attempt_budget::Column::Kind.eq(locks))
        .filter(attempt_budget::Column::LockedUntil.gt(now))
        .order_by_desc(attempt_budget::Column::LockedUntil)
        // Each is a parameter of the statement below.
        .limit(1_000)
        .into_tuple::<String>()
        .all(connection)
        .await?
        .iter()
        .filter_map(|subject| subject.parse().ok())
        .collect();
    let mut condition = Condition::all().add(account::Column::State.ne(AccountState::Erased.as_str()));
    match scope {
        OfficeScope::All => {}
        OfficeScope::Only(office) => condition = condition.add(account::Column::OfficeId.eq(office.uuid())),
        OfficeScope::Nothing => return Ok(Vec::new()),
    }
    condition = match filter.only {
        None => condition,
        Some(Only::Locked) => condition.add(account::Column::Id.is_in(locked.iter().copied())),
        Some(Only::AwaitingCollection) => {
            condition.add(account::Column::State.eq(AccountState::AwaitingCollection.as_str()))
        }
        Some(Only::Suspended) => condition.add(account::Column::State.eq(AccountState::Suspended.as_str())),
        Some(Only::ClosureRequested) => condition
            .add(account::Column::ClosureRequestedAt.is_not_null())
            .add(account::Column::State.ne(AccountState::Closed.as_str())),
    };
    if let Some(text) = &filter.text {
        condition = condition.add(mentions(text, filter.serial.as_deref()));
    }
    account::Entity::find()
        .filter(condition)
        .find_also_related(office::Entity)
        .order_by_asc(account::Column::FamilyName)
        .order_by_asc(account::Column::GivenName)
        .order_by_asc(account::Column::Id)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|(row, office)| {
            let profile = Profile {
                given_name: row.given_name,
                family_name: row.family_name,
                organisation_name: row.organisation_name,
                ..Profile::default()
            };
            Ok(FoundAccount {
                id: row.id.into(),
                login: row.login,
                name: profile.display_name(),
                street: row.street,
                office: office.map(|office| office.name),
                state: row.state.parse().map_err(|error| unreadable("account.state", error))?,
                is_locked: locked.contains(&row.id),
                asks_for_closure: row.closure_requested_at.is_some(),
            })
        })
        .collect()
}

/// Whatever the person may have said: something that is theirs alone, or words of their name and address.
fn mentions(text: &str, serial: Option<&str>) -> Condition {
    let lower = text.trim().to_lowercase();
    let email = Expr::expr(Func::lower(Expr::col((account::Entity, account::Column::Email))));
    let number = Expr::expr(Func::lower(Expr::col((contractor::Entity, contractor::Column::Number))));
    let mut any = Condition::any()
        .add(account::Column::Login.eq(lower.as_str()))
        .add(email.eq(lower.as_str()))
        .add(account::Column::Id.in_subquery(acting_for(Condition::all().add(number.eq(lower.as_str())))));
    if let Some(serial) = serial {
        let letters = credential_letter::Entity::find()
            .select_only()
            .column(credential_letter::Column::AccountId)
            .filter(credential_letter::Column::Serial.eq(serial));
        any = any.add(account::Column::Id.in_subquery(letters.into_query()));
    }
    let typed: Vec<&str> = text.split_whitespace().take(6).collect();
    if !typed.is_empty() {
        any = any.add(typed.iter().fold(Condition::all(), |all, word| all.add(says(word))));
    }
    // The register's folded keys find `swietochlowice` for „Świętochłowice”, which no database's LIKE does.
    let folded = register_key::words(text);
    if !folded.is_empty() {
        let contractors = folded.iter().take(6).fold(Condition::all(), |all, word| {
            let pattern = format!("%{word}%");
            all.add(
                Condition::any()
                    .add(contractor::Column::PersonKey.like(&pattern))
                    .add(contractor::Column::OrganisationKey.like(&pattern))
                    .add(contractor::Column::Id.in_subquery(having_premises_at(&pattern))),
            )
        });
        any = any.add(account::Column::Id.in_subquery(acting_for(contractors)));
    }
    any
}

fn acting_for(contractors: Condition) -> sea_orm::sea_query::SelectStatement {
    account_contractor::Entity::find()
        .select_only()
        .column(account_contractor::Column::AccountId)
        .inner_join(contractor::Entity)
        .filter(contractors)
        .into_query()
}

fn having_premises_at(pattern: &str) -> sea_orm::sea_query::SelectStatement {
    legal_title::Entity::find()
        .select_only()
        .column(legal_title::Column::ContractorId)
        .inner_join(premises::Entity)
        .filter(premises::Column::AddressKey.like(pattern))
        .into_query()
}

/// Does the account itself have this word in a name or an address? The two databases fold case by different tables, so
/// the usual ways of writing a word are tried as they are.
fn says(word: &str) -> Condition {
    let mut capital = word.chars();
    let capital: String = capital
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(capital.as_str().to_lowercase().chars())
        .collect();
    let mut any = Condition::any();
    for column in [
        account::Column::GivenName,
        account::Column::FamilyName,
        account::Column::OrganisationName,
        account::Column::Street,
        account::Column::City,
    ] {
        for variant in [word.to_owned(), word.to_lowercase(), capital.clone()] {
            let column = Expr::col((account::Entity, column));
            any = any.add(column.like(contains(&variant)));
        }
    }
    any
}

fn contains(word: &str) -> LikeExpr {
    let escaped: String = word
        .chars()
        .flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]))
        .collect();
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}
