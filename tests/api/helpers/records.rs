//! What the product wrote down: audit records, and how many rows a table has.

use std::time::{Duration, Instant};

use iok_id::crypto::sealing::SealingKey;
use iok_id::domain::ambient::Ambient;
use iok_id::storage::journal::Journal;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use uuid::Uuid;

use super::process::PATIENCE;
use super::provider::TestProvider;

const GLANCE: Duration = Duration::from_millis(20);

/// An audit record, as the table shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) id: Uuid,
    pub(crate) action: String,
    pub(crate) outcome: Option<String>,
    pub(crate) actor_kind: String,
    /// Whom it is about; an application has the id of the account that it becomes.
    pub(crate) account: Option<Uuid>,
    /// Sealed.
    pub(crate) personal: Option<String>,
}

impl Record {
    pub(crate) fn is(&self, action: &str, outcome: &str) -> bool {
        self.action == action && self.outcome.as_deref() == Some(outcome)
    }
}

/// Every audit record, oldest first; those of one moment in no order.
pub(crate) async fn audit(provider: &TestProvider) -> Vec<Record> {
    let connection = provider.database.connect().await;
    let rows = connection
        .query_all_raw(Statement::from_string(
            connection.get_database_backend(),
            "SELECT id, action, outcome, actor_kind, account_id, personal FROM audit ORDER BY at, id",
        ))
        .await
        .unwrap();
    rows.iter()
        .map(|row| Record {
            id: row.try_get("", "id").unwrap(),
            action: row.try_get("", "action").unwrap(),
            outcome: row.try_get("", "outcome").unwrap(),
            actor_kind: row.try_get("", "actor_kind").unwrap(),
            account: row.try_get("", "account_id").unwrap(),
            personal: row.try_get("", "personal").unwrap(),
        })
        .collect()
}

/// How many records there are of an action, whatever its outcome.
pub(crate) async fn count(provider: &TestProvider, action: &str) -> usize {
    audit(provider).await.iter().filter(|record| record.action == action).count()
}

/// How many records there are of an action with this outcome.
pub(crate) async fn count_of(provider: &TestProvider, action: &str, outcome: &str) -> usize {
    audit(provider).await.iter().filter(|record| record.is(action, outcome)).count()
}

/// `condition` is SQL, `true` for all of them.
pub(crate) async fn rows(provider: &TestProvider, table: &str, condition: &str) -> i64 {
    let connection = provider.database.connect().await;
    rows_on(&connection, table, condition).await
}

pub(crate) async fn rows_on(connection: &DatabaseConnection, table: &str, condition: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS number FROM \"{table}\" WHERE {condition}");
    let row = connection
        .query_one_raw(Statement::from_string(connection.get_database_backend(), sql))
        .await
        .unwrap()
        .unwrap();
    row.try_get("", "number").unwrap()
}

/// Waits until so many rows are as this condition says: what is done beside requests has its own time.
pub(crate) async fn until_rows(provider: &TestProvider, table: &str, condition: &str, count: i64) {
    let began = Instant::now();
    loop {
        let now = rows(provider, table, condition).await;
        if now == count {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{now} of {table} where {condition}, never {count}");
        tokio::time::sleep(GLANCE).await;
    }
}

/// The addresses that this person's records came from, oldest first, opened as the office opens them.
pub(crate) async fn addresses(provider: &TestProvider, login: &str) -> Vec<String> {
    let connection = provider.database.connect().await;
    let key_file = provider.database.folder.path().join("secrets/sealing.key");
    let key = SealingKey::from_text(&std::fs::read_to_string(key_file).unwrap()).unwrap();
    let journal = Journal::new(Ambient::system(), std::sync::Arc::new(key));
    let account = provider.account_id(login).await;
    let mut addresses = Vec::new();
    for sealed in audit(provider).await.iter().filter_map(|record| record.personal.as_deref()) {
        let opened = journal.open_personal(&connection, account, sealed).await.unwrap().unwrap();
        addresses.extend(opened.origin.address.map(|address| address.to_string()));
    }
    addresses
}
