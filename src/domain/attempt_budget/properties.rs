//! The rule under everything that can happen to a budget, in any order.

use chrono::{DateTime, TimeDelta};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_oneof, proptest};
use proptest::test_runner::TestCaseError;

use super::{Budget, BudgetRules, DAY, Place, Reservation};
use crate::domain::clock::Moment;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Somebody comes with a guess.
    Come,
    /// One of those in flight, by number, was wrong; or right.
    Wrong(usize),
    Right(usize),
    /// A minute is a lease: who is not settled by then has vanished.
    Wait(TimeDelta),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Come),
        6 => any::<usize>().prop_map(Step::Wrong),
        1 => any::<usize>().prop_map(Step::Right),
        3 => (0_i64..90).prop_map(|seconds| Step::Wait(TimeDelta::seconds(seconds))),
        2 => (1_i64..40).prop_map(|minutes| Step::Wait(TimeDelta::minutes(minutes))),
        1 => (1_i64..30).prop_map(|hours| Step::Wait(TimeDelta::hours(hours))),
    ]
}

fn rules() -> impl Strategy<Value = BudgetRules> {
    (1_usize..8, 1_i64..60, 0_usize..30, 1_i64..60, 1_i32..6).prop_map(
        |(failures, window, more_a_day, lock, lock_growth)| BudgetRules {
            failures,
            window: TimeDelta::minutes(window),
            failures_per_day: Some(failures + more_a_day),
            lock: TimeDelta::minutes(lock),
            lock_growth,
            longest_lock: TimeDelta::hours(24),
            forget_locks: TimeDelta::days(7),
            permanent_after: None,
            lease: TimeDelta::seconds(60),
        },
    )
}

/// A budget with its history, kept as `accounts::lockout` keeps it.
struct World {
    rules: BudgetRules,
    now: Moment,
    budget: Budget,
    /// Every failure there ever was, also those whose holders vanished.
    failures: Vec<Moment>,
    locked_at: Vec<Moment>,
}

impl World {
    fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Come => self.come()?,
            Step::Wrong(number) => {
                if let Some(place) = self.in_flight(number) {
                    self.budget.places[place] = Place::Failed { at: self.now };
                    if self.rules.locks(&self.budget, self.now) {
                        self.lock()?;
                    }
                }
            }
            Step::Right(number) => {
                if let Some(place) = self.in_flight(number) {
                    self.budget.places.swap_remove(place);
                }
            }
            Step::Wait(time) => self.now += time,
        }
        Ok(())
    }

    fn come(&mut self) -> Result<(), TestCaseError> {
        let reservation = self.rules.reserve(&self.budget, self.now);
        prop_assert!(
            reservation != Reservation::Wait || self.in_flight(0).is_some(),
            "who waits, waits for somebody"
        );
        match reservation {
            Reservation::Granted => {
                prop_assert!(!self.budget.is_locked(self.now));
                let lease_ends = self.now + self.rules.lease;
                self.budget.places.push(Place::InFlight { lease_ends });
            }
            Reservation::Refused if self.rules.locks(&self.budget, self.now) => self.lock()?,
            Reservation::Refused => prop_assert!(self.budget.is_locked(self.now), "refused for a reason"),
            Reservation::Wait => {}
        }
        Ok(())
    }

    fn lock(&mut self) -> Result<(), TestCaseError> {
        prop_assert!(self.in_flight(0).is_none(), "nobody who may be right is in flight when it locks");
        let until = self.rules.lock_until(&self.budget, self.now);
        prop_assert!(until >= self.now + self.rules.lock);
        prop_assert!(until <= self.now + DAY.max(self.rules.longest_lock));
        self.budget.locks = self.rules.locks_before(&self.budget, self.now) + 1;
        self.budget.locked_until = Some(until);
        self.budget.last_locked_at = Some(self.now);
        self.locked_at.push(self.now);
        Ok(())
    }

    /// The place of one that is still in flight.
    fn in_flight(&self, number: usize) -> Option<usize> {
        let places = self.budget.places.iter().enumerate();
        let open: Vec<usize> =
            places.filter(|(_, place)| place.failed_at(self.now).is_none()).map(|(index, _)| index).collect();
        open.get(number.checked_rem(open.len())?).copied()
    }

    /// Once everybody has settled or vanished.
    fn end(&mut self) {
        self.now += TimeDelta::days(400);
        self.failures = self.budget.places.iter().filter_map(|place| place.failed_at(self.now)).collect();
        self.failures.sort_unstable();
    }

    fn failures_between(&self, after: Moment, until: Moment) -> usize {
        self.failures.iter().filter(|at| **at > after && **at <= until).count()
    }
}

proptest! {
    /// Whatever comes, in whatever order: no window between two locks holds more than its failures, and no 24 hours, locks
    /// or not, hold more than theirs.
    #[test]
    fn no_window_and_no_day_ever_holds_more_than_its_failures(rules in rules(), steps in vec(step(), 1..400)) {
        let mut world = World {
            rules,
            now: DateTime::UNIX_EPOCH + TimeDelta::days(20_000),
            budget: Budget::default(),
            failures: Vec::new(),
            locked_at: Vec::new(),
        };
        for step in steps {
            world.take(step)?;
        }
        world.end();
        for at in world.failures.clone() {
            let of_day = world.failures_between(at - DAY, at);
            prop_assert!(of_day <= rules.failures_per_day.unwrap_or(usize::MAX), "{of_day} in a day");
            let last_lock = world.locked_at.iter().copied().filter(|locked| *locked < at).max();
            let begins = last_lock.map_or(at - rules.window, |last| last.max(at - rules.window));
            let of_window = world.failures_between(begins, at);
            prop_assert!(of_window <= rules.failures, "{of_window} in a window");
        }
    }

    /// A guess that was right leaves the budget as it found it.
    #[test]
    fn a_success_changes_nothing_but_its_own_place(rules in rules(), steps in vec(step(), 1..60)) {
        let mut world = World {
            rules,
            now: DateTime::UNIX_EPOCH + TimeDelta::days(20_000),
            budget: Budget::default(),
            failures: Vec::new(),
            locked_at: Vec::new(),
        };
        for step in steps {
            world.take(step)?;
            let before = world.budget.clone();
            if rules.reserve(&before, world.now) == Reservation::Granted {
                world.take(Step::Come)?;
                let own = world.budget.places.len() - 1;
                prop_assert!(world.budget.places[..own] == before.places[..]);
                world.budget.places.remove(own);
            }
            prop_assert!(world.budget == before || rules.locks(&before, world.now));
        }
    }
}
