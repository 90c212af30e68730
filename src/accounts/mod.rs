//! The contractor's use cases. Each opens its transactions, calls the queries, commits; no SQL, no HTML.
//!
//! Where a password is compared: [`verdict`]. Where an attempt is counted: [`lockout`].

pub mod access;
pub mod aging;
pub mod apply;
pub mod block;
pub mod change_password;
pub mod closing;
pub mod closure;
pub mod context;
mod debts;
pub mod devices;
pub mod distrust;
pub mod ended_titles;
pub mod ending;
pub mod erasure;
pub mod expiry;
pub mod export;
pub mod factors;
mod floods;
pub mod follow_application;
pub mod guessing;
mod guessing_alarm;
pub mod lapsed;
pub mod lockout;
pub mod overview;
pub mod owner;
pub mod passkeys;
pub mod publish_regulations;
pub mod recover;
pub mod regulations;
pub mod replace_password;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod sources;
pub mod staff;
pub mod support;
pub mod suspending;
pub mod trusted_devices;
pub mod uncorrected;
pub mod verdict;
