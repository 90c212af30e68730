//! `iok-id demo`.

use std::path::PathBuf;
use std::process::ExitCode;

use super::logging;
use crate::demo::{self, DemoOptions};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The provider's port; billing has the next one, complaints the one after.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the demo keeps its database, keys and letters.
    #[arg(long, value_name = "DIR", default_value = "iok-id-demo")]
    data_dir: PathBuf,
    /// Start over: forget what an earlier demo left in that folder.
    #[arg(long)]
    fresh: bool,
}

pub(super) async fn run(arguments: Arguments, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    logging::quiet();
    let Arguments { port, data_dir, fresh } = arguments;
    // Boxed: it is a large future, and the command line's would be as large.
    Box::pin(demo::run(DemoOptions { port, data_dir, config, fresh })).await?;
    Ok(ExitCode::SUCCESS)
}
