//! A bounded queue in which everybody waits in a line of their own, and the lines take turns.
//!
//! With one line for all, whoever sends a hundred jobs makes the next person wait for a hundred, and one more source that
//! fills the line shuts everybody else out. Here somebody who has nothing waiting is next after one job of each other
//! line; and when the queue is full, room for them is taken from the longest line (stochastic fairness
//! queueing, without the hashing: the lines are few).

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

pub(super) struct FairQueue<K, J> {
    lines: Mutex<Lines<K, J>>,
    came: Condvar,
    /// How many may wait in all lines together.
    room: usize,
    /// How many threads take jobs.
    takers: usize,
}

struct Lines<K, J> {
    /// No line is empty.
    waiting: HashMap<K, VecDeque<J>>,
    /// Each line once, the next one first.
    turns: VecDeque<K>,
    count: usize,
    /// Jobs that were taken, and are being done.
    in_work: usize,
    closed: bool,
}

impl<K: Clone + Eq + Hash, J> FairQueue<K, J> {
    pub(super) fn new(room: usize, takers: usize) -> Self {
        let lines =
            Lines { waiting: HashMap::new(), turns: VecDeque::new(), count: 0, in_work: 0, closed: false };
        Self { lines: Mutex::new(lines), came: Condvar::new(), room, takers }
    }

    /// Puts a job at the end of its line. If all lines together are full, the last of the longest gives way, if that line
    /// stays no shorter than this one becomes.
    ///
    /// # Errors
    /// Gives back the job that has no room: this one, or the one that gave way to it.
    pub(super) fn push(&self, whose: K, job: J) -> Result<(), J> {
        let mut lines = self.lines();
        let gave_way = if lines.count < self.room {
            None
        } else {
            match lines.last_of_longest(&whose) {
                Some(last) => Some(last),
                None => return Err(job),
            }
        };
        lines.append(whose, job);
        drop(lines);
        self.came.notify_one();
        gave_way.map_or(Ok(()), Err)
    }

    /// The same, only if a thread is free to take it at once. Returns whether one is.
    pub(super) fn push_if_idle(&self, whose: K, job: J) -> bool {
        let mut lines = self.lines();
        let is_idle = lines.count == 0 && lines.in_work < self.takers;
        if is_idle {
            lines.append(whose, job);
            drop(lines);
            self.came.notify_one();
        }
        is_idle
    }

    /// Waits for the next job. `None` once the queue is closed and empty. Say [`Self::done`] after each.
    pub(super) fn take(&self) -> Option<J> {
        let mut lines = self.lines();
        loop {
            if let Some(job) = lines.next() {
                lines.in_work += 1;
                return Some(job);
            }
            if lines.closed {
                return None;
            }
            lines = self.came.wait(lines).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(super) fn done(&self) {
        self.lines().in_work -= 1;
    }

    /// No job will come any more.
    pub(super) fn close(&self) {
        self.lines().closed = true;
        self.came.notify_all();
    }

    fn lines(&self) -> MutexGuard<'_, Lines<K, J>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash, J> Lines<K, J> {
    fn append(&mut self, whose: K, job: J) {
        let line = self.waiting.entry(whose.clone()).or_default();
        if line.is_empty() {
            self.turns.push_back(whose);
        }
        line.push_back(job);
        self.count += 1;
    }

    fn next(&mut self) -> Option<J> {
        let whose = self.turns.pop_front()?;
        let line = self.waiting.get_mut(&whose)?;
        let job = line.pop_front()?;
        if line.is_empty() {
            self.waiting.remove(&whose);
        } else {
            self.turns.push_back(whose);
        }
        self.count -= 1;
        Some(job)
    }

    /// Takes the last job out of the longest line, if that is longer by two at least than this one: otherwise two lines
    /// would take each other's room in turns, and nobody's job would be done.
    fn last_of_longest(&mut self, whose: &K) -> Option<J> {
        let own = self.waiting.get(whose).map_or(0, VecDeque::len);
        let longest = self.waiting.values_mut().max_by_key(|line| line.len())?;
        if longest.len() < own + 2 {
            return None;
        }
        self.count -= 1;
        longest.pop_back()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(queue: &FairQueue<&str, u32>) -> Vec<u32> {
        queue.close();
        std::iter::from_fn(|| queue.take()).collect()
    }

    #[test]
    fn the_lines_take_turns_each_in_its_own_order() {
        let queue = FairQueue::new(10, 1);
        for (whose, job) in
            [("flood", 1), ("flood", 2), ("flood", 3), ("owner", 10), ("clerk", 20), ("owner", 11)]
        {
            assert_eq!(queue.push(whose, job), Ok(()));
        }
        assert_eq!(taken(&queue), [1, 10, 20, 2, 11, 3]);
    }

    #[test]
    fn the_longest_line_gives_way_and_lines_as_long_as_ones_own_do_not() {
        let queue = FairQueue::new(3, 1);
        for job in 1..=3 {
            assert_eq!(queue.push("flood", job), Ok(()));
        }
        assert_eq!(queue.push("flood", 4), Err(4), "its own line is the longest");
        assert_eq!(queue.push("owner", 10), Err(3), "the last that came there");
        assert_eq!(queue.push("owner", 11), Err(11), "two and one: it would only be the other way round");
        assert_eq!(queue.push("clerk", 20), Err(2));
        assert_eq!(queue.push("another", 30), Err(30), "everybody has one");
        assert_eq!(taken(&queue), [1, 10, 20]);
    }

    #[test]
    fn what_is_not_needed_is_taken_only_by_who_has_nothing_to_do() {
        let queue = FairQueue::new(3, 1);
        assert!(queue.push_if_idle("flood", 1));
        assert!(!queue.push_if_idle("flood", 2), "one waits");
        assert_eq!(queue.take(), Some(1));
        assert!(!queue.push_if_idle("flood", 2), "one is being done");
        queue.done();
        assert!(queue.push_if_idle("flood", 2));
    }

    #[test]
    fn who_waits_for_jobs_is_woken_by_each_and_by_the_end() {
        let queue = FairQueue::new(64, 3);
        let done: u32 = std::thread::scope(|scope| {
            let takers: Vec<_> = (0..3)
                .map(|_| {
                    scope.spawn(|| std::iter::from_fn(|| queue.take().inspect(|_| queue.done())).sum::<u32>())
                })
                .collect();
            for job in 1..=50 {
                assert_eq!(queue.push("anybody", job), Ok(()));
            }
            queue.close();
            takers.into_iter().map(|taker| taker.join().expect("it ends")).sum()
        });
        assert_eq!(done, 1_275);
    }
}
