//! Do response times tell why somebody was refused?
//!
//! A wrong password, an unknown login, a locked account and a source that asked too often get the same page. Here one
//! request after another is timed as a stranger times them, over HTTP, with the defaults that an operator gets. The kinds
//! take turns in every order, so that whatever slows the machine down slows all of them.

use std::fmt;
use std::net::Ipv4Addr;
use std::time::Instant;

use anyhow::ensure;
use iok_id::storage::entity::audit;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde::Serialize;
use tokio::task::JoinSet;

use super::browser::{Answer, Browser};
use super::rank::{area_under_roc, median, standard_error};
use super::stage::DatabaseKind;
use super::town::{PASSWORD, Pace, Town, address};

/// Between these the times of two refusals may tell them apart.
const LEAST: f64 = 0.45;
const MOST: f64 = 0.55;

/// Accounts that are locked before it begins, so that not one row is always the warm one.
const LOCKED: usize = 40;
/// What a source is refused after at the latest.
const WITHOUT_LIMIT: usize = 1_000;
const WARMING_UP: usize = 24;
const HOMES: u32 = 0x5000_0001;
const FLOOD: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 66);
const WRONG: &str = "Zgadywanka#1";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    UnknownLogin,
    WrongPassword,
    Locked,
    SourceRefused,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownLogin => "unknown login",
            Self::WrongPassword => "wrong password",
            Self::Locked => "locked account",
            Self::SourceRefused => "source over its limit",
        })
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Measured {
    kinds: Vec<Samples>,
    pairs: Vec<Pair>,
}

#[derive(Debug, Serialize)]
struct Samples {
    kind: Kind,
    number: usize,
    median_milliseconds: f64,
    #[serde(skip)]
    milliseconds: Vec<f64>,
}

#[derive(Debug, Serialize)]
struct Pair {
    first: Kind,
    second: Kind,
    area_under_roc: f64,
    standard_error: f64,
    holds: bool,
}

impl Measured {
    pub(crate) fn hold(&self) -> bool {
        self.pairs.iter().all(|pair| pair.holds)
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| Refused because | n | Median |\n|---|--:|--:|")?;
        for samples in &self.kinds {
            writeln!(f, "| {} | {} | {:.2} ms |", samples.kind, samples.number, samples.median_milliseconds)?;
        }
        writeln!(
            f,
            "\n| Told apart | Area under the ROC curve | Standard error | Holds |\n|---|--:|--:|---|"
        )?;
        for pair in &self.pairs {
            let holds = if pair.holds { "yes" } else { "**no**" };
            let Pair { first, second, area_under_roc, standard_error, .. } = pair;
            writeln!(f, "| {first}, {second} | {area_under_roc:.3} | {standard_error:.3} | {holds} |")?;
        }
        Ok(())
    }
}

/// Times so many requests of each kind.
pub(crate) async fn measure(database: DatabaseKind, samples: u32) -> anyhow::Result<Measured> {
    let samples = samples as usize;
    let town = Town::found(database, Pace::AsConfigured).await?;
    let logins: Vec<String> =
        (0..samples + WARMING_UP + LOCKED).map(|number| format!("t{number:06}")).collect();
    town.settle(logins.iter().map(String::as_str), PASSWORD).await?;
    let (locked, open) = logins.split_at(LOCKED);
    let form = town.browser(FLOOD);
    lock(&form, locked).await?;
    let mut kinds = vec![Kind::UnknownLogin, Kind::WrongPassword, Kind::Locked];
    if use_up_source(&town, &form).await? {
        kinds.push(Kind::SourceRefused);
    } else {
        eprintln!(
            "{WITHOUT_LIMIT} guesses did not use a source up: sources are not limited here, and not measured"
        );
    }

    let mut browser = form;
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); kinds.len()];
    for (round, fresh) in open.iter().enumerate() {
        for place in permutation(kinds.len(), round) {
            let (login, from) = match kinds[place] {
                // As long as the others.
                Kind::UnknownLogin => (format!("n{round:06}"), address(HOMES, round * 4)),
                Kind::WrongPassword => (fresh.clone(), address(HOMES, round * 4 + 1)),
                Kind::Locked => (locked[round % LOCKED].clone(), address(HOMES, round * 4 + 2)),
                Kind::SourceRefused => (format!("m{round:06}"), FLOOD),
            };
            browser = browser.moved_to(from);
            let began = Instant::now();
            let answer = browser.guess(&login, WRONG).await?;
            let took = began.elapsed();
            ensure!(answer == Answer::Refused, "{}: {answer:?}", kinds[place]);
            if round >= WARMING_UP {
                times[place].push(took.as_secs_f64() * 1_000.0);
            }
        }
    }
    town.leave().await?;
    Ok(compare(&kinds, times))
}

fn compare(kinds: &[Kind], times: Vec<Vec<f64>>) -> Measured {
    let kinds: Vec<Samples> = kinds
        .iter()
        .zip(times)
        .map(|(kind, milliseconds)| Samples {
            kind: *kind,
            number: milliseconds.len(),
            median_milliseconds: median(&milliseconds),
            milliseconds,
        })
        .collect();
    let mut pairs = Vec::new();
    for (number, first) in kinds.iter().enumerate() {
        for second in &kinds[number + 1..] {
            let area = area_under_roc(&first.milliseconds, &second.milliseconds);
            pairs.push(Pair {
                first: first.kind,
                second: second.kind,
                area_under_roc: area,
                standard_error: standard_error(first.number, second.number),
                holds: (LEAST..=MOST).contains(&area),
            });
        }
    }
    Measured { kinds, pairs }
}

/// The orders of so many, one after another: each kind comes as often after each other one.
fn permutation(length: usize, mut number: usize) -> Vec<usize> {
    let mut left: Vec<usize> = (0..length).collect();
    let mut order = Vec::new();
    for choices in (1..=length).rev() {
        order.push(left.remove(number % choices));
        number /= choices;
    }
    order
}

/// Locks these accounts, each from addresses of its own.
async fn lock(form: &Browser, logins: &[String]) -> anyhow::Result<()> {
    for (number, login) in logins.iter().enumerate() {
        let mut guesses = JoinSet::new();
        for guess in 0..5 {
            let mut bot = form.moved_to(address(HOMES, 500_000 + number * 5 + guess));
            let login = login.clone();
            guesses.spawn(async move { bot.guess(&login, WRONG).await });
        }
        while let Some(guess) = guesses.join_next().await {
            guess??;
        }
    }
    Ok(())
}

/// Guesses from one address until it is refused for that. False if it never is.
async fn use_up_source(town: &Town, form: &Browser) -> anyhow::Result<bool> {
    const AT_ONCE: usize = 50;
    for begin in (0..WITHOUT_LIMIT).step_by(AT_ONCE) {
        let mut guesses = JoinSet::new();
        for number in begin..begin + AT_ONCE {
            let mut bot = form.clone();
            guesses.spawn(async move { bot.guess(&format!("f{number:06}"), WRONG).await });
        }
        while let Some(guess) = guesses.join_next().await {
            guess??;
        }
        let refused = audit::Entity::find()
            .filter(audit::Column::Action.eq("sign_in.refused"))
            .filter(audit::Column::Outcome.eq("source"))
            .count(town.books())
            .await?;
        if refused > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}
