//! `iok-id keys`.

use std::process::ExitCode;

use clap::Subcommand;

use super::output::Output;
use crate::app::Foundation;
use crate::oidc::keys;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add the next key of every algorithm. The present ones stay published as long as a token lives.
    Rotate,
}

pub(super) async fn run(
    command: Command,
    foundation: Foundation,
    output: Output,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Rotate => {
            let Foundation { database, ambient, journal, sealing, .. } = &foundation;
            let (kids, signs_from) =
                keys::rotate(database, ambient, journal, sealing, foundation.rotation_times()).await?;
            output.result(
                &serde_json::json!({"kids": kids, "signs_from": signs_from}),
                format!(
                    "new keys {}; they sign from {}",
                    kids.join(" and "),
                    signs_from.format("%Y-%m-%d %H:%M:%S UTC")
                ),
            )?;
        }
    }
    foundation.close().await;
    Ok(ExitCode::SUCCESS)
}
