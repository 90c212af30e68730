//! A stretch of the chain as a file that can be checked without this program's database, configuration or keys.

use std::io::Write;

use chrono::SecondsFormat;
use sha2::{Digest as _, Sha256};

use super::Trail;
use super::error::TrailError;
use super::format::{CheckpointLine, FORMAT, Header, KeyLine, Line, MissingLine, RecordLine, StatementLine};
use super::live::{Checkpoints, PAGE};
use super::statement::{ExportClaims, Statement as _};
use crate::domain::audit_chain::{ChainHash, Place};
use crate::domain::clock::Moment;
use crate::storage::audit_chain::ChainState;
use crate::storage::{audit_chain, audit_checkpoints, audit_keys};

/// What is to be exported: all records between these moments, and those in between that are of another time; and on to
/// the checkpoint that covers them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stretch {
    /// `None`: from the beginning.
    pub from: Option<Moment>,
    /// Up to, and without, this moment. `None`: to the end.
    pub until: Option<Moment>,
}

#[derive(Debug, Clone)]
pub struct Exported {
    pub records: u64,
    pub after: Place,
    pub head: Place,
}

/// Writes lines, and remembers what it wrote.
struct Lines<W> {
    out: W,
    digest: Sha256,
    written: u64,
}

impl<W: Write> Lines<W> {
    fn write(&mut self, line: &Line) -> Result<(), TrailError> {
        let text = format!("{}\n", line.to_text()?);
        self.out.write_all(text.as_bytes())?;
        self.digest.update(text.as_bytes());
        self.written += 1;
        Ok(())
    }
}

impl Trail {
    /// Chains and signs what was committed, and writes the stretch. `progress` is told how many records were written, and
    /// of how many.
    ///
    /// # Errors
    /// [`TrailError::Forgotten`] if the retention was quicker; else if the database does not answer, or nothing can be
    /// written.
    pub async fn export(
        &self,
        stretch: Stretch,
        out: impl Write,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Exported, TrailError> {
        self.seal_everything().await?;
        let connection = self.database.read();
        let at = self.ambient.now();
        let state = audit_chain::state(connection).await?;
        let head = audit_chain::head(connection, &state).await?;
        let (after, last) = self.bounds(&state, head, stretch).await?;
        let mut lines = Lines { out, digest: Sha256::new(), written: 0 };
        lines.write(&Line::Header(Header {
            format: FORMAT.to_owned(),
            issuer: self.rules.issuer.clone(),
            from: stretch.from.map(written),
            until: stretch.until.map(written),
            after,
        }))?;
        for key in audit_keys::all(connection).await? {
            lines.write(&Line::Key(KeyLine::of(&key)))?;
        }
        if let Some(beginning) = &state.beginning {
            lines.write(&Line::Beginning(StatementLine { statement: beginning.statement.clone() }))?;
        }
        let before = audit_checkpoints::number_before(connection, after.seq).await?;
        let mut checkpoints = Checkpoints::after(self, before);
        let mut place = after;
        while place.seq < last {
            let page = audit_chain::after(connection, place.seq, PAGE.min(last - place.seq)).await?;
            if page.is_empty() {
                break;
            }
            for (seal, record) in page {
                while let Some(checkpoint) = checkpoints.next_before(seal.place.seq).await? {
                    lines.write(&Line::Checkpoint(CheckpointLine::of(&checkpoint)))?;
                }
                let Place { seq, hash } = seal.place;
                lines.write(&match record {
                    Some(record) => Line::Record(RecordLine { seq, hash, record }),
                    None => Line::Missing(MissingLine { seq, hash, id: seal.record }),
                })?;
                place = seal.place;
            }
            progress(place.seq - after.seq, last - after.seq);
        }
        while let Some(checkpoint) = checkpoints.next_before(last + 1).await? {
            lines.write(&Line::Checkpoint(CheckpointLine::of(&checkpoint)))?;
        }
        self.end(lines, head, at, &state).await?;
        Ok(Exported { records: place.seq - after.seq, after, head: place })
    }

    /// Where the stretch begins, and its last place.
    async fn bounds(
        &self,
        state: &ChainState,
        head: Place,
        stretch: Stretch,
    ) -> Result<(Place, u64), TrailError> {
        let connection = self.database.read();
        let begins = state.beginning.as_ref().map_or(Place::GENESIS, |beginning| beginning.place);
        let after = match stretch.from {
            None => begins,
            Some(from) => match audit_chain::first_from(connection, from).await? {
                Some(first) if first == begins.seq + 1 => begins,
                Some(first) => {
                    audit_chain::place_at(connection, first - 1).await?.ok_or(TrailError::Forgotten)?
                }
                None => head,
            },
        };
        let last = match stretch.until {
            None => head.seq,
            Some(until) => audit_chain::last_before(connection, until).await?.unwrap_or(after.seq),
        };
        if last <= after.seq {
            return Ok((after, after.seq));
        }
        // What another process chained since everything was signed is for the next export.
        let mut covered = audit_checkpoints::covering(connection, last).await?;
        if covered.is_none() {
            covered = audit_checkpoints::last(connection).await?;
        }
        let end = covered.map_or(head.seq, |checkpoint| checkpoint.place.seq);
        Ok((after, end.min(head.seq).max(after.seq)))
    }

    /// Signs what was written, unless records vanished under it.
    async fn end<W: Write>(
        &self,
        mut lines: Lines<W>,
        head: Place,
        at: Moment,
        state: &ChainState,
    ) -> Result<(), TrailError> {
        let transaction = self.database.begin().await?;
        let now = audit_chain::lock(&transaction).await?;
        let begins = |state: &ChainState| state.beginning.as_ref().map(|beginning| beginning.number);
        if begins(&now) != begins(state) {
            return Err(TrailError::Forgotten);
        }
        let key = self.signing_key(&transaction).await?;
        transaction.commit().await?;
        let claims = ExportClaims {
            iss: self.rules.issuer.clone(),
            lines: lines.written,
            digest: ChainHash::of(lines.digest.clone().finalize().into()),
            head,
            at,
        };
        lines.write(&Line::End(StatementLine { statement: claims.sign(&key)? }))?;
        Ok(lines.out.flush()?)
    }
}

fn written(moment: Moment) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, true)
}
