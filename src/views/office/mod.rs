//! The pages of the office's console.

mod frame;
mod home;

pub use frame::{Frame, NavItem};
pub use home::OfficeHomePage;
