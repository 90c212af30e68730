//! Signing how far the chain goes, and putting that where the database's owner cannot change it.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use sea_orm::ConnectionTrait;

use super::Trail;
use super::error::TrailError;
use super::format::{CheckpointLine, Line};
use super::statement::{CheckpointClaims, Statement as _};
use crate::storage::audit_chain::{self, ChainState};
use crate::storage::audit_checkpoints::{self, Checkpoint};

/// How many are written out in one go.
const BATCH: u64 = 100;

impl Trail {
    /// Something was chained since the last one, and that is long enough ago; or a new day of the house has begun: a day
    /// on which nothing happened is signed for, too.
    pub(super) async fn is_checkpoint_due(
        &self,
        connection: &impl ConnectionTrait,
        state: &ChainState,
    ) -> Result<bool, TrailError> {
        let Some(last) = audit_checkpoints::last(connection).await? else { return Ok(true) };
        let now = self.ambient.now();
        if self.calendar.day_of(last.at) != self.calendar.day_of(now) {
            return Ok(true);
        }
        let is_old = last.at + self.rules.checkpoint_every <= now;
        Ok(is_old && audit_chain::head(connection, state).await?.seq != last.place.seq)
    }

    /// The newest one.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, TrailError> {
        Ok(audit_checkpoints::last(self.database.read()).await?)
    }

    /// `now`: also if it is not time, as long as there is anything new to sign.
    pub(super) async fn sign_if_due(&self, now: bool) -> Result<Option<Checkpoint>, TrailError> {
        let transaction = self.database.begin().await?;
        self.keep_lease(&transaction).await?;
        let state = audit_chain::state(&transaction).await?;
        let last = audit_checkpoints::last(&transaction).await?;
        let head = audit_chain::head(&transaction, &state).await?;
        let is_new = last.as_ref().is_none_or(|last| last.place != head);
        let is_asked = now && is_new;
        if !is_asked && !self.is_checkpoint_due(&transaction, &state).await? {
            return Ok(None);
        }
        // After everything was forgotten, the numbers go on from where the chain begins.
        let forgotten = state.beginning.map_or(0, |beginning| beginning.number);
        let claims = CheckpointClaims {
            iss: self.rules.issuer.clone(),
            number: last.map_or(forgotten, |last| last.number) + 1,
            seq: head.seq,
            hash: head.hash,
            at: self.ambient.now(),
        };
        let key = self.signing_key(&transaction).await?;
        let new =
            Checkpoint { number: claims.number, place: head, at: claims.at, statement: claims.sign(&key)? };
        audit_checkpoints::insert(&transaction, &new).await?;
        transaction.commit().await?;
        Ok(Some(new))
    }

    /// To the log, and to the file if there is one. Killed in between, it is written once more: twice is no harm.
    pub(super) async fn write_out(&self) -> Result<(), TrailError> {
        for checkpoint in audit_checkpoints::unwritten(self.database.read(), BATCH).await? {
            let line = Line::Checkpoint(CheckpointLine::of(&checkpoint)).to_text()?;
            if let Some(file) = &self.rules.checkpoint_file {
                append(file, &line)
                    .map_err(|cause| TrailError::CheckpointFile { file: file.clone(), cause })?;
            }
            tracing::info!(
                target: "audit",
                number = checkpoint.number,
                place = %checkpoint.place,
                statement = checkpoint.statement,
                "audit checkpoint"
            );
            let transaction = self.database.begin().await?;
            audit_checkpoints::mark_written(&transaction, checkpoint.number, self.ambient.now()).await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}

/// One write of a whole line, so that two processes do not write into each other's.
fn append(file: &Path, line: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).mode(0o640).open(file)?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()
}
