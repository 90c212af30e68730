//! A token bucket that is one number: the moment at which it will be full again.
//!
//! Taking a token moves that moment one refill further; when it lies further ahead than a whole bucket takes, the bucket
//! is empty. So a token is taken, and given back, by one conditional statement, and whatever is given back, a bucket is
//! never fuller than full (the "generic cell rate algorithm" of ITU-T I.371, told from the bucket's side).

use chrono::TimeDelta;

use super::clock::Moment;

/// How large a bucket is, and how fast it fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BucketSize {
    tokens: u32,
    refill: TimeDelta,
}

impl BucketSize {
    /// `at_once` tokens, and `per_hour` of them come back an hour. `None`, without a limit, if either is 0.
    pub fn new(at_once: u32, per_hour: u32) -> Option<Self> {
        let refill = TimeDelta::hours(1).checked_div(i32::try_from(per_hour).ok()?)?;
        (at_once > 0).then_some(Self { tokens: at_once, refill })
    }

    /// So many times as large and as fast.
    #[must_use]
    pub fn times(self, factor: u32) -> Self {
        let faster = i32::try_from(factor).ok().and_then(|factor| self.refill.checked_div(factor));
        Self { tokens: self.tokens.saturating_mul(factor.max(1)), refill: faster.unwrap_or(self.refill) }
    }

    /// How long one token takes to come back.
    pub const fn refill(self) -> TimeDelta {
        self.refill
    }

    /// A bucket that will be full later than this has no token left at `now`.
    pub fn has_token_until(self, now: Moment) -> Moment {
        let others = i32::try_from(self.tokens.saturating_sub(1)).unwrap_or(i32::MAX);
        let ahead = self.refill.checked_mul(others).unwrap_or(TimeDelta::MAX);
        now.checked_add_signed(ahead).unwrap_or(Moment::MAX_UTC)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    /// What the statement does.
    fn take(size: BucketSize, full_at: &mut Moment, now: Moment) -> bool {
        let has_token = *full_at <= size.has_token_until(now);
        if has_token {
            *full_at = (*full_at).max(now) + size.refill();
        }
        has_token
    }

    #[test]
    fn a_bucket_gives_what_it_holds_and_fills_by_time() {
        let size = BucketSize::new(5, 60).expect("a limit");
        let now = DateTime::UNIX_EPOCH;
        let mut full_at = now;
        let taken = (0..9).filter(|_| take(size, &mut full_at, now)).count();
        assert_eq!(taken, 5);
        let later = now + TimeDelta::minutes(2);
        let taken = (0..9).filter(|_| take(size, &mut full_at, later)).count();
        assert_eq!(taken, 2, "one a minute");
        let much_later = now + TimeDelta::days(2);
        let taken = (0..9).filter(|_| take(size, &mut full_at, much_later)).count();
        assert_eq!(taken, 5, "it holds no more than it did");
    }

    #[test]
    fn what_is_given_back_makes_it_as_full_as_before_and_never_fuller() {
        let size = BucketSize::new(3, 60).expect("a limit");
        let now = DateTime::UNIX_EPOCH;
        let mut full_at = now;
        for _ in 0..10 {
            assert!(take(size, &mut full_at, now));
            full_at -= size.refill();
        }
        assert_eq!(full_at, now);
        // Given back once it had filled up by itself.
        assert!(take(size, &mut full_at, now));
        let later = now + TimeDelta::hours(1);
        full_at -= size.refill();
        let taken = (0..9).filter(|_| take(size, &mut full_at, later)).count();
        assert_eq!(taken, 3);
    }

    #[test]
    fn nothing_is_no_limit_and_the_largest_numbers_are_numbers() {
        assert_eq!(BucketSize::new(0, 10), None);
        assert_eq!(BucketSize::new(10, 0), None);
        let large = BucketSize::new(1_000_000, 1).expect("a limit").times(100);
        assert!(large.has_token_until(DateTime::UNIX_EPOCH) > DateTime::UNIX_EPOCH);
    }
}
