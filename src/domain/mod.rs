//! What things are: typed ids, time, secrets, and the states of the procedure. No I/O, no SQL, no HTTP.

pub mod account;
pub mod ambient;
pub mod application;
pub mod attempt_budget;
pub mod audit;
pub mod authorization;
pub mod calendar;
pub mod client;
pub mod clock;
pub mod credential_letter;
pub mod four_eyes;
pub mod holidays;
pub mod ids;
pub mod link;
pub mod locale;
pub mod login;
pub mod mail;
pub mod office;
pub mod password_policy;
pub mod premises;
pub mod regulations;
pub mod scope;
pub mod secret;
pub mod session;
pub mod staff;
pub mod token;
