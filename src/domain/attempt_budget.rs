//! The rule of the lockout: who gets a place, who waits, who is refused. Pure: `accounts::lockout` brings the rows.
//!
//! A *verdict* is a comparison of a guess with a stored hash. Out of any number of simultaneous wrong guesses at
//! most `failures` get one. That holds because a place is taken before the hash is computed, and every place counts:
//! one that failed, one in flight, and one whose holder vanished (its lease ran out: one failure).

use chrono::TimeDelta;

use super::clock::Moment;

#[derive(Debug, Clone, Copy)]
pub struct BudgetRules {
    /// How many wrong passwords a window holds.
    pub failures: usize,
    pub window: TimeDelta,
    pub lock: TimeDelta,
    /// How long a place stays reserved for a holder who says nothing.
    pub lease: TimeDelta,
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

impl BudgetRules {
    /// How many failures count at `now`.
    pub fn failures_within_window(&self, places: &[Place], now: Moment) -> usize {
        places.iter().filter_map(|place| place.failed_at(now)).filter(|at| *at + self.window > now).count()
    }

    /// May one more attempt begin?
    pub fn reserve(&self, locked_until: Option<Moment>, places: &[Place], now: Moment) -> Reservation {
        if locked_until.is_some_and(|until| until > now) {
            return Reservation::Refused;
        }
        let failures = self.failures_within_window(places, now);
        let in_flight = places.iter().filter(|place| place.failed_at(now).is_none()).count();
        if failures + in_flight < self.failures {
            Reservation::Granted
        } else if in_flight > 0 && failures < self.failures {
            Reservation::Wait
        } else {
            Reservation::Refused
        }
    }

    /// Does the budget lock, with these places (the failure just settled among them)?
    pub fn locks(&self, places: &[Place], now: Moment) -> bool {
        self.failures_within_window(places, now) >= self.failures
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const RULES: BudgetRules = BudgetRules {
        failures: 5,
        window: TimeDelta::minutes(15),
        lock: TimeDelta::minutes(15),
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

    #[test]
    fn places_in_flight_count_against_the_budget() {
        assert_eq!(RULES.reserve(None, &[failed(0); 4], at(1)), Reservation::Granted);
        let full = [failed(0), failed(0), failed(0), failed(0), in_flight(2)];
        assert_eq!(RULES.reserve(None, &full, at(1)), Reservation::Wait);
        assert_eq!(RULES.reserve(None, &[failed(0); 5], at(1)), Reservation::Refused);
    }

    #[test]
    fn a_lease_that_ran_out_is_one_failure() {
        let places = [in_flight(1); 5];
        assert_eq!(RULES.reserve(None, &places, at(0)), Reservation::Wait);
        assert_eq!(RULES.reserve(None, &places, at(1)), Reservation::Refused);
        assert_eq!(RULES.reserve(None, &places, at(16)), Reservation::Granted, "it ages like any failure");
    }

    #[test]
    fn failures_age_out_of_the_window() {
        assert_eq!(RULES.reserve(None, &[failed(0); 5], at(14)), Reservation::Refused);
        assert_eq!(RULES.reserve(None, &[failed(0); 5], at(15)), Reservation::Granted);
    }

    #[test]
    fn a_lock_refuses_until_it_ends() {
        assert_eq!(RULES.reserve(Some(at(15)), &[], at(14)), Reservation::Refused);
        assert_eq!(RULES.reserve(Some(at(15)), &[], at(15)), Reservation::Granted);
        assert!(!RULES.locks(&[failed(0); 4], at(0)));
        assert!(RULES.locks(&[failed(0); 5], at(0)));
    }
}
