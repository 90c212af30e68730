//! The product as an operator has it: the binary, a configuration file, a database.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::database::{TestDatabase, dump};
use super::people::{self, Person};
use super::ports::free_ports;
use super::process::{Finished, PATIENCE, Running};
use super::relying_party::RelyingParty;
use super::visitor::Visitor;

/// The binary with these arguments, in a folder of the test's and with no settings from the environment.
pub(crate) fn iok_id(folder: &Path, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    // For the clients of this process, which speak to that one.
    iok_id::outbound::provide_cryptography();
    let mut command = Command::new(env!("CARGO_BIN_EXE_iok-id"));
    command.args(arguments).current_dir(folder);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"IOK_ID__"))
    {
        command.env_remove(name);
    }
    command
}

/// A configuration file beside a database, and no server yet.
pub(crate) struct Installation {
    pub(crate) database: TestDatabase,
    pub(crate) config: PathBuf,
    pub(crate) issuer: String,
    pub(crate) port: u16,
}

/// A server that runs on an installation.
pub(crate) struct Serving {
    pub(crate) process: Running,
}

impl Installation {
    pub(crate) async fn fresh() -> Self {
        Self::with_settings("").await
    }

    /// With more lines in its configuration file, such as `lockout.failures = 3`.
    pub(crate) async fn with_settings(lines: &str) -> Self {
        let database = TestDatabase::fresh().await;
        let port = free_ports(1);
        let issuer = format!("http://localhost:{port}");
        let config = database.folder.path().join("iok-id.toml");
        let text = format!(
            "server.listen = \"127.0.0.1:{port}\"\nserver.issuer = \"{issuer}\"\ndatabase.url = \"{}\"\n{lines}\n",
            database.url
        );
        std::fs::write(&config, text).unwrap();
        Self { database, config, issuer, port }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.database.folder.path()
    }

    /// Where the sealing key is by default: beside the configuration, apart from the database.
    pub(crate) fn sealing_key(&self) -> PathBuf {
        self.folder().join("secrets/sealing.key")
    }

    /// The binary with these arguments and this configuration.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = iok_id(self.folder(), arguments);
        command.arg("--config").arg(&self.config);
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Finished {
        Running::start(&mut self.command(arguments)).finish().await
    }

    /// Writes a file and returns its path.
    pub(crate) fn file(&self, name: &str, content: &str) -> String {
        let path = self.folder().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// `account import` of these people.
    pub(crate) async fn import(&self, people: &[&Person]) {
        let file = self.file("people.csv", &people::csv(people));
        self.run(&["account", "import", &file]).await.succeeded();
    }

    /// `client add` of an ordinary confidential client.
    pub(crate) async fn relying_party(&self, client_id: &str) -> RelyingParty {
        self.relying_party_with(client_id, serde_json::json!({})).await
    }

    /// The same, with metadata beside the usual.
    pub(crate) async fn relying_party_with(&self, client_id: &str, more: serde_json::Value) -> RelyingParty {
        let mut metadata = serde_json::json!({
            "client_name": client_id,
            "redirect_uris": [RelyingParty::REDIRECT_URI],
            "grant_types": ["authorization_code", "refresh_token"],
            "first_party": true,
        });
        for (name, value) in more.as_object().unwrap() {
            metadata[name] = value.clone();
        }
        let file = self.file("client.json", &metadata.to_string());
        let added = self.run(&["client", "add", "--file", &file, "--client-id", client_id, "--json"]).await;
        let secret = added.succeeded().json()["client_secret"].as_str().unwrap().to_owned();
        RelyingParty::new(&self.issuer, client_id, Some(secret), "client_secret_basic".to_owned())
    }

    /// Starts a server and waits until it is ready.
    pub(crate) async fn serve(&self) -> Serving {
        let mut process = Running::start(&mut self.command(&["serve"]));
        until_ready(&mut process, &self.issuer).await;
        Serving { process }
    }

    /// Every row of every table: to see that nothing changed.
    pub(crate) async fn database_text(&self) -> Vec<(String, String)> {
        let mut rows = dump(&self.database).await;
        rows.sort();
        rows
    }

    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::new(&self.issuer)
    }
}

/// Waits until `/readyz` says so.
pub(crate) async fn until_ready(process: &mut Running, issuer: &str) {
    let began = Instant::now();
    let address = format!("{issuer}/readyz");
    loop {
        if reqwest::get(&address).await.is_ok_and(|answer| answer.status().is_success()) {
            return;
        }
        process.still_runs();
        assert!(began.elapsed() < PATIENCE, "it does not get ready: {}", process.stderr());
        sleep(Duration::from_millis(20)).await;
    }
}
