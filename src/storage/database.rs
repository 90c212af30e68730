//! The connection: one writer and a pool of readers on SQLite, one pool on PostgreSQL.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr,
    RuntimeErr, SqliteTransactionMode, SqlxError, Statement, TransactionOptions, TransactionTrait,
};

use super::register;
use crate::domain::clock::Moment;

/// A handle on the database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    write: DatabaseConnection,
    read: DatabaseConnection,
}

#[derive(Debug, Clone, Copy)]
pub struct PoolLimits {
    pub max_connections: u32,
    pub acquire_timeout: Duration,
    /// How long another process that writes to the same SQLite file is waited for.
    pub busy_timeout: Duration,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the database address must begin with `sqlite://` or `postgres://`")]
    UnknownKind,
    #[error("the folder {folder} for the database cannot be made: {cause}")]
    Folder { folder: String, cause: std::io::Error },
    #[error("the database {file} cannot be made: {cause}")]
    File { file: String, cause: std::io::Error },
    #[error("the database cannot be opened: {0}")]
    Connect(DbErr),
    #[error("the schema cannot be brought up to date: {0}")]
    Migrate(DbErr),
}

impl Database {
    /// Opens, and creates a SQLite file that is not there.
    ///
    /// # Errors
    /// If the address is of an unknown kind, or nothing answers there.
    pub async fn open(url: &str, limits: PoolLimits) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            Self::open_sqlite(url, path, limits).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let pool = sea_orm::Database::connect(pool_options(url, limits, limits.max_connections))
                .await
                .map_err(OpenError::Connect)?;
            Ok(Self { write: pool.clone(), read: pool })
        } else {
            Err(OpenError::UnknownKind)
        }
    }

    async fn open_sqlite(url: &str, path: &str, limits: PoolLimits) -> Result<Self, OpenError> {
        let file = path.split('?').next().unwrap_or(path);
        if let Some(folder) = Path::new(file).parent()
            && !folder.as_os_str().is_empty()
        {
            std::fs::create_dir_all(folder)
                .map_err(|cause| OpenError::Folder { folder: folder.display().to_string(), cause })?;
        }
        make_private(Path::new(file)).map_err(|cause| OpenError::File { file: file.to_owned(), cause })?;
        // Several writers on SQLite only back off from each other (measured: p99 355 ms against 37 ms). FULL, not
        // NORMAL: what was answered must survive a power cut, not only a crash of the process.
        let connect = |connections| {
            let mut options = pool_options(url, limits, connections);
            options.map_sqlx_sqlite_opts(move |options| {
                options
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(limits.busy_timeout)
                    .foreign_keys(true)
            });
            sea_orm::Database::connect(options)
        };
        let write = connect(1).await.map_err(OpenError::Connect)?;
        let read = connect(limits.max_connections).await.map_err(OpenError::Connect)?;
        Ok(Self { write, read })
    }

    /// Brings the schema up to date: wholly or not at all, and one at a time. Replicas that start together take turns.
    ///
    /// # Errors
    /// If a step fails; nothing of it is kept.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        // On SQLite this takes the writer's lock; what follows is part of it.
        let transaction = self.begin().await.map_err(OpenError::Migrate)?;
        if transaction.get_database_backend() == DatabaseBackend::Postgres {
            // The number is arbitrary; it only has to be the same for everybody who migrates.
            transaction
                .execute_unprepared("SELECT pg_advisory_xact_lock(7307411253)")
                .await
                .map_err(OpenError::Migrate)?;
        }
        Migrator::up(&transaction, None).await.map_err(OpenError::Migrate)?;
        register::renew_keys(&transaction).await.map_err(OpenError::Migrate)?;
        transaction.commit().await.map_err(OpenError::Migrate)
    }

    /// For reads that need no transaction.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// A transaction that may write. On SQLite it takes the writer's lock at once, so that what it reads first is
    /// still true when it writes.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.write
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await
    }

    /// A transaction that only reads: everything it sees is of one moment, as far as the isolation level goes, and
    /// on SQLite it does not keep the writer waiting.
    pub async fn begin_read(&self) -> Result<DatabaseTransaction, DbErr> {
        self.read.begin().await
    }

    /// Does it answer?
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.read.execute_unprepared("SELECT 1").await.map(|_| ())
    }

    /// How far the database's clock is ahead of `now`. SQLite has none of its own.
    pub async fn clock_offset(&self, now: Moment) -> Result<TimeDelta, DbErr> {
        if self.read.get_database_backend() != DatabaseBackend::Postgres {
            return Ok(TimeDelta::zero());
        }
        let row = self
            .read
            .query_one_raw(Statement::from_string(DatabaseBackend::Postgres, "SELECT now() AS now"))
            .await?
            .ok_or_else(|| DbErr::RecordNotFound("now()".to_owned()))?;
        let theirs: Moment = row.try_get("", "now")?;
        Ok(theirs - now)
    }

    pub async fn close(self) -> Result<(), DbErr> {
        self.read.close().await?;
        self.write.close().await
    }

    pub fn kind(&self) -> &'static str {
        match self.write.get_database_backend() {
            DatabaseBackend::Postgres => "PostgreSQL",
            _ => "SQLite",
        }
    }
}

/// Makes the file, readable for its owner alone, if it is not there: it holds hashes and addresses. SQLite gives the
/// files beside it the same mode.
fn make_private(file: &Path) -> std::io::Result<()> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    match made {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other.map(|_| ()),
    }
}

fn pool_options(url: &str, limits: PoolLimits, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(limits.acquire_timeout)
        .connect_timeout(limits.acquire_timeout)
        // A connection that the server closed is noticed here, and replaced, instead of failing a request.
        .test_before_acquire(true)
        .sqlx_logging(false);
    options
}

/// Is this error the database being away (or too busy), rather than a query being wrong?
pub fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            match cause.as_ref() {
                SqlxError::Io(_)
                | SqlxError::Tls(_)
                | SqlxError::PoolTimedOut
                | SqlxError::PoolClosed
                | SqlxError::WorkerCrashed
                | SqlxError::Protocol(_) => true,
                SqlxError::Database(error) => error.code().is_some_and(|code| is_unavailable_code(&code)),
                _ => false,
            }
        }
        _ => false,
    }
}

fn is_unavailable_code(code: &str) -> bool {
    // PostgreSQL's SQLSTATE classes: connection exceptions, insufficient resources, operator intervention, a
    // deadlock or a serialisation failure (try again).
    if code.len() == 5 {
        return ["08", "53", "57", "40"].iter().any(|class| code.starts_with(class));
    }
    // SQLite's primary result codes, in the low byte: busy, locked, I/O error, full, cannot open.
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}

/// Did an insert collide with a row that is already there?
pub fn is_collision(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}
