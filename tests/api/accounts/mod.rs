//! Signing in, the forced change, the lockout.

mod sign_in;
