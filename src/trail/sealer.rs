//! Giving committed records their places, by one process at a time.

use std::time::Duration;

use chrono::TimeDelta;

use super::Trail;
use super::error::TrailError;
use crate::domain::clock::Moment;
use crate::storage::audit_chain::{self, ChainState, Seal};
use crate::storage::audit_checkpoints::{self, Checkpoint};

/// How long a process that vanished keeps the others from the chain.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// How many records one transaction chains. Short, as on SQLite everybody who writes waits for it.
const BATCH: u64 = 500;

/// A record is committed this long after the moment that stands in it, or a little later. What is committed later still
/// is found when all records are looked at.
const COMMITTED_WITHIN: TimeDelta = TimeDelta::hours(1);

/// How often all records are looked at.
const LOOK_EVERYWHERE_EVERY: TimeDelta = TimeDelta::days(1);

/// How long a command waits for the process that works on the chain.
const TURNS: u32 = 200;
const TURN: Duration = Duration::from_millis(200);

/// What was done.
#[derive(Debug, Clone, Default)]
pub struct Round {
    /// Records that got their places.
    pub chained: u64,
    /// The checkpoint that was signed, if it was time.
    pub checkpoint: Option<Checkpoint>,
    /// There was something to do, and another process is at it.
    pub is_anothers: bool,
}

impl Trail {
    /// What is done every ten seconds: chains what was committed, signs if it is time, and writes out what was signed.
    /// While another process does, nothing.
    ///
    /// # Errors
    /// If the database does not answer, or a checkpoint cannot be written out.
    pub async fn round(&self) -> Result<Round, TrailError> {
        let state = audit_chain::state(self.database.read()).await?;
        // An idle server writes nothing.
        if !self.has_work(&state).await? {
            return Ok(Round::default());
        }
        if !self.take_lease().await? {
            return Ok(Round { is_anothers: true, ..Round::default() });
        }
        let done = self.work(false).await;
        self.release_lease().await?;
        done
    }

    /// Chains everything that was committed by now, and signs it. Waits for its turn.
    ///
    /// # Errors
    /// [`TrailError::Busy`] if its turn does not come; else as [`Self::round`].
    pub async fn seal_everything(&self) -> Result<Round, TrailError> {
        for _ in 0..TURNS {
            if self.take_lease().await? {
                let done = self.work(true).await;
                self.release_lease().await?;
                return done;
            }
            tokio::time::sleep(TURN).await;
        }
        Err(TrailError::Busy)
    }

    async fn has_work(&self, state: &ChainState) -> Result<bool, TrailError> {
        let connection = self.database.read();
        Ok(self.is_time_to_look_everywhere(state)
            || !audit_chain::unchained(connection, state.look_from, 1).await?.is_empty()
            || !audit_checkpoints::unwritten(connection, 1).await?.is_empty()
            || self.is_checkpoint_due(connection, state).await?)
    }

    fn is_time_to_look_everywhere(&self, state: &ChainState) -> bool {
        let now = self.ambient.now();
        state.looked_everywhere_at.is_none_or(|at| at + LOOK_EVERYWHERE_EVERY <= now)
    }

    async fn take_lease(&self) -> Result<bool, TrailError> {
        let now = self.ambient.now();
        let transaction = self.database.begin().await?;
        let taken = audit_chain::take_lease(&transaction, self.holder, now, now + LEASE).await?;
        transaction.commit().await?;
        Ok(taken)
    }

    async fn release_lease(&self) -> Result<(), TrailError> {
        let transaction = self.database.begin().await?;
        audit_chain::release_lease(&transaction, self.holder).await?;
        Ok(transaction.commit().await?)
    }

    /// `everything`: a command asked, and wants to see all of it signed.
    async fn work(&self, everything: bool) -> Result<Round, TrailError> {
        let began = self.ambient.now();
        let state = audit_chain::state(self.database.read()).await?;
        let everywhere = everything || self.is_time_to_look_everywhere(&state);
        let from = if everywhere { None } else { state.look_from };
        let mut round = Round::default();
        loop {
            let chained = self.chain_some(from).await?;
            if chained == 0 {
                break;
            }
            round.chained += chained;
        }
        self.note_looked(&state, began, everywhere).await?;
        round.checkpoint = self.sign_if_due(everything).await?;
        self.write_out().await?;
        Ok(round)
    }

    /// One transaction: the chain's end is read, and added to, while everybody else is kept out.
    async fn chain_some(&self, from: Option<Moment>) -> Result<u64, TrailError> {
        let waiting = audit_chain::unchained(self.database.read(), from, BATCH).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let transaction = self.database.begin().await?;
        self.keep_lease(&transaction).await?;
        let state = audit_chain::state(&transaction).await?;
        let mut place = audit_chain::head(&transaction, &state).await?;
        let mut seals = Vec::with_capacity(waiting.len());
        for record in &waiting {
            place = place.then(record);
            seals.push(Seal { place, record: record.id });
        }
        audit_chain::append(&transaction, &seals).await?;
        transaction.commit().await?;
        Ok(seals.len() as u64)
    }

    async fn note_looked(
        &self,
        state: &ChainState,
        began: Moment,
        everywhere: bool,
    ) -> Result<(), TrailError> {
        let look_from = began - COMMITTED_WITHIN;
        let is_newer = state.look_from.is_none_or(|noted| noted + COMMITTED_WITHIN / 2 < look_from);
        if everywhere || is_newer {
            let transaction = self.database.begin().await?;
            self.keep_lease(&transaction).await?;
            audit_chain::note_looked(&transaction, look_from, everywhere.then_some(began)).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Whoever lost the lease does nothing more: what its transaction did is undone.
    pub(super) async fn keep_lease(
        &self,
        transaction: &sea_orm::DatabaseTransaction,
    ) -> Result<(), TrailError> {
        let until = self.ambient.now() + LEASE;
        if audit_chain::renew_lease(transaction, self.holder, until).await? {
            Ok(())
        } else {
            Err(TrailError::Busy)
        }
    }
}
