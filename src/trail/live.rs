//! Checking the chain in the database itself.

use super::Trail;
use super::error::TrailError;
use super::format::{CheckpointLine, KeyLine};
use super::kept_elsewhere::KeptElsewhere;
use super::verifier::{Finding, Report, Verifier, Whole};
use crate::domain::audit_chain::Place;
use crate::storage::audit_checkpoints::Checkpoint;
use crate::storage::{audit_chain, audit_checkpoints, audit_keys};

/// Records read at a time.
pub(super) const PAGE: u64 = 1_000;

/// Checkpoints, page by page, as the walk along the records comes to them.
pub(super) struct Checkpoints<'a> {
    trail: &'a Trail,
    read: std::collections::VecDeque<Checkpoint>,
    /// The last that was read; later ones follow.
    number: u64,
    is_over: bool,
}

impl<'a> Checkpoints<'a> {
    pub(super) fn after(trail: &'a Trail, number: u64) -> Self {
        Self { trail, read: std::collections::VecDeque::new(), number, is_over: false }
    }

    /// The next one, if it covers no record from this place on.
    pub(super) async fn next_before(&mut self, seq: u64) -> Result<Option<Checkpoint>, TrailError> {
        if self.read.is_empty() && !self.is_over {
            let page = audit_checkpoints::after(self.trail.database.read(), self.number, PAGE).await?;
            self.is_over = (page.len() as u64) < PAGE;
            self.number = page.last().map_or(self.number, |checkpoint| checkpoint.number);
            self.read.extend(page);
        }
        if self.read.front().is_some_and(|checkpoint| checkpoint.place.seq < seq) {
            return Ok(self.read.pop_front());
        }
        Ok(None)
    }
}

impl Trail {
    /// Walks along the whole chain. `progress` is told how many records were looked at, and of how many.
    ///
    /// # Errors
    /// If the database does not answer, or holds what is no hash.
    pub async fn verify(
        &self,
        kept: KeptElsewhere,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Report, TrailError> {
        let connection = self.database.read();
        let state = audit_chain::state(connection).await?;
        let beginning = state.beginning.clone();
        let after = beginning.as_ref().map_or(Place::GENESIS, |beginning| beginning.place);
        let of = audit_chain::head(connection, &state).await?.seq;
        let mut verifier = Verifier::begin(self.rules.issuer.clone(), after, kept);
        for key in audit_keys::all(connection).await? {
            verifier.key(&KeyLine::of(&key));
        }
        if let Some(beginning) = &beginning {
            verifier.beginning(&beginning.statement);
        }
        verifier.start(true);
        let mut checkpoints = Checkpoints::after(self, beginning.map_or(0, |beginning| beginning.number));
        let mut seq = after.seq;
        loop {
            let page = audit_chain::after(connection, seq, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            seq = last.place.seq;
            for (seal, record) in page {
                while let Some(checkpoint) = checkpoints.next_before(seal.place.seq).await? {
                    verifier.checkpoint(&CheckpointLine::of(&checkpoint));
                }
                match record {
                    Some(record) => verifier.record(seal.place, &record),
                    None => verifier.missing(seal.place, seal.record),
                }
            }
            progress(seq.saturating_sub(after.seq), of.saturating_sub(after.seq));
        }
        while let Some(checkpoint) = checkpoints.next_before(u64::MAX).await? {
            // Signed while the walk was on: the records are there, but came after it.
            if checkpoint.place.seq > of
                && audit_chain::place_at(connection, checkpoint.place.seq).await?.is_some()
            {
                break;
            }
            verifier.checkpoint(&CheckpointLine::of(&checkpoint));
        }
        verifier.set_waiting(audit_chain::count_unchained(connection, None).await?);
        let now = audit_chain::state(connection).await?.beginning.map(|beginning| beginning.place.seq);
        if now != state.beginning.map(|beginning| beginning.place.seq) {
            verifier.found(Finding::Beginning("records were forgotten meanwhile; look again".to_owned()));
        }
        Ok(verifier.finish(Whole::Database))
    }
}
