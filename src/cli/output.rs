//! What commands say, to people or to scripts.

use std::io::{self, Write as _};
use std::process::ExitCode;

use serde::Serialize;

#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    json: bool,
}

impl Output {
    pub(super) const fn new(json: bool) -> Self {
        Self { json }
    }

    pub(super) const fn is_json(self) -> bool {
        self.json
    }

    /// The result: `text` for people, `value` for scripts.
    pub(super) fn result(self, value: &impl Serialize, text: impl std::fmt::Display) -> anyhow::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            serde_json::to_writer_pretty(&mut out, value)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{text}")?;
        }
        Ok(out.flush()?)
    }

    /// What went wrong, on standard error, in one line for each cause.
    pub(super) fn failure(self, error: &anyhow::Error) -> ExitCode {
        let mut err = io::stderr().lock();
        let _unheard = if self.json {
            writeln!(err, "{}", serde_json::json!({"error": format!("{error:#}")}))
        } else {
            writeln!(err, "iok-id: {error:#}")
        };
        ExitCode::FAILURE
    }
}
