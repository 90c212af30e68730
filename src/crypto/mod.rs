//! Password hashes, signatures, mailed links, and sealing of what must be reproduced.

mod fair_queue;
pub mod links;
pub mod passkeys;
pub mod password;
pub mod pseudonyms;
pub mod sealing;
pub mod signing;
pub mod totp;
pub mod verification;
