//! Time and randomness together, handed down to everything that needs either.

use std::sync::Arc;

use super::clock::{Clock, Moment, SystemClock};
use super::ids::{TypedId, uuid_v7};
use super::secret::{BearerSecret, Entropy, SystemEntropy};

/// The injected surroundings of a use case. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ambient {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Ambient {
    pub fn system() -> Self {
        Self::new(Arc::new(SystemClock), Arc::new(SystemEntropy))
    }

    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { clock, entropy }
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    pub fn new_id<I: TypedId>(&self) -> I {
        I::from(uuid_v7(self.now(), self.entropy()))
    }

    pub fn new_secret(&self) -> BearerSecret {
        BearerSecret::generate(self.entropy())
    }
}
