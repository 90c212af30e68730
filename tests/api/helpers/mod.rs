//! Actors and stage: a provider on a database of its own, people, browsers, relying parties.

pub(crate) mod accessibility;
pub(crate) mod applicants;
pub(crate) mod binary;
pub(crate) mod chromium;
pub(crate) mod command_line;
pub(crate) mod counter;
pub(crate) mod database;
pub(crate) mod demo;
pub(crate) mod expect;
pub(crate) mod form;
pub(crate) mod jose;
pub(crate) mod letters;
pub(crate) mod mails;
pub(crate) mod open_browser;
pub(crate) mod people;
pub(crate) mod ports;
pub(crate) mod process;
pub(crate) mod provider;
pub(crate) mod records;
pub(crate) mod register;
pub(crate) mod relying_party;
pub(crate) mod smtp;
pub(crate) mod staff;
pub(crate) mod tables;
pub(crate) mod visitor;
pub(crate) mod wire;
