//! `[lockout]`: how many wrong passwords, and what then.

use std::time::Duration;

use chrono::TimeDelta;
use serde::Deserialize;

use super::within::Within;
use crate::domain::attempt_budget::BudgetRules;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lockout {
    failures: Within<1, 1_000>,
    window_minutes: Within<1, 1_440>,
    lock_minutes: Within<1, 1_440>,
    lease_seconds: Within<5, 600>,
    refusal_beat_milliseconds: Within<0, 5_000>,
    waiting: Within<0, 10_000>,
    wait_seconds: Within<0, 60>,
}

impl Lockout {
    pub fn rules(&self) -> BudgetRules {
        BudgetRules {
            failures: self.failures.as_usize(),
            window: TimeDelta::minutes(self.window_minutes.get().into()),
            lock: TimeDelta::minutes(self.lock_minutes.get().into()),
            lease: TimeDelta::seconds(self.lease_seconds.get().into()),
        }
    }

    /// A refusal takes so long, or a multiple of it. Zero: as long as it takes.
    pub fn refusal_beat(&self) -> Duration {
        Duration::from_millis(self.refusal_beat_milliseconds.get().into())
    }

    /// How many attempts may wait for a place at a time.
    pub const fn waiting(&self) -> usize {
        self.waiting.as_usize()
    }

    /// How long one of them waits.
    pub fn wait(&self) -> Duration {
        Duration::from_secs(self.wait_seconds.get().into())
    }

    pub(super) fn conflict(&self, request_timeout: Duration) -> Option<(&'static str, String)> {
        (self.wait() >= request_timeout).then(|| {
            let reason = format!(
                "a request would end, after {} s (server.request_timeout_seconds), before its wait does",
                request_timeout.as_secs()
            );
            ("lockout.wait_seconds", reason)
        })
    }
}
