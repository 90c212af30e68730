//! The demo as a newcomer starts it, and what it says on the terminal.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::binary::iok_id;
use super::ports::free_ports;
use super::process::Running;

/// A demo that is ready: its terminal block is complete.
pub(crate) struct Demo {
    pub(crate) process: Running,
    pub(crate) port: u16,
    /// Initial passwords by login, as the terminal block says.
    pub(crate) letters: BTreeMap<String, String>,
}

impl Demo {
    /// Starts on three free ports.
    pub(crate) async fn start(data_dir: &Path) -> Self {
        Self::start_at(free_ports(3), data_dir, &[]).await
    }

    pub(crate) async fn start_at(port: u16, data_dir: &Path, more: &[&str]) -> Self {
        let mut process = Running::start(demo_command(port, data_dir).args(more));
        process.until_it_says("Press Ctrl-C to stop.").await;
        let letters = letters_in(&process.stdout());
        Self { process, port, letters }
    }

    pub(crate) fn provider(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    pub(crate) fn billing(&self) -> String {
        format!("http://localhost:{}", self.port + 1)
    }

    pub(crate) fn complaints(&self) -> String {
        format!("http://localhost:{}", self.port + 2)
    }

    /// The letter of this sample contractor.
    #[track_caller]
    pub(crate) fn initial_password(&self, login: &str) -> &str {
        self.letters.get(login).unwrap_or_else(|| panic!("no letter for {login}: {:?}", self.letters.keys()))
    }
}

pub(crate) fn demo_command(port: u16, data_dir: &Path) -> Command {
    let mut command = iok_id(&std::env::temp_dir(), ["demo", "--port", &port.to_string(), "--data-dir"]);
    command.arg(data_dir);
    command
}

/// Lines of exactly `letter login=<login> initial_password=<password>`.
pub(crate) fn letters_in(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter(|line| line.starts_with("letter "))
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let ["letter", login, password] = words[..] else { panic!("not a letter: {line}") };
            let login = login.strip_prefix("login=").unwrap_or_else(|| panic!("not a letter: {line}"));
            let password =
                password.strip_prefix("initial_password=").unwrap_or_else(|| panic!("not a letter: {line}"));
            (login.to_owned(), password.to_owned())
        })
        .collect()
}
