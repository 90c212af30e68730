//! The rule of the lockout: who gets a place, who waits, who is refused, how long a lock lasts. Pure: `accounts::lockout`
//! brings the rows.
//!
//! A *verdict* is a comparison of a guess with a stored hash. Out of any number of simultaneous wrong guesses at
//! most `failures` get one. That holds because a place is taken before the hash is computed, and every place counts:
//! one that failed, one in flight, and one whose holder vanished (its lease ran out: one failure).
//!
//! Two spans are counted over the same places: the short `window`, which begins anew after each lock, and the last 24
//! hours, which nothing but a lift begins anew. The first stops who hurries, the second who is patient.

use chrono::{DateTime, TimeDelta};

use super::clock::Moment;

/// The span that [`BudgetRules::failures_per_day`] is counted over: the last 24 hours, not a day of the calendar.
pub const DAY: TimeDelta = TimeDelta::hours(24);

/// Until when a lock lasts that time does not end: the last second that both databases, and people, can write.
pub const FOR_EVER: Moment = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(moment) => moment,
    None => DateTime::<chrono::Utc>::MAX_UTC,
};

#[derive(Debug, Clone, Copy)]
pub struct BudgetRules {
    /// How many wrong passwords a window holds.
    pub failures: usize,
    pub window: TimeDelta,
    /// How many any 24 hours hold. `None`: as many as the locks let through; failures are forgotten at a lock then.
    pub failures_per_day: Option<usize>,
    /// How long the first lock lasts.
    pub lock: TimeDelta,
    /// How many times longer each lock is than the one before.
    pub lock_growth: i32,
    /// What it does not grow beyond.
    pub longest_lock: TimeDelta,
    /// So long without another lock, and the next one is a first one again.
    pub forget_locks: TimeDelta,
    /// After so many locks the next one does not end by itself. `None`: each does.
    pub permanent_after: Option<u32>,
    /// How long a place stays reserved for a holder who says nothing.
    pub lease: TimeDelta,
}

/// What the database remembers of a budget.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Budget {
    pub locked_until: Option<Moment>,
    /// When it locked last. What failed until then counts in no window any more, only in its day.
    pub last_locked_at: Option<Moment>,
    /// How often it locked, one lock after another.
    pub locks: u32,
    pub places: Vec<Place>,
}

/// One place in the budget, as the database remembers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Reserved, not settled yet.
    InFlight { lease_ends: Moment },
    /// A wrong password, or a holder who vanished.
    Failed { at: Moment },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reservation {
    /// Take a place and hash.
    Granted,
    /// All places are taken, but some may come back: those in flight may be right.
    Wait,
    /// The budget has run out.
    Refused,
}

impl Place {
    /// When this place became a failure, if it is one by `now`.
    pub fn failed_at(self, now: Moment) -> Option<Moment> {
        match self {
            Self::Failed { at } => Some(at),
            Self::InFlight { lease_ends } => (lease_ends <= now).then_some(lease_ends),
        }
    }
}

impl Budget {
    pub fn is_locked(&self, now: Moment) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }

    fn failures(&self, now: Moment) -> impl Iterator<Item = Moment> {
        self.places.iter().filter_map(move |place| place.failed_at(now))
    }
}

impl BudgetRules {
    /// The rules of a budget that opens what others lock: its locks do not grow, and no day is counted.
    #[must_use]
    pub const fn without_memory(self) -> Self {
        Self { failures_per_day: None, lock_growth: 1, permanent_after: None, ..self }
    }

    /// The rules of a budget that nobody lifts by hand: its locks end.
    #[must_use]
    pub const fn never_for_good(self) -> Self {
        Self { permanent_after: None, ..self }
    }

    /// The rules while somebody guesses all over the place. Never looser than before.
    #[must_use]
    pub fn tightened(self, failures: usize, window: TimeDelta) -> Self {
        Self { failures: self.failures.min(failures), window: self.window.max(window), ..self }
    }

    /// May one more attempt begin?
    pub fn reserve(&self, budget: &Budget, now: Moment) -> Reservation {
        if budget.is_locked(now) {
            return Reservation::Refused;
        }
        let room = self.room(budget, now);
        let in_flight = budget.places.iter().filter(|place| place.failed_at(now).is_none()).count();
        if in_flight < room {
            Reservation::Granted
        } else if in_flight > 0 && room > 0 {
            Reservation::Wait
        } else {
            Reservation::Refused
        }
    }

