//! The product's command line, beside a running provider.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

use super::provider::TestProvider;

/// `iok-id …` on the provider's database, as an operator on the same machine runs it.
fn command(provider: &TestProvider, arguments: &[&str]) -> Command {
    let key_file = provider.database.folder.path().join("secrets/sealing.key");
    let mut command = Command::new(env!("CARGO_BIN_EXE_iok-id"));
    command
        .args(arguments)
        .env("IOK_ID__DATABASE__URL", &provider.database.url)
        .env("IOK_ID__SERVER__ISSUER", &provider.issuer)
        .env("IOK_ID__SEALING__KEY_FILE", key_file);
    command
}

/// Runs a command to its end, while the provider goes on: if its last transaction stood still, the command would wait for it
/// in vain.
pub(crate) async fn iok_id(provider: &TestProvider, arguments: &[&str]) -> Output {
    tokio::process::Command::from(command(provider, arguments)).output().await.unwrap()
}

/// `iok-id serve` as a process of its own, on the provider's database and a port of its own.
pub(crate) struct Serving {
    /// Where it answers.
    pub(crate) address: String,
    child: Child,
    lines: UnboundedReceiver<String>,
    log: Vec<String>,
}

impl Serving {
    /// Starts it with this log filter, and waits until it answers.
    pub(crate) async fn beside(provider: &TestProvider, filter: &str) -> Self {
        let mut child = command(provider, &["serve"])
            .env("IOK_ID__SERVER__LISTEN", "127.0.0.1:0")
            .env("IOK_ID__LOG__FORMAT", "json")
            .env("IOK_ID__LOG__FILTER", filter)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, mut lines) = unbounded_channel();
        let outputs: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for output in outputs {
            let send = send.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines() {
                    let Ok(()) = send.send(line.unwrap()) else { return };
                }
            });
        }
        let mut log = Vec::new();
        let port = loop {
            // The provider goes on meanwhile: it may be writing to the same database.
            let Ok(Some(line)) = timeout(Duration::from_mins(1), lines.recv()).await else {
                child.kill().unwrap();
                panic!("it does not answer; it said {log:#?}");
            };
            log.push(line.clone());
            if let Some((_, after)) = line.split_once("[127.0.0.1:")
                && let Some((port, _)) = after.split_once(']')
            {
                break port.to_owned();
            }
        };
        Self { address: format!("http://127.0.0.1:{port}"), child, lines, log }
    }

    /// Ends it at once, and returns all that it said.
    pub(crate) async fn stop(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        while let Some(line) = self.lines.recv().await {
            self.log.push(line);
        }
        self.log.join("\n")
    }
}
