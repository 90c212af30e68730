//! `[password_hashing]`: what a password check costs, and how many run at a time.

use std::thread::available_parallelism;

use serde::Deserialize;

use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordHashing {
    memory_kib: Within<7_168, 65_536>,
    iterations: Within<1, 5>,
    parallelism: Within<1, 4>,
    threads: Within<0, 256>,
    queue: Within<1, 100_000>,
}

impl PasswordHashing {
    /// The least memory times iterations among the settings that OWASP's password storage cheat sheet holds to be
    /// equally strong (7 MiB, 5 times). Each setting within its range alone could still be far weaker than any of them.
    const LEAST_WORK: u32 = 7_168 * 5;

    /// In KiB, for each hash.
    pub const fn memory_kib(&self) -> u32 {
        self.memory_kib.get()
    }

    pub const fn iterations(&self) -> u32 {
        self.iterations.get()
    }

    pub const fn parallelism(&self) -> u32 {
        self.parallelism.get()
    }

    /// As many as configured, or as many as this machine runs at a time.
    pub fn threads(&self) -> usize {
        match self.threads.as_usize() {
            0 => available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }

    /// Hashes that may wait for a thread.
    pub const fn queue(&self) -> usize {
        self.queue.as_usize()
    }

    pub(super) fn conflict(&self) -> Option<(&'static str, String)> {
        let (memory, iterations) = (self.memory_kib.get(), self.iterations.get());
        (memory * iterations < Self::LEAST_WORK).then(|| {
            let reason = format!(
                "{memory} KiB times {iterations} iterations is too little work to guess at; together they must come to \
                 {} or more",
                Self::LEAST_WORK
            );
            ("password_hashing.memory_kib", reason)
        })
    }
}
