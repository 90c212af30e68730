//! `[audit]`: how often the chain of audit records is signed, and where that is written.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use serde::Deserialize;

use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    checkpoint_minutes: Within<1, 1_440>,
    checkpoint_file: PathBuf,
    /// The folder that a relative file begins in. Not a key of the file: it is where the file lies.
    #[serde(skip)]
    folder: PathBuf,
}

impl Audit {
    /// From one signed checkpoint to the next, while there are new records.
    pub fn checkpoint_every(&self) -> TimeDelta {
        TimeDelta::minutes(self.checkpoint_minutes.get().into())
    }

    /// Where checkpoints are appended, beside the log.
    pub fn checkpoint_file(&self) -> Option<PathBuf> {
        (!self.checkpoint_file.as_os_str().is_empty()).then(|| self.folder.join(&self.checkpoint_file))
    }

    pub(super) fn resolve_beside(&mut self, config_file: Option<&Path>) {
        self.folder = config_file.and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default();
    }
}
