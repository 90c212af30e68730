//! `iok-id incident`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Subcommand, ValueEnum};

use super::moment::{end, moment};
use super::new_file::NewFile;
use super::output::Output;
use crate::app::Foundation;
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::domain::spreadsheet::harmless;
use crate::office::incident::{Affected, IncidentQuestion, incident};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the accounts that may be affected by what happened between two moments. The list is noted in the audit, with
    /// the reason in the history of each account.
    Export(Export),
}

#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// From this moment, or the beginning of this day (UTC).
    #[arg(long, value_parser = moment)]
    from: Moment,
    /// Up to this moment, or the end of this day (UTC).
    #[arg(long, value_parser = end)]
    to: Moment,
    /// Only what has to do with this client.
    #[arg(long, value_name = "ID")]
    client: Option<String>,
    /// Why, for the audit.
    #[arg(long)]
    reason: String,
    /// The file; it must not be there yet. Without it: standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Json,
    Csv,
}

pub(super) async fn run(
    command: Command,
    foundation: Foundation,
    output: Output,
) -> anyhow::Result<ExitCode> {
    let Command::Export(export) = command;
    let reason = export.reason.trim();
    if export.from >= export.to {
        bail!("--from must be before --to");
    }
    if reason.is_empty() {
        bail!("--reason must say why");
    }
    // Before anything is noted: a file that cannot be written is no reason to note anything.
    let mut file = export.out.as_deref().map(NewFile::create).transpose()?;
    let Foundation { database, ambient, journal, .. } = &foundation;
    let question = IncidentQuestion {
        from: export.from,
        until: export.to,
        client: export.client.clone(),
        reason: reason.to_owned(),
    };
    let affected = incident(database, ambient, journal, &question).await?;
    match &mut file {
        Some(file) => write(file, export.format, &question, &affected)?,
        None => write(&mut io::stdout().lock(), export.format, &question, &affected)?,
    }
    if let Some(file) = file {
        file.finish()?;
        let accounts = affected.len();
        output.result(&serde_json::json!({"accounts": accounts}), format!("{accounts} accounts"))?;
    }
    foundation.close().await;
    Ok(ExitCode::SUCCESS)
}

fn write(
    out: &mut impl Write,
    format: Format,
    question: &IncidentQuestion,
    affected: &BTreeMap<AccountId, Affected>,
) -> anyhow::Result<()> {
    match format {
        Format::Json => {
            let IncidentQuestion { from, until, client, reason } = question;
            let whole = serde_json::json!({
                "format": "iok-id-incident/1", "from": from, "until": until, "client": client, "reason": reason,
                "accounts": affected,
            });
            serde_json::to_writer_pretty(&mut *out, &whole)?;
            writeln!(out)?;
        }
        Format::Csv => write_csv(out, affected)?,
    }
    Ok(out.flush()?)
}

fn write_csv(out: &mut impl Write, affected: &BTreeMap<AccountId, Affected>) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "account",
        "login",
        "name",
        "email",
        "state",
        "first_at",
        "last_at",
        "sign_ins",
        "failed_sign_ins",
        "records",
        "reads",
        "sessions",
        "grants",
        "clients",
        "staff",
    ])?;
    for (account, of) in affected {
        let moment = |at: Option<Moment>| at.map_or_else(String::new, |at| at.to_rfc3339());
        let words = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default()).into_owned();
        let list = |names: &std::collections::BTreeSet<String>| {
            harmless(&names.iter().map(String::as_str).collect::<Vec<_>>().join(" ")).into_owned()
        };
        writer.write_record([
            account.to_string(),
            words(&of.login),
            words(&of.name),
            words(&of.email),
            of.state.unwrap_or_default().to_owned(),
            moment(of.first_at),
            moment(of.last_at),
            of.sign_ins.to_string(),
            of.failed_sign_ins.to_string(),
            of.records.to_string(),
            of.reads.to_string(),
            of.sessions.to_string(),
            of.grants.to_string(),
            list(&of.clients),
            list(&of.staff),
        ])?;
    }
    Ok(writer.flush()?)
}
