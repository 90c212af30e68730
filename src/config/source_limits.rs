//! `[sources]`: how often strangers behind one address may be wrong, and right.

use serde::Deserialize;

use super::within::Within;
use crate::domain::token_bucket::BucketSize;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceLimits {
    failures: Within<0, 1_000_000>,
    failures_per_hour: Within<0, 1_000_000>,
    successes: Within<0, 1_000_000>,
    successes_per_hour: Within<0, 1_000_000>,
    neighbourhood: Within<1, 1_000>,
}

impl SourceLimits {
    /// Of one address. `None`: no limit.
    pub fn failures(&self) -> Option<BucketSize> {
        BucketSize::new(self.failures.get(), self.failures_per_hour.get())
    }

    /// Of one address. `None`: no limit.
    pub fn successes(&self) -> Option<BucketSize> {
        BucketSize::new(self.successes.get(), self.successes_per_hour.get())
    }

    /// So many times as much as one address may the whole neighbourhood.
    pub const fn neighbourhood(&self) -> u32 {
        self.neighbourhood.get()
    }
}
