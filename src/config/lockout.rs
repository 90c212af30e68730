//! `[lockout]`: how many wrong passwords, and what then.

use std::time::Duration;

use chrono::TimeDelta;
use lettre::message::Mailbox;
use serde::Deserialize;

use super::mail::mailbox_or_none;
use super::within::Within;
use crate::domain::attempt_budget::BudgetRules;
use crate::domain::guessing::GuessingRules;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lockout {
    failures: Within<1, 1_000>,
    window_minutes: Within<1, 1_440>,
    failures_per_day: Within<0, 10_000>,
    lock_minutes: Within<1, 1_440>,
    lock_growth: Within<1, 100>,
    longest_lock_hours: Within<1, 168>,
    forget_locks_days: Within<1, 365>,
    permanent_after_locks: Within<0, 1_000>,
    lease_seconds: Within<5, 600>,
    refusal_beat_milliseconds: Within<0, 5_000>,
    waiting: Within<0, 10_000>,
    wait_seconds: Within<0, 60>,
    alarm_failures_per_minute: Within<0, 1_000_000>,
    alarm_failures_per_hour: Within<0, 10_000_000>,
    alarm_networks: Within<1, 1_000>,
    alarm_minutes: Within<1, 1_440>,
    alarm_failures: Within<1, 1_000>,
    alarm_window_minutes: Within<1, 1_440>,
    #[serde(deserialize_with = "mailbox_or_none")]
    alarm_email: Option<Mailbox>,
}

impl Lockout {
    pub fn rules(&self) -> BudgetRules {
        BudgetRules {
            failures: self.failures.as_usize(),
            window: minutes(self.window_minutes.get()),
            failures_per_day: Some(self.failures_per_day.as_usize()).filter(|most| *most > 0),
            lock: minutes(self.lock_minutes.get()),
            lock_growth: i32::try_from(self.lock_growth.get()).unwrap_or(1),
            longest_lock: TimeDelta::hours(self.longest_lock_hours.get().into()),
            forget_locks: TimeDelta::days(self.forget_locks_days.get().into()),
            permanent_after: limit(self.permanent_after_locks.get()),
            lease: TimeDelta::seconds(self.lease_seconds.get().into()),
        }
    }

    /// When failures are so many altogether that somebody must be guessing all over the place.
    pub fn guessing(&self) -> GuessingRules {
        GuessingRules {
            per_minute: limit(self.alarm_failures_per_minute.get()),
            per_hour: limit(self.alarm_failures_per_hour.get()),
            networks: self.alarm_networks.get(),
            lasts: minutes(self.alarm_minutes.get()),
            failures: self.alarm_failures.as_usize(),
            window: minutes(self.alarm_window_minutes.get()),
        }
    }

    /// Whom to tell of it by mail.
    pub const fn alarm_email(&self) -> Option<&Mailbox> {
        self.alarm_email.as_ref()
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

    /// How long a failure is of any use: the longest span that anything is counted over.
    pub fn failures_count_for(&self) -> TimeDelta {
        let rules = self.rules();
        crate::domain::attempt_budget::DAY.max(rules.window).max(self.guessing().window) + rules.lease
    }

    pub(super) fn conflict(&self, request_timeout: Duration) -> Option<(&'static str, String)> {
        if self.wait() + self.refusal_beat() >= request_timeout {
            let reason = format!(
                "a request would end, after {} s (server.request_timeout_seconds), before its wait and its refusal do",
                request_timeout.as_secs()
            );
            return Some(("lockout.wait_seconds", reason));
        }
        let rules = self.rules();
        if rules.failures_per_day.is_some_and(|most| most < rules.failures) {
            let reason =
                format!("a day would hold less than its windows, {} (lockout.failures)", rules.failures);
            return Some(("lockout.failures_per_day", reason));
        }
        (rules.longest_lock < rules.lock).then(|| {
            let reason = format!("the first lock is longer, {} min", rules.lock.num_minutes());
            ("lockout.longest_lock_hours", reason)
        })
    }
}

fn minutes(number: u32) -> TimeDelta {
    TimeDelta::minutes(number.into())
}

fn limit(number: u32) -> Option<u32> {
    (number > 0).then_some(number)
}
