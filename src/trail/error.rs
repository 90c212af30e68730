//! What can go wrong while the trail is kept.

use std::path::PathBuf;

use sea_orm::DbErr;

use crate::crypto::sealing::SealingError;
use crate::crypto::signing::KeyError;

#[derive(Debug, thiserror::Error)]
pub enum TrailError {
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the key that signs checkpoints: {0}")]
    Sealing(#[from] SealingError),
    /// Another process took over: the rest is its to do.
    #[error("another process works on the audit's chain")]
    Busy,
    #[error("records were forgotten while they were exported; export them again")]
    Forgotten,
    #[error("the checkpoint could not be appended to {}: {cause}", file.display())]
    CheckpointFile { file: PathBuf, cause: std::io::Error },
    #[error("the export could not be written: {0}")]
    Write(#[from] std::io::Error),
}

impl From<serde_json::Error> for TrailError {
    fn from(error: serde_json::Error) -> Self {
        Self::Key(error.into())
    }
}
