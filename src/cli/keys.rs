//! `iok-id keys`.

use std::process::ExitCode;

use clap::Subcommand;

use super::output::Output;
use crate::app::Foundation;
use crate::domain::clock::Moment;
use crate::oidc::keys;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add the next key of every algorithm. The present ones stay published as long as a token lives.
    Rotate,
    /// Take a key away at once, because somebody else has it. What it signed is good for nothing any more; a new key of
    /// its algorithm signs from now on. Running servers and services follow within a minute.
    Withdraw {
        /// As `keys list` has it.
        kid: String,
    },
    /// List every key: what signs now, what will, what is still published.
    List,
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
        Command::Withdraw { kid } => {
            let Foundation { database, ambient, journal, sealing, .. } = &foundation;
            let times = foundation.rotation_times();
            let successor = keys::withdraw(database, ambient, journal, sealing, times, &kid).await?;
            let told = match &successor {
                Some(successor) => format!("{kid} is gone; {successor} signs from now on"),
                None => format!("{kid} is gone; it signed nothing any more"),
            };
            output.result(&serde_json::json!({"withdrawn": kid, "signs_now": successor}), told)?;
        }
        Command::List => {
            let listed = keys::list(&foundation.database, foundation.ambient.now()).await?;
            output.result(&listed, table(&listed))?;
        }
    }
    foundation.close().await;
    Ok(ExitCode::SUCCESS)
}

fn table(listed: &[keys::ListedKey]) -> String {
    if listed.is_empty() {
        return "no keys yet: the first server that starts makes them".to_owned();
    }
    let day = |moment: Moment| moment.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let lines: Vec<String> = listed
        .iter()
        .map(|key| {
            let until = key
                .published_until
                .map_or_else(String::new, |until| format!(", published until {}", day(until)));
            format!(
                "{}  {:5}  {:7}  signs from {}{until}",
                key.kid,
                key.algorithm.as_str(),
                key.state.as_str(),
                day(key.signs_from),
            )
        })
        .collect();
    lines.join("\n")
}