    /// Has the budget run out, with these places (the failure just settled among them), and must it lock now? One that is
    /// locked does not lock again.
    pub fn locks(&self, budget: &Budget, now: Moment) -> bool {
        !budget.is_locked(now) && self.room(budget, now) == 0
    }

    /// How many locks went before one that begins now.
    pub fn locks_before(&self, budget: &Budget, now: Moment) -> u32 {
        let remembered = budget.last_locked_at.is_some_and(|last| last + self.forget_locks > now);
        if remembered { budget.locks } else { 0 }
    }

    /// How long a lock that begins now lasts: as long as its turn says, and not less than until the day has room again.
    pub fn lock_until(&self, budget: &Budget, now: Moment) -> Moment {
        let before = self.locks_before(budget, now);
        if self.permanent_after.is_some_and(|locks| before >= locks) {
            return FOR_EVER;
        }
        let by_turn = now + self.length_after(before);
        self.day_has_room_at(budget, now).map_or(by_turn, |room| by_turn.max(room))
    }

    fn length_after(&self, locks: u32) -> TimeDelta {
        let mut length = self.lock;
        for _ in 0..locks {
            if length >= self.longest_lock {
                break;
            }
            length = length.checked_mul(self.lock_growth).unwrap_or(self.longest_lock);
        }
        length.min(self.longest_lock.max(self.lock))
    }

    /// How many more failures the window and the day hold, whichever holds less.
    fn room(&self, budget: &Budget, now: Moment) -> usize {
        let window = self.failures.saturating_sub(self.failures_within_window(budget, now));
        match self.failures_per_day {
            Some(most) => window.min(most.saturating_sub(Self::failures_of_day(budget, now).count())),
            None => window,
        }
    }

    fn failures_within_window(&self, budget: &Budget, now: Moment) -> usize {
        let counts = |at: &Moment| {
            *at + self.window > now && budget.last_locked_at.is_none_or(|last_locked| *at > last_locked)
        };
        budget.failures(now).filter(counts).count()
    }

    fn failures_of_day(budget: &Budget, now: Moment) -> impl Iterator<Item = Moment> {
        budget.failures(now).filter(move |at| *at + DAY > now)
    }

