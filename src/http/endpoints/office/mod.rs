//! The office's console.

pub(in crate::http) mod accounts;
pub(in crate::http) mod applications;
pub(in crate::http) mod approvals;
pub(in crate::http) mod audit;
pub(in crate::http) mod collection;
mod deliveries;
mod desk;
pub(in crate::http) mod home;
pub(in crate::http) mod intake;
pub(in crate::http) mod letters;
mod letters_stream;
pub(in crate::http) mod mail;
pub(in crate::http) mod paper_correction;
pub(in crate::http) mod review;
pub(in crate::http) mod sign_outs;
pub(in crate::http) mod staff;
