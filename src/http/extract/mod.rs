//! Extractors: they refuse impossible input before it costs a query.

pub(super) mod authorization;
pub(super) mod browser;
pub(super) mod form;
pub(super) mod json;
pub(super) mod language;
pub(super) mod origin;
pub(super) mod path;
pub(super) mod query;
pub(super) mod staff;
pub(super) mod visit;
