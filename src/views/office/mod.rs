//! The pages of the office's console.

mod collection;
mod frame;
mod home;
pub mod letter;
mod letters;
mod review;
mod stamp;

pub use collection::{CollectionPage, CollectionProblem, Handed, ShownLetter, ShownRefusal};
pub use frame::{Frame, NavItem};
pub use home::OfficeHomePage;
pub use letters::{LettersPage, LettersProblem, OfficeChoice, OrderRow, WaitingRow};
pub use review::{AloneRow, ReviewPage, ReviewProblem};
pub use stamp::Stamp;
