//! Time is injected: nothing else in this crate asks the operating system what time it is (clippy.toml bans it).

use std::fmt;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// A moment in UTC, in whole microseconds: what both databases store without loss.
pub type Moment = DateTime<Utc>;

pub trait Clock: fmt::Debug + Send + Sync {
    fn now(&self) -> Moment;
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that may ask for the time")]
    fn now(&self) -> Moment {
        whole_microseconds(Utc::now())
    }
}

/// A clock that stands still until it is moved. Clones share the same hands.
#[derive(Debug, Clone)]
pub struct SettableClock(Arc<Mutex<Moment>>);

impl SettableClock {
    pub fn starting_at(moment: Moment) -> Self {
        Self(Arc::new(Mutex::new(whole_microseconds(moment))))
    }

    /// # Panics
    /// If a holder of the clock panicked before.
    pub fn advance(&self, by: TimeDelta) {
        let mut hands = self.0.lock().expect("no holder of the clock panics");
        *hands = whole_microseconds(*hands + by);
    }
}

impl Clock for SettableClock {
    fn now(&self) -> Moment {
        *self.0.lock().expect("no holder of the clock panics")
    }
}

fn whole_microseconds(moment: Moment) -> Moment {
    moment.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(moment)
}
