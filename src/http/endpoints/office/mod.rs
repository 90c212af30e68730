//! The office's console.

pub(in crate::http) mod home;
