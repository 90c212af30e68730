//! One table a file. Relations go from child to parent only, so that the tables form no circle.

pub mod account;
pub mod account_contractor;
pub mod attempt;
pub mod attempt_budget;
pub mod audit;
pub mod authorization;
pub mod authorization_code;
pub mod client;
pub mod consent;
pub mod contractor;
pub mod credential_letter;
pub mod legal_title;
pub mod office;
pub mod outbox;
pub mod person_key;
pub mod premises;
pub mod refresh_token;
pub mod session;
pub mod session_client;
pub mod signing_key;
pub mod token_grant;
