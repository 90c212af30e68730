//! The log, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::config::{Log, LogFormat};

/// For a server: as configured.
pub(super) fn start(log: &Log) {
    let filter = EnvFilter::try_new(log.filter()).unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber =
        fmt().with_env_filter(filter).with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    // Only the first start of a process sets it.
    let _already = match log.format() {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().flatten_event(true).try_init(),
    };
}

/// For commands: their own words are enough, unless something is odd.
pub(super) fn quiet() {
    let _already = fmt()
        .with_env_filter(EnvFilter::new("warn"))
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .without_time()
        .try_init();
}
