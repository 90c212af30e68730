//! Relying parties that nobody here wrote: openid-client (npm) and Authlib (`PyPI`), each a process that takes commands.
//! What a person's browser does between them is the test's.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

/// More than any of its steps takes, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct ForeignParty {
    name: &'static str,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl ForeignParty {
    /// openid-client, which certified itself as a relying party.
    pub(crate) fn openid_client() -> Self {
        Self::start("openid-client", Command::new("node").arg("openid-client.mjs"))
    }

    pub(crate) fn authlib() -> Self {
        let python = tools().join(".venv/bin/python");
        Self::start("Authlib", Command::new(python).arg("authlib_client.py"))
    }

    fn start(name: &'static str, command: &mut Command) -> Self {
        let mut process = command
            .current_dir(tools())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{name}: {error} (scripts/install-test-requirements)"));
        let commands = process.stdin.take().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { name, commands, answers, _process: process }
    }

    /// Does one step; what it says if it refuses.
    pub(crate) async fn try_to(&mut self, step: &str, with: Value) -> Result<Value, String> {
        let mut command = with;
        command["do"] = json!(step);
        self.commands.write_all(format!("{command}\n").as_bytes()).await.unwrap();
        let line = timeout(PATIENCE, self.answers.next_line())
            .await
            .unwrap_or_else(|_| panic!("{} is silent at {step}", self.name))
            .unwrap()
            .unwrap_or_else(|| panic!("{} ended at {step}", self.name));
        let answer: Value = serde_json::from_str(&line).unwrap();
        match answer.get("error") {
            Some(error) => Err(error.as_str().unwrap_or_default().to_owned()),
            None => Ok(answer["ok"].clone()),
        }
    }

    pub(crate) async fn step(&mut self, step: &str, with: Value) -> Value {
        let name = self.name;
        self.try_to(step, with).await.unwrap_or_else(|error| panic!("{name} at {step}: {error}"))
    }
}

fn tools() -> PathBuf {
    std::env::var_os("IOK_ID_TEST_TOOLS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tools"), PathBuf::from)
}
