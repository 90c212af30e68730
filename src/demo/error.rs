//! Why the demo cannot run, each in one line that says what to do.

use std::io;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(
        "the demo needs three ports in a row, and {0} is not followed by two more (or is 0): choose another --port"
    )]
    NoSuchPorts(u16),
    #[error("port {port} for {purpose} is taken: stop what uses it, or choose another --port")]
    PortTaken { port: u16, purpose: &'static str },
    #[error("cannot listen on port {port} for {purpose}")]
    Listen { port: u16, purpose: &'static str, source: io::Error },
    #[error("cannot write to the folder {}", folder.display())]
    Unwritable { folder: PathBuf, source: io::Error },
    #[error("another demo is already running on the folder {}", folder.display())]
    AlreadyRunning { folder: PathBuf },
    #[error("{} is not from a demo: choose an empty folder as --data-dir", path.display())]
    NotOurs { path: PathBuf },
    #[error("the folder {} cannot hold a database: its path has a `?` or `%`, or is not Unicode", folder.display())]
    UnsuitablePath { folder: PathBuf },
    #[error("cannot use {}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("line {line} of {} is not a letter: mend it, or start over with --fresh", path.display())]
    NotALetter { path: PathBuf, line: usize },
    #[error("{} cannot be read: start over with --fresh", path.display())]
    NotClientSecrets { path: PathBuf },
    #[error("{doing}: {cause}")]
    Failed { doing: &'static str, cause: String },
}

impl DemoError {
    /// For `map_err`: what was being done, and the whole chain of causes on one line.
    pub fn failed<E: Into<anyhow::Error>>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |error| {
            let chain = format!("{:#}", error.into());
            let cause = chain.split_whitespace().collect::<Vec<_>>().join(" ");
            Self::Failed { doing, cause }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_one_line_with_its_causes() {
        let cause = anyhow::anyhow!("no such\n  table").context("the query failed");
        let error = DemoError::failed("cannot start")(cause);
        assert_eq!(error.to_string(), "cannot start: the query failed: no such table");
    }
}
