//! Extractors: they refuse impossible input before it costs a query.

pub(super) mod csrf;
pub(super) mod form;
pub(super) mod language;
pub(super) mod origin;
pub(super) mod session;
pub(super) mod visit;
