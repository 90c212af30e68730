//! The credential letter: what it carries, how it is ordered, and how it is handed over.

mod alphabet;
pub mod collection;
mod initial_password;
pub mod order;
mod recovery_code;
mod serial;

pub use initial_password::{InitialPassword, NoInitialPassword};
pub use recovery_code::RecoveryCode;
pub use serial::{LetterSerial, LetterSerialError};
