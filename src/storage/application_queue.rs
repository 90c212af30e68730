//! The clerks' queue: applications that reached the office, by state, office, channel and words.

use std::collections::BTreeMap;

use sea_orm::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{Condition, ConnectionTrait, Order, QueryOrder as _, QuerySelect as _};

use super::applications;
use super::entity::{application, office};
use super::reading::unreadable;
use crate::domain::application::{Application, ApplicationState, Channel};
use crate::domain::ids::{OfficeId, TypedId as _};
use crate::domain::register_key;
use crate::domain::staff::OfficeScope;

/// What is looked for; every part narrows.
#[derive(Debug, Clone)]
pub struct QueueFilter {
    pub scope: OfficeScope,
    pub office: Option<OfficeId>,
    pub channel: Option<Channel>,
    /// Words of a name or a street, or a contractor number.
    pub text: Option<String>,
}

/// A line of the queue.
#[derive(Debug, Clone)]
pub struct QueuedApplication {
    pub application: Application,
    pub office_name: String,
}

/// How many there are in each state; states without any are not named.
pub async fn counts(
    connection: &impl ConnectionTrait,
    filter: &QueueFilter,
) -> Result<BTreeMap<&'static str, u64>, DbErr> {
    let rows: Vec<(String, i64)> = application::Entity::find()
        .select_only()
        .column(application::Column::State)
        .column_as(application::Column::Id.count(), "number")
        .filter(condition(filter))
        .group_by(application::Column::State)
        .into_tuple()
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|(state, number)| {
            let state: ApplicationState =
                state.parse().map_err(|error| unreadable("application.state", error))?;
            Ok((state.as_str(), u64::try_from(number).unwrap_or_default()))
        })
        .collect()
}

/// One page of those in a state. What waits comes oldest first: nobody is passed over. What was decided comes newest
/// first: one looks for what was done yesterday, not for what was done two years ago.
pub async fn page(
    connection: &impl ConnectionTrait,
    filter: &QueueFilter,
    state: ApplicationState,
    offset: u64,
    limit: u64,
) -> Result<Vec<QueuedApplication>, DbErr> {
    let query = application::Entity::find()
        .filter(condition(filter))
        .filter(application::Column::State.eq(state.as_str()));
    let query = if state.is_open() {
        query.order_by_asc(application::Column::SubmittedAt).order_by(application::Column::Id, Order::Asc)
    } else {
        query.order_by_desc(application::Column::StateSince).order_by(application::Column::Id, Order::Desc)
    };
    query
        .find_also_related(office::Entity)
        .offset(offset)
        .limit(limit)
        .all(connection)
        .await?
        .into_iter()
        .map(|(row, office)| {
            Ok(QueuedApplication {
                application: applications::read(row)?,
                office_name: office.map(|office| office.name).unwrap_or_default(),
            })
        })
        .collect()
}

fn condition(filter: &QueueFilter) -> Condition {
    // What was never confirmed never reached the office: withdrawn before that, it is none of its business.
    let mut condition = Condition::all().add(application::Column::SubmittedAt.is_not_null());
    match filter.scope {
        OfficeScope::All => {}
        OfficeScope::Only(office) => {
            condition = condition.add(application::Column::OfficeId.eq(office.uuid()));
        }
        OfficeScope::Nothing => condition = condition.add(Expr::value(false)),
    }
    if let Some(office) = filter.office {
        condition = condition.add(application::Column::OfficeId.eq(office.uuid()));
    }
    if let Some(channel) = filter.channel {
        condition = condition.add(application::Column::Channel.eq(channel.as_str()));
    }
    if let Some(text) = &filter.text {
        condition = condition.add(mentions(text));
    }
    condition
}

/// The very number, as people type it; or every word in the folded name and address.
fn mentions(text: &str) -> Condition {
    let number = Expr::expr(Func::lower(Expr::col(application::Column::ContractorNumber)));
    let mut any = Condition::any().add(number.eq(text.trim().to_lowercase()));
    // Folded words have letters and digits only: nothing that LIKE would read as a pattern.
    let words = register_key::words(text);
    if !words.is_empty() {
        any = any.add(words.iter().fold(Condition::all(), |all, word| {
            let pattern = format!("%{word}%");
            all.add(
                Condition::any()
                    .add(application::Column::NameKey.like(&pattern))
                    .add(application::Column::AddressKey.like(&pattern)),
            )
        }));
    }
    any
}
