//! A town: the product running in this process, people with accounts, and a clock that the laboratory owns.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta};
use iok_id::app::Server;
use iok_id::config::{Settings, Sources};
use iok_id::crypto::password::{HashCost, hash_now};
use iok_id::domain::ambient::Ambient;
use iok_id::domain::clock::{Clock as _, Moment, SettableClock};
use iok_id::domain::secret::SystemEntropy;
use iok_id::storage::entity::{account, attempt_budget};
use reqwest::Client;
use reqwest::redirect::Policy;
use sea_orm::{ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use serde_json::json;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::browser::Browser;
use super::ledger::Ledger;
use super::stage::{DatabaseKind, Stage};

/// What every owner typed once and types again. Within the policy, nobody's.
pub(crate) const PASSWORD: &str = "Zimorodek#7k";

/// A Sunday: what happens in a scenario begins on Monday.
const BEGINNING: &str = "2026-11-22T00:00:00Z";

/// How much time a guess takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Passwords are hashed with a fifth of the least work that the configuration allows, and refusals are answered at
    /// once. What is counted here does not depend on it, and tens of thousands of guesses would take hours.
    Hurried,
    /// The defaults, as an operator gets them.
    AsConfigured,
}

impl Pace {
    fn hash_cost(self) -> HashCost {
        match self {
            Self::Hurried => HashCost { memory: 7_168, iterations: 1, parallelism: 1 },
            Self::AsConfigured => HashCost::default(),
        }
    }
}

pub(crate) struct Town {
    pub(crate) ledger: Ledger,
    clock: SettableClock,
    server: Server,
    url: String,
    http: Client,
    stage: Stage,
    /// For looking at what was written down.
    books: DatabaseConnection,
    pace: Pace,
}

impl Town {
    pub(crate) async fn found(kind: DatabaseKind, pace: Pace) -> anyhow::Result<Self> {
        let stage = Stage::set(kind).await?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let clock = SettableClock::starting_at(BEGINNING.parse::<DateTime<_>>()?);
        let ambient = Ambient::new(Arc::new(clock.clone()), Arc::new(SystemEntropy));
        let server = Server::start(settings(&stage, &url, pace)?, ambient, vec![listener]).await?;
        let http = Client::builder().redirect(Policy::none()).no_proxy().no_gzip().build()?;
        let books = stage.connect().await?;
        Ok(Self { ledger: Ledger::default(), clock, server, url, http, stage, books, pace })
    }

    pub(crate) async fn leave(self) -> anyhow::Result<()> {
        self.books.close().await?;
        self.server.stop().await;
        self.stage.strike().await
    }

    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    pub(crate) fn books(&self) -> &DatabaseConnection {
        &self.books
    }

    /// Moves the clock. Each midnight on the way, what is forgotten by time is forgotten, as a server does every ten
    /// minutes.
    pub(crate) async fn wait_until(&self, moment: Moment) -> anyhow::Result<()> {
        let days = |moment: Moment| moment.timestamp().div_euclid(TimeDelta::days(1).num_seconds());
        let passes_midnight = days(moment) > days(self.now());
        self.clock.advance(moment - self.now());
        if passes_midnight {
            self.server.sweep().await?;
        }
        Ok(())
    }

    /// Gives each of these logins an account that was opened long ago.
    pub(crate) async fn settle<'a>(
        &self,
        logins: impl IntoIterator<Item = &'a str>,
        password: &str,
    ) -> anyhow::Result<()> {
        // One hash for all: who guesses cannot see it, and thousands would take minutes.
        let hash = hash_now(self.pace.hash_cost(), password, &SystemEntropy)?;
        let mut csv = "login,contractor_number,given_name,family_name,email,phone,street,postal_code,city,\
                       office,premises,state,initial_password_hash,password_hash,email_verified,attributes,locale\n"
            .to_owned();
        for login in logins {
            writeln!(
                csv,
                "{login},K-{login},Halina,Wrona,{login}@example.test,,ul. Wiśniowa 3/4,41-600,Świętochłowice,\
                 Administracja nr 1,P-{login}:owner,active,,\"{hash}\",true,,"
            )?;
        }
        self.server.import_accounts(&csv).await?;
        Ok(())
    }

    /// A browser that has never been here.
    pub(crate) fn browser(&self, address: Ipv4Addr) -> Browser {
        Browser::new(self.http.clone(), &self.url, address)
    }

    /// Until when this account is locked for unknown devices: what no stranger can see. `None` if it is not.
    pub(crate) async fn locked_until(&self, login: &str) -> anyhow::Result<Option<Moment>> {
        let id: Uuid = account::Entity::find()
            .filter(account::Column::Login.eq(login))
            .select_only()
            .column(account::Column::Id)
            .into_tuple()
            .one(&self.books)
            .await?
            .with_context(|| format!("nobody is called {login}"))?;
        let budget = attempt_budget::Entity::find()
            .filter(attempt_budget::Column::Kind.eq("account"))
            .filter(attempt_budget::Column::Subject.eq(id.to_string()))
            .one(&self.books)
            .await?;
        Ok(budget.and_then(|budget| budget.locked_until).filter(|until| *until > self.now()))
    }

    /// Who is who.
    pub(crate) async fn logins(&self) -> anyhow::Result<HashMap<Uuid, String>> {
        let rows: Vec<(Uuid, String)> = account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .column(account::Column::Login)
            .into_tuple()
            .all(&self.books)
            .await?;
        Ok(rows.into_iter().collect())
    }
}

fn settings(stage: &Stage, url: &str, pace: Pace) -> anyhow::Result<Settings> {
    let key_file = stage.folder.path().join("secrets/sealing.key").display().to_string();
    let mut sources = Sources::only_defaults()
        .overriding("server.issuer", url)
        .overriding("database.url", stage.url.as_str())
        .overriding("sealing.key_file", key_file)
        // So that every browser here has an address of its own.
        .overriding("server.trusted_proxies", format!("[\"{}/32\"]", Ipv4Addr::LOCALHOST));
    if pace == Pace::Hurried {
        sources = sources.overriding("lockout.refusal_beat_milliseconds", "0");
    }
    let mut settings = sources.load()?;
    if pace == Pace::Hurried {
        // Past the check that keeps an operator from doing the same.
        let HashCost { memory, iterations, parallelism } = pace.hash_cost();
        settings.password_hashing = serde_json::from_value(json!({
            "memory_kib": memory, "iterations": iterations, "parallelism": parallelism, "threads": 0, "queue": 256,
        }))?;
    }
    Ok(settings)
}

/// Addresses, each in a network of its own (IPv4 /24).
pub(crate) fn address(first: u32, number: usize) -> Ipv4Addr {
    let number = u32::try_from(number).unwrap_or_default();
    Ipv4Addr::from(first.wrapping_add(number.wrapping_mul(0x0000_0103)))
}
