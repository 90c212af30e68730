//! The contractor's use cases. Each opens its transactions, calls the queries, commits; no SQL, no HTML.
//!
//! Where a password is compared: [`verdict`]. Where an attempt is counted: [`lockout`].

pub mod aging;
pub mod apply;
pub mod block;
pub mod change_password;
pub mod closing;
pub mod context;
mod debts;
pub mod ending;
mod floods;
pub mod follow_application;
pub mod lockout;
pub mod owner;
pub mod publish_regulations;
pub mod recover;
pub mod regulations;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod staff;
pub mod support;
pub mod suspending;
pub mod verdict;
