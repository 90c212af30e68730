//! Guessing all over the place: one password over many logins, from many addresses. No account's budget and no source's
//! sees it; the sum of all failures does.

use chrono::TimeDelta;

/// When failures are so many that somebody must be guessing, and what is done then.
#[derive(Debug, Clone, Copy)]
pub struct GuessingRules {
    /// More failures than this within one minute of the clock, by all unknown devices together. `None`: not looked at.
    pub per_minute: Option<u32>,
    /// The same within one hour of the clock: for whoever is slower than that.
    pub per_hour: Option<u32>,
    /// From more than how many networks they have to come: one alone adds no more to either count than its part. 1: one is
    /// enough.
    pub networks: u32,
    /// How long budgets stay tightened after the last time that there were more.
    pub lasts: TimeDelta,
    /// How many wrong passwords a tightened window holds, and how long it is.
    pub failures: usize,
    pub window: TimeDelta,
}

impl GuessingRules {
    /// How many failures of one network count, where `most` of all together are no alarm. At least one, so that a small
    /// limit is passed by fewer networks. `None`: all, as one network is enough.
    pub fn share_of_network(&self, most: u32) -> Option<u32> {
        (self.networks > 1).then(|| (most / self.networks).max(1))
    }
}

/// The operator is told at most so often.
pub const TOLD_AGAIN_AFTER: TimeDelta = TimeDelta::hours(1);
