//! Actors and stage: a provider on a database of its own, people, browsers, relying parties.

pub(crate) mod database;
pub(crate) mod form;
pub(crate) mod people;
pub(crate) mod provider;
pub(crate) mod relying_party;
pub(crate) mod visitor;
