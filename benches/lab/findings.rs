//! What the books say after some days, held against what is required.

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::TimeDelta;
use iok_id::domain::audit::Action;
use iok_id::domain::clock::Moment;
use iok_id::storage::entity::audit;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;

use super::ledger::Tally;
use super::rank::median;
use super::town::Town;

/// How the operator is told of distributed guessing, by its code in the audit.
const ALARM: &str = "guessing.noticed";

/// No account may give more verdicts to strangers in any 24 hours.
pub(crate) const MOST_VERDICTS: usize = 30;

/// What came of a scenario.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Findings {
    pub(crate) scenario: String,
    pub(crate) days: i64,
    pub(crate) strangers_sent: usize,
    /// Comparisons of strangers' guesses with one account's hash, the most of any account within any 24 hours.
    pub(crate) verdicts_most: usize,
    /// The same of an account on a day, counted from the beginning; only those on which there were any.
    pub(crate) verdicts_median: f64,
    /// Accounts whose password a stranger found.
    pub(crate) opened: usize,
    pub(crate) locks: usize,
    /// From the first guess on.
    pub(crate) first_lock_minutes: Option<i64>,
    pub(crate) own: Tally,
    pub(crate) unknown: Tally,
    pub(crate) alarms: usize,
    /// Answered 503.
    pub(crate) shed: usize,
    pub(crate) seconds: u64,
    pub(crate) requirements: Vec<Requirement>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Requirement {
    pub(crate) required: String,
    pub(crate) found: String,
    pub(crate) met: bool,
}

impl Requirement {
    pub(crate) fn at_most(what: &str, most: usize, found: usize) -> Self {
        Self { required: format!("{what}: at most {most}"), found: found.to_string(), met: found <= most }
    }

    pub(crate) fn at_least(what: &str, least: usize, found: usize) -> Self {
        Self { required: format!("{what}: at least {least}"), found: found.to_string(), met: found >= least }
    }
}

impl Findings {
    /// Reads the books. `began`: the moment of the first guess.
    pub(crate) async fn read(
        town: &Town,
        scenario: String,
        began: Moment,
        days: i64,
    ) -> anyhow::Result<Self> {
        let counts = town.ledger.counts();
        let logins = town.logins().await?;
        let records = audit::Entity::find()
            .filter(audit::Column::Action.is_in([
                Action::SignInVerdict.as_str(),
                Action::AccountLocked.as_str(),
                ALARM,
            ]))
            .order_by_asc(audit::Column::At)
            .all(town.books())
            .await?;
        let mut verdicts: HashMap<String, Vec<Moment>> = HashMap::new();
        let mut opened = 0;
        for record in of(&records, Action::SignInVerdict.as_str()) {
            let login = record.account_id.and_then(|id| logins.get(&id)).context("a verdict about nobody")?;
            if counts.owners_at.contains(&(login.clone(), record.at)) {
                continue;
            }
            opened += usize::from(record.outcome.as_deref() == Some("correct"));
            verdicts.entry(login.clone()).or_default().push(record.at);
        }
        let first_lock = of(&records, Action::AccountLocked.as_str()).next().map(|record| record.at - began);
        Ok(Self {
            scenario,
            days,
            strangers_sent: counts.strangers_sent,
            verdicts_most: verdicts.values().map(|moments| most_in_a_day(moments)).max().unwrap_or_default(),
            verdicts_median: median(
                &verdicts.values().flat_map(|moments| by_day(moments, began)).collect::<Vec<_>>(),
            ),
            opened,
            locks: of(&records, Action::AccountLocked.as_str()).count(),
            first_lock_minutes: first_lock.map(|after| after.num_minutes()),
            own: counts.own,
            unknown: counts.unknown,
            alarms: of(&records, ALARM).count(),
            shed: counts.shed,
            seconds: 0,
            requirements: Vec::new(),
        })
    }

    pub(crate) fn hold(&self) -> bool {
        self.requirements.iter().all(|requirement| requirement.met)
    }
}

fn of<'a>(records: &'a [audit::Model], action: &'a str) -> impl Iterator<Item = &'a audit::Model> {
    records.iter().filter(move |record| record.action == action)
}

/// The most of these moments, oldest first, within any 24 hours.
fn most_in_a_day(moments: &[Moment]) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (last, moment) in moments.iter().enumerate() {
        while moments[first] + TimeDelta::days(1) <= *moment {
            first += 1;
        }
        most = most.max(last + 1 - first);
    }
    most
}

/// How many on each day that has any.
fn by_day(moments: &[Moment], began: Moment) -> Vec<f64> {
    let days: Vec<i64> = moments.iter().map(|moment| (*moment - began).num_days()).collect();
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
    days.chunk_by(i64::eq).map(|day| day.len() as f64).collect()
}
