//! The laboratory's rooms, from the ground up.

pub(crate) mod actors;
pub(crate) mod browser;
pub(crate) mod findings;
pub(crate) mod ledger;
pub(crate) mod play;
pub(crate) mod rank;
pub(crate) mod report;
pub(crate) mod scenarios;
pub(crate) mod stage;
pub(crate) mod timing;
pub(crate) mod town;
