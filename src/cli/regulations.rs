//! `iok-id regulations`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;

use super::output::Output;
use crate::accounts::publish_regulations::{Draft, Published, publish};
use crate::app::Foundation;
use crate::domain::regulations::Edition;
use crate::storage::regulations;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Put a version into force. Contractors accept it at their next sign-in.
    // `--version` is the Regulations' here, not the program's.
    #[command(disable_version_flag = true)]
    Publish {
        /// What the version is called, such as 2026-1; it stands in the address of its page.
        #[arg(long)]
        version: String,
        /// The Polish text: plain, with `#` headings and numbered points.
        #[arg(long, value_name = "FILE")]
        polish: PathBuf,
        /// The English text.
        #[arg(long, value_name = "FILE")]
        english: PathBuf,
    },
    /// List every version, the one in force first.
    List,
}

pub(super) async fn run(
    command: Command,
    foundation: Foundation,
    output: Output,
) -> anyhow::Result<ExitCode> {
    let Foundation { database, ambient, journal, .. } = &foundation;
    match command {
        Command::Publish { version, polish, english } => {
            let (polish, english) = (read(&polish)?, read(&english)?);
            let draft = Draft { version: &version, polish: &polish, english: &english };
            let (edition, is_new) = match publish(database, ambient, journal, draft).await? {
                Published::Now(edition) => (edition, true),
                Published::Before(edition) => (edition, false),
            };
            let said = if is_new { "is in force now" } else { "was published before, with the same words" };
            output.result(
                &serde_json::json!({
                    "version": edition.version.as_str(),
                    "published_at": edition.published_at,
                    "published_now": is_new,
                }),
                format!("version {} {said}", edition.version),
            )?;
        }
        Command::List => {
            let editions = regulations::editions(database.read()).await?;
            let value: Vec<_> = (0..)
                .zip(&editions)
                .map(|(place, edition)| {
                    serde_json::json!({
                        "version": edition.version.as_str(),
                        "published_at": edition.published_at,
                        "in_force": place == 0,
                    })
                })
                .collect();
            output.result(&value, table(&editions))?;
        }
    }
    foundation.close().await;
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.split(|byte| *byte == b'\n').count().saturating_sub(1);
        anyhow::anyhow!("{}, line {line}: the file is not UTF-8; save it as UTF-8", file.display())
    })
}

fn table(editions: &[Edition]) -> String {
    if editions.is_empty() {
        return "no version was published yet".to_owned();
    }
    let width = editions.iter().map(|edition| edition.version.as_str().len()).max().unwrap_or(0);
    let lines: Vec<String> = (0..)
        .zip(editions)
        .map(|(place, edition)| {
            let state = if place == 0 { "  in force" } else { "" };
            let at = edition.published_at.format("%Y-%m-%d %H:%M:%S UTC");
            format!("{:width$}  {at}{state}", edition.version.as_str())
        })
        .collect();
    lines.join("\n")
}
