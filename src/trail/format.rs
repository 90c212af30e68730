//! An export's lines: JSON, one object a line, each written in one way only. What reads back and is not written the same
//! again (blanks, another order, a member twice) is no line of ours.

use serde::{Deserialize, Serialize};

use crate::domain::audit_chain::{ChainHash, KeptRecord, Place, exact};
use crate::domain::clock::Moment;
use crate::domain::ids::AuditId;
use crate::storage::audit_checkpoints::Checkpoint;
use crate::storage::audit_keys::StoredAuditKey;

pub(super) const FORMAT: &str = "iok-id-audit/1";

/// No line of ours is longer; what is, is not read to its end.
pub(super) const LONGEST_LINE: usize = 1 << 20;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub(super) enum Line {
    Header(Header),
    Key(KeyLine),
    Beginning(StatementLine),
    Record(RecordLine),
    Missing(MissingLine),
    Checkpoint(CheckpointLine),
    End(StatementLine),
}

/// What the file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: String,
    pub(super) issuer: String,
    /// What was asked for; `null`: from the beginning, to the end.
    pub(super) from: Option<String>,
    pub(super) until: Option<String>,
    /// Where the chain was before the first record here.
    pub(super) after: Place,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyLine {
    pub(super) generation: u32,
    pub(super) kid: String,
    pub(super) kty: String,
    pub(super) crv: String,
    pub(super) x: String,
    #[serde(with = "exact")]
    pub(super) created_at: Moment,
    pub(super) introduction: String,
}

/// Something signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatementLine {
    pub(super) statement: String,
}

/// A record in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordLine {
    pub(super) seq: u64,
    pub(super) hash: ChainHash,
    pub(super) record: KeptRecord,
}

/// A place whose record was not there when the export was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MissingLine {
    pub(super) seq: u64,
    pub(super) hash: ChainHash,
    pub(super) id: AuditId,
}

/// A signed checkpoint, with what it says beside it for people's eyes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckpointLine {
    pub(super) number: u64,
    pub(super) seq: u64,
    pub(super) hash: ChainHash,
    #[serde(with = "exact")]
    pub(super) at: Moment,
    pub(super) statement: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum LineError {
    #[error("it cannot be read")]
    Unreadable,
    #[error("it is not written as this program writes it")]
    WrittenDifferently,
}

impl Line {
    /// Without a line break.
    pub(super) fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    pub(super) fn read(text: &str) -> Result<Self, LineError> {
        let line: Self = serde_json::from_str(text).map_err(|_| LineError::Unreadable)?;
        match line.to_text() {
            Ok(again) if again == text => Ok(line),
            _ => Err(LineError::WrittenDifferently),
        }
    }
}

impl KeyLine {
    pub(super) fn of(key: &StoredAuditKey) -> Self {
        Self {
            generation: key.generation,
            kid: key.kid.clone(),
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: key.public.clone(),
            created_at: key.created_at,
            introduction: key.introduction.clone(),
        }
    }
}

impl CheckpointLine {
    pub(super) fn of(checkpoint: &Checkpoint) -> Self {
        let Checkpoint { number, place, at, statement } = checkpoint;
        Self { number: *number, seq: place.seq, hash: place.hash, at: *at, statement: statement.clone() }
    }
}
