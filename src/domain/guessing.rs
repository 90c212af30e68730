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
    /// How long budgets stay tightened after the last time that there were more.
    pub lasts: TimeDelta,
    /// How many wrong passwords a tightened window holds, and how long it is.
    pub failures: usize,
    pub window: TimeDelta,
}

/// The operator is told at most so often.
pub const TOLD_AGAIN_AFTER: TimeDelta = TimeDelta::hours(1);
