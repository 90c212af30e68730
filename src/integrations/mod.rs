//! The plug-in points: what comes in from other systems, and what they are told.

pub mod import;
pub mod outbox;
