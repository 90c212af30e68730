//! A fresh database for each test, of the kind that the run asks for.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Arc;

use iok_id::app::Foundation;
use iok_id::domain::clock::{Clock as _, SettableClock, SystemClock};
use iok_id::oidc::keys::Keys;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::provider::{ambient_of, settings_for};

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
    /// One on which nothing ever started.
    pub(crate) async fn fresh() -> Self {
        let kind = Kind::of_this_run();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}", folder.path().join(SQLITE).display()),
            Kind::Postgres => create(None).await,
        };
        Self { kind, url, folder }
    }

    /// One that has its schema, its sealing key and its first signing keys, as after a first start. They are made once
    /// and copied: looking for RSA's primes takes longer than most tests.
    pub(crate) async fn started() -> Self {
        let first = FIRST_START.get_or_init(|| Box::pin(FirstStart::make())).await;
        let kind = Kind::of_this_run();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        put(&folder, SEALING_KEY, &first.sealing_key);
        let url = match &first.made {
            Made::File(content) => {
                put(&folder, SQLITE, content);
                format!("sqlite://{}", folder.path().join(SQLITE).display())
            }
            Made::Template(name) => create(Some(name)).await,
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

const SQLITE: &str = "database/iok-id.sqlite";
const SEALING_KEY: &str = "secrets/sealing.key";

static FIRST_START: OnceCell<FirstStart> = OnceCell::const_new();

/// What a first start leaves behind.
struct FirstStart {
    sealing_key: Vec<u8>,
    made: Made,
}

enum Made {
    /// SQLite's file.
    File(Vec<u8>),
    /// The name of a database on the server.
    Template(String),
}

impl FirstStart {
    async fn make() -> Self {
        let database = TestDatabase::fresh().await;
        let ambient = ambient_of(&SettableClock::starting_at(SystemClock.now()));
        let settings = settings_for(&database, "http://localhost", &[]);
        let foundation = Foundation::open(settings, ambient.clone()).await.unwrap();
        let (store, sealing) = (foundation.database.clone(), Arc::clone(&foundation.sealing));
        Keys::open(store, &ambient, sealing, foundation.rotation_times()).await.unwrap();
        foundation.close().await;
        let read = |file| std::fs::read(database.folder.path().join(file)).unwrap();
        let made = match database.kind {
            Kind::Sqlite => Made::File(read(SQLITE)),
            Kind::Postgres => Made::Template(database.url.rsplit_once('/').unwrap().1.to_owned()),
        };
        Self { sealing_key: read(SEALING_KEY), made }
    }
}

/// Writes a file that only its owner may read, as the product does.
fn put(folder: &TempDir, file: &str, content: &[u8]) {
    let path = folder.path().join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).unwrap();
    file.write_all(content).unwrap();
}

/// A new database on the server, as a copy of the other: its address.
async fn create(template: Option<&str>) -> String {
    let admin = admin_url();
    let name = format!("iok_id_{}", uuid_simple());
    let server = Database::connect(&admin).await.unwrap();
    let template = template.map(|template| format!(" TEMPLATE {template}")).unwrap_or_default();
    server.execute_unprepared(&format!("CREATE DATABASE {name}{template}")).await.unwrap();
    server.close().await.unwrap();
    let (server, _) = admin.rsplit_once('/').unwrap();
    format!("{server}/{name}")
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
