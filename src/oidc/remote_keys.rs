//! Keys that clients publish at an address of theirs (`jwks_uri`), kept in memory.
//!
//! Anybody can send something that names a key nobody knows, and each such name could make us ask the client's server. So
//! an address is asked a few times a minute at most, whoever wants to know; and whoever waits while it is being asked
//! takes what the other one got.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Mutex as Turn;

use crate::domain::client::ClientKeySet;
use crate::domain::clock::Moment;
use crate::outbound::{Outbound, OutboundError};

/// Bytes of a key set.
const LONGEST: usize = 64 * 1024;

/// How long a key set is taken for fresh, whatever its `max-age` says.
const SHORTEST_FRESH: TimeDelta = TimeDelta::minutes(5);
const LONGEST_FRESH: TimeDelta = TimeDelta::days(1);

/// How long the last good answer serves a client whose server is down.
const SERVES_STALE: TimeDelta = TimeDelta::days(1);

/// After a failure nobody is made to wait for the next one for so long.
const PAUSE_AFTER_FAILURE: TimeDelta = TimeDelta::seconds(10);

/// An address is asked so often within [`WINDOW`]: enough for a key that was changed right after it was fetched.
const ATTEMPTS: usize = 5;
const WINDOW: TimeDelta = TimeDelta::minutes(1);

/// Addresses that are remembered; the one that was wanted least recently makes room.
const MOST_ADDRESSES: usize = 500;

/// A key set, and which one it is of those that came from its address.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub keys: Arc<ClientKeySet>,
    pub version: u64,
}

/// The key sets of every address that was needed. One for each process.
#[derive(Default)]
pub struct RemoteKeys {
    places: Mutex<Places>,
}

#[derive(Default)]
struct Places {
    by_address: HashMap<String, Wanted>,
    /// Counts how often any of them was wanted.
    wanted: u64,
}

struct Wanted {
    place: Arc<Turn<Place>>,
    /// The last time, as [`Places::wanted`] counts.
    last: u64,
}

/// What is known about one address.
#[derive(Default)]
struct Place {
    known: Option<Fetched>,
    /// How many key sets came from there.
    versions: u64,
    recent: VecDeque<Moment>,
    paused_until: Option<Moment>,
}

struct Fetched {
    known: Known,
    fresh_until: Moment,
}

/// Why an address gave no keys.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    #[error("it is no set of public keys: {0}")]
    NotKeys(#[from] serde_json::Error),
}

impl RemoteKeys {
    /// The keys behind an address: from memory while they are fresh, and for a while longer if their server is down.
    pub(super) async fn get(&self, outbound: &Outbound, address: &str, now: Moment) -> Option<Known> {
        let place = self.place(address);
        let mut place = place.lock().await;
        if !place.is_fresh(now) {
            place.ask(outbound, address, now).await;
        }
        place.usable(now)
    }

    /// The keys once more, if they are not those of `version` any more; `None` if they are, or may not be asked for now.
    pub(super) async fn newer_than(
        &self,
        outbound: &Outbound,
        address: &str,
        version: u64,
        now: Moment,
    ) -> Option<Known> {
        let place = self.place(address);
        let mut place = place.lock().await;
        let is_newer = |known: &Known| known.version > version;
        if place.usable(now).as_ref().is_none_or(|known| !is_newer(known)) {
            place.ask(outbound, address, now).await;
        }
        place.usable(now).filter(is_newer)
    }

    fn place(&self, address: &str) -> Arc<Turn<Place>> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.wanted += 1;
        let last = places.wanted;
        let known = &mut places.by_address;
        if !known.contains_key(address)
            && known.len() >= MOST_ADDRESSES
            && let Some(least) =
                known.iter().min_by_key(|(_, wanted)| wanted.last).map(|(address, _)| address.clone())
        {
            known.remove(&least);
        }
        let wanted =
            known.entry(address.to_owned()).or_insert_with(|| Wanted { place: Arc::default(), last });
        wanted.last = last;
        Arc::clone(&wanted.place)
    }
}

impl Place {
    fn is_fresh(&self, now: Moment) -> bool {
        self.known.as_ref().is_some_and(|fetched| now < fetched.fresh_until)
    }

    fn usable(&self, now: Moment) -> Option<Known> {
        let fetched = self.known.as_ref().filter(|fetched| now < fetched.fresh_until + SERVES_STALE)?;
        Some(fetched.known.clone())
    }

    /// Asks the address, if it may be asked now.
    async fn ask(&mut self, outbound: &Outbound, address: &str, now: Moment) {
        self.recent.retain(|at| now - *at < WINDOW);
        if self.recent.len() >= ATTEMPTS || self.paused_until.is_some_and(|until| now < until) {
            return;
        }
        self.recent.push_back(now);
        match fetch(outbound, address).await {
            Ok((keys, max_age)) => {
                let fresh = max_age.and_then(|age| TimeDelta::from_std(age).ok());
                let fresh = fresh.unwrap_or(SHORTEST_FRESH).clamp(SHORTEST_FRESH, LONGEST_FRESH);
                self.versions += 1;
                self.paused_until = None;
                let known = Known { keys: Arc::new(keys), version: self.versions };
                self.known = Some(Fetched { known, fresh_until: now + fresh });
            }
            Err(error) => {
                self.paused_until = Some(now + PAUSE_AFTER_FAILURE);
                let serves = if self.usable(now).is_some() {
                    "the keys from before serve on"
                } else {
                    "nothing serves"
                };
                tracing::warn!(jwks_uri = address, %error, serves, "a client's keys cannot be fetched");
            }
        }
    }
}

async fn fetch(outbound: &Outbound, address: &str) -> Result<(ClientKeySet, Option<Duration>), FetchError> {
    let document = outbound.get(address, LONGEST).await?;
    Ok((serde_json::from_slice(&document.body)?, document.max_age))
}

impl fmt::Debug for RemoteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("RemoteKeys").field("addresses", &places.by_address.len()).finish()
    }
}