    /// When a day that is full has room again: as soon as so many have aged out of it. `None`: it is not full.
    fn day_has_room_at(&self, budget: &Budget, now: Moment) -> Option<Moment> {
        let most = self.failures_per_day?;
        let mut failures: Vec<Moment> = Self::failures_of_day(budget, now).collect();
        failures.sort_unstable();
        let last_to_go = failures.len().checked_sub(most)?;
        failures.get(last_to_go).map(|at| *at + DAY)
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: BudgetRules = BudgetRules {
        failures: 5,
        window: TimeDelta::minutes(15),
        failures_per_day: Some(30),
        lock: TimeDelta::minutes(15),
        lock_growth: 4,
        longest_lock: TimeDelta::hours(24),
        forget_locks: TimeDelta::days(7),
        permanent_after: None,
        lease: TimeDelta::seconds(60),
    };

    fn at(minute: i64) -> Moment {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn failed(minute: i64) -> Place {
        Place::Failed { at: at(minute) }
    }

    fn in_flight(until: i64) -> Place {
        Place::InFlight { lease_ends: at(until) }
    }

    fn with(places: &[Place]) -> Budget {
        Budget { places: places.to_vec(), ..Budget::default() }
    }

    #[test]
    fn places_in_flight_count_against_the_budget() {
        assert_eq!(RULES.reserve(&with(&[failed(0); 4]), at(1)), Reservation::Granted);
        let full = [failed(0), failed(0), failed(0), failed(0), in_flight(2)];
        assert_eq!(RULES.reserve(&with(&full), at(1)), Reservation::Wait);
        assert_eq!(RULES.reserve(&with(&[failed(0); 5]), at(1)), Reservation::Refused);
    }

    #[test]
    fn a_lease_that_ran_out_is_one_failure() {
        let budget = with(&[in_flight(1); 5]);
        assert_eq!(RULES.reserve(&budget, at(0)), Reservation::Wait);
        assert_eq!(RULES.reserve(&budget, at(1)), Reservation::Refused);
        assert_eq!(RULES.reserve(&budget, at(16)), Reservation::Granted, "it ages like any failure");
    }

    #[test]
    fn failures_age_out_of_the_window() {
        let budget = with(&[failed(0); 5]);
        assert_eq!(RULES.reserve(&budget, at(14)), Reservation::Refused);
        assert_eq!(RULES.reserve(&budget, at(15)), Reservation::Granted);
    }

    #[test]
    fn a_lock_refuses_until_it_ends_and_the_window_begins_anew() {
        let locked = Budget {
            locked_until: Some(at(15)),
            last_locked_at: Some(at(0)),
            locks: 1,
            places: vec![failed(0); 5],
        };
        assert_eq!(RULES.reserve(&locked, at(14)), Reservation::Refused);
        assert_eq!(RULES.reserve(&locked, at(15)), Reservation::Granted);
        assert!(!RULES.locks(&locked, at(14)), "it is locked already");
        assert!(!RULES.locks(&with(&[failed(0); 4]), at(0)));
        assert!(RULES.locks(&with(&[failed(0); 5]), at(0)));
        let soon = BudgetRules { lock: TimeDelta::minutes(1), ..RULES };
        let short = Budget { locked_until: Some(at(1)), ..locked };
        assert_eq!(soon.reserve(&short, at(1)), Reservation::Granted, "however long the window is");
    }

    #[test]
    fn each_lock_is_longer_up_to_a_day_and_a_quiet_week_forgets_them() {
        let locked = |locks| Budget { last_locked_at: Some(at(0)), locks, ..Budget::default() };
        let minutes = |locks| (RULES.lock_until(&locked(locks), at(0)) - at(0)).num_minutes();
        let lengths: Vec<i64> = (0..7).map(minutes).collect();
        assert_eq!(lengths, [15, 60, 240, 960, 1440, 1440, 1440]);
        assert_eq!(minutes(u32::MAX), 1440);
        let week = 7 * 24 * 60;
        assert_eq!(RULES.lock_until(&locked(3), at(week - 1)), at(week - 1 + 960));
        assert_eq!(RULES.lock_until(&locked(3), at(week)), at(week + 15));
    }

    #[test]
    fn a_lock_for_good_is_configuration_and_comes_after_so_many_that_ended() {
        let rules = BudgetRules { permanent_after: Some(2), ..RULES };
        let locked = |locks| Budget { last_locked_at: Some(at(0)), locks, ..Budget::default() };
        assert_eq!(rules.lock_until(&locked(1), at(0)), at(60));
        assert_eq!(rules.lock_until(&locked(2), at(0)), FOR_EVER);
        assert_eq!(rules.never_for_good().lock_until(&locked(2), at(0)), at(240));
        assert_eq!(FOR_EVER.to_rfc3339(), "9999-12-31T23:59:59+00:00");
    }

    #[test]
    fn a_day_that_is_full_locks_until_its_oldest_failure_is_a_day_old() {
        // Four at a time, which no window minds.
        let patient: Vec<Place> = (0..30).map(|number| failed(20 * (number / 4))).collect();
        let budget = with(&patient);
        let last = at(140);
        assert!(RULES.locks(&budget, last));
        assert_eq!(RULES.reserve(&budget, last), Reservation::Refused);
        assert_eq!(RULES.lock_until(&budget, last), at(24 * 60));
        assert!(!RULES.locks(&budget, at(24 * 60)), "the first four are a day old");
        assert!(!RULES.locks(&with(&patient[1..]), last), "one is left");
        assert!(!RULES.without_memory().locks(&budget, last));
        let cut = BudgetRules { failures_per_day: Some(10), ..RULES };
        assert_eq!(cut.lock_until(&budget, last), at(100 + 24 * 60), "the 21st must go before there is room");
    }

    #[test]
    fn tightened_rules_are_never_looser() {
        let tight = RULES.tightened(2, TimeDelta::hours(1));
        assert_eq!((tight.failures, tight.window), (2, TimeDelta::hours(1)));
        let strict = BudgetRules { failures: 1, window: TimeDelta::hours(2), ..RULES };
        let still = strict.tightened(2, TimeDelta::hours(1));
        assert_eq!((still.failures, still.window), (1, TimeDelta::hours(2)));
    }
}
