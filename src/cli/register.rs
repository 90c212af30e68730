//! `iok-id register`.

use std::fmt::Write as _;
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;

use super::output::Output;
use super::progress;
use crate::app::Foundation;
use crate::integrations::register::{self, Counts, Outcome, Scope, Step, Terms};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Import the contractor register from a CSV file: all of it, or nothing if anything is wrong.
    Import {
        file: PathBuf,
        /// Say what would change, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// The file has every title that there is: what it does not have ends today. Without this, it stays.
        #[arg(long)]
        full_snapshot: bool,
        /// Confirms that exactly so many titles end, if the snapshot was stopped because of them.
        #[arg(long, value_name = "N", requires = "full_snapshot")]
        end_titles: Option<usize>,
    },
}

pub(super) async fn run(
    command: Command,
    foundation: Foundation,
    output: Output,
) -> anyhow::Result<ExitCode> {
    let Foundation { database, ambient, journal, calendar, .. } = &foundation;
    let Command::Import { file, dry_run, full_snapshot, end_titles } = command;
    let reader = File::open(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let scope = if full_snapshot { Scope::FullSnapshot { end_titles } } else { Scope::Changes };
    let terms = Terms { scope, today: calendar.today(ambient.now()) };
    let bar = progress::bar(output, "rows compared");
    let show = |step: Step, done: usize, of: usize| {
        if step == Step::Writing {
            bar.set_message("rows written");
        }
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    };
    let done = if dry_run {
        register::preview(database, ambient, reader, terms, show).await
    } else {
        register::import(database, ambient, journal, reader, terms, show).await
    };
    bar.finish_and_clear();
    let outcome = done.with_context(|| format!("{}: nothing was imported", file.display()))?;
    output.result(&json(&outcome, dry_run), text(&outcome, dry_run))?;
    foundation.close().await;
    Ok(ExitCode::SUCCESS)
}

fn json(outcome: &Outcome, dry_run: bool) -> serde_json::Value {
    let mut json = serde_json::json!({
        "dry_run": dry_run,
        "rows": outcome.rows,
        "counts": outcome.counts,
    });
    if dry_run {
        json["changes"] = serde_json::json!(outcome.changes);
        json["stopped"] = serde_json::json!(outcome.stopped);
    }
    json
}

fn text(outcome: &Outcome, dry_run: bool) -> String {
    let mut text = String::new();
    if dry_run {
        for change in &outcome.changes {
            let _infallible = writeln!(text, "{change}");
        }
    }
    let (titles, told) = (outcome.rows, told(outcome.counts));
    let _infallible = match (dry_run, outcome.changes.is_empty()) {
        (_, true) => write!(text, "{titles} titles read: nothing to change"),
        (true, false) => write!(text, "{titles} titles read. An import would make {told}"),
        (false, false) => write!(text, "{titles} titles read, and imported: {told}"),
    };
    if let Some(brake) = &outcome.stopped {
        let _infallible = write!(text, "\nBut it would be stopped: {brake}");
    }
    text
}

/// The counts that are not nothing: `3 new contractors, 1 ended title`.
fn told(counts: Counts) -> String {
    [
        (counts.new_offices, "new office", "new offices"),
        (counts.new_contractors, "new contractor", "new contractors"),
        (counts.changed_contractors, "changed contractor", "changed contractors"),
        (counts.new_premises, "new premises", "new premises"),
        (counts.changed_premises, "changed premises", "changed premises"),
        (counts.new_titles, "new title", "new titles"),
        (counts.changed_titles, "changed title", "changed titles"),
        (counts.ended_titles, "ended title", "ended titles"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, more)| format!("{count} {}", if count == 1 { one } else { more }))
    .collect::<Vec<_>>()
    .join(", ")
}
