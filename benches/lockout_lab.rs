//! The attack laboratory: simulated days of guessing against the product itself, over HTTP, and what came of it.
//!
//! `scripts/laboratory --help`; what it found: docs/LOCKOUT.md.

mod lab;

use std::process::ExitCode;

use clap::Parser;
use lab::findings::Findings;
use lab::scenarios::Scenario;
use lab::stage::DatabaseKind;
use lab::{report, timing};

/// Attacks a town of the laboratory's own, and measures what strangers learn and owners lose.
///
/// Each scenario starts the server in this process on a fresh database, moves its clock through some days, and counts
/// in the audit. Passwords are hashed weakly, for speed; `--timing` uses the configured cost.
///
/// Exit codes: 0 all that is required holds · 1 something does not, or the laboratory itself broke · 2 wrong usage
#[derive(Debug, Parser)]
#[command(name = "lockout_lab")]
struct Arguments {
    /// What to play; all of them if none is named.
    scenarios: Vec<Scenario>,

    /// Simulated days, instead of as many as each scenario needs.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..=366))]
    days: Option<i64>,

    /// Measures instead how well response times tell refusals apart.
    #[arg(long, conflicts_with_all = ["scenarios", "days"])]
    timing: bool,

    /// How many requests of each kind `--timing` measures.
    #[arg(long, default_value_t = 800, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    samples: u32,

    /// Where the town's accounts are.
    #[arg(long, value_enum, default_value_t = DatabaseKind::Sqlite)]
    database: DatabaseKind,

    /// Findings as JSON.
    #[arg(long)]
    json: bool,

    /// What `cargo bench` says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let holds = if arguments.timing { measure(&arguments).await } else { attack(&arguments).await };
    match holds {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("lockout_lab: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn attack(arguments: &Arguments) -> anyhow::Result<bool> {
    let all = <Scenario as clap::ValueEnum>::value_variants();
    let chosen = if arguments.scenarios.is_empty() { all } else { &arguments.scenarios };
    let mut findings = Vec::new();
    for scenario in chosen {
        eprint!("{} … ", scenario.name());
        let found = Box::pin(scenario.run(arguments.database, arguments.days)).await?;
        eprintln!("{} ({} s)", if found.hold() { "holds" } else { "does not hold" }, found.seconds);
        findings.push(found);
    }
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        print!("{}", report::table(&findings)?);
    }
    Ok(findings.iter().all(Findings::hold))
}

async fn measure(arguments: &Arguments) -> anyhow::Result<bool> {
    let measured = Box::pin(timing::measure(arguments.database, arguments.samples)).await?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&measured)?);
    } else {
        print!("{measured}");
    }
    Ok(measured.hold())
}
