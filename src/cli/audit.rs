//! `iok-id audit`.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use indicatif::ProgressBar;

use super::moment::{end, moment};
use super::new_file::NewFile;
use super::output::Output;
use super::{foundation, progress};
use crate::app::{Foundation, trail};
use crate::domain::audit_chain::Place;
use crate::domain::clock::Moment;
use crate::trail::{KeptElsewhere, Report, Stretch, verify_file};

/// For `verify`: nothing could be looked at.
const NOT_CHECKED: u8 = 2;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Chain what was committed by now and sign it; prints the checkpoint's line, for a file or a printer.
    Seal,
    /// Write audit records, their chain and its checkpoints to a file that can be checked anywhere.
    Export(Export),
    /// Check the chain in an export, or in the database. Exit code 0: it holds; 1: it does not; 2: nothing was checked.
    Verify(Verify),
    /// Let another key sign checkpoints. The private half of the present one is destroyed.
    RotateKey,
}

#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// From this moment, or the beginning of this day (UTC).
    #[arg(long, value_parser = moment)]
    from: Option<Moment>,
    /// Up to this moment, or the end of this day (UTC).
    #[arg(long, value_parser = end)]
    to: Option<Moment>,
    /// The file; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// An export. Without it: the database.
    file: Option<PathBuf>,
    /// A file of checkpoints that was kept elsewhere: what it says must be found again.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// A place that was kept elsewhere, as NUMBER:HASH.
    #[arg(long, value_name = "NUMBER:HASH")]
    expect_head: Vec<Place>,
}

pub(super) async fn run(
    command: Command,
    config: Option<PathBuf>,
    output: Output,
) -> anyhow::Result<ExitCode> {
    match command {
        // Nothing but the file: neither configuration, database nor key.
        Command::Verify(verify) if verify.file.is_some() => match verify_export(&verify, output) {
            Ok(report) => told(output, &report),
            Err(error) => Ok(not_checked(output, &error)),
        },
        Command::Verify(verify) => match foundation(config).await {
            Ok(foundation) => verify_database(&verify, foundation, output).await,
            Err(error) => Ok(not_checked(output, &error)),
        },
        command => change(command, foundation(config).await?, output).await,
    }
}

async fn change(command: Command, foundation: Foundation, output: Output) -> anyhow::Result<ExitCode> {
    let trail = trail(&foundation);
    match command {
        Command::Seal => {
            let round = trail.seal_everything().await?;
            let Some(last) = trail.last_checkpoint().await? else { bail!("there is no checkpoint") };
            output.result(
                &serde_json::json!({
                    "chained": round.chained, "number": last.number, "seq": last.place.seq,
                    "hash": last.place.hash, "at": last.at, "statement": last.statement,
                }),
                format!(
                    "{}  checkpoint {}  {}",
                    last.at.format("%Y-%m-%d %H:%M:%S UTC"),
                    last.number,
                    last.place
                ),
            )?;
        }
        Command::Export(export) => {
            let mut file = NewFile::create(&export.out)?;
            let bar = progress::bar(output, "records");
            let stretch = Stretch { from: export.from, until: export.to };
            let exported = trail.export(stretch, BufWriter::new(&mut file), shown_on(&bar)).await;
            bar.finish_and_clear();
            let exported = exported?;
            file.finish()?;
            output.result(
                &serde_json::json!({"records": exported.records, "after": exported.after, "head": exported.head}),
                format!(
                    "{} records, after number {} up to {}",
                    exported.records, exported.after.seq, exported.head
                ),
            )?;
        }
        Command::RotateKey => {
            let kid = trail.rotate_key().await?;
            output.result(&serde_json::json!({"kid": kid}), format!("key {kid} signs from now on"))?;
        }
        // Changes nothing, and is done with already.
        Command::Verify(_) => {}
    }
    foundation.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn verify_database(
    verify: &Verify,
    foundation: Foundation,
    output: Output,
) -> anyhow::Result<ExitCode> {
    let trail = trail(&foundation);
    let kept = match kept(verify, trail.rules().checkpoint_file.as_deref()) {
        Ok(kept) => kept,
        Err(error) => return Ok(not_checked(output, &error)),
    };
    let bar = progress::bar(output, "records");
    let report = trail.verify(kept, shown_on(&bar)).await;
    bar.finish_and_clear();
    foundation.close().await;
    match report {
        Ok(report) => told(output, &report),
        Err(error) => Ok(not_checked(output, &error.into())),
    }
}

fn verify_export(verify: &Verify, output: Output) -> anyhow::Result<Report> {
    let kept = kept(verify, None)?;
    let path = verify.file.as_deref().unwrap_or(Path::new(""));
    let cannot = || path.display().to_string();
    let file = File::open(path).with_context(cannot)?;
    let bar = progress::bar(output, "bytes");
    bar.set_length(file.metadata().with_context(cannot)?.len());
    let report = verify_file(BufReader::new(file), kept, |bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    report.with_context(cannot)
}

fn kept(verify: &Verify, own: Option<&Path>) -> anyhow::Result<KeptElsewhere> {
    let mut kept = KeptElsewhere::default();
    for place in &verify.expect_head {
        kept.add(*place);
    }
    // Of several servers each has a file of its own, and perhaps nothing to write yet.
    let own = own.filter(|own| own.exists());
    for path in verify.checkpoint.iter().map(PathBuf::as_path).chain(own) {
        let cannot = || path.display().to_string();
        let file = File::open(path).with_context(cannot)?;
        kept.add_file(BufReader::new(file)).with_context(cannot)?;
    }
    Ok(kept)
}

fn shown_on(bar: &ProgressBar) -> impl FnMut(u64, u64) + use<'_> {
    |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    }
}

fn not_checked(output: Output, error: &anyhow::Error) -> ExitCode {
    output.failure(error);
    ExitCode::from(NOT_CHECKED)
}

fn told(output: Output, report: &Report) -> anyhow::Result<ExitCode> {
    let mut text = String::new();
    for finding in &report.findings {
        let _infallible = writeln!(text, "BROKEN  {finding}");
    }
    let untold = report.found - report.findings.len() as u64;
    if untold > 0 {
        let _infallible = writeln!(text, "BROKEN  and {untold} more");
    }
    let verdict = if report.is_good() { "the chain holds" } else { "THE CHAIN DOES NOT HOLD" };
    let _infallible = writeln!(text, "{verdict}: {}", report.issuer);
    let _infallible = writeln!(
        text,
        "{} records after number {}, up to {}; {} checkpoints, signed up to number {}",
        report.records, report.after.seq, report.head, report.checkpoints, report.signed_up_to
    );
    if report.waiting > 0 {
        let _infallible = writeln!(text, "{} records wait for their places", report.waiting);
    }
    if report.compared + report.not_compared > 0 {
        let _infallible = writeln!(
            text,
            "kept elsewhere: {} compared, {} about other records",
            report.compared, report.not_compared
        );
    } else {
        text.push_str("nothing kept elsewhere was compared: an end that was cut off cannot be seen so\n");
    }
    for key in &report.keys {
        let _infallible = writeln!(text, "signed by key {key}");
    }
    output.result(report, text.trim_end())?;
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
