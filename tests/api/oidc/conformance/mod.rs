//! The official conformance suite's modules, played against this provider: a test for each module, by its name, and what
//! the suite would fail or warn about asserted in our own words. Every module is played by a client that was registered by
//! hand and by one that registered itself, with the answer in the address and in a form that is posted: so the profiles
//! Basic, Form Post Basic, Config, RP-Initiated Logout and Back-Channel Logout are covered. What the suite itself needs,
//! and what it says to each: docs/CONFORMANCE.md.

mod backchannel_logout;
mod basic;
mod codes;
mod configuration;
mod logout;
mod requests;
mod scopes;
mod suite;
