//! What stands in the database, counted.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};

use super::database::{Kind, TestDatabase};

/// How many rows each table has, but for what the sealer of the audit writes in its own time.
pub(crate) async fn row_counts(database: &TestDatabase) -> BTreeMap<String, i64> {
    let connection = database.connect().await;
    let (backend, catalogue) = match database.kind {
        Kind::Sqlite => (
            DatabaseBackend::Sqlite,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        ),
        Kind::Postgres => (
            DatabaseBackend::Postgres,
            "SELECT CAST(tablename AS text) AS name FROM pg_tables WHERE schemaname = 'public'",
        ),
    };
    let tables = connection.query_all_raw(Statement::from_string(backend, catalogue)).await.unwrap();
    let mut counts = BTreeMap::new();
    for table in tables {
        let table: String = table.try_get("", "name").unwrap();
        if table.starts_with("audit_") {
            continue;
        }
        let count = Statement::from_string(backend, format!("SELECT COUNT(*) AS rows FROM \"{table}\""));
        let count = connection.query_one_raw(count).await.unwrap().unwrap();
        counts.insert(table, count.try_get("", "rows").unwrap());
    }
    connection.close().await.unwrap();
    assert!(counts.len() > 15, "this should be the whole schema: {counts:?}");
    counts
}

/// A column of a table as text, sorted: to see whether anything changed.
pub(crate) async fn column(database: &TestDatabase, table: &str, column: &str) -> Vec<String> {
    let connection = database.connect().await;
    let sql = format!("SELECT COALESCE(CAST({column} AS text), '') AS value FROM \"{table}\" ORDER BY 1");
    let rows = connection
        .query_all_raw(Statement::from_string(connection.get_database_backend(), sql))
        .await
        .unwrap();
    let values = rows.iter().map(|row| row.try_get("", "value").unwrap()).collect();
    connection.close().await.unwrap();
    values
}
