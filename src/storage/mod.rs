//! The tables, and the queries beside them. One file an aggregate; every query takes a connection from its caller,
//! who owns the transaction. No rule of the business lives here.

pub mod account_search;
pub mod accounts;
pub mod application_queue;
pub mod applications;
pub mod audit;
pub mod audit_search;
pub mod authorizations;
pub mod budgets;
pub mod client_assertions;
pub mod clients;
pub mod consents;
pub mod contact_changes;
pub mod database;
pub mod duplicates;
pub mod entity;
pub mod floods;
pub mod grants;
pub mod initial_access_tokens;
pub mod journal;
pub mod keys;
pub mod letter_orders;
pub mod letter_queue;
pub mod letters;
pub mod logout_notices;
pub mod lone_work;
pub mod mail;
pub mod matching;
pub mod outbox;
pub mod pairwise_subjects;
pub mod people;
mod reading;
pub mod register;
pub mod regulations;
pub mod second_factors;
pub mod sessions;
pub mod staff;
