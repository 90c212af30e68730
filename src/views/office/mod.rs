//! The pages of the office's console.

mod application;
mod collection;
mod frame;
mod home;
mod intake;
pub mod letter;
mod letters;
mod review;
mod stamp;
mod state_now;
mod when;

pub use application::{
    ApplicationPage, ApplicationProblem, ComparedLine, DayView, Given, HistoryItem, InCommon,
    LikeAccountLine, LikeApplicationLine, RegisterCard, StanceView, TitleLine, TypedDecision,
};
pub use collection::{CollectionPage, CollectionProblem, Handed, ShownLetter, ShownRefusal};
pub use frame::{Frame, NavItem};
pub use home::{OfficeHomePage, OfficeOption, QueueLine, QueueView, StateTab};
pub use intake::{DuplicatesView, IntakePage, IntakeProblem, TypedPaper};
pub use letters::{LettersPage, LettersProblem, OfficeChoice, OrderRow, WaitingRow};
pub use review::{AloneRow, ReviewPage, ReviewProblem};
pub use stamp::Stamp;
pub use state_now::StateNowPage;
pub use when::When;
