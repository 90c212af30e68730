//! The plug-in points: what comes in from other systems, and what they are told.

mod csv;
pub mod import;
pub mod mail;
pub mod outbox;
pub mod register;
