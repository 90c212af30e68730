//! Simulated days: whoever is due next acts, and the clock is moved to that moment.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use async_trait::async_trait;
use chrono::TimeDelta;
use iok_id::domain::clock::Moment;

use super::town::Town;

/// Somebody who does things at times of their own.
#[async_trait(?Send)]
pub(crate) trait Actor {
    /// Does what is due, and says when something is due again.
    async fn act(&mut self, town: &Town) -> anyhow::Result<Option<Moment>>;
}

/// Who plays, and from when on.
pub(crate) type Cast = Vec<(Moment, Box<dyn Actor>)>;

/// Plays until then. No two act at the same moment, so that a record's time says whose it is; what one of them does at
/// once, as the bots of a wave, is simultaneous.
pub(crate) async fn play(town: &Town, mut cast: Cast, until: Moment) -> anyhow::Result<()> {
    let mut due: BinaryHeap<Reverse<(Moment, usize)>> =
        cast.iter().enumerate().map(|(number, (at, _))| Reverse((*at, number))).collect();
    while let Some(Reverse((at, number))) = due.pop() {
        if at >= until {
            break;
        }
        town.wait_until(at.max(town.now() + TimeDelta::milliseconds(1))).await?;
        let Some((_, actor)) = cast.get_mut(number) else { continue };
        if let Some(next) = actor.act(town).await? {
            due.push(Reverse((next, number)));
        }
    }
    town.wait_until(until.max(town.now())).await
}
