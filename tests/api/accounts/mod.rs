//! Signing in, the forced change, the lockout, and what is written down about them.

mod account_states;
mod apply;
mod apply_limits;
mod audit;
mod block;
mod change_password;
mod change_password_twice;
mod form_protection;
mod invariant_1;
mod letters_from_before;
mod lockout;
mod lockout_races;
mod lockout_replicas;
mod recovery;
mod recovery_budget;
mod refusals_look_alike;
mod regulations;
mod request_log;
mod secrets_at_rest;
mod session_renewal;
mod sign_in;
mod sign_in_page;
