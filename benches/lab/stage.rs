//! A database for one experiment, which goes away with it.

use anyhow::Context as _;
use clap::ValueEnum;
use iok_id::domain::ambient::Ambient;
use iok_id::domain::ids::{AccountId, TypedId as _};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};
use serde::Serialize;
use tempfile::TempDir;

/// A superuser's address, as the tests use it; `scripts/with-postgres` sets it.
const POSTGRES: &str = "IOK_ID_TEST_POSTGRES";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DatabaseKind {
    /// A file in a temporary folder.
    Sqlite,
    /// A database of its own on the server in `IOK_ID_TEST_POSTGRES`, dropped afterwards.
    Postgres,
}

pub(crate) struct Stage {
    pub(crate) url: String,
    /// Holds the sealing key, and SQLite's file.
    pub(crate) folder: TempDir,
    /// Where to drop it: the superuser's address, and the name.
    on_server: Option<(String, String)>,
}

impl Stage {
    pub(crate) async fn set(kind: DatabaseKind) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("there is no temporary folder")?;
        match kind {
            DatabaseKind::Sqlite => {
                let url = format!("sqlite://{}", folder.path().join("database/iok-id.sqlite").display());
                Ok(Self { url, folder, on_server: None })
            }
            DatabaseKind::Postgres => {
                let admin = std::env::var(POSTGRES).with_context(|| {
                    format!("{POSTGRES} must be a superuser's address; scripts/with-postgres makes one")
                })?;
                let id: AccountId = Ambient::system().new_id();
                let name = format!("iok_id_lab_{}", id.uuid().simple());
                tell_server(&admin, &format!("CREATE DATABASE {name}")).await?;
                let (server, _) = admin.rsplit_once('/').context("an address without a database")?;
                Ok(Self { url: format!("{server}/{name}"), folder, on_server: Some((admin, name)) })
            }
        }
    }

    /// A connection beside the product's own: to read what was written down.
    pub(crate) async fn connect(&self) -> anyhow::Result<DatabaseConnection> {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(1).sqlx_logging(false);
        Ok(Database::connect(options).await?)
    }

    pub(crate) async fn strike(self) -> anyhow::Result<()> {
        if let Some((admin, name)) = &self.on_server {
            tell_server(admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        }
        Ok(())
    }
}

async fn tell_server(admin: &str, sql: &str) -> anyhow::Result<()> {
    let server = Database::connect(admin).await?;
    server.execute_unprepared(sql).await?;
    server.close().await?;
    Ok(())
}
