//! How long, and how often, a client is told that a session ended (OpenID Connect Back-Channel Logout §2.7: the number
//! of tries is the provider's to choose).

use chrono::TimeDelta;

use super::clock::Moment;

/// After that nobody waits for the news any more: whatever the client keeps of the session is older than its working
/// day.
pub const TRIED_FOR: TimeDelta = TimeDelta::days(1);

/// The pauses after each try, in seconds; the last one is for all further tries. The first are short: most clients that
/// do not answer are being restarted.
const PAUSES: [i64; 9] = [5, 15, 60, 300, 900, 1800, 3600, 7200, 10_800];

/// So many tries are enough for a client that says 400: it has understood, and will not have it.
const REFUSALS: u32 = 5;

/// When to try again after `attempts` failures; `None`: never. `refused`: the client itself said no. `until` is when
/// it is given up; the last try is then, however long the pause.
pub fn next_try(attempts: u32, refused: bool, now: Moment, until: Moment) -> Option<Moment> {
    if now >= until || (refused && attempts >= REFUSALS) {
        return None;
    }
    let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let pause = PAUSES.get(step).copied().unwrap_or(PAUSES[PAUSES.len() - 1]);
    Some((now + TimeDelta::seconds(pause)).min(until))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn the_pauses_grow_and_after_a_day_it_is_given_up() {
        let began = DateTime::UNIX_EPOCH;
        let until = began + TRIED_FOR;
        let (mut now, mut tries) = (began, 1);
        let mut last_pause = TimeDelta::zero();
        while let Some(next) = next_try(tries, false, now, until) {
            assert!(next - now >= last_pause || next == until, "pauses do not shrink");
            (last_pause, now) = (next - now, next);
            tries += 1;
        }
        assert_eq!(now, until, "the last try is at the very end");
        assert!((10..25).contains(&tries), "{tries}");
    }

    #[test]
    fn a_client_that_says_no_is_asked_a_few_times_only() {
        let now = DateTime::UNIX_EPOCH;
        assert!(next_try(4, true, now, now + TRIED_FOR).is_some());
        assert!(next_try(5, true, now, now + TRIED_FOR).is_none());
        assert!(next_try(5, false, now, now + TRIED_FOR).is_some());
    }
}
