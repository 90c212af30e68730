//! Password hashes, signatures, and sealing of what must be reproduced.

pub mod password;
pub mod sealing;
pub mod signing;
