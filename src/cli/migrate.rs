//! `iok-id migrate`.

use std::process::ExitCode;

use super::logging;
use super::output::Output;
use crate::app::foundation::open_database;
use crate::config::Settings;

pub(super) async fn run(settings: Settings, output: Output) -> anyhow::Result<ExitCode> {
    logging::quiet();
    let database = open_database(&settings).await?;
    database.migrate().await?;
    let kind = database.kind();
    database.close().await?;
    output.result(
        &serde_json::json!({"database": kind, "schema": "up to date"}),
        format!("{kind}: the schema is up to date"),
    )?;
    Ok(ExitCode::SUCCESS)
}
