//! Refusals leave on a beat, so that how long one took does not tell why it was one.
//!
//! A wrong password writes a failure down, a lock has one already, and a source that asked too often is not looked at
//! further: a transaction more or less is a few milliseconds, and a few dozen requests show them however noisy the way is
//! (docs/LOCKOUT.md has measured it). The work is the same where it matters, one hash; the rest is waited out. Nobody who
//! signs in waits.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::state::Web;

/// Counts from when a request came in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beat {
    began: Instant,
    length: Duration,
}

impl Beat {
    /// The request has just come in.
    pub(super) fn begin(web: &Web) -> Self {
        Self { began: Instant::now(), length: web.limits.refusal_beat }
    }

    /// Waits for the next beat: the first one, unless the work took longer.
    pub(super) async fn wait(self) {
        sleep_until(self.began + next(self.began.elapsed(), self.length)).await;
    }
}

/// The first multiple of `beat` that is not over.
fn next(elapsed: Duration, beat: Duration) -> Duration {
    if beat.is_zero() {
        return elapsed;
    }
    let beats = elapsed.as_nanos().div_ceil(beat.as_nanos()).max(1);
    beat.saturating_mul(u32::try_from(beats).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_took_less_than_a_beat_takes_one() {
        let beat = Duration::from_millis(250);
        for (elapsed, leaves) in [(0, 250), (1, 250), (249, 250), (250, 250), (251, 500), (1_499, 1_500)] {
            assert_eq!(
                next(Duration::from_millis(elapsed), beat),
                Duration::from_millis(leaves),
                "{elapsed}"
            );
        }
    }

    #[test]
    fn no_beat_is_no_waiting() {
        assert_eq!(next(Duration::from_millis(3), Duration::ZERO), Duration::from_millis(3));
    }
}
