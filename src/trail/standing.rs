//! How the chain stands, at a glance: its head, and whether the newest checkpoint holds. The walk along all of it, which
//! alone shows that no record was changed, is `verify`.

use sea_orm::{ConnectionTrait, DbErr};

use super::Trail;
use super::statement::{CheckpointClaims, PublicKeys, Statement as _};
use crate::domain::audit_chain::Place;
use crate::domain::clock::Moment;
use crate::storage::audit_chain::{self, ChainState};
use crate::storage::audit_checkpoints::{self, Checkpoint};
use crate::storage::audit_keys;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// So many records have had their place in the chain, those forgotten since among them.
    pub sealed: u64,
    /// So many wait for theirs, but for those that were committed very late.
    pub waiting: u64,
    pub newest: Option<NewestCheckpoint>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewestCheckpoint {
    pub number: u64,
    /// The last record that it covers.
    pub seq: u64,
    pub at: Moment,
    /// One of the trail's keys signed it, and it says what the chain says there.
    pub holds: bool,
}

impl Trail {
    /// # Errors
    /// If the database does not answer, or holds what cannot be read.
    pub async fn standing(&self) -> Result<Standing, DbErr> {
        let snapshot = self.database.begin_read().await?;
        let state = audit_chain::state(&snapshot).await?;
        let newest = match audit_checkpoints::last(&snapshot).await? {
            Some(checkpoint) => Some(NewestCheckpoint {
                number: checkpoint.number,
                seq: checkpoint.place.seq,
                at: checkpoint.at,
                holds: self.holds(&snapshot, &state, &checkpoint).await?,
            }),
            None => None,
        };
        let sealed = audit_chain::head(&snapshot, &state).await?.seq;
        let waiting = audit_chain::count_unchained(&snapshot, state.look_from).await?;
        snapshot.rollback().await?;
        Ok(Standing { sealed, waiting, newest })
    }

    async fn holds(
        &self,
        connection: &impl ConnectionTrait,
        state: &ChainState,
        checkpoint: &Checkpoint,
    ) -> Result<bool, DbErr> {
        let mut keys = PublicKeys::default();
        for key in audit_keys::all(connection).await? {
            keys.add(&key.public);
        }
        let Ok((claims, _)) = keys.open::<CheckpointClaims>(&checkpoint.statement) else {
            return Ok(false);
        };
        let says_the_same = claims.issuer() == self.rules.issuer
            && claims.number == checkpoint.number
            && claims.place() == checkpoint.place
            && claims.at == checkpoint.at;
        let there = match audit_chain::place_at(connection, checkpoint.place.seq).await? {
            Some(place) => Some(place),
            // Nothing was recorded since, or what was is forgotten.
            None => state.beginning.as_ref().map(|beginning| beginning.place),
        };
        Ok(says_the_same && there.unwrap_or(Place::GENESIS) == checkpoint.place)
    }
}
