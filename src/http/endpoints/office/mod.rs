//! The office's console.

pub(in crate::http) mod applications;
pub(in crate::http) mod collection;
pub(in crate::http) mod home;
pub(in crate::http) mod intake;
pub(in crate::http) mod letters;
mod letters_stream;
pub(in crate::http) mod review;
