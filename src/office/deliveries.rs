//! What the desks of things on their way have in common: mail, and the news of sign-outs.

/// How many of them a list shows. More would be one outage, not a thing to look through.
pub(super) const SHOWN: u64 = 200;

/// What came of trying one of them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retried {
    /// It is due now, with all its tries.
    Due,
    /// It arrived meanwhile, or there is no such thing.
    NotWaiting,
}
