//! The office's console, what happens at its counter, and the people who work there.

mod account_machine;
mod application_machine;
mod audit_page;
mod collection;
mod decisions;
mod intake;
mod lapse;
mod letter_from_before;
mod letters;
mod mail_page;
mod paper;
pub(crate) mod paper_applications;
mod paper_corrections;
mod queue;
mod review;
mod roles;
mod second_account;
mod second_factor;
mod sign_outs_page;
mod staff;
pub(crate) mod support;
