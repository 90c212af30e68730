//! A fresh database for each test, of the kind that the run asks for.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
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
    pub(crate) folder: TempDir,
}

impl TestDatabase {
    pub(crate) async fn fresh() -> Self {
        let kind = Kind::of_this_run();
        let folder = tempfile::tempdir().unwrap();
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
