//! A fresh database for each test, of the kind that the run asks for.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tempfile::TempDir;

/// Which database this run is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub(crate) fn of_this_run() -> Self {
        match std::env::var("IOK_ID_TEST_DATABASE").as_deref() {
            Ok("postgres") => Self::Postgres,
            Ok("sqlite") | Err(_) => Self::Sqlite,
            Ok(other) => panic!("IOK_ID_TEST_DATABASE is sqlite or postgres, not {other}"),
        }
    }
}

/// An empty database that is dropped with its test.
pub(crate) struct TestDatabase {
    pub(crate) kind: Kind,
    pub(crate) url: String,
    /// Where a test may put files, and where SQLite's lies.
    pub(crate) folder: Arc<TempDir>,
}

impl TestDatabase {
    pub(crate) async fn fresh() -> Self {
        let kind = Kind::of_this_run();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}", folder.path().join("database/iok-id.sqlite").display()),
            Kind::Postgres => {
                let admin = admin_url();
                let name = format!("iok_id_{}", uuid_simple());
                let server = Database::connect(&admin).await.unwrap();
                server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
                server.close().await.unwrap();
                let (server, _) = admin.rsplit_once('/').unwrap();
                format!("{server}/{name}")
            }
        };
        Self { kind, url, folder }
    }

    /// An id as this database writes one in SQL.
    pub(crate) fn uuid(&self, id: &str) -> String {
        match self.kind {
            Kind::Sqlite => format!("X'{}'", id.replace('-', "")),
            Kind::Postgres => format!("'{id}'"),
        }
    }

    /// The same database once more, for a second server on it.
    pub(crate) fn again(&self) -> Self {
        Self { kind: self.kind, url: self.url.clone(), folder: Arc::clone(&self.folder) }
    }

    /// A connection beside the product's own, for looking at what it wrote.
    pub(crate) async fn connect(&self) -> DatabaseConnection {
        let mut options = sea_orm::ConnectOptions::new(&self.url);
        options.max_connections(2).sqlx_logging(false);
        Database::connect(options).await.unwrap()
    }
}

fn admin_url() -> String {
    std::env::var("IOK_ID_TEST_POSTGRES").expect(
        "IOK_ID_TEST_POSTGRES is the address of a PostgreSQL superuser (scripts/with-postgres makes one)",
    )
}

fn uuid_simple() -> String {
    use iok_id::domain::ambient::Ambient;
    use iok_id::domain::ids::{AccountId, TypedId as _};
    let id: AccountId = Ambient::system().new_id();
    id.uuid().simple().to_string()
}

/// Every row of every table as text, with the table's name: what somebody who stole the database can read.
pub(crate) async fn dump(database: &TestDatabase) -> Vec<(String, String)> {
    let connection = database.connect().await;
    let ask = async |sql: String| {
        let rows = connection
            .query_all_raw(Statement::from_string(connection.get_database_backend(), sql))
            .await
            .unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "text").unwrap()).collect::<Vec<_>>()
    };
    let tables = ask(match database.kind {
        Kind::Sqlite => "SELECT name AS text FROM sqlite_master WHERE type = 'table'".to_owned(),
        Kind::Postgres => {
            "SELECT table_name::text AS text FROM information_schema.tables WHERE table_schema = 'public'"
                .to_owned()
        }
    })
    .await;
    let mut rows = Vec::new();
    for table in tables {
        let row = match database.kind {
            Kind::Sqlite => {
                let columns = ask(format!("SELECT name AS text FROM pragma_table_info('{table}')")).await;
                let quoted: Vec<String> =
                    columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
                quoted.join(" || ' ' || ")
            }
            Kind::Postgres => format!("\"{table}\"::text"),
        };
        let found = ask(format!("SELECT {row} AS text FROM \"{table}\"")).await;
        rows.extend(found.into_iter().map(|row| (table.clone(), row)));
    }
    rows
}
