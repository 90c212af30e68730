//! The command line. Human output by default, `--json` for scripts.
//!
//! Exit codes: 0 done; 1 it did not work, and standard error says why; 2 the command line itself was wrong. `audit
//! verify`: 1 the chain does not hold, 2 nothing could be checked.

mod account;
mod audit;
mod client;
mod demo;
mod doctor;
mod incident;
mod initial_access_token;
mod keys;
mod logging;
mod migrate;
mod moment;
mod new_file;
mod output;
mod progress;
mod register;
mod regulations;
mod serve;
mod staff;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::output::Output;
use crate::app::Foundation;
use crate::config::Settings;
use crate::domain::ambient::Ambient;

/// One sign-in for the customers of a housing company: an OAuth 2.0 / `OpenID` Connect provider.
#[derive(Debug, Parser)]
#[command(name = "iok-id", version, propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Accepted after every command.
#[derive(Debug, clap::Args)]
struct Common {
    /// The configuration file; every key is explained in config/default.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Answer in JSON, for scripts.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the provider.
    Serve,
    /// Run the provider with two services and sample contractors, with nothing else installed.
    Demo(demo::Arguments),
    /// Bring the database's schema up to date.
    Migrate,
    /// Relying parties.
    #[command(subcommand)]
    Client(client::Command),
    /// Contractors' accounts.
    #[command(subcommand)]
    Account(account::Command),
    /// The Regulations that contractors accept.
    #[command(subcommand)]
    Regulations(regulations::Command),
    /// The contractor register.
    #[command(subcommand)]
    Register(register::Command),
    /// The company's own people.
    #[command(subcommand)]
    Staff(staff::Command),
    /// Signing keys.
    #[command(subcommand)]
    Keys(keys::Command),
    /// The chain of audit records: seal, export and check it.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Who may be affected by an incident (GDPR Articles 33 and 34).
    #[command(subcommand)]
    Incident(incident::Command),
    /// Check configuration, database, keys and clock, and say what to mend.
    Doctor,
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.common.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output.failure(&error.into()),
    };
    let done = runtime.block_on(dispatch(arguments, output));
    // Threads that wait for something that will never come keep nobody.
    runtime.shutdown_background();
    match done {
        Ok(code) => code,
        Err(error) => output.failure(&error),
    }
}

async fn dispatch(arguments: Arguments, output: Output) -> anyhow::Result<ExitCode> {
    let Common { config, .. } = arguments.common;
    match arguments.command {
        Command::Demo(demo) => demo::run(demo, config).await,
        Command::Doctor => doctor::run(config.as_deref(), output).await,
        Command::Serve => serve::run(Settings::load(config.as_deref())?).await,
        Command::Migrate => migrate::run(Settings::load(config.as_deref())?, output).await,
        Command::Client(command) => client::run(command, foundation(config).await?, output).await,
        Command::Account(command) => account::run(command, foundation(config).await?, output).await,
        Command::Regulations(command) => regulations::run(command, foundation(config).await?, output).await,
        Command::Register(command) => register::run(command, foundation(config).await?, output).await,
        Command::Staff(command) => staff::run(command, foundation(config).await?, output).await,
        Command::Audit(command) => audit::run(command, config, output).await,
        Command::Incident(command) => incident::run(command, foundation(config).await?, output).await,
        Command::Keys(command) => keys::run(command, foundation(config).await?, output).await,
    }
}

async fn foundation(config: Option<PathBuf>) -> anyhow::Result<Foundation> {
    let settings = Settings::load(config.as_deref())?;
    logging::quiet();
    Foundation::open(settings, Ambient::system()).await
}
