//! The clerk's use cases (the procedure's rows 2 to 5 and 7): what happens at the counter. Stands on `accounts`, whose
//! accounts it opens, helps and closes. One file a desk.

pub mod aging;
pub mod application_review;
pub mod approval;
pub mod audit_desk;
pub mod collection;
pub mod compare;
pub mod context;
pub mod decision;
pub mod deliveries;
pub mod existing_account;
pub mod helping;
pub mod incident;
pub mod intake;
pub mod letters;
pub mod mail;
mod new_account;
pub mod paper_correction;
pub mod printing;
pub mod queue;
pub mod reason;
mod resuming;
pub mod review;
pub mod second_person;
pub mod sheet;
pub mod sign_outs;
pub mod staff_list;
pub mod told;
mod voiding;
