//! `/account` and its parts: what people see and settle about their own account.

pub(in crate::http) mod access;
pub(in crate::http) mod closure;
pub(in crate::http) mod data;
pub(in crate::http) mod export;
pub(in crate::http) mod password;
pub(in crate::http) mod second_factors;
pub(in crate::http) mod sessions;
